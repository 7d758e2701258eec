"""Seeds derived from others."""

import numpy as np


def epoch_seed(seed: int, epoch: int) -> int:
    """Return the seed of an epoch's random numbers, so that an epoch needs no state from the ones before."""
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])
