from PIL import Image

from neurons.workflow.docs.reproduction import WIDEST, put


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
