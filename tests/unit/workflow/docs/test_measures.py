import pandas as pd
import pytest

from neurons.core.errors import InputError
from neurons.workflow.docs.measures import MARKS, found, words
from neurons.workflow.docs.pipeline import put_in

SLOPES = {
    **{"run": "one", "measure": "entropy", "seeds": 5, "moved": True, "span": 2.0, "slope": 0.25, "slope_low": 0.1},
    **{"slope_high": 0.4, "slope_p": 0.01, "effect": 0.5, "effect_low": 0.2, "effect_high": 0.8, "equivalence_p": 0.9},
    **{"sham_effect": 0.1, "beyond_sham": 0.4, "beyond_sham_low": 0.15, "beyond_sham_high": 0.65, "beyond_at": "1"},
    "left_out": 0,
}
BENCHMARK = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def of_a_run(folder):
    """Write what an intervention of two jobs leaves: its slopes, its networks and its benchmarks."""
    paper, parts = folder / "results/paper/measures", folder / "results/one/intervene"
    times = folder / "benchmarks/measure_networks/one/intervene"
    for place in (paper, parts, times):
        place.mkdir(parents=True)
    pd.DataFrame([SLOPES]).assign(note="").to_csv(paper / "intervention_slopes.csv", index=False)
    strengths = {"run": "one", "measure": "entropy", "strength": [-1, 1], "seeds": 5, "value": 2.5, "sham_change": 0.1}
    limits = {
        f"{name}{end}": v for name in ("change", "beyond_sham") for end, v in (("", 2), ("_low", 1), ("_high", 3))
    }
    pd.DataFrame(strengths | limits).to_csv(paper / "intervention.csv", index=False)
    for part, seeds in (("00", (0, 1)), ("01", (2,))):
        rows = [("entropy", strength, seed, layer) for seed in seeds for strength in (0, 1) for layer in "ab"]
        table = pd.DataFrame(rows, columns=["measure", "strength", "seed", "layer"])
        table.to_csv(parts / f"{part}.csv", index=False)
        (times / f"{part}.tsv").write_text(BENCHMARK + "9\t0:00:09\t1\t1\t1\t1\t1\t1\t1\t45\n")
    return folder


def test_what_was_found_stands_between_the_marks_with_its_cost(tmp_path):
    page = put_in(
        f"before\n{MARKS[0]}old\n{MARKS[1]}\nafter", found([tmp_path / "none", of_a_run(tmp_path / "one")]), MARKS
    )
    assert page.startswith("before\n") and page.endswith("after") and "old" not in page
    assert "### Cause or company" in page and "### Across networks" not in page
    assert (
        "- **one, entropy: accuracy rises with the measure, and beyond the sham at strength 1 (5 seeds; +0.50 (+0.20 to"
        in page
    )
    assert "6 networks in 2 jobs, 1.5 minutes of processor time in all." in page
    assert "| one | entropy | -1 | 5 | 2.5 | +2.00 (+1.00 to +3.00) | +0.10 |" in page
    assert "| one | entropy | 5 | yes | +0.50 (+0.20 to +0.80) | +0.10 |" in page


def test_trainings_stand_first_and_their_measures_get_a_word(tmp_path):
    own = {"layer": "all", "target": "test_accuracy", "own": 0.8, "own_low": 0.5, "own_high": 0.9, "swapped": 0.3}
    own |= {"own_minus_swapped": 0.5, "swap_p_adjusted": 0.02, "seeds": 5}
    folder = of_a_run(tmp_path / "one")
    inside = folder / "results/one-training/measures"
    inside.mkdir(parents=True)
    pd.DataFrame([own | {"measure": name} for name in ("nc1", "entropy")]).to_csv(inside / "table1.csv", index=False)
    page = found([folder])
    assert page.index("### Within a training") < page.index("### Cause or company")
    assert "| one-training | nc1 | +0.80 [+0.50, +0.90] | +0.30 | +0.50 | 0.020 |" in page
    (sentence,) = words([folder])
    assert (
        sentence.startswith("one: of 2 statistics by layer, 1 (entropy) shown") and ", 1 keep it company (" in sentence
    )
    assert words([tmp_path / "none"]) == []


def test_no_run_is_told(tmp_path):
    with pytest.raises(InputError, match="^no ranking and no intervention in .*: run config/measures.yaml"):
        found([tmp_path])
