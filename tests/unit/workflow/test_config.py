import copy

import pytest
import yaml

from neurons.core.errors import InputError
from neurons.workflow import registry
from neurons.workflow.config import check_targets, resolve
from running import REPOSITORY

CONFIG = REPOSITORY / "config"
SCHEMA = yaml.safe_load((CONFIG / "schema.yaml").read_text())
BASE = {"datasets": {"toy": {"source": "digits"}}, "runs": {"one": {"dataset": "toy"}}}


def resolved(**changes):
    return resolve(copy.deepcopy(BASE) | changes, SCHEMA)


def one(**settings):
    """The `runs` of a config with one run on the toy data set."""
    return {"runs": {"one": {"dataset": "toy"} | settings}}


def data(**keys):
    return {"datasets": {"toy": keys}}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"run": {}}, "unknown key 'run', did you mean 'runs'?"),
        ({"zzz": 1}, "unknown key 'zzz'; valid keys: data_dir, download, gpu, temporary_dumps"),
        (one(trainning={}), "unknown key 'runs.one.trainning', did you mean 'training'?"),
        (one(training={"learning-rate": 0.1}), "'runs.one.training.learning-rate', did you mean 'learning_rate'?"),
        ({"defaults": {"model": {"hiden": [3]}}}, "unknown key 'defaults.model.hiden', did you mean 'hidden'?"),
        (data(source="digits", sizes=[2, 2]), "unknown key 'datasets.toy.sizes', did you mean 'size'?"),
        (one(seeds=3), "runs.one.seeds: 3 is not of type array"),
        (one(training={"iterations": "ten"}), "runs.one.training.iterations: 'ten' is not of type integer"),
        (one(training={"iterations": 2.5}), "runs.one.training.iterations: 2.5 is not of type integer"),
        (one(training={"iterations": 2.0}), "runs.one.training.iterations: 2.0 is not of type integer"),
        (one(training={"learning_rate": float("nan")}), "runs.one.training.learning_rate: nan is not of type number"),
        ({"runs": {1: {"dataset": "toy"}}}, "runs: the name 1 must be text; put it in quotes"),
        ({"runs": None}, "runs: None is not of type object"),
        ({"download": "yes"}, "download: 'yes' is not of type boolean"),
        ({"data_dir": ""}, "data_dir"),
        (
            one(measures={"panel": ["selectivty"]}),
            "measures.panel: unknown measure 'selectivty', did you mean 'selectivity'?",
        ),
        (one(measures={"options": {"sharpnes": {}}}), "measures.options: unknown measure 'sharpnes', did you mean"),
        (one(measures={"modules": ["mine.txt"]}), "runs.one.measures.modules.0"),
        (
            {"runs": {"one": {"activations": "dumps", "coactivation": {"class_value": "logits"}}}},
            "runs.one.coactivation.class_value: logits are the network's, which imported dumps do not hold; use softmax",
        ),
        (one(model={"dropout": 1}), "runs.one.model.dropout"),
        (one(model={"hidden": []}), "runs.one.model.hidden"),
        (one(model={"hidden": [5, 0]}), "runs.one.model.hidden.1"),
        (one(training={"iterations": 100}), "runs.one.training.iterations: 100"),
        (one(training={"learning_rate": 0}), "runs.one.training.learning_rate"),
        (one(entropy={"bins": 1}), "runs.one.entropy.bins: 1"),
        (one(seeds=[0, 0]), "runs.one.seeds"),
        (one(training={"optimizer": "adma"}), "'adma' is not one of adam, sgd, rmsprop, did you mean 'adam'?"),
        (one(labels="shuffled"), "runs.one.labels: 'shuffled' is not one of given, mixed"),
        (data(source="mnits"), "datasets.toy.source: 'mnits' is not one of .*did you mean 'mnist'?"),
        (data(path="x"), "datasets.toy: the key 'source' is missing"),
        ({"runs": {}}, "runs"),
        ({"runs": {"One Run": {"dataset": "toy"}}}, "runs: .*One Run"),
        ({"datasets": {"../toy": {"source": "digits"}}}, "datasets: .*../toy"),
        (one(dataset="tyo"), "runs.one.dataset: unknown data set 'tyo', did you mean 'toy'?"),
        (one(dataset="mnist"), "runs.one.dataset: unknown data set 'mnist'; known: toy"),
        ({"runs": {"one": {}}}, "runs.one: give either 'dataset' or 'activations'"),
        ({"runs": {"paper": {"dataset": "toy"}}}, "runs.paper: the name is taken by the folder results/paper"),
        ({"runs": {"data": {"dataset": "toy"}}}, "runs.data: the name is taken by the folder results/data"),
        (data(source="npz"), "datasets.toy: source npz needs the key 'path'"),
        (data(source="image_folder", size=[2, 2]), "datasets.toy: source image_folder needs the key 'path'"),
        (data(source="digits", path="x"), "datasets.toy.path goes with source image_folder or npz, not with digits"),
        (data(source="npz", path="x", size=[2, 2]), "datasets.toy.size goes with source image_folder, not with npz"),
        (data(source="mnist", test_share=0.1), "datasets.toy.test_share goes with source digits or image_folder"),
        (one(training={"learning_rate": "1e-3"}), "learning_rate: '1e-3' is not of type number; YAML .*write 1.0e-3"),
        (one(entropy={"bins": 10**7}), "runs.one.entropy.bins: 10000000 is greater than the maximum of 10000"),
        (one(published="nope"), "runs.one.published: 'nope' is not one of cifar10, "),
        (one(published="mnist-mixd"), "runs.one.published: .* did you mean 'mnist-mixed'?"),
        (data(source="digits", mirror="http://x"), "datasets.toy.mirror goes with source mnist"),
        (data(source="mnist", mirror="ftp://x"), "datasets.toy.mirror"),
        (
            {"runs": {"one": {"activations": "dumps", "seeds": [0, 1]}}},
            "runs.one.activations needs '{seed}' in its path, since the run has several seeds",
        ),
    ],
)
def test_every_fault_is_one_line_that_names_the_key(changes, message):
    with pytest.raises(InputError, match=f"^config: .*{message.replace('?', '[?]').replace('{', '[{]')}") as error:
        resolved(**changes)
    assert "\n" not in str(error.value)


