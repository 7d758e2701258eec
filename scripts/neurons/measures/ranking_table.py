"""The table of question 2: every measure's ranking of the networks, with intervals over hyper-parameter settings."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from neurons.core.correlation import mean_known
from neurons.core.errors import InputError
from neurons.core.formats import named
from neurons.measures import ranking
from neurons.measures.names import column_of, limited_columns, with_range

BASELINES = ("live_units", "train_loss", "margin")
TRIVIAL = (*BASELINES, "train_accuracy")  # what no statistic of the neurons is needed for, and live units
TARGETS = ("test_accuracy", "gap")
STATISTICS = ("tau", "granulated_tau", "conditional_information", "worst_sign_error", "worst_excess", "added_r2")

TITLE = "Which measure ranks networks as their test accuracy does?"
NOTES = (
    "Networks of all settings, stopped at the same training loss. Granulated tau is Kendall's over pairs that differ in "
    "one hyper-parameter, the mean over hyper-parameters; pairs whose accuracies differ by no more than two seeds of one "
    "setting do are left out. Information: the least normalised mutual information given any two hyper-parameters. "
    "Worst sign error: the largest share of wrongly ordered pairs over changes of one hyper-parameter from one value to "
    "another; beside it, how much that exceeds the best baseline's anywhere. Added R2: what the measure adds to the "
    "baselines for values that were left out (where these do worse than the mean their R2 is below 0, so more than 1 can be "
    "added). Limits: 95 %, bootstrap over settings. A "
    "measure that some network lacks is in the table and not in the sentence."
)


def network_row(settings: dict, seed: int, measures: pd.DataFrame, history: pd.Series | dict) -> dict:
    """Return a network's row: hyper-parameters, seed, test accuracy, gap, and its measures by `column_of`.

    Parameters
    ----------
    settings : value by hyper-parameter.
    measures : layer, measure, value, of the network's last iteration.
    history : that iteration's train_accuracy and test_accuracy.
    """
    train, test = history["train_accuracy"], history["test_accuracy"]
    row = {**settings, "seed": seed, "test_accuracy": test, "gap": train - test}
    return row | {column_of(m, layer): value for layer, m, value in measures[["layer", "measure", "value"]].to_numpy()}


def networks_frame(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str], int]:
    """Return a row per network that reached its training loss, the hyper-parameters, and how many networks did not.

    Parameters
    ----------
    table : of a grid's networks: the hyper-parameters, seed, ..., reached, layer, measure, value.
    """
    parameters = list(table.columns[: table.columns.get_loc("seed")])
    groups = [group for _, group in table.groupby([*parameters, "seed"], sort=False)]
    kept = [group for group in groups if group["reached"].all()]
    firsts = [group.iloc[0] for group in kept]
    rows = [network_row(one[parameters].to_dict(), one["seed"], group, one) for one, group in zip(firsts, kept)]
    return pd.DataFrame(rows), parameters, len(groups) - len(kept)


def columns_of(columns: Iterable[str], names) -> list[str]:
    """Return the columns that hold the measures `names`, those of single layers too."""
    return [column for column in columns if column.partition("@")[0] in names]


def _statistics(pairs: ranking.Pairs, target: np.ndarray, measure: np.ndarray, baselines: list[np.ndarray]):
    """Return a function from networks' weights (N,) to `STATISTICS` and then granulated tau per hyper-parameter.

    A measure may fall as accuracy rises: sign errors are those of the measure turned to the sign of its tau.
    """
    turned, *others = (values * (np.sign(ranking.kendall(pairs, values)) or 1) for values in (measure, *baselines))

    def statistic(weights=None) -> np.ndarray:
        granulated = ranking.granulated_kendall(pairs, measure, weights)
        return np.array(
            [
                ranking.kendall(pairs, measure, weights),
                mean_known(granulated),
                ranking.conditional_information(pairs, measure, weights),
                ranking.worst_sign_error(pairs, turned, weights),
                ranking.worst_excess(pairs, turned, others, weights),
                ranking.added_r2(pairs.settings, target, measure, baselines, weights),
                *granulated,
            ]
        )

    return statistic, turned


def _worst_environment(pairs: ranking.Pairs, turned: np.ndarray, frame: pd.DataFrame, parameters: list[str]) -> str:
    errors = ranking.environment_errors(pairs, turned)
    if not np.isfinite(errors).any():
        return ""
    parameter, low, high = list(pairs.environments)[int(np.nanargmax(errors))]
    values = np.unique(frame[parameters[parameter]])
    return f"{parameters[parameter]} {values[low]} against {values[high]}"


def ranking_row(
    frame: pd.DataFrame, parameters: list[str], target: str, measure: str, baselines: list[str], draws: int, seed: int
) -> dict:
    """Return one measure's row for one target: `STATISTICS` with limits, tau per hyper-parameter, pairs, a note."""
    known = frame.dropna(subset=list(dict.fromkeys([measure, target, *baselines])))
    settings = np.column_stack([ranking.codes_of(known[name]) for name in parameters])
    values, goal = known[measure].to_numpy(float), known[target].to_numpy(float)
    noise = ranking.seed_noise(settings, goal) if len(known) else 0.0
    notes = [f"{len(frame) - len(known)} networks without a value"] if len(known) < len(frame) else []
    row = {"measure": measure, "target": target, "networks": len(known), "noise": noise}
    if len(known) < 3 or np.ptp(values) == 0:
        return row | {"note": "; ".join([*notes, "measure constant" if len(known) >= 3 else "fewer than 3 networks"])}
    pairs = ranking.compared_pairs(settings, goal, noise)
    if not len(pairs.sign):
        return row | {"pairs": 0, "note": "; ".join([*notes, "no two networks differ by more than the noise"])}
    statistic, turned = _statistics(pairs, goal, values, [known[name].to_numpy(float) for name in baselines])
    names = [*STATISTICS, *(f"tau_{name}" for name in parameters)]
    low, high = ranking.cell_bootstrap(settings, statistic, draws, seed)
    for i, (name, value) in enumerate(zip(names, statistic())):
        row[name] = float(value)
        if name in STATISTICS:
            row[f"{name}_low"], row[f"{name}_high"] = float(low[i]), float(high[i])
    row["worst_environment"] = _worst_environment(pairs, turned, known, parameters)
    return row | {"pairs": len(pairs.sign), "note": "; ".join(notes)}


