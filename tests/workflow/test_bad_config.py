"""A fault in the configuration or the target: one line that names it, before anything is made."""

import pytest

NO_DATASET = {"datasets": {"a": {"source": "digits"}}, "runs": {"tiny": {"dataset": "b"}}}


def one_run(**settings) -> dict:
    return {"datasets": {"digits": {"source": "digits"}}, "runs": {"tiny": {"dataset": "digits", **settings}}}


@pytest.mark.parametrize(
    "config, words",
    [
        (one_run(epochs=3), ["runs.tiny.epochs", "unknown"]),
        (one_run(training={"learning_rat": 0.1}), ["learning_rat'", "did you mean 'learning_rate'"]),
        (one_run() | {"data_dri": "data"}, ["data_dri", "did you mean 'data_dir'"]),
        (one_run(graph={"top_neurons": "many"}), ["runs.tiny.graph.top_neurons", "'many'", "integer"]),
        (one_run(model={"hidden": 12}), ["runs.tiny.model.hidden", "12", "array"]),
        (one_run(entropy={"bins": 1}), ["runs.tiny.entropy.bins", "1", "2"]),
        (one_run(model={"dropout": 1.5}), ["runs.tiny.model.dropout", "1.5"]),
        (one_run(training={"optimizer": "adm"}), ["runs.tiny.training.optimizer", "did you mean 'adam'"]),
        (one_run(studies=["community"]), ["runs.tiny.studies", "did you mean 'communities'"]),
        (NO_DATASET, ["runs.tiny.dataset", "unknown data set 'b'"]),
        (one_run() | {"datasets": {"digits": {"source": "digit"}}}, ["datasets.digits.source", "'digits'"]),
        (one_run() | {"datasets": {"digits": {"source": "npz"}}}, ["datasets.digits", "path"]),
        ({"datasets": {}, "runs": {}}, ["runs"]),
        ({"datasets": {}, "runs": {"paper": {"activations": "x"}}}, ["runs.paper", "results/paper"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "config",
)
def test_a_bad_key_is_one_line_that_names_it(place, config, words):
    outcome = place.run(config)
    assert outcome.code != 0
    assert len(outcome.error_lines) == 1, outcome.screen
    for word in words:
        assert word in outcome.error_lines[0]
    assert "Traceback" not in outcome.screen
    assert not (place / "results").exists()


def test_an_unknown_run_in_a_target_is_told_with_the_nearest(place, tiny):
    outcome = place.run(tiny, "results/tiny-mixd/communities/table4.csv")
    assert outcome.code != 0
    assert len(outcome.error_lines) == 1, outcome.screen
    assert "'tiny-mixd'" in outcome.error_lines[0] and "did you mean 'tiny-mixed'" in outcome.error_lines[0]
    assert not (place / "results").exists()


def one_line(outcome, *words) -> None:
    assert outcome.code != 0
    assert len(outcome.error_lines) == 1, outcome.screen
    for word in words:
        assert word in outcome.error_lines[0]
    assert "Traceback" not in outcome.screen


def test_a_key_given_twice_is_refused_with_file_and_lines(place):
    """Snakemake's reader keeps the last: a run would be lost without a word."""
    path = place.folder.parent / "twice.yaml"
    path.write_text("datasets: {digits: {source: digits}}\nruns:\n  a: {dataset: digits}\n  a: {dataset: digits}\n")
    one_line(place.run(path, "--dry-run"), "twice.yaml", "'a' is given twice (lines 3 and 4)")


@pytest.mark.parametrize("config", [{"data_dir": "x"}, {"defaults": {"seeds": [1]}}])
def test_a_file_without_runs_does_not_plan_the_default_ones(place, config):
    path = place.write_config(config)
    one_line(place.run(path, "--dry-run"), path.name, "'runs' is missing", "config/config.yaml")
    assert place.dry_run([place.workflow / "config/config.yaml", path])["train_model_20"] == 2


def test_a_number_that_yaml_takes_for_text_is_written_out(place):
    path = place.folder.parent / "text.yaml"
    path.write_text("datasets: {d: {source: digits}}\nruns: {a: {dataset: d, training: {learning_rate: 1e-3}}}\n")
    one_line(place.run(path, "--dry-run"), "runs.a.training.learning_rate", "write 1.0e-3")


TARGET = "results/tiny/communities/table1.csv"


@pytest.mark.parametrize("quiet", [[], ["--quiet", "all"]])
@pytest.mark.parametrize(
    "before, after", [(["--configfile"], [TARGET]), (["--configfile"], ["communities_all", "--dry-run"])]
)
def test_a_target_that_snakemake_takes_for_a_config_file(place, tiny, before, after, quiet):
    path = str(place.write_config(tiny))
    outcome = place.run([], *quiet, *before, path, *after)
    one_line(outcome, f"type: --configfile {path} -- {after[0]}")
    assert place.dry_run([], "--configfile", path, "--", after[0])["train_model_3"] >= 1


def test_a_target_that_snakemake_takes_for_a_setting(place, tiny):
    outcome = place.run(tiny, "--config", "download=false", TARGET)
    one_line(outcome, f"type: --config download=false -- {TARGET}")


def test_a_missing_configuration_file_is_told(place):
    one_line(place.run([], "--configfile", "nowhere.yaml"), "nowhere.yaml: no such configuration file")


@pytest.mark.parametrize(
    "settings, key",
    [
        ({"studies": ["measures"], "measures": {"modules": ["own.py:largest"]}}, "measures.modules: own.py"),
        ({"model": {"module": "own.py", "builder": "build"}}, "model.module: own.py"),
    ],
)
def test_code_that_is_not_there_is_told_even_where_results_are(finished_copy, tiny, settings, key):
    tiny["runs"]["tiny"] |= settings
    one_line(finished_copy.run(tiny, "results/tiny/communities/table1.csv"), f"runs.tiny.{key}: not there")