def test_defaults_are_filled_in():
    config = resolved()
    assert (config["data_dir"], config["download"]) == ("data", True)
    run = config["runs"]["one"]
    assert (run["dataset"], run["labels"], run["seeds"]) == ("toy", "given", [0])
    assert run["graph"] == {"top_neurons": 50, "select_by": "mean"}
    assert run["modularity"] == {"starts": 10, "resolution": 2.0, "null_draws": 100}
    assert run["entropy"] == {"bins": 10}
    training = run["training"]
    assert (training["optimizer"], training["learning_rate"], training["epsilon"]) == ("adam", 1e-3, 1e-7)
    assert (training["batch_size"], training["iterations"], training["epochs_per_iteration"]) == (32, 20, 1)
    assert config["datasets"]["toy"]["grayscale"] is False


@pytest.mark.parametrize(
    "training, rate",
    [
        ({}, 0.001),
        ({"optimizer": "rmsprop"}, 0.001),
        ({"optimizer": "sgd"}, 0.01),
        ({"optimizer": "sgd", "learning_rate": 0.001}, 0.001),
    ],
)
def test_the_learning_rate_goes_with_the_optimiser_unless_it_is_given(training, rate):
    assert resolved(**one(training=training))["runs"]["one"]["training"]["learning_rate"] == rate


def test_a_runs_own_settings_go_over_defaults_and_those_over_the_schemas():
    config = resolved(
        defaults={
            "dataset": "toy",
            "training": {"batch_size": 64, "iterations": 5},
            "seeds": [1, 2],
            "labels": "mixed",
        },
        runs={"one": {"training": {"iterations": 7}, "seeds": [4]}, "two": {"labels": "given"}},
    )
    first, second = config["runs"]["one"], config["runs"]["two"]
    assert [first["training"][key] for key in ("batch_size", "iterations", "optimizer")] == [64, 7, "adam"]
    assert (first["seeds"], first["labels"], first["dataset"]) == ([4], "mixed", "toy")
    assert [second["training"][key] for key in ("batch_size", "iterations")] == [64, 5]
    assert (second["seeds"], second["labels"]) == ([1, 2], "given")


def test_nothing_is_shared_between_runs_or_changed_in_the_input():
    given = copy.deepcopy(BASE) | {"runs": {"one": {"dataset": "toy"}, "two": {"dataset": "toy"}}}
    before, schema = copy.deepcopy(given), copy.deepcopy(SCHEMA)
    config = resolve(given, SCHEMA)
    config["runs"]["one"]["model"]["hidden"].append(1)
    config["runs"]["one"]["seeds"].append(1)
    assert config["runs"]["two"]["model"]["hidden"] == [512, 512] and config["runs"]["two"]["seeds"] == [0]
    assert given == before and schema == SCHEMA


@pytest.mark.parametrize("path, seeds", [("dumps", [3]), ("dumps/{seed}", [0, 1])])
def test_dumps_stand_in_for_a_data_set(path, seeds):
    run = resolved(runs={"one": {"activations": path, "seeds": seeds}})["runs"]["one"]
    assert run["activations"] == path and "dataset" not in run


@pytest.mark.parametrize("text, value", [("False", False), ("true", True), (False, False)])
def test_booleans_given_as_text_on_the_command_line(text, value):
    assert resolved(download=text)["download"] is value


