"""A sweep becomes runs that differ from their base in one setting; dumps are shared where they are the same."""

import copy

import pytest
import yaml

from neurons.core.errors import InputError
from neurons.workflow import sweep
from neurons.workflow.config import check_targets, resolve, swept, trials_of
from running import REPOSITORY

CONFIG = REPOSITORY / "config"
SCHEMA = yaml.safe_load((CONFIG / "schema.yaml").read_text())
SETTINGS = SCHEMA["$defs"]["settings"]
BASE = {
    "datasets": {"toy": {"source": "digits"}, "other": {"source": "digits"}},
    "defaults": {"training": {"batch_size": 16}},
    "runs": {"a": {"dataset": "toy", "seeds": [3, 4], "model": {"hidden": [9]}, "entropy": {"bins": 7}}},
}
DUMPED = {"runs": {"a": {"activations": "dumps"}}}


def resolved(vary=None, base="a", **changes):
    config = copy.deepcopy(BASE) | changes
    return resolve(config | ({"sweep": {"base": base, "vary": vary}} if vary is not None else {}), SCHEMA)


def flat(settings, path=""):
    """Return a run's settings by dotted key."""
    if not isinstance(settings, dict):
        return {path: settings}
    return {key: value for name, sub in settings.items() for key, value in flat(sub, f"{path}.{name}").items()}


def differing(config, run, base="a") -> dict:
    """The settings in which a run differs from its base, by dotted key; what marks it as a run of a sweep left out."""
    ours, theirs = flat(config["runs"][run]), flat(config["runs"][base])
    keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    return {key[1:]: ours.get(key) for key in keys if key not in (".studies", ".dumps_of")}


@pytest.mark.parametrize(
    "factor, value, run, shared",
    [
        ("graph.top_neurons", 25, "a-top_neurons-25", True),
        ("graph.select_by", "frequency", "a-select_by-frequency", True),
        ("modularity.resolution", 0.5, "a-resolution-0.5", True),
        ("entropy.bins", 100, "a-bins-100", True),
        ("model.dropout", 0.2, "a-dropout-0.2", False),
        ("model.dropout", 0, "a-dropout-0", False),
        ("model.hidden", [512, 64], "a-hidden-512x64", False),
        ("model.filters", [4], "a-filters-4", False),
        ("training.optimizer", "rmsprop", "a-optimizer-rmsprop", False),
        ("training.flip", True, "a-flip-true", False),
        ("training.learning_rate", 1e-7, "a-learning_rate-1e-07", False),
        ("dumps.dtype", "float16", "a-dtype-float16", False),
        ("labels", "mixed", "a-labels-mixed", False),
        ("dataset", "other", "a-dataset-other", False),
    ],
)
def test_a_run_differs_from_its_base_in_the_one_setting(factor, value, run, shared):
    config = resolved({factor: [value]})
    assert list(config["runs"]) == ["a", run]
    assert differing(config, run) == {factor: value}
    assert config["runs"][run]["studies"] == [] and config["runs"]["a"]["studies"] == ["communities"]
    assert config["runs"][run].get("dumps_of") == ("a" if shared else None)


def test_every_optimiser_has_its_own_learning_rate_unless_one_is_given():
    vary = {"training.optimizer": ["adam", "sgd", "rmsprop"]}
    rates = {name: run["training"]["learning_rate"] for name, run in resolved(vary)["runs"].items()}
    assert rates == {"a": 0.001, "a-optimizer-sgd": 0.01, "a-optimizer-rmsprop": 0.001}
    given = copy.deepcopy(BASE["runs"])
    given["a"]["training"] = {"learning_rate": 0.3}
    assert {run["training"]["learning_rate"] for run in resolved(vary, runs=given)["runs"].values()} == {0.3}


def test_the_bases_own_value_is_one_of_each_factors():
    config = resolved({"entropy.bins": [5, 7, 10], "model.dropout": [0.2, 0.5]})
    assert swept(config) == [
        ("entropy.bins", 5, "a-bins-5"),
        ("entropy.bins", 7, "a"),
        ("entropy.bins", 10, "a-bins-10"),
        ("model.dropout", 0.02, "a"),
        ("model.dropout", 0.2, "a-dropout-0.2"),
        ("model.dropout", 0.5, "a-dropout-0.5"),
    ]
    assert swept(resolved()) == []


