"""No measure of a dump keeps the samples: its memory is that of a block and of the neurons."""

import tracemalloc

import numpy as np
import pytest
from layers import class_values

from neurons.measures.panel import PANEL


@pytest.mark.parametrize("name", [name for name, measure in PANEL.items() if measure.inputs == "dump"])
def test_memory_does_not_grow_with_samples(layer_of, rng, name):
    width, peaks, options = 64, [], {"samples": 200} if name == "sample_modularity" else {}
    for rows in (2048, 16384):
        values, labels = class_values(rng, [rows // 2] * 2, width)
        layer = layer_of(values, labels, chunks=256, test=(values, labels))
        del values
        tracemalloc.start()
        PANEL[name].function(layer, **options)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # A sample's label and digest are 8 bytes each, sorted in a copy; its activations would be 256.
    assert np.diff(peaks)[0] < 40 * (16384 - 2048)
