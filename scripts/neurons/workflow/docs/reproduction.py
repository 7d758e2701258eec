"""The reproduction page in docs/, with the figures that it shows as small PNG files beside it.

python -m neurons.workflow.docs.reproduction results/paper/reproduction.md docs/reproduction.md
"""

import re
import shutil
import sys
from pathlib import Path

from PIL import Image

from neurons.core.files import write_utf8

WIDEST = 1000  # pixels


def shrink(source: Path, output: Path) -> None:
    """Write a drawing with fewer pixels, and no more colours than a small file holds.

    An octree keeps the colours that few pixels have, as dots and thin lines do; the median cut drops them.
    """
    with Image.open(source) as image:
        small = image.convert("RGB")
        small.thumbnail((WIDEST, 4 * WIDEST))
        small.quantize(method=Image.Quantize.FASTOCTREE).save(output, optimize=True)


def put(page: Path, output: Path) -> None:
    """Write the page to `output`, and its figures to the folder of the same name beside it; old ones go."""
    folder = output.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def moved(link: re.Match) -> str:
        source = (page.parent / link[1]).resolve()
        name = link[1].removeprefix("../").replace("/", "-")
        shrink(source, folder / name)
        return f"]({folder.name}/{name})"

    text = re.sub(r"\]\((\.\./[^)]+\.png)\)", moved, page.read_text(encoding="utf-8"))
    write_utf8(output, text)


if __name__ == "__main__":
    put(*map(Path, sys.argv[1:]))