def test_a_resolved_configuration_resolves_to_itself():
    config = resolved({"entropy.bins": [5, 10], "training.optimizer": ["sgd"], "model.hidden": [[3, 3]]})
    again = resolve(copy.deepcopy(config), SCHEMA)
    assert again == config and swept(again) == swept(config)


def test_what_is_written_under_a_runs_name_goes_over_the_sweep():
    runs = copy.deepcopy(BASE["runs"]) | {"a-optimizer-sgd": {"training": {"learning_rate": 0.5}}}
    config = resolved({"training.optimizer": ["sgd"]}, runs=runs)
    assert differing(config, "a-optimizer-sgd") == {"training.optimizer": "sgd", "training.learning_rate": 0.5}


def test_a_base_that_shares_dumps_gives_its_own_settings_on():
    runs = copy.deepcopy(BASE["runs"]) | {"b": {"dumps_of": "a", "graph": {"top_neurons": 3}}}
    config = resolved({"entropy.bins": [20]}, base="b", runs=runs)
    assert config["runs"]["b-bins-20"]["dumps_of"] == "a"
    assert differing(config, "b-bins-20", "b") == {"entropy.bins": 20}


def test_dumps_made_elsewhere_can_be_measured_in_several_ways():
    config = resolved({"graph.top_neurons": [5]}, **DUMPED)
    assert config["runs"]["a-top_neurons-5"]["activations"] == "dumps"


def test_the_keys_that_can_be_varied_are_settings_and_none_of_another_study():
    keys = sweep.factors(SETTINGS)
    for key in keys:
        section, *names = key.split(".")
        assert names == [] or names[0] in SETTINGS["properties"][section]["properties"]
        assert names or "properties" not in SETTINGS["properties"][section]
    assert {"labels", "model.dropout", "training.optimizer", "graph.top_neurons", "entropy.bins"} <= set(keys)
    assert not [key for key in keys if key.split(".")[0] in ("auxiliary", "coactivation", "seeds", "studies")]


@pytest.mark.parametrize(
    "factor, tables",
    [("graph.top_neurons", (4,)), ("modularity.starts", (4,)), ("entropy.bins", (5,)), ("model.dropout", (4, 5))],
)
def test_tables_that_a_factor_can_move(factor, tables):
    assert sweep.tables_of(factor) == tables


def over(**settings):
    return {"runs": copy.deepcopy(BASE["runs"]) | settings}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"vary": {"graph.top_neuron": [5]}}, "'graph.top_neuron' cannot be varied, did you mean 'graph.top_neurons'"),
        ({"vary": {"graph": [5]}}, "sweep.vary: 'graph' cannot be varied"),
        ({"vary": {"zzzzzz": [5]}}, "'zzzzzz' cannot be varied; keys that bear on Tables 4 and 5: dataset, labels"),
        ({"vary": {"auxiliary.epochs": [5]}}, "'auxiliary.epochs' cannot be varied"),
        ({"vary": {"seeds": [[5]]}}, "'seeds' cannot be varied"),
        ({"vary": {"model.name": ["vgg16"]}}, "sweep.vary.model.name: run 'a' has no such setting; give it one"),
        ({"vary": {"model.dropout": 0.5}}, "sweep.vary.model.dropout: 0.5 is not of type array"),
        ({"vary": {"model.dropout": []}}, "sweep.vary.model.dropout"),
        ({"vary": {"model.dropout": [0.5, 0.5]}}, "sweep.vary.model.dropout: .* non-unique"),
        ({"vary": {"model.dropout": [1.5]}}, "runs.a-dropout-1.5.model.dropout: 1.5"),
        ({"vary": {"training.optimizer": ["adma"]}}, "a-optimizer-adma.*'adma' is not one of .*, did you mean 'adam'"),
        ({"vary": {"training.optimizer": ["Adam"]}}, "runs: .*a-optimizer-Adam"),
        ({"vary": {}}, "sweep.vary"),
        ({"vary": {"entropy.bins": [5]}, "base": "b"}, "sweep.base: unknown run 'b'; known: a"),
        ({"vary": {"model.dropout": [0.5]}, **DUMPED}, "takes its training from 'activations'; only graph, modularity"),
        (
            {"vary": {"model.dropout": [0.5]}, **over(**{"a-dropout-0.5": {"model": {"dropout": 0.3}}})},
            "runs.a-dropout-0.5: model.dropout is 0.3 there, and 0.5 in the sweep; rename the run",
        ),
        (
            {"vary": {"entropy.bins": [5]}, **over(**{"a-bins-5": {"model": {"dropout": 0.3}}})},
            "runs.a-bins-5.model is not that of 'a', whose dumps it takes; leave out 'model' or 'dumps_of'",
        ),
        (over(b={"dumps_of": "c"}), "runs.b.dumps_of: unknown run 'c'; known: a, b"),
        (over(b={"dumps_of": "b"}), "runs.b.dumps_of: 'b' takes the dumps of another run itself; name that"),
        (over(b={"dumps_of": "a", "seeds": [3]}), "runs.b.seeds is not that of 'a'"),
        (over(b={"dumps_of": "a", "activations": "x/{seed}"}), "runs.b.activations is not that of 'a'"),
        ({"defaults": {"dumps_of": "a"}}, "defaults.dumps_of: name it in the runs"),
    ],
)
def test_every_fault_is_one_line_that_names_the_key(changes, message):
    with pytest.raises(InputError, match=f"^config: .*{message}") as error:
        resolved(**changes)
    assert "\n" not in str(error.value)


