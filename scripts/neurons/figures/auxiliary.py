"""Figures of the auxiliary study: each function draws the tables `sources` and writes `output`."""

from neurons.core.tables import read_csv_table
from neurons.figures.style import PALETTE, figure

LABELS = {
    "agreement": "P U* of the predicted class",
    "likelihood": "log-likelihood of U*",
    "softmax": "largest softmax probability",
    "entropy": "entropy of the softmax (negative)",
    "margin": "softmax margin",
}


def risk_coverage(sources, output, run: str) -> None:
    """Draw risk against coverage, the mean over seeds, a line per score (for the first layer choice)."""
    curves = read_csv_table(sources[0])
    with figure(output) as (_, axes):
        axis = axes[0, 0]
        first = next((name for name in curves["layers"] if isinstance(name, str)), "")
        curves = curves[(curves["layers"] == first) | curves["layers"].isna()]
        for colour, (score, label) in zip(PALETTE, LABELS.items()):
            mean = curves[curves["score"] == score].groupby("coverage")["risk"].mean()
            if len(mean):
                axis.plot(mean.index, 100 * mean, color=colour, linewidth=1.2, label=label)
        axis.set(title=run, xlabel="coverage (share of samples kept)", ylabel="wrong among those kept (%)", xlim=(0, 1))
        axis.set_ylim(bottom=0)
        if len(curves):
            axis.legend(fontsize=7)
