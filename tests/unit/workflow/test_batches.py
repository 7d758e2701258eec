"""Batches hold every iteration once, as evenly as their largest size allows, and name themselves."""

import pytest

from neurons.workflow.batches import SMALL, Batch, batches, by_batch, iterations_in, unnumbered

RUN = {"model": {"filters": [], "hidden": [512, 512]}, "training": {"iterations": 20}, "studies": ["communities"]}


@pytest.mark.parametrize("count", range(1, 100))
def test_every_iteration_is_in_one_batch(count):
    expected = [f"{i:02d}" for i in range(1, count + 1)]
    for largest in range(2, 12):
        found = batches(count, largest)
        sizes = [len(batch.iterations) for batch in found]
        if found == [Batch()]:
            assert count == 1
            continue
        assert [name for batch in found for name in batch.iterations] == expected
        assert max(sizes) <= largest and max(sizes) - min(sizes) <= 1
        assert len(found) == min(n for n in range(1, count + 1) if n * largest >= count)


def test_one_iteration_a_job_is_a_rule_for_any():
    (batch,) = batches(20, 1)
    assert (batch.iterations, batch.name, batch.suffix) == (("{iteration}",), "{iteration}", "")
    assert batch.message == "{wildcards.iteration}"


def test_a_batch_names_its_rule_and_its_files():
    batch, last = Batch(("06", "07", "08")), Batch(("09",))
    assert (batch.name, batch.suffix, batch.message) == ("06-08", "_06_08", "06-08")
    assert (last.name, last.suffix) == ("09", "_09")


def test_runs_with_the_same_batch_share_its_rule():
    runs = {"a": RUN, "b": RUN | {"training": {"iterations": 10}}}
    found = by_batch(runs, 5)
    assert {batch.name: names for batch, names in found.items()} == {
        **{"01-05": ["a", "b"], "06-10": ["a", "b"]},
        **{"11-15": ["a"], "16-20": ["a"]},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"filters": [1], "hidden": [SMALL]}},
        {"model": {"name": "resnet18", "filters": [], "hidden": [512]}},
        {"model": {"module": "m.py", "builder": "build", "filters": [], "hidden": [512]}},
        {"activations": "dumps"},
        {"studies": ["coactivation"]},
    ],
    ids=["large", "torchvision", "own model", "imported dumps", "last dump only"],
)
def test_large_and_unknown_networks_have_a_job_for_each(change):
    assert by_batch({"a": RUN | change}, 5) == {Batch(): ["a"]}


@pytest.mark.parametrize("change", [{"model": {"filters": [], "hidden": [SMALL]}}, {"studies": []}])
def test_the_largest_small_network_and_a_run_of_a_sweep_share_jobs(change):
    assert len(by_batch({"a": RUN | change}, 5)) == 4


@pytest.mark.parametrize(
    "name, count",
    [
        ("mnist/seed-0/01-05", 5),
        ("mnist/seed-0/06-06", 1),
        ("mnist/seed-0/06", 1),
        ("mnist/seed-0", 1),
        ("digits-mixed", 1),
        ("", 1),
        ("a/seed-0/coactivation/03", 1),
    ],
)
def test_the_iterations_of_a_job_are_read_off_its_name(name, count):
    assert iterations_in(name) == count


def test_rules_are_known_without_their_number():
    rules = ("train_model_20", "train_auxiliary_3", "measure_entropy", "measure_entropy_01_05")
    assert [unnumbered(rule) for rule in rules] == [
        "train_model",
        "train_auxiliary",
        "measure_entropy",
        "measure_entropy",
    ]
