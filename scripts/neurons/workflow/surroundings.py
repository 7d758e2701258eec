"""What a workflow finds around it: the user's Python path, and folders that are files."""

import os
from pathlib import Path

from neurons.core.errors import InputError

FOLDERS = ("results", "logs", "benchmarks", ".snakemake")


def library_first(scripts: Path, environment=os.environ) -> None:
    """Put the folder of scripts first on the Python path of the jobs: the user may have a module named like ours.

    Snakemake adds it behind the user's own.
    """
    others = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path and path != str(scripts)]
    environment["PYTHONPATH"] = os.pathsep.join([str(scripts), *others])


def check_code(runs: dict[str, dict]) -> None:
    """Refuse settings that name a file of code which is not there; Snakemake would take finished results for good.

    Raises
    ------
    InputError
        Naming the first.
    """
    for name, run in runs.items():
        named = {"measures.modules": [reference.rpartition(":")[0] for reference in run["measures"]["modules"]]}
        named |= {f"model.{key}": [run["model"][key]] for key in ("module", "weights") if run["model"].get(key)}
        for key, paths in named.items():
            for path in paths:
                if path and not Path(path).is_file():
                    raise InputError(
                        f"config: runs.{name}.{key}: {path}: not there; paths are relative to the folder that Snakemake works in"
                    )


def check_folders(place: Path, rules=()) -> None:
    """Refuse files where results, and the logs and times of these rules, are to lie.

    Raises
    ------
    InputError
        Naming the first.
    """
    inner = [place / folder / rule for folder in ("logs", "benchmarks") for rule in rules]
    for path in (*(place / name for name in FOLDERS), *inner):
        if (path.exists() or path.is_symlink()) and not path.is_dir():
            what = "a link that leads nowhere" if path.is_symlink() and not path.exists() else "a file"
            raise InputError(f"{path}: {what}, where this workflow needs a folder; move it, or work in another folder")
