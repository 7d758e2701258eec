"""How often the controls call nothing significant, and how often they find a real coupling, by simulation.

python benchmarks/null_size.py

Writes resources/null_size.csv and docs/null_size.md (about a minute on one core). Every simulated network has a measure and an
accuracy over 20 epochs: noise around two saturating curves, 1 - exp(-epoch / tau), whose taus have nothing to do with
each other. The tests are those that the tables' columns stand for, from the library itself, at 5 % over seeds.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

import common  # noqa: F401  (puts the library on the path)
from neurons.core.intervals import fisher_z, student
from neurons.core.permutation import LEAST_SWAPPED, seed_swap
from neurons.core.statistics import Series, correlate
from neurons.core.tables import write_markdown, write_table

EPOCHS = np.arange(1, 21)
SEEDS = (3, 5, 10, 20)
LEVEL = 0.05
BETWEEN_SEEDS = {
    "pearson": "plain r",
    "pearson_given_epoch": "given log(epoch)",
    "pearson_differences": "first differences",
}
SWAP = "seed swap"


def noise(rng: np.random.Generator, seeds: int, memory: float) -> np.ndarray:
    """Return noise of variance 1, (S, T); `memory` is its correlation from one epoch to the next."""
    steps = rng.normal(size=(seeds, len(EPOCHS)))
    for t in range(1, len(EPOCHS)):
        steps[:, t] = memory * steps[:, t - 1] + np.sqrt(1 - memory**2) * steps[:, t]
    return steps


def pair(rng: np.random.Generator, seeds: int, coupling: float, make: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Return two draws of `make(rng, seeds)` of variance 1 that correlate by `coupling`."""
    first, second = make(rng, seeds), make(rng, seeds)
    return first, coupling * first + np.sqrt(1 - coupling**2) * second


def networks(
    rng: np.random.Generator,
    seeds: int,
    size: float = 0.02,
    memory: float = 0.0,
    coupling: float = 0.0,
    pace: float = 0.0,
    pace_coupling: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the measures and accuracies of a set of networks, (S, T) each.

    Parameters
    ----------
    size : standard deviation of the noise; the curves rise from 0 to 1.
    memory, coupling : of the noise from epoch to epoch, and of the measure's with the accuracy's noise.
    pace, pace_coupling : standard deviation over seeds of log(tau), and how much a seed's two deviations correlate.
    """
    taus = np.exp(rng.uniform(0, np.log(10), 2))  # the same for all seeds: 1 to 10 epochs, measure and accuracy apart
    paces = pair(rng, seeds, pace_coupling, lambda rng, seeds: rng.normal(size=(seeds, 1)))
    noises = pair(rng, seeds, coupling, partial(noise, memory=memory))
    return tuple(
        1 - np.exp(-EPOCHS / (tau * np.exp(pace * own))) + size * errors
        for tau, own, errors in zip(taus, paces, noises)
    )


SCENARIOS = {
    "nothing: noise of 2 %": {},
    "nothing: noise of 5 %": {"size": 0.05},
    "nothing: noise that lasts (.8 from epoch to epoch)": {"memory": 0.8},
    "nothing: each network at its own pace (20 %)": {"pace": 0.2},
    "coupled: noises correlate by .2": {"coupling": 0.2},
    "coupled: paces correlate by .9": {"pace": 0.2, "pace_coupling": 0.9},
}


def rejections(measure: np.ndarray, accuracy: np.ndarray) -> dict[str, float]:
    """Return whether each test calls these networks' measure and accuracy linked, 1 or 0; NaN where it has no p."""
    found = [correlate(Series(m, a, EPOCHS))[0] for m, a in zip(measure, accuracy)]
    answers = {}
    for column, name in BETWEEN_SEEDS.items():
        z = fisher_z(np.array([values[column] for values in found]), len(EPOCHS))
        answers[name] = float(student(z).zero_p() <= LEVEL)
    enough = len(measure) >= LEAST_SWAPPED
    answers[SWAP] = float(seed_swap(measure, accuracy).p <= LEVEL) if enough else np.nan
    return answers


def cell(networks_of: str, seeds: int, simulations: int, seed: int) -> pd.Series:
    """Return the share of simulations of one scenario in which each test rejects, by the test's name."""
    rng, options = np.random.default_rng([seed, list(SCENARIOS).index(networks_of), seeds]), SCENARIOS[networks_of]
    return pd.DataFrame([rejections(*networks(rng, seeds, **options)) for _ in range(simulations)]).mean()


def study(simulations: int, seed: int) -> pd.DataFrame:
    """Return the share of simulations in which each test rejects: a row per scenario, test and number of seeds."""
    rows = []
    for name in SCENARIOS:
        for seeds in SEEDS:
            shares = cell(name, seeds, simulations, seed)
            rows += [(name, test, seeds, share, simulations) for test, share in shares.items()]
        print(name, flush=True)
    return pd.DataFrame(rows, columns=["networks", "test", "seeds", "rejected", "simulations"])


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table to read: percent, a column for each number of seeds."""
    wide = table.pivot(index=["networks", "test"], columns="seeds", values="rejected")
    wide = wide.reindex(pd.MultiIndex.from_product([SCENARIOS, [*BETWEEN_SEEDS.values(), SWAP]]))
    texts = wide.map(lambda share: "no p" if np.isnan(share) else f"{100 * share:.0f} %")
    texts.columns = [f"{seeds} seeds" for seeds in texts]
    return texts.rename_axis(["networks", "test"]).reset_index()


def notes(command: str, simulations: int, seed: int) -> str:
    """Return the paragraphs above the table."""
    error = 100 * np.sqrt(LEVEL * (1 - LEVEL) / simulations)
    return f"""How often each control calls measure and accuracy linked, at 5 % over seeds: the tests' size in the rows "nothing",
where no network's measure has to do with its accuracy, and their power in the rows "coupled". Made by
`{command}` (seed {seed}, {simulations:,} simulations a cell: a size of 5 % has a standard error of {error:.1f}).

Measure and accuracy of every simulated network are noise around two saturating curves over 20 epochs, 1 - exp(-epoch / tau).
Each simulation draws the curves' two taus independently, log-uniform from 1 to 10 epochs, the same for all its seeds. The
noise's standard deviation is 2 % of the curves' rise unless the row says 5 %. "Plain r", "given log(epoch)" and "first
differences" are tests over seeds of the columns `pearson`, `pearson_given_epoch` and `pearson_differences`: Student's t on
Fisher's z. The seed swap takes all orders of the seeds up to 7, and 10,000 drawn ones beyond.

Only the seed swap keeps to 5 %. The others take the trend that all networks share for a link, the surer the more seeds
there are and the less the noise; neither holding log(epoch) fixed nor taking differences repairs that, so these columns
describe and decide nothing, and that they reject in the rows "coupled" too is no power. With 3 seeds the seed swap has no p
(the smallest possible is 1/6); with 5 it can reject only if the true order is among the 6 most extreme of 120."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=str(Path(__file__).parents[1]), help="where resources/ and docs/ are")
    given = parser.parse_args()
    table = study(given.simulations, given.seed)
    command = " ".join(["python benchmarks/null_size.py", *sys.argv[1:]])
    write_table(table, Path(given.out) / "resources/null_size.csv")
    text = notes(command, given.simulations, given.seed)
    write_markdown(shown(table), Path(given.out) / "docs/null_size.md", "The tests, tested", text)


if __name__ == "__main__":
    main()
