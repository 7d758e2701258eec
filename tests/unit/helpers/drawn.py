"""Drawing a figure as its rule does: from tables on disk, to files."""

from pathlib import Path


def draw(function, tables: list, folder: Path, names=("figure.svg",), run: str = "toy", **settings) -> list[Path]:
    """Write `tables` (frames) to `folder`, draw them with `function`, and return the paths of the figure."""
    sources, output = [folder / f"source-{i}.csv" for i in range(len(tables))], [folder / name for name in names]
    for table, path in zip(tables, sources):
        table.to_csv(path, index=False)
    function(sources, output, run, **settings)
    return output


def twice(function, tables: list, folder: Path, **settings) -> str:
    """Draw a figure two times as SVG and PNG, check that the bytes are equal, and return the SVG's text."""
    (svg, png), again = (
        draw(function, tables, folder, (f"{name}.svg", f"{name}.png"), **settings) for name in ("a", "b")
    )
    assert [path.read_bytes() for path in (svg, png)] == [path.read_bytes() for path in again]
    return svg.read_text()
