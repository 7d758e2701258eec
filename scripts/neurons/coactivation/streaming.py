"""Pearson correlations over samples that come in blocks: memory grows with neurons squared, never with samples."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from neurons.core.errors import InputError

SLAB = 256  # rows of a matrix of sums that are updated at once, so that they stay in the processor's cache
# Rows multiplied in float32 before they are summed in float64: a sum of so few loses less than 1e-6 of a correlation.
PRODUCT_ROWS = 128
# Takes sums (n, m) float64 and blocks float32 (B, n) and (B, m), and adds the sum over the rows of their products.
AddProducts = Callable[[np.ndarray, np.ndarray, np.ndarray], None]


def _parts(rows: int) -> Iterator[slice]:
    return (slice(start, start + PRODUCT_ROWS) for start in range(0, rows, PRODUCT_ROWS))


def _slabs(rows: int, symmetric: bool) -> Iterator[tuple[slice, slice]]:
    """Yield rows and columns of the parts of a matrix; of a symmetric one, those that make up its upper half."""
    return ((slice(i, i + SLAB), slice(i if symmetric else 0, None)) for i in range(0, rows, SLAB))


def add_products(sums: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """Add x' y to `sums` in place; when both are the same array, to the upper half at least."""
    for rows, columns in _slabs(len(sums), x is y):
        for part in _parts(len(x)):
            sums[rows, columns] += x[part, rows].T @ y[part, columns]


