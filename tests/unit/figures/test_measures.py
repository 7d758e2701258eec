import numpy as np
import pandas as pd
from drawn import twice

from neurons.figures import measures as figures


def ranked(run, names, tau):
    columns = {"run": run, "measure": names, "target": "test_accuracy", "tau": tau, "granulated_tau": tau}
    limits = {"granulated_tau_low": np.subtract(tau, 0.1), "granulated_tau_high": np.add(tau, 0.1)}
    return pd.DataFrame(columns | limits | {"worst_excess": np.where(np.array(tau) > 0.5, -0.1, 0.1)})


def test_a_ranking_has_a_panel_a_run_and_stars_what_beats_the_baselines(tmp_path):
    table = pd.concat([ranked("one", ["nc1@dense_1", "margin"], [0.8, -0.2]), ranked("two", ["margin"], [0.3])])
    gap = table.assign(target="gap", measure="unseen")
    text = twice(figures.ranking, [pd.concat([table, gap])], tmp_path, run="")
    assert "one: networks ranked" in text and "two: networks ranked" in text
    assert text.count(">*<") == 1 and "nc1@dense_1" in text and "unseen" not in text


def test_a_ranking_without_a_measure_is_empty_axes(tmp_path):
    table = ranked("one", ["margin"], [0.3]).assign(granulated_tau=np.nan)
    assert "one: networks ranked" in twice(figures.ranking, [table], tmp_path, run="")


def test_dose_and_response_show_a_panel_a_measure(tmp_path):
    rows = [
        ("one", measure, strength, sham, seed, 0.5 + strength / 10, 0.9, True)
        for measure in ("selectivity", "entropy")
        for strength, sham in ((0, False), (1, False), (1, True))
        for seed in (0, 1)
    ]
    columns = ["run", "measure", "strength", "sham", "seed", "value", "test_accuracy", "reached"]
    table = pd.DataFrame(rows, columns=columns)
    slopes = pd.DataFrame({"run": "one", "measure": ["selectivity", "entropy"]})
    text = twice(figures.dose_response, [table, slopes], tmp_path, run="")
    assert "one: selectivity" in text and "one: entropy" in text and "sham" in text and "pushed" in text