def test_a_target_of_an_unknown_run():
    good = ["results/mnist/communities/table4.csv", "results/data/mnist.h5", "results/paper/communities/table1.csv"]
    check_targets([*good, "results/report.html", "results/reports/page.html", "results"], {"mnist": {}})
    with pytest.raises(
        InputError, match="unknown run 'mnits' in target results/mnits/seed-0/a.csv, did you mean 'mnist'?"
    ):
        check_targets([*good, "results/mnits/seed-0/a.csv"], {"mnist": {}})
    with pytest.raises(
        InputError, match="unknown run 'zzz' in target results/zzz/communities/a.csv; runs: mnist, digits"
    ):
        check_targets(["results/zzz/communities/a.csv"], {"mnist": {}, "digits": {}})


@pytest.mark.parametrize(
    "target, instead",
    [
        ("mnist/communities/table9.csv", "mnist/communities/table"),
        ("paper/communities/tabel4.csv", "paper/communities/table"),
        ("mnist/auxiliary/figure22.svg", "mnist/auxiliary/figure2.svg"),
    ],
)
def test_a_target_that_no_study_makes(target, instead):
    with pytest.raises(InputError, match=f"no study makes results/{target}, did you mean '{instead}"):
        check_targets([f"results/{target}"], {"mnist": {}})


def test_every_result_of_the_registry_is_a_target():
    run = {"seeds": [0], "training": {"iterations": 3}}
    names = {"n": "1", "trials": "grid", "part": "00", "dataset": "mnist"}
    check_targets(
        [f"results/{registry.place(path, 'mnist', run, **names)}" for path in registry.RESULTS], {"mnist": {}}
    )


def merged(*names):
    """Merge config files as Snakemake does, later over earlier and mapping by mapping."""

    def over(base, new):
        both = isinstance(base, dict) and isinstance(new, dict)
        return {k: over(base.get(k), new.get(k, base.get(k))) for k in {**base, **new}} if both else new

    config = {}
    for name in names:
        config = over(config, yaml.safe_load((CONFIG / name).read_text()))
    return config


CONFIGURATION = {"datasets": {"d": {"source": "digits"}}, "runs": {"a": {"dataset": "d"}, "b": {"dataset": "d"}}}
OVERLAYS = {"reduced.yaml": "paper.yaml", "paper-mnist.yaml": "paper.yaml"}
SHIPPED = sorted(path.name for path in CONFIG.glob("*.yaml") if path.name not in ("schema.yaml", *OVERLAYS))


@pytest.mark.parametrize(
    "names", [*([name] for name in SHIPPED), *([below, name] for name, below in OVERLAYS.items())], ids="+".join
)
def test_shipped_configs_resolve(names):
    config = resolve(merged(*names), SCHEMA)
    assert config["runs"]
    for run in config["runs"].values():
        assert "activations" in run or run["dataset"] in config["datasets"]


def test_reduced_goes_over_paper():
    paper, reduced = (resolve(merged(*names), SCHEMA) for names in (["paper.yaml"], ["paper.yaml", "reduced.yaml"]))
    assert paper["runs"].keys() == reduced["runs"].keys()
    assert paper["datasets"]["plant-village"]["size"] != reduced["datasets"]["plant-village"]["size"]
    assert reduced["datasets"]["plant-village"]["path"] == paper["datasets"]["plant-village"]["path"]


def test_runs_are_left_out():
    config = resolve(CONFIGURATION | {"without": ["b"]}, SCHEMA)
    assert config == resolve({**CONFIGURATION, "runs": {"a": CONFIGURATION["runs"]["a"]}}, SCHEMA)
    assert resolve(config, SCHEMA) == config


@pytest.mark.parametrize(
    "without, message", [(["c"], "config: without: unknown run 'c'"), (["a", "b"], "config: without: it leaves no run")]
)
def test_what_is_left_out_is_a_run_and_not_all(without, message):
    with pytest.raises(InputError, match=message):
        resolve(CONFIGURATION | {"without": without}, SCHEMA)


def test_a_run_that_another_takes_its_dumps_from_stays():
    runs = {"a": {"dataset": "d"}, "b": {"dumps_of": "a", "graph": {"top_neurons": 5}}}
    with pytest.raises(InputError, match="runs.b.dumps_of: unknown run 'a'"):
        resolve({"datasets": {"d": {"source": "digits"}}, "runs": runs, "without": ["a"]}, SCHEMA)


def every_key(schema, path=""):
    """Yield the path and the schema of every key, through the definitions."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for key, sub in part.get("properties", {}).items():
            yield f"{path}{key}", sub
            yield from every_key(sub, f"{path}{key}.")


def test_every_key_of_the_schema_is_described_and_closed():
    for path, sub in every_key(SCHEMA):
        assert "description" in sub or "properties" in sub or "$ref" in sub, path
        assert "properties" not in sub or sub["additionalProperties"] is False, path
