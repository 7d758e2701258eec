"""The device that networks run on, and images as they take them."""

import torch


def use_device(threads: int) -> torch.device:
    """Return the GPU if there is one, else the CPU held to `threads` threads; make results repeatable.

    Denormal numbers are flushed to zero: Adam's averages of a dead input pixel decay into them, and each
    then costs a CPU a hundred times an ordinary one.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.backends.cudnn.deterministic = True
    torch.backends.cuda.matmul.allow_tf32 = False
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def pixels(images: torch.Tensor) -> torch.Tensor:
    """Return uint8 images as float32 from 0 to 1, same shape."""
    return images.float().div_(255)
