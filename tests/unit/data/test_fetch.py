import gzip
import hashlib
import io
import json
import socket
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from samples import files_in

from neurons.core.errors import InputError
from neurons.data import fetch as downloads
from neurons.data.fetch import download, extract, fetch, locate
from neurons.data.sources import SOURCES, Archive, Source

CONTENT = gzip.compress(b"digits" * 1000, mtime=0)


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


@pytest.fixture
def server():
    """A web server that serves `files`, after answering `failures` requests with 503, and counts its requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.requests.append(self.path)
            name = self.path.rsplit("/", 1)[1]
            if server.failures:
                server.failures -= 1
                self.send_error(503)
            elif name not in server.files:
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(server.files[name]) + server.missing_bytes))
                self.end_headers()
                self.wfile.write(server.files[name])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files, server.failures, server.missing_bytes, server.requests = {"a.gz": CONTENT}, 0, 0, []
    server.base = f"http://127.0.0.1:{server.server_port}/base/"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def archive(server):
    return Archive("a.gz", md5(CONTENT), (server.base,))


def get(archive, tmp_path, **options):
    return download(archive, tmp_path / "raw", pause=0, **options)


def refused(archive, tmp_path, message) -> None:
    with pytest.raises(InputError, match=message) as error:
        get(archive, tmp_path)
    assert "\n" not in str(error.value) and files_in(tmp_path) == []


def test_download(archive, server, tmp_path):
    assert get(archive, tmp_path) == tmp_path / "raw" / "a.gz"
    assert (tmp_path / "raw" / "a.gz").read_bytes() == CONTENT
    assert files_in(tmp_path) == ["raw/a.gz"] and server.requests == ["/base/a.gz"]


def test_wrong_bytes_are_refused(archive, server, tmp_path):
    server.files["a.gz"] = CONTENT[:-1] + b"x"
    refused(archive, tmp_path, f"could not download a.gz .*checksum is .*, should be {md5(CONTENT)}")


def test_a_transfer_cut_short_is_refused(archive, server, tmp_path):
    server.files["a.gz"], server.missing_bytes = CONTENT[:20], len(CONTENT) - 20
    refused(archive, tmp_path, "could not download a.gz")


@pytest.mark.parametrize("failures", [1, 3])
def test_transient_failures_are_retried(archive, server, tmp_path, failures):
    server.failures = failures
    assert get(archive, tmp_path).read_bytes() == CONTENT
    assert len(server.requests) == failures + 1


def test_it_gives_up(archive, server, tmp_path):
    server.failures = 100
    refused(archive, tmp_path, "could not download a.gz .*503.*put it into .* by hand")
    assert len(server.requests) == downloads.RETRIES


def test_pauses_double_between_rounds(archive, server, tmp_path, monkeypatch):
    pauses, server.failures = [], 100
    monkeypatch.setattr(downloads.time, "sleep", pauses.append)
    with pytest.raises(InputError):
        download(archive, tmp_path, pause=0.5)
    assert pauses == [0.5 * 2**i for i in range(downloads.RETRIES - 1)]


def test_nobody_listens(tmp_path):
    refused(Archive("a.gz", "0" * 32, ("http://127.0.0.1:9/",)), tmp_path, "Connection refused")


def test_an_answer_that_is_not_http(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            for _ in range(downloads.RETRIES):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(1000)
                    connection.sendall(b"what?\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        base = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        refused(Archive("file", md5(b""), (base,)), tmp_path, "could not download file")
        thread.join()


def test_addresses_are_tried_in_turn(server, tmp_path):
    bases = (server.base.replace("base", "gone") + "a.gz/", server.base)
    server.failures = 1
    assert get(Archive("a.gz", md5(CONTENT), bases), tmp_path).exists()
    assert server.requests == ["/gone/a.gz/a.gz", "/base/a.gz"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_mirror_takes_the_place_of_the_official_address(server, tmp_path, slash):
    official = Archive("a.gz", md5(CONTENT), ("http://127.0.0.1:9/",))
    get(official, tmp_path, mirror=server.base.rstrip("/") + slash)
    assert server.requests == ["/base/a.gz"]


@pytest.fixture
def toy(monkeypatch, archive):
    """The sources, with MNIST made of one small archive."""
    monkeypatch.setitem(SOURCES, "mnist", Source("idx", folder="MNIST/raw", archives=(archive,)))


def test_existing_files_are_used_without_the_network(toy, server, tmp_path):
    assert locate("mnist", tmp_path, True) == [tmp_path / "MNIST/raw/a.gz"]
    server.requests.clear()
    assert locate("mnist", tmp_path, True) == locate("mnist", tmp_path, False) == [tmp_path / "MNIST/raw/a.gz"]
    (tmp_path / "MNIST/raw/a.gz").rename(tmp_path / "MNIST/raw/a")
    assert locate("mnist", tmp_path, True) == [tmp_path / "MNIST/raw/a"]
    assert server.requests == []


def test_a_damaged_existing_file_is_an_error_and_stays(toy, server, tmp_path):
    path = tmp_path / "MNIST/raw/a.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT[:-5])
    with pytest.raises(InputError, match="a.gz: wrong checksum"):
        locate("mnist", tmp_path, True)
    assert path.read_bytes() == CONTENT[:-5] and server.requests == []


def test_downloads_off(toy, server, tmp_path):
    with pytest.raises(InputError, match="a.gz: not there, and downloads are off .*download: true"):
        locate("mnist", tmp_path, False)
    assert server.requests == [] and files_in(tmp_path) == []


def tar_of(*members: tuple[str, str]) -> bytes:
    """A gzipped tar of text files (name, text); a text "-> target" makes a symbolic link."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, text in members:
            info = tarfile.TarInfo(name)
            if text.startswith("-> "):
                info.type, info.linkname = tarfile.SYMTYPE, text[3:]
            else:
                info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return stream.getvalue()


