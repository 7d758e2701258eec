"""Whether two result trees hold the same numbers, to the bit.

python benchmarks/compare_results.py OLD NEW [--dropped PATTERN ...] [--drawings]

HDF5: arrays and attributes (type, shape, bits), in any order and however compressed; `.pt`: every tensor and number in
it; drawings (svg, png): bytes, listed but no difference in the numbers unless `--drawings` says so; all other files:
bytes. Left out are the report pages, logs, benchmark files and hidden files. A file that NEW alone has is listed, not a
difference; one that OLD alone has is a difference unless a PATTERN of `--dropped` (as in a shell, of the path below OLD)
names it. Exit status 1 if anything differs.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401 - the compression of dumps
import numpy as np

PAGES = ("report.html", "preview.html")
NOT_RESULTS = ("logs", "benchmarks")
DRAWINGS = (".svg", ".png")
BLOCK = 2**26  # bytes of an array compared at once
SHOWN = 20  # differences that are printed


def result_files(root: Path) -> set[str]:
    """Return the paths of all results below `root`, relative to it."""
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if path.name not in PAGES and not any(part in NOT_RESULTS or part.startswith(".") for part in path.parts)
    }


def _same_array(old: np.ndarray, new: np.ndarray) -> bool:
    if old.dtype.hasobject:  # text
        return old.tolist() == new.tolist()
    return old.tobytes() == new.tobytes()


def _difference_of_arrays(old, new) -> str | None:
    """Return how two arrays or HDF5 data sets differ, None if type, shape and every bit are the same."""
    if (old.dtype, old.shape) != (new.dtype, new.shape):
        return f"{old.dtype} {old.shape} became {new.dtype} {new.shape}"
    if old.ndim == 0 or old.size == 0:
        return None if _same_array(np.asarray(old[()]), np.asarray(new[()])) else f"{old[()]} became {new[()]}"
    rows = max(1, BLOCK // max(1, old.dtype.itemsize * old.size // len(old)))
    for start in range(0, len(old), rows):
        if not _same_array(old[start : start + rows], new[start : start + rows]):
            return f"values differ in rows {start} to {min(start + rows, len(old)) - 1}"
    return None


def _hdf5_differences(old: h5py.Group, new: h5py.Group) -> Iterator[str]:
    for name in sorted({*old.attrs, *new.attrs}):
        if name not in old.attrs or name not in new.attrs:
            yield f"attribute {old.name}@{name} is in one file only"
        elif found := _difference_of_arrays(np.asarray(old.attrs[name]), np.asarray(new.attrs[name])):
            yield f"attribute {old.name}@{name}: {found}"
    if isinstance(old, h5py.Dataset):
        if found := _difference_of_arrays(old, new):
            yield f"{old.name}: {found}"
        return
    for name in sorted({*old, *new}):
        one, other = old.get(name), new.get(name)
        if type(one) is not type(other):
            yield f"{old.name.rstrip('/')}/{name} is in one file only, or of another kind"
        elif one is not None:
            yield from _hdf5_differences(one, other)


def hdf5_difference(old: Path, new: Path) -> str | None:
    """Return the first difference of two HDF5 files, None if there is none."""
    with h5py.File(old) as one, h5py.File(new) as other:
        return next(_hdf5_differences(one, other), None)


def _value_differences(where: str, old, new) -> Iterator[str]:
    import torch

    if type(old) is not type(new):
        yield f"{where}: {type(old).__name__} became {type(new).__name__}"
    elif isinstance(old, torch.Tensor):
        bits = [tensor.contiguous().reshape(-1).view(torch.uint8) for tensor in (old, new)]
        if (old.dtype, old.shape) != (new.dtype, new.shape) or not torch.equal(*bits):
            yield f"{where}: tensors differ"
    elif isinstance(old, dict):
        for key in {**old, **new}:
            if key not in old or key not in new:
                yield f"{where}[{key!r}] is in one file only"
            else:
                yield from _value_differences(f"{where}[{key!r}]", old[key], new[key])
    elif isinstance(old, list | tuple) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new)):
            yield from _value_differences(f"{where}[{number}]", *pair)
    elif repr(old) != repr(new):  # tells every float from any other, and takes NaN as equal to NaN
        yield f"{where}: {old!r} became {new!r}"


def torch_difference(old: Path, new: Path) -> str | None:
    """Return the first difference of two files of `torch.save`, None if there is none."""
    import torch

    one, other = (torch.load(path, map_location="cpu", weights_only=True) for path in (old, new))
    return next(_value_differences("", one, other), None)


def bytes_difference(old: Path, new: Path) -> str | None:
    """Return the first line in which two files differ, None if there is none."""
    one, other = old.read_bytes(), new.read_bytes()
    if one == other:
        return None
    try:
        lines = zip_longest(one.decode().splitlines(keepends=True), other.decode().splitlines(keepends=True))
    except UnicodeDecodeError:
        return "bytes differ"
    number, (line, changed) = next((n, pair) for n, pair in enumerate(lines, start=1) if pair[0] != pair[1])
    return f"line {number}: {line!r:.80} became {changed!r:.80}"


def difference(old: Path, new: Path) -> str | None:
    """Return the first difference of two files of the same kind, None if there is none."""
    return {".h5": hdf5_difference, ".pt": torch_difference}.get(old.suffix, bytes_difference)(old, new)


def compare(old: Path, new: Path, dropped: list[str], drawings: bool) -> tuple[list[str], bool]:
    """Return lines that say how two result trees differ, and whether they hold the same results."""
    before, after = result_files(old), result_files(new)
    outcomes, differing, missing = Counter(), [], []
    for name in sorted(before | after):
        kind = Path(name).suffix.removeprefix(".") or "no suffix"
        if name not in before:
            outcomes[kind, "added"] += 1
        elif name not in after:
            expected = any(fnmatch(name, pattern) for pattern in dropped)
            outcomes[kind, "dropped" if expected else "missing"] += 1
            missing += [] if expected else [name]
        else:
            found = difference(old / name, new / name)
            outcomes[kind, "differ" if found else "equal"] += 1
            differing += [(name, found)] if found else []
    counted = [name for name, _ in differing if drawings or Path(name).suffix not in DRAWINGS]
    columns = ["equal", "differ", "missing", "dropped", "added"]
    rows = [["kind", *columns]]
    rows += [[kind, *(str(outcomes[kind, column]) for column in columns)] for kind in sorted({k for k, _ in outcomes})]
    lines = ["  ".join(cell.rjust(9) for cell in row) for row in rows]
    lines += [f"missing: {name}" for name in missing[:SHOWN]]
    lines += [f"differs: {name}: {found}" for name, found in differing[:SHOWN]]
    lines += [f"added: {name}" for name in sorted(after - before)[:SHOWN]]
    if not before & after:
        return [*lines, "No file is in both trees."], False
    same = not counted and not missing
    return [*lines, "All results are equal." if same else f"{len(counted)} differ, {len(missing)} missing."], same


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path, help="a folder of results")
    parser.add_argument("new", type=Path)
    parser.add_argument("--dropped", nargs="+", default=[], metavar="PATTERN", help="files that NEW need not have")
    parser.add_argument("--drawings", action="store_true", help="drawings that differ count as well")
    options = parser.parse_args(words)
    for folder in (options.old, options.new):
        if not folder.is_dir():
            parser.error(f"{folder}: no such folder")
    lines, same = compare(options.old, options.new, options.dropped, options.drawings)
    print("\n".join(lines))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