def add_products_on(device: str) -> AddProducts:
    """Return `add_products` computed by PyTorch on `device`, in float32 throughout (no TF32)."""
    import torch  # only where there is a GPU: the import takes longer than a small graph

    torch.backends.cuda.matmul.allow_tf32 = False

    def add(sums: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
        left = torch.from_numpy(x).to(device)
        right = left if x is y else torch.from_numpy(y).to(device)
        total = torch.zeros(sums.shape, dtype=torch.float64, device=device)
        for part in _parts(len(x)):
            total += left[part].T @ right[part]
        sums += total.cpu().numpy()

    return add


def best_add_products() -> AddProducts:
    """Return `add_products` on the GPU if the machine has one that PyTorch can use, else on the CPU."""
    if Path("/dev/nvidiactl").exists():
        import torch

        if torch.cuda.is_available():
            return add_products_on("cuda")
    return add_products


class Moments:
    """First and second moments of neurons, (n,) each, about the mean of the first block.

    Attributes
    ----------
    count : samples so far.
    total, squares : float64 sums of deviations from the shift, and of their squares.
    lowest, highest : the extreme values.
    """

    def __init__(self):
        self.count = 0

    def centre(self, block: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Count a block (B, n) in, and return its deviations from its own mean, their sums, and that mean's shift.

        The mean is rounded to float32, so that subtracting it from float32 values of a large common offset is exact;
        the sums (float64, zero but for that rounding) put the rounding right again.
        """
        rows, local = len(block), block.mean(axis=0, dtype=np.float64).astype(np.float32)
        if self.count == 0:
            self._shift = local.astype(np.float64)
            self.total, self.squares = np.zeros(len(local)), np.zeros(len(local))
            self.lowest, self.highest = block.min(axis=0), block.max(axis=0)
        deviations = block - local
        residual, step = deviations.sum(axis=0, dtype=np.float64), local - self._shift
        self.count += rows
        self.total += residual + rows * step
        self.squares += np.einsum("bn,bn->n", deviations, deviations, dtype=np.float64)
        self.squares += step * (2 * residual + rows * step)
        np.minimum(self.lowest, block.min(axis=0), out=self.lowest)
        np.maximum(self.highest, block.max(axis=0), out=self.highest)
        return deviations, residual, step

    @property
    def mean(self) -> np.ndarray:
        """The mean of each neuron, (n,)."""
        return self._shift + self.total / self.count

    @property
    def scatter(self) -> np.ndarray:
        """The sum of squared deviations from the mean, (n,)."""
        return np.maximum(self.squares - self.total**2 / self.count, 0)

    @property
    def live(self) -> np.ndarray:
        """Whether a neuron varies at all (and enough for float32 squares), bool (n,)."""
        return (self.highest > self.lowest) & (self.scatter > 0)


class StreamingCorrelation:
    """Pearson's r of every pair of neurons, and of every pixel with every neuron, over blocks of samples.

    Each block is shifted by its own mean and multiplied in float32; the products, put back to the common shift (the
    first block's mean) by two outer products, are summed in float64. So neither a large offset nor the cutting into
    blocks changes the result beyond float32's rounding. Pixel by pixel is never built: memory is 16 bytes per pair of
    neurons and per pair of a pixel and a neuron, plus one block.
    """

    def __init__(self, add: AddProducts = add_products):
        self._add_products = add
        self.neurons, self.pixels = Moments(), Moments()
        self._sums = self._pixel_sums = None

    def add(self, neurons: np.ndarray, pixels: np.ndarray | None = None) -> None:
        """Count a block in: activations float32 (B, V) and, in every block or in none, pixels float32 (B, P)."""
        centred = self.neurons.centre(neurons)
        self._sums = self._accumulate(self._sums, centred, centred, len(neurons))
        if pixels is not None:
            self._pixel_sums = self._accumulate(self._pixel_sums, self.pixels.centre(pixels), centred, len(neurons))

    def _accumulate(self, sums, left, right, rows: int) -> np.ndarray:
        """Add sum (x - shift_x)(y - shift_y)' of a block to `sums` (n, m); if x is y, to the upper half at least."""
        (x, rest_x, step_x), (y, rest_y, step_y) = left, right
        sums = np.zeros((x.shape[1], y.shape[1])) if sums is None else sums
        self._add_products(sums, x, y)
        columns, rows_y = np.column_stack([step_x, rest_x]), np.stack([rest_y + rows * step_y, step_y])
        for slab, across in _slabs(len(sums), x is y):
            sums[slab, across] += columns[slab] @ rows_y[:, across]
        return sums

    def correlations(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Return r of neurons (V, V) and of pixels with neurons (P, V), float32; NaN where one does not vary.

        The first is exactly symmetric.

        Raises
        ------
        InputError
            If a sum is not finite: a value was NaN or infinite, or too large to square in float32.
        """
        among = _correlate(self._sums, self.neurons, self.neurons)
        np.fill_diagonal(among, np.where(self.neurons.live, 1, np.nan))
        return among, None if self._pixel_sums is None else _correlate(self._pixel_sums, self.pixels, self.neurons)


def _correlate(sums: np.ndarray, left: Moments, right: Moments) -> np.ndarray:
    """Return r (n, m) float32 from sums of products about the shifts."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale_x, scale_y = (np.where(side.live, 1 / np.sqrt(side.scatter), np.nan) for side in (left, right))
    result = np.empty(sums.shape, np.float32)
    for slab, across in _slabs(len(sums), left is right):
        covariance = sums[slab, across] - np.outer(left.total[slab], right.total[across] / right.count)
        if not np.isfinite(covariance).all():
            raise InputError(
                "an activation is not finite or above 1e19, too large to correlate; fix the model or the dump"
            )
        result[slab, across] = np.clip(covariance * scale_x[slab, None] * scale_y[across], -1, 1)
        if left is right:
            # Of the block on the diagonal, a product of BLAS need not be symmetric to the last bit: the upper half counts.
            square = result[slab, slab]
            square[:] = np.triu(square) + np.triu(square, 1).T
            result[across, slab] = result[slab, across].T
    return result


def regroup(blocks: Iterable[np.ndarray], rows: int) -> Iterator[np.ndarray]:
    """Cut a stream of arrays (B, n) into arrays of `rows` rows, the last one shorter."""
    kept, held = [], 0
    for block in blocks:
        while len(block):
            part, block = block[: rows - held], block[rows - held :]
            kept.append(part)
            held += len(part)
            if held == rows:
                yield np.concatenate(kept) if len(kept) > 1 else kept[0]
                kept, held = [], 0
    if kept:
        yield np.concatenate(kept)
