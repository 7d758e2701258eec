"""Which files a user brings, told apart by content: a replaced one makes anew what was made of it, a moved one does not.

Checksums are kept in a file by the sizes and times that they were taken at, so that planning reads no data twice.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from neurons.core.errors import InputError
from neurons.core.files import checksum, write_utf8
from neurons.data.images import listed_images
from neurons.data.sources import SOURCES

KEPT = 5000  # checksums in the file


def unpublished_files(dataset: dict, data_dir) -> tuple[Path, list[Path]]:
    """Return a folder and the raw files in it that a data set is made of, where nothing else fixes their content.

    The archives of published data sets are checked against their published checksum, and so are none of these.

    Raises
    ------
    InputError, OSError
        If a folder cannot be listed.
    """
    source, data_dir = SOURCES[dataset["source"]], Path(data_dir)
    if "path" not in source.keys:
        folder = data_dir / source.folder
        archives = [folder / archive.name for archive in source.archives if source.reader == "idx"]
        return folder, [path.with_suffix("") for path in archives if not path.exists()]
    path = data_dir / dataset["path"]
    if "classes" not in source.keys:
        return path.parent, [path]
    return path, listed_images(path, dataset)[1]


def stamp(path: Path) -> str | None:
    """Return size and time of a file, wherever it lies; None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_size} bytes of {status.st_mtime_ns}"


def _state(paths: Iterable[Path]) -> str:
    """Return a digest of the places, sizes and times of files."""
    lines = "\n".join(f"{path.absolute()}\0{stamp(path)}" for path in paths)
    return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest()


def content(folder: Path, paths: list[Path]) -> str:
    """Return a digest of the names below a folder, and of the content, of files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{checksum(path)}  {path.relative_to(folder)}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _kept(cache: Path) -> dict[str, str]:
    try:
        kept = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def kept_content(folder: Path, paths: list[Path], cache: Path) -> str | None:
    """Return `content`, from the file `cache` if these files have not changed since; None if one is not there."""
    if not all(path.is_file() for path in paths):  # a named pipe would be waited for
        return None
    state, kept = _state(paths), _kept(cache)
    if state not in kept:
        kept[state] = content(folder, paths)
        with suppress(OSError):  # read-only, or another process was first: it is taken again
            write_utf8(cache, json.dumps(dict(list(kept.items())[-KEPT:])))
    return kept[state]


def dataset_content(dataset: dict, data_dir, manifest: Path, cache: Path) -> str | None:
    """Return a digest of a data set's own raw files; None if it has none, or they cannot be read (a job then says why).

    Where the files are gone, it is what the manifest of them tells: converted data outlive the raw ones.
    """
    try:
        folder, paths = unpublished_files(dataset, data_dir)
        digest = kept_content(folder, paths, cache) if paths else None
        gone = not any(path.exists() for path in paths)
    except (InputError, OSError):
        digest, gone = None, True
    if digest is None and gone:
        recorded = _kept(manifest).get("content")
        return recorded if isinstance(recorded, str) else None
    return digest
