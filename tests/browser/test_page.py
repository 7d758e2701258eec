"""The report page in a browser: it stands alone, leads to its parts, sorts, enlarges, prints, and can be read by all."""

import pandas as pd
import pytest

WINDOWS = {"laptop": (1366, 768), "phone": (390, 844)}


def top(page, selector: str) -> float:
    """Return how far below the window's upper edge an element starts, in pixels."""
    return page.eval_on_selector(selector, "element => element.getBoundingClientRect().top")


@pytest.mark.parametrize("window", WINDOWS)
def test_loads_alone_and_fits_the_window(opened, window):
    width, height = WINDOWS[window]
    with opened(width, height) as page:
        assert page.title() == "Neuron Communities: report"
        assert page.is_visible("#overview table") and page.is_visible("text=finished")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("window", WINDOWS)
def test_navigation_leads_to_every_section(opened, window):
    with opened(*WINDOWS[window]) as page:
        for section in ("settings", "run-times", "communities", "overview"):
            page.click(f'nav > ul > li > a[href="#{section}"]')
            page.wait_for_selector(f'nav a[href="#{section}"][aria-current]')
            assert 0 <= top(page, f"#{section} h2") < 300


def test_a_run_is_folded_until_it_is_asked_for(opened):
    with opened() as page:
        assert not page.is_visible("#tiny-communities-table4-csv")
        page.click('nav a[href="#communities-tiny"]')
        assert page.is_visible("#tiny-communities-table4-csv table")
        assert abs(top(page, "#communities-tiny")) < 100
        page.click('#overview a[href="#communities-tiny"]')
        assert abs(top(page, "#communities-tiny")) < 100


def test_an_address_with_a_result_opens_it(opened, report):
    with opened() as page:
        page.goto(f"{report.as_uri()}#tiny-communities-graphs-svg")
        assert page.is_visible("#tiny-communities-graphs-svg img")
        page.wait_for_timeout(500)  # figures above it may be drawn late, but their places were kept
        assert 0 <= top(page, "#tiny-communities-graphs-svg") < 100


def column(page, table: str, number: int) -> list[str]:
    return page.eval_on_selector_all(f"{table} tbody tr", f"rows => rows.map(row => row.cells[{number}].textContent)")


def test_a_table_shows_its_csv_and_sorts_by_click_and_key(opened, report):
    csv = pd.read_csv(report.parent / "tiny/communities/table4.csv")
    table, number = "#tiny-communities-table4-csv table", list(csv.dropna(axis=1, how="all")).index("pearson")
    values = csv["pearson"].dropna()
    with opened() as page:
        page.click('nav a[href="#communities-tiny"]')
        assert [float(text) for text in column(page, table, number) if text] == values.tolist()
        button = f"{table} th:nth-child({number + 1}) button"
        page.click(button)
        sorted_texts = column(page, table, number)
        assert [float(text) for text in sorted_texts if text] == sorted(values, reverse=True)
        assert "" not in sorted_texts[: len(values)]  # cells without a value come last
        assert page.get_attribute(f"{table} th:nth-child({number + 1})", "aria-sort") == "descending"
        page.focus(button)
        page.keyboard.press("Enter")
        assert [float(text) for text in column(page, table, number) if text] == sorted(values)
        page.click(f"{table} th:has-text('metric') button")
        words = column(page, table, list(csv).index("metric"))
        assert words == sorted(words, reverse=True) and len(set(words)) > 1


def test_the_page_opens_with_the_answers_and_a_badge_leads_to_its_table(opened):
    with opened() as page:
        assert page.eval_on_selector("main > section", "section => section.id") == "answers"
        badge = page.query_selector("#answers a.badge[href]")
        assert "inconclusive" in badge.text_content() and badge.get_attribute("title")
        badge.click()
        target = badge.get_attribute("href")
        box = page.eval_on_selector(target, "article => article.getBoundingClientRect().top")
        assert page.query_selector(f"{target} table") and -5 < box < 768


def test_every_figure_is_drawn_and_described(opened):
    with opened() as page:
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        figures = page.query_selector_all("figure img")
        assert len(figures) == 6 and len(page.query_selector_all("#answers figure img")) == 1
        for figure in figures:
            figure.scroll_into_view_if_needed()
            figure.evaluate("image => image.decode()")
            assert figure.evaluate("image => image.naturalWidth") > 100
            assert "tiny" in figure.get_attribute("alt") or "all runs" in figure.get_attribute("alt")


def shown_width(page) -> float:
    return page.eval_on_selector("#viewer img", "image => image.getBoundingClientRect().width")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_figure_is_enlarged_by_click_wheel_and_key(opened, window):
    with opened(*WINDOWS[window]) as page:
        page.click('nav > ul > li > a[href="#communities"]')
        figure = "#paper-communities-figure1-svg button.enlarge"
        small = page.eval_on_selector(f"{figure} img", "image => image.getBoundingClientRect().width")
        page.click(figure)
        page.wait_for_function("document.querySelector('#viewer img').style.width !== ''")
        assert page.is_visible("#viewer") and "Figure 1" in page.inner_text("#viewer-title")
        widths = [small, shown_width(page)]
        page.mouse.move(WINDOWS[window][0] / 2, WINDOWS[window][1] / 2)
        page.mouse.wheel(0, -300)
        page.wait_for_function(
            f"document.querySelector('#viewer img').getBoundingClientRect().width > {widths[-1]} + 1"
        )
        widths.append(shown_width(page))
        page.keyboard.press("+")
        widths.append(shown_width(page))
        page.click("#viewer [data-zoom=in]")
        widths.append(shown_width(page))
        assert widths == sorted(widths) and len(set(widths)) == len(widths)
        page.keyboard.press("0")
        assert shown_width(page) < widths[-1]
        page.keyboard.press("Escape")
        assert not page.is_visible("#viewer")
        assert page.evaluate("document.activeElement.matches('.enlarge')")  # the reader is where they were


def test_printing_unfolds_the_runs_and_leaves_the_navigation_out(opened):
    with opened() as page:
        page.emulate_media(media="print")
        assert page.pdf().startswith(b"%PDF")
        assert page.is_visible("#tiny-communities-table4-csv table")
        assert not page.is_visible("nav")


CONTRAST = """selector => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const element = document.querySelector(selector);
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  const pair = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(rgb).map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(opened, scheme):
    with opened(color_scheme=scheme) as page:
        for selector in ("body", ".caption p", ".note", "nav a", "#overview td a", "th button", ".literal", "footer p"):
            assert page.evaluate(CONTRAST, selector) >= 4.5, selector  # WCAG 2, level AA


def test_headings_form_an_outline_and_controls_have_names(opened):
    with opened() as page:
        levels = page.eval_on_selector_all("main :is(h1,h2,h3,h4)", "all => all.map(h => Number(h.tagName[1]))")
        assert page.locator("h1").count() == 1 and levels[0] == 2
        assert all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:]))
        nameless = "all => all.filter(e => !(e.ariaLabel || e.textContent.trim())).map(e => e.outerHTML)"
        assert page.eval_on_selector_all("button, a, [role=region]", nameless) == []
        ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
        assert len(ids) == len(set(ids))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
