"""How much to trust a prediction: scores of confidence, and how well they find a model's wrong predictions."""

import numpy as np
import pandas as pd

from neurons.auxiliary.probabilities import Patterns, SplitPatterns
from neurons.core.statistics import rank

COVERAGES = {"risk_at_80": 0.80, "risk_at_95": 0.95}  # by column
CURVE = np.linspace(0, 1, 101)[1:]  # coverages of the curves
OF_LAYERS = ("agreement", "likelihood")  # scores that depend on the layer choice


def scores(data: SplitPatterns, choice: str) -> dict[str, np.ndarray]:
    """Return the confidence of each prediction by every score, each (N,); the higher, the more certain.

    `agreement`: P U* of the predicted class; `likelihood`: log-likelihood (nats) of U* under independent Bernoulli P of
    the predicted class; `softmax`: largest softmax probability; `entropy`: minus the softmax's entropy (nats);
    `margin`: largest less second largest softmax probability.
    """
    rows, best = np.arange(len(data.labels)), data.predicted.argmax(axis=1)
    p = data.predicted.astype(np.float64)
    top = np.sort(p, axis=1)[:, -2:]
    return {
        "agreement": data.agreement[choice][rows, best],
        "likelihood": data.likelihood[choice][rows, best],
        "softmax": top[:, 1],
        "entropy": np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0), axis=1),
        "margin": top[:, 1] - top[:, 0],
    }


def auroc(confidence: np.ndarray, wrong: np.ndarray) -> float:
    """Return the chance that a wrong prediction has less confidence than a right one (ties count half).

    `wrong` is bool (N,). NaN if all predictions are right, or all wrong.
    """
    n_wrong, n = int(wrong.sum()), len(wrong)
    if n_wrong in (0, n):
        return float("nan")
    above = rank(confidence)[~wrong].sum() - (n - n_wrong) * (n - n_wrong + 1) / 2
    return float(above / (n_wrong * (n - n_wrong)))


def risk_at(confidence: np.ndarray, wrong: np.ndarray, coverages: np.ndarray) -> np.ndarray:
    """Return the share of wrong predictions among the most confident `ceil(coverage * N)`, per coverage.

    Samples of equal confidence come in a random order; the expected share is returned.
    """
    order = np.argsort(-confidence, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(confidence[order])), len(order) - 1] + 1  # where groups of ties end
    errors = np.cumsum(wrong[order])[last - 1]
    # The tolerance keeps 0.8 * 10 = 8.000000000000002 from becoming nine.
    kept = np.maximum(np.ceil(np.asarray(coverages) * len(wrong) - 1e-9), 1)
    return np.interp(kept, np.r_[0, last], np.r_[0, errors]) / kept


def confidence_tables(patterns: Patterns, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table of scores and the risk-coverage curves of one iteration's test split.

    The usual scores know no layers: their `layers` is empty. Without a test split both frames are empty.
    """
    columns = ["seed", "iteration", "layers", "score"]
    rows, curves = [], [pd.DataFrame(columns=[*columns, "coverage", "risk"])]
    data = patterns.splits.get("test")
    for number, choice in enumerate(data.agreement if data else ()):
        wrong = data.predicted.argmax(axis=1) != data.labels
        for name, values in scores(data, choice).items():
            if number and name not in OF_LAYERS:
                continue
            layers = choice if name in OF_LAYERS else ""
            head = dict(zip(columns, (seed, patterns.iteration, layers, name)))
            risks = risk_at(values, wrong, [*COVERAGES.values()])
            rows.append((*head.values(), auroc(values, wrong), *risks, wrong.mean(), len(wrong)))
            curves.append(pd.DataFrame(head | {"coverage": CURVE, "risk": risk_at(values, wrong, CURVE)}))
    names = [*columns, "auroc", *COVERAGES, "error_rate", "samples"]
    return pd.DataFrame(rows, columns=names), pd.concat(curves[1:] or curves, ignore_index=True)
