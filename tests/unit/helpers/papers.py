"""A claim and runs to judge it on."""

from neurons.published.claims import Run

CLAIM = {
    "id": "X1",
    "study": "coactivation",
    "place": "here",
    "sentence": "It is so.",
    "criterion": "modular",
    "options": {"least": 0.4},
    "parts": [{"data": "mnist", "model": "fcnn"}],
}


def run(name="mine", published="mnist", model="fcnn", studies=("coactivation",), labels="given", seeds=(0,)) -> Run:
    """A run on a toy data set."""
    return Run(name, studies, published, model, "8 8", "adam", labels, seeds, 20, 1, "toy")