def test_a_run_by_hand_takes_all_settings_of_the_run_whose_dumps_it_takes():
    config = resolved(runs=BASE["runs"] | {"b": {"dumps_of": "a", "graph": {"top_neurons": 3}}})
    assert differing(config, "b") == {"graph.top_neurons": 3}


@pytest.mark.parametrize("path", ["snapshots/01.pt", "activations/01.h5", "history.csv", "class_accuracy.csv"])
def test_a_target_that_lies_with_another_run_is_told(path):
    runs = resolved({"entropy.bins": [5]})["runs"]
    check_targets([f"results/a/seed-3/{path}", "results/a-bins-5/seed-3/entropy/01.csv"], runs)
    with pytest.raises(InputError, match=f"takes its dumps from 'a': ask for results/a/seed-3/{path}"):
        check_targets([f"results/a-bins-5/seed-3/{path}"], runs)


def test_the_shipped_sweep_is_the_one_that_is_promised():
    config = resolve(yaml.safe_load((CONFIG / "sensitivity.yaml").read_text()), SCHEMA)
    values = {}
    for factor, value, _ in swept(config):
        values.setdefault(factor, []).append(value)
    assert values == {
        "graph.top_neurons": [25, 50, 100],
        "entropy.bins": [5, 10, 100],
        "model.dropout": [0, 0.02, 0.2, 0.5],
        "training.optimizer": ["adam", "sgd", "rmsprop"],
    }
    assert len(config["runs"]) == 10 and len([run for run in config["runs"].values() if "dumps_of" not in run]) == 6
    assert all(run["seeds"] == [0, 1, 2, 3, 4] for run in config["runs"].values())


TRAINED = {"training": {"batch_size": 16, "iterations": 1, "stop_at_loss": 0.4}, "graph": {"top_neurons": 7}}


def with_trials(**trials):
    return resolved(defaults=TRAINED, sweep={"base": "a", **trials})


def test_a_grid_is_every_combination_with_every_seed():
    config = with_trials(grid={"model.hidden": [[9], [4, 3]], "model.dropout": [0, 0.5], "training.flip": [True]})
    networks = trials_of(config, "grid", "a")
    assert [(*one["columns"].values(), one["seed"]) for one in networks] == [
        (hidden, dropout, True, seed) for hidden in ("9", "4x3") for dropout in (0, 0.5) for seed in (3, 4)
    ]
    assert list(networks[0]["columns"]) == ["hidden", "dropout", "flip"]
    base = config["runs"]["a"]
    for one in networks:
        settings = one["settings"]
        assert settings["model"] == base["model"] | {
            "hidden": [int(width) for width in one["columns"]["hidden"].split("x")],
            "dropout": one["columns"]["dropout"],
        }
        assert settings["training"] == base["training"] | {"flip": True} and settings["graph"] == base["graph"]
    assert list(config["runs"]) == ["a"] and swept(config) == [] and trials_of(config, "intervene", "a") == []


def test_an_intervention_is_every_strength_with_its_sham_and_one_setting_without():
    config = with_trials(intervene={"selectivity": [-1, 0, 2], "entropy": [0.5]})
    networks = trials_of(config, "intervene", "a")
    columns = [tuple(one["columns"].values()) for one in networks[::2]]
    pushed = [("selectivity", -1), ("selectivity", 2), ("entropy", 0.5)]
    assert columns == [("none", 0, False), *((*one, sham) for one in pushed for sham in (False, True))]
    assert [one["seed"] for one in networks] == [3, 4] * 7
    assert "regulariser" not in networks[0]["settings"]["training"]
    assert networks[-1]["settings"]["training"]["regulariser"] == {
        "measure": "entropy", "strength": 0.5, "sham": True, "top_neurons": 7,
    }  # fmt: skip


