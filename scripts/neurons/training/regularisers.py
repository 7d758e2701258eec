"""Question 3: differentiable measures that a training can push up or down (needs torch).

A regulariser is added to the loss times its strength, of either sign. The sham pushes the weights as hard in a
direction that means nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch.nn.functional import one_hot

from neurons.core.errors import choose

BINS = 10  # of the entropy


def class_means(values: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Return the mean activation (C', n) of each class that has a sample in the batch (B, n), in order of the class."""
    member = one_hot(labels, classes).to(values)
    counts = member.sum(0)
    return (member.T @ values)[counts > 0] / counts[counts > 0, None]


def selectivity(values: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Return the mean over the batch's live neurons of (mu_max - mu_rest) / (mu_max + mu_rest), a scalar.

    mu are the class means within the batch (B, n), over the classes that it has; on the whole training set it is
    that of the study `measures`. 0 without a live neuron or with a single class.

    Source: Leavitt and Morcos, Selectivity considered harmful, ICLR 2021.
    """
    means = class_means(values, labels, classes)
    means = means[:, (values > 0).any(0)]
    if len(means) < 2 or means.shape[1] == 0:
        return values.sum() * 0
    largest = means.amax(0)
    rest = (means.sum(0) - largest) / (len(means) - 1)
    return ((largest - rest) / (largest + rest)).mean()


def soft_entropy(values: torch.Tensor, tau: float = 0.02, bins: int = BINS) -> torch.Tensor:
    """Return the activation pattern entropy of a layer with soft bins, bits, summed over neurons, a scalar.

    The non-zero activations of each neuron, divided by its largest, fall into equal bins over [0, 1]. The count at or
    above an inner edge e is the sum of sigmoid((v - e) / tau). For tau -> 0 it is `communities.entropy` (for values
    that lie on no edge). Which activations are not zero has no gradient.

    Parameters
    ----------
    values : activations (B, n), none negative.
    tau : softness in units of the largest activation, above 0.
    """
    values = values[:, (values > 0).any(0)]
    scaled = values / values.amax(0)
    edges = torch.arange(1, bins, dtype=values.dtype, device=values.device) / bins
    fires = values > 0
    above = (torch.sigmoid((scaled[None] - edges[:, None, None]) / tau) * fires).sum(1)  # (bins - 1, n)
    total = fires.sum(0, keepdim=True).to(values)
    share = (torch.cat([total, above]) - torch.cat([above, torch.zeros_like(total)])) / total
    return -torch.special.xlogy(share, share.clamp_min(torch.finfo(values.dtype).tiny)).sum() / torch.log(
        share.new_tensor(2.0)
    )


def soft_modularity(
    values: torch.Tensor, labels: torch.Tensor, sets: torch.Tensor, means: torch.Tensor, tau: float = 0.05
) -> torch.Tensor:
    """Return the modularity of Eq. 4 of a layer's activation pattern graph with soft co-activation, a scalar.

    a_i[p, q] = mean over the batch's samples of class i of s_p s_q, s_p = sigmoid((v_p - V_i(p)) / tau), for p != q in
    the class's set; A = sum_i a_i; Q = sum_c [alpha_c' A alpha_c / 2m - (k' alpha_c / 2m)^2] with the belonging alpha of
    Eq. 4. For tau -> 0 and the whole training set it is the table's `weighted_overlap`. 0 without a co-activation.

    Parameters
    ----------
    values : activations (B, n).
    labels : (B,).
    sets : bool (C, n), the class's neurons; no gradient through them.
    means : (C, n) V of the sets' last refresh; no gradient through them.
    tau : softness in units of the activation, above 0.
    """
    used = sets.any(0)
    sets, means, values = sets[:, used], means[:, used].detach(), values[:, used]
    of_class = sets[labels].to(values)  # (B, V): whether a neuron is in the set of the sample's class
    high = torch.sigmoid((values - means[labels]) / tau) * of_class
    counts = torch.bincount(labels, minlength=len(sets))
    scaled = high / counts[labels].to(values).sqrt()[:, None]
    weights = scaled.T @ scaled
    weights = weights - torch.diag(torch.diag(weights))
    degree = weights.sum(1)
    total = degree.sum()
    if total == 0:
        return values.sum() * 0
    member = sets.T.to(values)  # (V, C)
    strength = (weights @ member) * member
    of_vertex = strength.sum(1, keepdim=True)
    belonging = torch.where(
        of_vertex > 0, strength / torch.where(of_vertex > 0, of_vertex, 1), member / member.sum(1, keepdim=True)
    )
    within = (belonging * (weights @ belonging)).sum() / total
    return within - ((degree @ belonging / total) ** 2).sum()


def top_sets(means: torch.Tensor, top: int) -> torch.Tensor:
    """Return the sets of the `top` neurons of largest class mean (C, n), ties to the lower number: bool (C, n)."""
    order = torch.sort(means, dim=1, descending=True, stable=True).indices[:, :top]
    return torch.zeros_like(means, dtype=torch.bool).scatter_(1, order, True)


# Of a layer's activations, labels, the number of classes, and the sets and means of the last refresh.
REGULARISERS = {
    "selectivity": lambda values, labels, classes, sets: selectivity(values, labels, classes),
    # Bits per neuron, so that strengths mean the same at every width.
    "entropy": lambda values, labels, classes, sets: soft_entropy(values) / values.shape[1],
    "modularity": lambda values, labels, classes, sets: soft_modularity(values, labels, *sets),
}


@dataclass
class Regulariser:
    """One differentiable measure, averaged over a network's hidden layers.

    Attributes
    ----------
    measure : one of `REGULARISERS`.
    classes : C.
    top : neurons of a class set ('modularity' only).
    """

    measure: str
    classes: int
    top: int = 50

    def __post_init__(self):
        self._value = choose(REGULARISERS, self.measure, "training.regulariser.measure")
        self._sets: list[tuple[torch.Tensor, ...]] = []

    @torch.no_grad()
    def refresh(self, batches: Callable[[], Iterable[tuple[list[torch.Tensor], torch.Tensor]]]) -> None:
        """Compute class means and sets from the training set; to be called once an epoch.

        `batches` yields (activations of every hidden layer, a list of (B, n); labels (B,)) over the training set.
        """
        if self.measure != "modularity":
            return
        sums, counts = None, torch.zeros(self.classes, dtype=torch.float64)
        for layers, labels in batches():
            member = one_hot(labels, self.classes).double()
            counts = counts.to(member.device) + member.sum(0)
            of_batch = [member.T @ values.double() for values in layers]
            sums = of_batch if sums is None else [a + b for a, b in zip(sums, of_batch)]
        means = [(total / counts[:, None]).to(values) for total, values in zip(sums, layers)]
        self._sets = [(top_sets(mean, self.top), mean) for mean in means]

    def __call__(self, layers: list[torch.Tensor], labels: torch.Tensor) -> torch.Tensor:
        """Return the measure of a batch, the mean over its layers' activations (B, n), a scalar with a gradient."""
        sets = self._sets or [()] * len(layers)
        values = [self._value(v, labels, self.classes, s) for v, s in zip(layers, sets, strict=True)]
        return torch.stack(values).mean()


def random_direction(parameters: Iterable[torch.Tensor], generator: torch.Generator) -> list[torch.Tensor]:
    """Return a direction drawn evenly over all directions of the parameters, of length 1 over all of them together."""
    drawn = [torch.randn(p.shape, generator=generator, dtype=p.dtype).to(p.device) for p in parameters]
    length = torch.sqrt(sum((d**2).sum() for d in drawn))
    return [d / length for d in drawn]


def sham_gradients(gradients: list[torch.Tensor], direction: list[torch.Tensor]) -> list[torch.Tensor]:
    """Return gradients along `direction` (length 1) of the same norm over all parameters as a measure's own."""
    norm = torch.sqrt(sum((g**2).sum() for g in gradients))
    return [norm * d for d in direction]


def penalise(
    penalty: torch.Tensor, parameters: list[torch.Tensor], strength: float, direction: list[torch.Tensor] | None = None
) -> None:
    """Add strength times the gradient of `penalty` to the parameters' `grad`; along `direction` for the sham.

    To be called between the loss's own `backward` and the step of the optimiser.
    """
    gradients = torch.autograd.grad(penalty, parameters, allow_unused=True, materialize_grads=True)
    for parameter, gradient in zip(parameters, sham_gradients(gradients, direction) if direction else gradients):
        parameter.grad = strength * gradient if parameter.grad is None else parameter.grad + strength * gradient
