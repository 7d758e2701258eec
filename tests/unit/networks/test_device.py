import torch

from neurons.networks.device import pixels, use_device


def test_use_device_holds_the_threads():
    before = torch.get_num_threads()
    try:
        assert use_device(1).type in ("cpu", "cuda")
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
        torch.set_flush_denormal(False)


def test_pixels_are_from_0_to_1():
    images = torch.arange(256, dtype=torch.uint8).view(16, 4, 4)
    expected = torch.tensor([value / 255 for value in range(256)]).view(16, 4, 4)
    torch.testing.assert_close(pixels(images), expected)
