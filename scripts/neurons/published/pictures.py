"""The figures of the reproduction page: which drawings of the runs it shows."""

from collections.abc import Iterator
from pathlib import Path

# Drawings by study, with what they show: of all runs, then of each.
OF_ALL = {
    "paper/communities/figure1": "Figure 1: entropy and accuracy of all runs, each series scaled to its own range"
}
OF_RUNS = {
    "communities/class_entropy": "entropy of each class by iteration, and its accuracy",
    "communities/graphs": "the activation pattern graphs of the first and last iteration, coloured by class",
    "auxiliary/risk_coverage": "risk against coverage of the scores of confidence",
}


def paths(runs: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the drawings, relative to the folder of results and without ending, with what they show.

    `runs` are the studies of every run by name.
    """
    every = dict(OF_ALL) if any("communities" in studies for studies in runs.values()) else {}
    for name, studies in runs.items():
        for path, shows in OF_RUNS.items():
            if path.partition("/")[0] in studies:
                every[f"{name}/{path}"] = f"{name}: {shows}"
    return every


def pictures(runs: dict[str, tuple[str, ...]], results: Path) -> Iterator[str]:
    """Yield the drawings that exist as images in Markdown, with links relative to the page in `results/paper`."""
    for path, shows in paths(runs).items():
        if (results / f"{path}.png").is_file():
            yield f"![{shows}](../{path}.png)\n\n*{shows[0].upper()}{shows[1:]}.*\n"
