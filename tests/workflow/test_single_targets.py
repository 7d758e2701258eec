"""What Snakemake would do for one wanted file."""

import pytest

TRAINED = {"fetch_dataset", "convert_dataset", "train_model_3"}
DUMPED = TRAINED | {"dump_activations"}
MEASURED = DUMPED | {"build_graphs", "measure_modularity"}


@pytest.mark.parametrize(
    "target, rules",
    [
        ("results/tiny/seed-0/snapshots/02.pt", TRAINED),
        ("results/tiny/communities/table1.csv", TRAINED | {"tabulate_accuracy"}),
        ("results/tiny/communities/table4.csv", MEASURED | {"correlate_modularity"}),
        ("results/tiny/communities/table5.csv", DUMPED | {"measure_entropy", "correlate_entropy"}),
        ("results/tiny/seed-0/entropy/01.csv", DUMPED | {"measure_entropy"}),
        (
            "results/paper/communities/table5.csv",
            DUMPED | {"measure_entropy", "correlate_entropy", "compare_communities"},
        ),
    ],
)
def test_a_target_runs_just_what_it_needs(place, tiny, target, rules):
    assert set(place.dry_run(tiny, target)) == rules


def test_one_iteration_is_dumped_and_measured_alone(place, tiny):
    jobs = place.dry_run(tiny, "results/tiny/seed-0/entropy/01.csv")
    assert jobs == dict.fromkeys(jobs, 1)


def test_the_table_of_all_runs_takes_every_run(place, tiny):
    jobs = place.dry_run(tiny, "results/paper/communities/table5.csv")
    assert jobs["train_model_3"] == jobs["correlate_entropy"] == 2
    assert jobs["compare_communities"] == 1


@pytest.mark.parametrize(
    "panel, measured",
    [
        (["selectivity"], set()),
        (["train_loss", "margin"], set()),
        (["entropy"], {"measure_entropy"}),
        (["modularity"], {"build_graphs", "measure_modularity"}),
        (["selectivity", "all"], {"build_graphs", "measure_modularity", "measure_entropy"}),
    ],
)
def test_a_panel_takes_what_its_measures_read(place, tiny, panel, measured):
    target = "results/tiny/seed-0/measures/02.csv"
    jobs = place.dry_run(tiny | {"runs": {"tiny": {"measures": {"panel": panel}}}}, target)
    assert set(jobs) == DUMPED | measured | {"measure_panel"}
