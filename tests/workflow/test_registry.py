"""One run of all studies, with a measure more in the panel, traced: the registry, the page and the digests tell the truth.

What a job really called is recorded by Python's own profiler, and must be what the digest of its rule is over.
"""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from neurons.workflow.provenance import FRAME, Library, Module
from neurons.workflow.registry import RESULTS, find, place, wrong_columns
from running import REPOSITORY

pytestmark = pytest.mark.long  # a traced job takes twice its time

CONFIG = {
    "datasets": {"digits": {"source": "digits"}},
    "defaults": {
        "dataset": "digits",
        "training": {"iterations": 4},
        "graph": {"top_neurons": 4},
        "modularity": {"starts": 2},
        "auxiliary": {"epochs": 1},
        "coactivation": {"top_k": 4, "silenced_shares": [0.5], "silencing_repeats": 1},
    },
    "runs": {
        "all": {"model": {"hidden": [12, 8]}, "studies": ["communities", "auxiliary", "coactivation", "measures"]},
        "conv": {"model": {"filters": [4], "hidden": [8]}, "studies": ["auxiliary"]},
    },
}
FUNCTION = '''

def loudest(layer: Layer) -> float:
    """Return the largest mean activation of a neuron."""
    return float(layer.moments.mean.max())
'''
LINE = '    Measure("loudest", "dump", activity.loudest),\n'
TRACE = """
import atexit, json, os, sys

LIBRARY, seen = os.environ["TRACED_LIBRARY"], {}

def at_import(frame):
    while frame:
        if frame.f_code.co_name == "<module>" and frame.f_code.co_filename.startswith(LIBRARY):
            return True
        frame = frame.f_back
    return False

def record(frame, event, _):
    code = frame.f_code
    is_function = code.co_flags & 3 == 3  # a class's body is no function
    if event == "call" and code not in seen and is_function and code.co_filename.startswith(LIBRARY):
        if not at_import(frame):
            seen[code] = (code.co_filename[len(LIBRARY):], code.co_qualname.split(".")[0])

def save():
    sys.setprofile(None)
    with open(os.path.join(os.environ["TRACES"], f"{os.getpid()}.json"), "w") as stream:
        json.dump([os.path.basename(sys.argv[0]), sorted(set(seen.values()))], stream)

sys.setprofile(record)
atexit.register(save)
"""


@pytest.fixture(scope="module")
def run(new_place, workflow, tmp_path_factory):
    """The finished tree of CONFIG, of a workflow with one measure more, and what its jobs called: by rule, (module, name)."""
    edited = Path(shutil.copytree(workflow, tmp_path_factory.mktemp("more") / "workflow"))
    with open(edited / "scripts/neurons/measures/activity.py", "a") as stream:
        stream.write(FUNCTION)
    panel = edited / "scripts/neurons/measures/panel.py"
    panel.write_text(panel.read_text().replace("_MEASURES = [\n", f"_MEASURES = [\n{LINE}"))
    traces = tmp_path_factory.mktemp("traces")
    (traces / "sitecustomize.py").write_text(TRACE)
    library = str(edited / "scripts/neurons") + "/"
    made = new_place("all")
    made.workflow = edited
    outcome = made.run(CONFIG, PYTHONPATH=str(traces), TRACES=str(traces), TRACED_LIBRARY=library)
    assert outcome.code == 0, outcome.screen
    called = {}
    for path in traces.glob("*.json"):
        script, symbols = json.loads(path.read_text())
        rule = script.split(".")[-2] if script.endswith(".py") and script.count(".") > 1 else ""
        names = {(f"neurons.{module.removesuffix('.py').replace('/', '.')}", name) for module, name in symbols}
        called.setdefault(rule, set()).update(names)
    called.pop("", None)
    return made, edited, called


def test_a_new_measure_is_a_function_and_a_line(run):
    made, _, _ = run
    for iteration in ("01", "04"):
        rows = pd.read_csv(made / f"results/all/seed-0/measures/{iteration}.csv").set_index(["measure", "layer"])[
            "value"
        ]
        assert list(rows["loudest"].index) == ["dense_1", "dense_2"] and (rows["loudest"] > 0).all()
    table = pd.read_csv(made / "results/all/measures/table1.csv")
    assert set(table[table["measure"] == "loudest"]["target"]) == {"test_accuracy", "gap"}
    page = (made / "results/report.html").read_text()
    assert "loudest" in page.split('id="measures"', 1)[1]
    assert "loudest, dense_1" in (made / "results/all/measures/figure1.svg").read_text()


def test_every_table_has_the_columns_of_its_record(run):
    made, _, _ = run
    tables = [name for name in made.files() if name.endswith(".csv")]
    assert [name for name in tables if find(name) is None] == []
    wrong = [wrong_columns(find(name)[0], pd.read_csv(made / f"results/{name}", nrows=0)) for name in tables]
    assert [text for text in wrong if text] == []
    recorded = {find(name)[0].path for name in tables}
    # Made on request, or by a sweep; test_sweep_study.py and test_trials_study.py check the columns of a sweep's tables.
    elsewhere = {"paper/sensitivity/table.csv", "paper/coactivation/readings.csv", "{run}/{trials}/{part}.csv"}
    elsewhere |= {path for path in RESULTS if path.startswith("paper/measures/")}
    assert {path for path in RESULTS if path.endswith(".csv")} - elsewhere == recorded


def test_every_result_of_a_run_is_made_and_shown(run):
    made, _, _ = run
    page, settings = (made / "results/report.html").read_text(), CONFIG["runs"]["all"] | {"seeds": [0]}
    settings["training"] = CONFIG["defaults"]["training"]
    for result in RESULTS.values():
        if result.asked and not result.of_all_runs and result.study:
            path = place(result.path, "all", settings)
            assert (made / f"results/{path}").is_file(), path
            assert (path in page) == (result.on_page or path.replace(".csv", ".svg") in page), path


def test_what_a_job_calls_is_what_its_digest_is_over(run):
    _, edited, called = run
    library = Library(edited / "scripts/neurons")
    scripts = {path.stem: path for path in (REPOSITORY / "scripts").glob("*.py")}
    assert set(scripts) - set(called) == {
        *("import_activations", "import_snapshot", "summarise_imported"),
        *("tabulate_sensitivity", "tabulate_readings", "write_reproduction"),
        *("measure_networks", "rank_networks", "tabulate_intervention"),
    }
    assert ("neurons.measures.activity", "loudest") in called["measure_panel"]
    for rule, symbols in called.items():
        more = []
        if rule == "draw_figure":
            more = [
                f"neurons.figures.{result.drawn_by}".rsplit(".", 1) for result in RESULTS.values() if result.drawn_by
            ]
        reached = library.symbols(Module.parse(scripts[rule].read_text()), *map(tuple, more))
        missing = {symbol for symbol in symbols - set(reached) if symbol[0] not in FRAME and "<" not in symbol[1]}
        assert not missing, rule
