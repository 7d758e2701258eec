"""igraph without its drawing: `from neurons.core.bare_igraph import igraph`.

igraph imports matplotlib if there is one, to draw with, and that takes ten times as long as all the rest of it.
"""

import sys

_hidden = "matplotlib" not in sys.modules
if _hidden:
    sys.modules["matplotlib"] = None  # Python's own way to say that there is no such module
try:
    import igraph
finally:
    if _hidden:
        del sys.modules["matplotlib"]

__all__ = ["igraph"]
