"""The names of measures in tables."""

NETWORK = "all"  # the layer of a measure of the whole network


def column_of(measure: str, layer: str) -> str:
    """Return the column of a measure in a frame of networks: its name, with `@layer` unless of the whole network."""
    return measure if layer == NETWORK else f"{measure}@{layer}"
