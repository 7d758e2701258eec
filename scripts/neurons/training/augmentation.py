"""Random changes of training images."""

import torch


def augment(images: torch.Tensor, flip: bool, crop: int) -> torch.Tensor:
    """Return images (B, H, W[, 3]) mirrored left to right at random and cut at random from a frame of `crop` zeros.

    The random numbers are torch's own on the CPU, whatever the images' device.
    """
    n, height, width = images.shape[:3]
    device = images.device
    rows = torch.arange(height, device=device).expand(n, -1)
    columns = torch.arange(width, device=device).expand(n, -1)
    if flip:
        mirrored = (torch.rand(n) < 0.5).to(device)
        columns = torch.where(mirrored[:, None], width - 1 - columns, columns)
    if crop:
        shift = torch.randint(0, 2 * crop + 1, (2, n, 1)).to(device)
        images = torch.nn.functional.pad(images, (0, 0) * (images.ndim - 3) + (crop,) * 4)
        rows, columns = rows + shift[0], columns + shift[1]
    return images[torch.arange(n, device=device)[:, None, None], rows[:, :, None], columns[:, None, :]]
