"""Activation dumps. `create` writes one from arrays in a training loop of the user's own."""

from neurons.dumps.arrays import create

__all__ = ["create"]
