"""Code that a user brings as a function in a Python file: a model's builder, a measure."""

import importlib.util
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from neurons.core.errors import InputError, nearest


@contextmanager
def guarded(where: str, path: Path):
    """Run a user's code with its file's folder on the path; `sys.exit` in it is an InputError.

    Other errors pass, with the traceback that the user's code deserves.
    """
    folder = str(Path(path).resolve().parent)
    sys.path.insert(0, folder)
    try:
        yield
    except SystemExit as error:
        raise InputError(f"{where}: it ends the program (sys.exit({error.code!r})); take the call out") from None
    finally:
        sys.path.remove(folder)


def load_function(path: Path, name: str, file_key: str, name_key: str) -> Callable:
    """Return the function `name` of the Python file `path`. The file is code and is run; it can import what lies beside it.

    Parameters
    ----------
    file_key, name_key : the keys of the configuration that name the file and the function, for messages.

    Raises
    ------
    InputError
        If there is no such file or function, or the code ends the program.
    """
    if not path.is_file():
        raise InputError(f"{file_key}: {path}: no such file")
    spec = importlib.util.spec_from_file_location(f"imported_{path.stem}", path)
    if spec is None:
        raise InputError(f"{file_key}: {path}: not a Python file (its name must end in .py)")
    module = importlib.util.module_from_spec(spec)
    with guarded(f"{file_key}: {path}", path):
        spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        public = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise InputError(f"{name_key}: {path} has no function '{name}'{nearest(name, public)}")
    return function