def test_a_tar_is_downloaded_once_and_unpacked(server, tmp_path, monkeypatch):
    content = tar_of(("batches/one", "1"), ("batches/two", "22"))
    server.files["b.tar.gz"] = content
    archive = Archive("b.tar.gz", md5(content), (server.base,))
    source = Source("cifar", folder="batches", archives=(archive,))
    monkeypatch.setitem(SOURCES, "cifar10", source)
    for _ in range(2):
        assert locate("cifar10", tmp_path, True) == [tmp_path / "batches"]
    assert (tmp_path / "batches/two").read_text() == "22" and len(server.requests) == 1


@pytest.mark.parametrize(
    "bad", [("../outside", "x"), ("batches/../../outside", "x"), ("link", "-> /etc"), ("link", "-> ../../outside")]
)
def test_members_that_leave_the_folder_are_refused(tmp_path, bad):
    (tmp_path / "b.tar.gz").write_bytes(tar_of(("batches/one", "1"), bad, ("batches/two", "2")))
    with pytest.raises(InputError, match="b.tar.gz: refused, a member would be written outside"):
        extract(tmp_path / "b.tar.gz", tmp_path / "data")
    assert files_in(tmp_path) == ["b.tar.gz"]


def test_an_absolute_path_is_refused(tmp_path):
    outside = tmp_path / "outside"
    (tmp_path / "b.tar.gz").write_bytes(tar_of((str(outside), "x")))
    with pytest.raises(InputError, match="b.tar.gz: refused, a member would be written outside its folder"):
        extract(tmp_path / "b.tar.gz", tmp_path / "data")
    assert files_in(tmp_path) == ["b.tar.gz"]


@pytest.mark.parametrize("content", [b"", b"<html>", tar_of(("one", "1" * 9000))[:-30]], ids=["empty", "text", "cut"])
def test_a_damaged_tar(tmp_path, content):
    (tmp_path / "b.tar.gz").write_bytes(content)
    with pytest.raises(InputError, match="b.tar.gz: not a readable archive"):
        extract(tmp_path / "b.tar.gz", tmp_path / "data")


def manifest_of(tmp_path, dataset) -> dict:
    fetch("toy", dataset, tmp_path, True, tmp_path / "manifest.json")
    return json.loads((tmp_path / "manifest.json").read_text())


def test_manifest_of_a_download(toy, tmp_path):
    digest = hashlib.sha256(CONTENT).hexdigest()
    files = [{"name": "MNIST/raw/a.gz", "bytes": len(CONTENT), "sha256": digest}]
    assert manifest_of(tmp_path, {"source": "mnist"}) == {"source": "mnist", "files": files}


def test_manifest_of_other_sources(tmp_path):
    assert manifest_of(tmp_path, {"source": "digits"}) == {"source": "digits", "files": []}
    (tmp_path / "photos/ant").mkdir(parents=True)
    (tmp_path / "photos/ant/1.png").write_bytes(b"123")
    first = manifest_of(tmp_path, {"source": "image_folder", "path": "photos"})
    assert (first["files"][0]["name"], first["files"][0]["files"]) == ("photos", 1)
    (tmp_path / "photos/ant/1.png").write_bytes(b"1234")
    assert manifest_of(tmp_path, {"source": "image_folder", "path": "photos"}) != first


@pytest.mark.parametrize("source", ["npz", "image_folder"])
def test_a_path_that_is_not_there(tmp_path, source):
    with pytest.raises(InputError, match="gone: not there; set datasets.toy.path"):
        fetch("toy", {"source": source, "path": "gone"}, tmp_path, True, tmp_path / "manifest.json")
    assert files_in(tmp_path) == []