def ranking_table(
    frame: pd.DataFrame,
    parameters: list[str],
    baselines: tuple[str, ...] = BASELINES,
    targets: tuple[str, ...] = TARGETS,
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how every measure ranks the networks: a row per target and measure, strongest granulated tau first.

    Parameters
    ----------
    frame : a row per network (`network_row`); every column beside hyper-parameters, seed and targets is a measure.
    parameters : columns of the hyper-parameters.
    baselines : measures that others must add to (each layer's, where they are of layers).
    draws : of the bootstrap over settings.
    """
    measures = [name for name in frame if name not in (*parameters, "seed", *targets)]
    base = columns_of(frame, baselines)
    table = pd.DataFrame(
        [ranking_row(frame, parameters, t, m, base, draws, seed) for t in targets for m in measures],
        columns=[
            *("measure", "target", *limited_columns(*STATISTICS), *(f"tau_{name}" for name in parameters)),
            *("worst_environment", "networks", "pairs", "noise", "note"),
        ],
    )
    table = table.sort_values("granulated_tau", key=np.abs, ascending=False, kind="stable")
    return table.sort_values("target", key=lambda names: names.map(targets.index), kind="stable", ignore_index=True)


def rankings(tables: dict[str, pd.DataFrame], draws: int = 200) -> pd.DataFrame:
    """Return `ranking_table` of every run's networks one below the other, with `run` and `left_out`.

    `left_out`: networks that did not reach the training loss at which all were to stop.

    Raises
    ------
    InputError
        If there is no run, or fewer than three networks of one did.
    """
    if not tables:
        raise InputError("the configuration has no sweep.grid: write one, as in config/measures.yaml")
    ranked = []
    for run, table in tables.items():
        frame, parameters, left_out = networks_frame(table)
        if len(frame) < 3:
            raise InputError(
                f"{run}: {len(frame)} of {len(frame) + left_out} networks reached training.stop_at_loss; raise it, or "
                "epochs_per_iteration"
            )
        table = ranking_table(frame, parameters, draws=draws)
        table.insert(0, "run", run)
        ranked.append(table.assign(left_out=left_out))
    return pd.concat(ranked, ignore_index=True)


def arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of rankings by test accuracy in words for people: a row per run and measure, strongest first."""
    table = table[(table["target"] == "test_accuracy") & table["tau"].notna()]
    rows = table.to_dict("records")
    return table[["run", "measure"]].assign(
        **{
            "granulated tau": [with_range(row, "granulated_tau") for row in rows],
            "tau": [with_range(row, "tau") for row in rows],
            "information": table["conditional_information"].map("{:.2f}".format),
            "worst sign error": table["worst_sign_error"].map("{:.2f}".format),
            "over the best baseline": table["worst_excess"].map("{:+.2f}".format),
            "worst where": table["worst_environment"],
            "added R2": [with_range(row, "added_r2") for row in rows],
        }
    )


def _standing(run: str, rows: pd.DataFrame) -> str:
    """Return what the ranked rows of a run support, the strongest first; measures that some network lacks left out."""
    rows = rows[rows["networks"] == rows["networks"].max()]
    base = rows[rows["measure"].isin(columns_of(rows["measure"], TRIVIAL))]
    others = rows.drop(base.index)
    if not len(others):
        return f"{run}: no two networks differ by more than two seeds of one setting do; no measure is ranked."
    better, best = others.loc[others["worst_excess"] < 0, "measure"], others.iloc[0]
    adding = others.loc[others["added_r2_low"] > 0, "measure"]
    beside = "".join(
        f"; the strongest of the baselines and training accuracy is {row['measure']} with {with_range(row, 'granulated_tau')}"
        for row in base.head(1).to_dict("records")
    )
    return (
        f"{run}: of {len(others)} measures by layer, {len(better)} beat the baselines (live units, training loss, margin) "
        f"in every environment{named(better)}, and {len(adding)} add to them where they were not fitted{named(adding)}. "
        f"The strongest, {best['measure']}, has a granulated tau of {with_range(best, 'granulated_tau')} with test accuracy "
        f"and errs in {100 * best['worst_sign_error']:.0f} % of the pairs of its worst environment "
        f"({best['worst_environment']}){beside}."
    )


def answer(table: pd.DataFrame) -> list[str]:
    """Return what a table of rankings by test accuracy supports, a sentence or two a run."""
    sentences = []
    for run, rows in table[table["target"] == "test_accuracy"].groupby("run", sort=False):
        out = int(rows["left_out"].iloc[0])
        left = f" Left out that did not reach the training loss: {out}." if out else ""
        sentences.append(f"{_standing(run, rows[rows['tau'].notna()])} {int(rows['networks'].max())} networks.{left}")
    return sentences
