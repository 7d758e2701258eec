"""Finding or fetching the raw files of a data set. Nothing here imports torch or reads an image."""

import json
import shutil
import tarfile
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from neurons.core.errors import InputError
from neurons.core.files import atomic, checksum, write_utf8
from neurons.data.identity import content, unpublished_files
from neurons.data.sources import SOURCES, Archive

RETRIES = 4


def download(archive: Archive, folder: Path, mirror: str | None = None, pause: float = 1.0) -> Path:
    """Download `archive` into `folder`, checked against its MD5, and return its path.

    Every address is tried in turn, in `RETRIES` rounds with a doubling pause (seconds) between them. A file
    with the wrong checksum is never left in place.

    Raises
    ------
    InputError
        If no address served the right bytes; the line says what each tried last.
    """
    target, failure = folder / archive.name, ""
    bases = (mirror.rstrip("/") + "/",) if mirror else archive.bases
    for attempt in range(RETRIES):
        for base in bases:
            try:
                with atomic(target) as part:
                    with urlopen(base + archive.name, timeout=60) as answer, open(part, "wb") as stream:
                        shutil.copyfileobj(answer, stream)
                    if (md5 := checksum(part, "md5")) != archive.md5:
                        raise URLError(f"checksum is {md5}, should be {archive.md5}")
                return target
            except (HTTPError, URLError, HTTPException, TimeoutError, ConnectionError) as error:
                failure = f"{base + archive.name}: {error}"
                print(f"attempt {attempt + 1} of {RETRIES}: {failure}")
        if attempt + 1 < RETRIES:
            time.sleep(pause * 2**attempt)
    raise InputError(f"could not download {archive.name} ({failure}); put it into {folder} by hand or try again")


def extract(archive: Path, folder: Path) -> None:
    """Unpack a tar archive into `folder`; a member that would leave the folder is refused.

    Raises
    ------
    InputError
        For such a member, or a damaged archive. Nothing is unpacked then.
    """
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.startswith("/"):
                    raise tarfile.AbsolutePathError(member)
                tarfile.data_filter(member, str(folder))
            tar.extractall(folder, filter="data")
    except tarfile.FilterError as error:
        raise InputError(f"{archive}: refused, a member would be written outside its folder ({error})") from None
    except (tarfile.TarError, EOFError) as error:
        raise InputError(f"{archive}: not a readable archive ({error}); delete it and run again") from None


def _locate_archive(archive: Archive, folder: Path) -> Path | None:
    """Return the archive, or its unpacked twin, if it lies in `folder`; check the archive's MD5."""
    path = folder / archive.name
    if path.exists():
        if checksum(path, "md5") != archive.md5:
            raise InputError(f"{path}: wrong checksum (not the published file, or cut short); delete it and run again")
        return path
    unpacked = path.with_suffix("")
    return unpacked if archive.name.endswith(".gz") and unpacked.is_file() else None


def locate(source: str, data_dir: Path, allow_download: bool, mirror: str | None = None) -> list[Path]:
    """Return the raw files of a torchvision data set, fetching what is missing.

    Raises
    ------
    InputError
        If files are missing and `allow_download` is false, or a file is damaged.
    """
    record = SOURCES[source]
    tar = record.archives[0].name.endswith(".tar.gz")
    folder = data_dir if tar else data_dir / record.folder
    if tar and (data_dir / record.folder).is_dir():
        return [data_dir / record.folder]
    paths = []
    for archive in record.archives:
        path = _locate_archive(archive, folder)
        if path is None:
            if not allow_download:
                raise InputError(
                    f"{folder / archive.name}: not there, and downloads are off (config: download: false); "
                    f"set data_dir to the folder that holds {record.folder}, or download: true"
                )
            path = download(archive, folder, mirror)
        paths.append(path)
    if tar:
        extract(paths[0], data_dir)
        return [data_dir / record.folder]
    return paths


def _fingerprint(path: Path, data_dir: Path) -> dict:
    """Describe a raw file by its content, a folder by what is in it."""
    name = str(path.relative_to(data_dir)) if path.is_relative_to(data_dir) else str(path)
    if path.is_file():
        return {"name": name, "bytes": path.stat().st_size, "sha256": checksum(path)}
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return {"name": name, "files": len(files), "bytes": sum(p.stat().st_size for p in files)}


def fetch(name: str, dataset: dict, data_dir, allow_download: bool, manifest) -> None:
    """Make sure that the raw files of data set `name` are there, and write what they are to `manifest` (JSON).

    Raises
    ------
    InputError
        If they are missing or damaged.
    """
    data_dir = Path(data_dir)
    source, paths = dataset["source"], []
    if SOURCES[source].archives:
        paths = locate(source, data_dir, allow_download, dataset.get("mirror"))
    elif "path" in SOURCES[source].keys:
        paths = [data_dir / dataset["path"]]
        if not paths[0].exists():
            raise InputError(f"{paths[0]}: not there; set datasets.{name}.path (or data_dir) to where the data lie")
    facts = {"source": source, "files": [_fingerprint(path, data_dir) for path in paths]}
    folder, unpublished = unpublished_files(dataset, data_dir)
    if unpublished and all(path.is_file() for path in unpublished):
        facts["content"] = content(folder, unpublished)
    write_utf8(manifest, json.dumps(facts, indent=1) + "\n")
