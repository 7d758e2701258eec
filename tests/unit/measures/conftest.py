from contextlib import ExitStack

import numpy as np
import pytest
from layers import write_layers

from neurons.dumps.format import Dump
from neurons.measures.layer import Layer


@pytest.fixture
def layer_of(tmp_path):
    """A function that writes activations (N, n) and labels (N,) to a dump and opens its one layer."""
    with ExitStack() as stack:
        made = []

        def layer(values, labels, **options):
            made.append(tmp_path / f"{len(made)}.h5")
            if "test" in options:
                options["test"] = ({"dense_1": options["test"][0]}, options["test"][1])
            path = write_layers(made[-1], {"dense_1": np.asarray(values)}, np.asarray(labels), **options)
            return Layer(stack.enter_context(Dump(path)), "dense_1")

        yield layer
