"""Question 3: does moving a measure move test accuracy? Dose and response over strengths, against the sham."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from neurons.core.errors import InputError
from neurons.core.intervals import Student, student
from neurons.measures.names import clear_sign, limited_columns, with_range

# What the regularisers push, by its name in the tables of measures.
REGULARISED = {"selectivity": "selectivity", "entropy": "entropy", "modularity": "modularity.weighted_overlap"}
NONE = "none"  # the measure of networks that were trained without a regulariser
NETWORK_COLUMNS = ("measure", "strength", "sham", "seed", "epoch", "value", "test_accuracy", "train_loss", "reached")

TOLERANCE = 0.2  # of the common training loss
POINTS = 0.2  # accuracy, percentage points: changes within +- are no change
MOVED = 2.0  # seed standard deviations
COLUMNS = (
    *("measure", "strength", "seeds", "value", "shift", "shift_sd", "moved", *limited_columns("change")),
    *("equivalence_p", "sham_change", *limited_columns("beyond_sham"), "left_out"),
)
SLOPE_COLUMNS = (
    *("measure", "seeds", "moved", "span", *limited_columns("slope"), "slope_p", *limited_columns("effect")),
    *("equivalence_p", "sham_effect", *limited_columns("beyond_sham"), "beyond_at", "left_out", "note"),
)

AS_TEXT = {"beyond_at": str}  # how tables of slopes are read: one strength alone is a name as well


def matched(frame: pd.DataFrame, loss: float) -> pd.DataFrame:
    """Return the networks whose training loss is within the share `TOLERANCE` of the common `loss`.

    A training that met its cap of epochs first is not comparable: its accuracy also shows that it was not trained.
    """
    return frame[np.abs(frame["train_loss"] - loss) <= TOLERANCE * loss]


def shift(frame: pd.DataFrame, strength: float) -> tuple[float, float, bool]:
    """Return a measure's mean shift from strength 0, the standard deviation over seeds at 0, and whether it moved.

    It moved if the mean over seeds shifted by at least `MOVED` standard deviations.
    """
    pushed, none = (frame.loc[frame["strength"] == s, "value"].to_numpy(float) for s in (strength, 0))
    deviation = none.std(ddof=1) if len(none) > 1 else np.nan
    mean = pushed.mean() - none.mean() if len(pushed) and len(none) else np.nan
    return float(mean), float(deviation), bool(abs(mean) >= MOVED * deviation and mean != 0)


def seed_changes(frame: pd.DataFrame, strength: float, start: float = 0) -> pd.Series:
    """Return by seed the change of test accuracy from the strength `start` to `strength` in percentage points."""
    accuracy = frame.pivot(index="seed", columns="strength", values="test_accuracy")
    if not {strength, start} <= set(accuracy):
        return pd.Series(dtype=float)
    return (100 * (accuracy[strength] - accuracy[start])).dropna()


def strengths_beyond_sham(strengths: pd.DataFrame) -> list[float]:
    """Return the strengths (rows of a measure in `strength_table`) at which accuracy moves, and beyond the sham's.

    Both the change and its excess over the sham of the same strength exclude 0, with one sign. The slope cannot tell
    this: a push that harms as such harms at both ends, and cancels in the difference between them.
    """
    return [
        row["strength"]
        for row in strengths.to_dict("records")
        if clear_sign(row, "change") * clear_sign(row, "beyond_sham") > 0
    ]


def seed_slopes(frame: pd.DataFrame) -> pd.Series:
    """Return by seed the slope of test accuracy (percentage points) on the measure over strengths, least squares.

    Seeds with fewer than three strengths or a measure that does not vary have none.
    """
    slopes = {}
    for seed, networks in frame.groupby("seed"):
        value = networks["value"].to_numpy(float)
        if len(networks) >= 3 and np.ptp(value) > 0:
            slopes[seed] = np.polyfit(value - value.mean(), 100 * networks["test_accuracy"].to_numpy(float), 1)[0]
    return pd.Series(slopes, dtype=float)


def _limits(name: str, figure: Student) -> dict:
    return dict(zip(limited_columns(name), (figure.mean, *figure.limits())))


def _by_measure(frame: pd.DataFrame, loss: float) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame, int]]:
    """Yield each measure with its matched networks, those of the sham, and how many were left out."""
    for measure, networks in frame.groupby("measure", sort=False):
        kept = matched(networks, loss)
        sham = kept["sham"].astype(bool)
        # Strength 0 is the same training for both.
        yield measure, kept[~sham], kept[sham | (kept["strength"] == 0)], len(networks) - len(kept)


def strength_table(frame: pd.DataFrame, loss: float) -> pd.DataFrame:
    """Return for every measure and strength the dose and the response (`COLUMNS`), seeds paired with strength 0.

    `shift`, `moved`: of the measure; `change`: of test accuracy in percentage points, with Student's limits over seeds
    and the p of two one-sided tests for a change within +-`POINTS`; `beyond_sham`: the change less that of the sham of
    the same strength and seed; `left_out`: networks that are not matched in training loss.

    Parameters
    ----------
    frame : measure, strength (0 among them), sham (bool), seed, value (the measure's, by the table's own definition),
        test_accuracy (0 to 1), train_loss (nats): a row per network.
    loss : the training loss at which all were stopped.
    """
    rows = []
    for measure, real, sham, left_out in _by_measure(frame, loss):
        for strength in sorted(set(real["strength"]) - {0}):
            changes, sham_changes = seed_changes(real, strength), seed_changes(sham, strength)
            mean, deviation, moved = shift(real, strength)
            change = student(changes)
            row = {"measure": measure, "strength": strength, "seeds": len(changes)}
            row |= {"value": float(real.loc[real["strength"] == strength, "value"].mean())}
            row |= {"shift": mean, "shift_sd": deviation, "moved": moved} | _limits("change", change)
            row |= {"equivalence_p": change.equivalence_p(POINTS), "sham_change": student(sham_changes).mean}
            row |= _limits("beyond_sham", student(changes - sham_changes))
            rows.append(row | {"left_out": left_out})
    return pd.DataFrame(rows, columns=COLUMNS)


def slope_table(frame: pd.DataFrame, loss: float) -> pd.DataFrame:
    """Return for every measure the slope of test accuracy on it at matched training loss (`SLOPE_COLUMNS`).

    `span`: between the smallest and the largest mean over a strength's seeds; `effect` = slope x span, percentage points
    of accuracy that the whole span brings, and the p of two one-sided tests for an effect within +-`POINTS`;
    `sham_effect`: accuracy at the strength of the largest mean less that at the smallest, under the sham;
    `beyond_sham`: the same of the measure's own trainings less the sham's, paired by seed; `beyond_at`: the strengths at
    which accuracy moves, and beyond the sham of that strength. `moved`: at any strength.

    Parameters
    ----------
    frame, loss : as of `strength_table`.
    """
    rows, by_strength = [], strength_table(frame, loss)
    for measure, real, sham, left_out in _by_measure(frame, loss):
        means, slopes = real.groupby("strength")["value"].mean(), seed_slopes(real)
        span = float(means.max() - means.min()) if len(means) else np.nan
        moved = any(shift(real, strength)[2] for strength in means.index if strength != 0)
        slope, effect = student(slopes), student(slopes * span)
        row = {"measure": measure, "seeds": slope.seeds, "moved": moved, "span": span} | _limits("slope", slope)
        row |= {"slope_p": slope.zero_p()} | _limits("effect", effect) | {"equivalence_p": effect.equivalence_p(POINTS)}
        if len(means):
            changes, sham_changes = (seed_changes(some, means.idxmax(), means.idxmin()) for some in (real, sham))
            row |= {"sham_effect": student(sham_changes).mean}
            row |= _limits("beyond_sham", student(changes - sham_changes))
        beyond = strengths_beyond_sham(by_strength[by_strength["measure"] == measure])
        row |= {"beyond_at": " ".join(f"{strength:g}" for strength in beyond)}
        note = "" if moved else f"the measure did not move by {MOVED:g} standard deviations: no test of cause"
        rows.append(row | {"left_out": left_out, "note": note})
    return pd.DataFrame(rows, columns=SLOPE_COLUMNS)


def pushed_networks(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row per network and pushed measure (`NETWORK_COLUMNS`), `value` its mean over layers.

    Networks without a regulariser stand with every measure, at strength 0.

    Parameters
    ----------
    table : of an intervention's networks: measure, strength, sham, seed, ..., layer, measure.1, value; `measure` is
        what was pushed, `measure.1` what was measured.
    """
    keys, parts = [name for name in NETWORK_COLUMNS if name not in ("measure", "value")], []
    for measure in table.loc[table["measure"] != NONE, "measure"].unique():
        rows = table[table["measure"].isin([measure, NONE]) & (table["measure.1"] == REGULARISED[measure])]
        values = rows.groupby(keys, sort=False)["value"].mean().reset_index()
        parts.append(values.assign(measure=measure)[list(NETWORK_COLUMNS)])
    return pd.concat(parts, ignore_index=True)


