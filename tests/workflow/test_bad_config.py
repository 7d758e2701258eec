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
