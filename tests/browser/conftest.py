"""A real report, opened in the system's Chromium, without a network."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
QUIET += ["--disable-component-update", "--disable-quic"]
CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "runs": {
        "tiny": {
            "dataset": "digits",
            "model": {"hidden": [12, 8]},
            "training": {"iterations": 3},
            "graph": {"top_neurons": 4},
            "modularity": {"starts": 2},
        }
    },
}


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def report(browser, new_place) -> Path:
    """The report of a small run, made by the workflow."""
    place = new_place("report")
    place.make(CONFIG, "results/report.html")
    return place / "results/report.html"


@pytest.fixture
def opened(browser, report):
    """A function that opens the report in a window and yields the page, offline.

    Whatever the page puts on the console, throws or asks of anywhere fails the test.
    """

    @contextmanager
    def open_page(width: int = 1366, height: int = 768, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url[:100]}"))
        own = (report.as_uri(), "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(own) or complaints.append(request.url[:100]))
        page.goto(report.as_uri(), wait_until="load")
        yield page
        context.close()
        assert complaints == []

    return open_page