def interventions(
    tables: dict[str, pd.DataFrame], losses: dict[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the networks, the strength table and the slope table of every run one below the other, with `run`.

    Parameters
    ----------
    tables : by run, as `pushed_networks` takes them.
    losses : by run the training loss at which all were to stop.

    Raises
    ------
    InputError
        If there is no run.
    """
    if not tables:
        raise InputError("the configuration has no sweep.intervene: write one, as in config/intervention.yaml")
    networks = {run: pushed_networks(table) for run, table in tables.items()}
    strengths = {run: strength_table(table, losses[run]) for run, table in networks.items()}
    slopes = {run: slope_table(table, losses[run]) for run, table in networks.items()}
    return tuple(
        pd.concat(parts, names=["run", None]).reset_index("run").reset_index(drop=True)
        for parts in (networks, strengths, slopes)
    )


def strength_beyond(row: Mapping) -> str:
    """Return the strengths at which accuracy moves beyond the sham, as a slope table names them; empty if at none."""
    return str(row["beyond_at"]) if pd.notna(row["beyond_at"]) else ""


def verdict(row: Mapping) -> str:
    """Return what a row of a slope table says, in a few words."""
    if not row["moved"]:
        return "the measure did not move: no test of cause"
    if pd.isna(row["effect_low"]):
        return "too few seeds at the common training loss"
    moves = clear_sign(row, "effect")
    if moves and clear_sign(row, "beyond_sham") == moves:
        way = "rises" if row["effect"] > 0 else "falls"
        at = strength_beyond(row)
        beyond = f"beyond the sham at strength {at}" if at else "but at no strength does it move beyond the sham"
        return f"accuracy {way} with the measure, {'and ' if at else ''}{beyond}"
    if row["equivalence_p"] < 0.05:
        return f"no effect: within {POINTS:g} points"
    return "accuracy moves, but no more than under the sham" if moves else "undecided: the interval holds 0"


def answer(slopes: pd.DataFrame) -> list[str]:
    """Return what a table of slopes supports, a sentence per run and measure."""
    sentences = []
    for row in slopes.to_dict("records"):
        figures = [f"{row['seeds']} seeds"]
        if effect := with_range(row, "effect", "+"):
            figures.append(f"{effect} points over the span of the measure")
        if beyond := with_range(row, "beyond_sham", "+"):
            figures.append(f"{beyond} beyond the sham")
        sentences.append(f"{row['run']}, {row['measure']}: {verdict(row)} ({'; '.join(figures)}).")
    return sentences


def arranged(slopes: pd.DataFrame) -> pd.DataFrame:
    """Return a table of slopes for people: a row per run and measure."""
    rows = slopes.to_dict("records")
    return slopes[["run", "measure", "seeds"]].assign(
        **{
            "moved": slopes["moved"].map({True: "yes", False: "no"}),
            "effect, points": [with_range(row, "effect", "+") for row in rows],
            "sham, points": slopes["sham_effect"].map("{:+.2f}".format, na_action="ignore"),
            "beyond the sham": [with_range(row, "beyond_sham", "+") for row in rows],
            "p of no effect": slopes["equivalence_p"].map("{:.3f}".format, na_action="ignore"),
            "verdict": list(map(verdict, rows)),
        }
    )


def strengths_arranged(strengths: pd.DataFrame) -> pd.DataFrame:
    """Return a table of strengths for people: a row per run, measure and strength."""
    rows = strengths.to_dict("records")
    return strengths[["run", "measure", "strength", "seeds"]].assign(
        **{
            "measure there": strengths["value"].map("{:.3g}".format),
            "change, points": [with_range(row, "change", "+") for row in rows],
            "sham, points": strengths["sham_change"].map("{:+.2f}".format, na_action="ignore"),
            "beyond the sham": [with_range(row, "beyond_sham", "+") for row in rows],
        }
    )


TITLE = "Does moving a measure move test accuracy?"
NOTES = (
    "A regulariser pushed the measure while the network learned, at several strengths on both sides of 0; all stopped at "
    "the same training loss, and networks more than 20 % off it are left out. Effect: the slope of test accuracy on the "
    "measure times the span of the measure's means, with Student's limits over seeds. Sham: as strong a push in a random "
    "direction of the weights. A cause: the slope differs from 0 and from the sham's, and at some single strength so does the "
    "change of accuracy, since a push that harms as such harms at both ends and its sham more (the "
    "second condition was added when the first intervention had been seen). "
    f"No effect: two one-sided tests at {POINTS:g} points. Moved: by two standard deviations "
    "of the seeds."
)
