import numpy as np
from PIL import Image

from neurons.workflow.docs.reproduction import WIDEST, put, shrink


def test_figures_are_small_copies_beside_the_page_and_old_ones_go(tmp_path):
    results, docs = tmp_path / "results", tmp_path / "docs"
    (results / "paper").mkdir(parents=True)
    (results / "a/communities").mkdir(parents=True)
    (docs / "reproduction").mkdir(parents=True)
    (docs / "reproduction/old.png").touch()
    Image.new("RGBA", (2 * WIDEST, 500), "red").save(results / "a/communities/graphs.png")
    text = "# Page\n![a: graphs](../a/communities/graphs.png)\n[a table](table.csv)\n"
    (results / "paper/reproduction.md").write_text(text)
    put(results / "paper/reproduction.md", docs / "reproduction.md")
    link = "reproduction/a-communities-graphs.png"
    assert (docs / "reproduction.md").read_text() == text.replace("../a/communities/graphs.png", link)
    assert [path.name for path in (docs / "reproduction").iterdir()] == ["a-communities-graphs.png"]
    with Image.open(docs / link) as image:
        assert image.size == (WIDEST, 250) and image.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_the_colours_of_a_few_dots_stay(tmp_path, rng):
    pixels = np.repeat(rng.integers(0, 256, (200, 200, 1), dtype=np.uint8), 3, axis=2)  # every gray, as faint edges
    pixels += rng.integers(0, 12, pixels.shape, dtype=np.uint8)
    colours = [(200, 30, 30), (30, 120, 200), (40, 160, 60)]
    for number, colour in enumerate(colours):
        pixels[10 * number : 10 * number + 4, :4] = colour
    Image.fromarray(pixels).save(tmp_path / "a.png")
    shrink(tmp_path / "a.png", tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as image:
        small = np.asarray(image.convert("RGB")).astype(int)
    for number, colour in enumerate(colours):
        assert np.abs(small[10 * number + 2, 2] - colour).max() <= 24
