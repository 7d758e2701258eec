"""Drawing: the one package that imports matplotlib."""

import os

# A notebook's, which may not exist here: importing matplotlib would fail. Nothing here asks for a backend.
os.environ.pop("MPLBACKEND", None)