def test_parts_hold_every_network_once():
    networks = list(range(2 * sweep.NETWORKS_PER_JOB + 1))
    parts = sweep.parts(networks)
    assert sum(parts, []) == networks and list(map(len, parts)) == [sweep.NETWORKS_PER_JOB] * 2 + [1]
    assert sweep.parts([]) == []


def test_a_configuration_with_trials_resolves_to_itself():
    config = with_trials(grid={"model.dropout": [0, 0.5]}, intervene={"modularity": [1]})
    again = resolve(copy.deepcopy(config), SCHEMA)
    assert again == config and trials_of(again, "grid", "a") == trials_of(config, "grid", "a")


LATER = {"training": {"iterations": 2, "stop_at_loss": 0.4}}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"sweep": {"base": "a"}}, "sweep: give 'vary', 'grid' or 'intervene'"),
        ({"sweep": {"base": ["a", "b"], "grid": {"model.dropout": [0]}}}, "sweep.base: unknown run 'b'; known: a"),
        ({"sweep": {"base": ["a"], "vary": {"model.dropout": [0]}}}, "sweep.base: 'vary' takes one run, not a list"),
        ({"sweep": {"base": "a", "grid": {"model.drop": [0]}}}, "sweep.grid: 'model.drop' cannot be varied, did you"),
        ({"sweep": {"base": "a", "grid": {"graph.top_neurons": [5]}}}, "sweep.grid: 'graph.top_neurons' cannot be var"),
        ({"sweep": {"base": "a", "grid": {"training.regulariser": [1]}}}, "sweep.grid: 'training.regulariser' cannot"),
        ({"sweep": {"base": "a", "grid": {"model.dropout": [1.5]}}}, "runs.a.model.dropout: 1.5"),
        (
            {"sweep": {"base": "a", "grid": {"training.iterations": [2]}}},
            "stop_at_loss goes with 'iterations: 1', not 2",
        ),
        (
            {"sweep": {"base": "a", "grid": {"training.optimizer": ["sgd"]}}},
            "training.optimizer needs training.learning",
        ),
        (
            {"sweep": {"base": "a", "grid": {"model.dropout": [0]}}, **DUMPED},
            "'a' takes its training from 'activations'",
        ),
        (
            {"sweep": {"base": "a", "intervene": {"nc1": [1]}}},
            "sweep.intervene: 'nc1' is not one of selectivity, entropy, modularity",
        ),
        ({"sweep": {"base": "a", "intervene": {"entropy": [1]}}, "defaults": {}}, "'a' needs training.stop_at_loss"),
        (
            {
                "sweep": {"base": "a", "intervene": {"entropy": [1]}},
                "defaults": TRAINED | {"measures": {"panel": ["nc1"]}},
            },
            "sweep.intervene: runs.a.measures.panel lacks 'entropy'; add it",
        ),
        ({"defaults": LATER}, "runs.a.training.stop_at_loss goes with 'iterations: 1', not 2"),
        (
            {
                "defaults": {
                    "training": {"regulariser": {"measure": "entropy", "strength": 1}},
                    "model": {"name": "vgg11"},
                }
            },
            "runs.a.training.regulariser goes with a model of 'filters' and 'hidden'",
        ),
    ],
)
def test_every_fault_of_trials_is_one_line(changes, message):
    with pytest.raises(InputError, match=f"^config: .*{message}") as error:
        resolved(**{"defaults": TRAINED} | changes)
    assert "\n" not in str(error.value)


def test_the_shipped_grid_and_intervention_are_those_that_are_promised():
    grid = resolve(yaml.safe_load((CONFIG / "measures.yaml").read_text()), SCHEMA)
    for base in ("fashion-mnist", "mnist"):
        networks = trials_of(grid, "grid", base)
        assert len(networks) == 144 and len(sweep.parts(networks)) == 12
        assert len({str(one["columns"]) for one in networks}) == 72
    pushed = resolve(yaml.safe_load((CONFIG / "intervention.yaml").read_text()), SCHEMA)
    assert len(trials_of(pushed, "intervene", "fashion-mnist")) == 125
