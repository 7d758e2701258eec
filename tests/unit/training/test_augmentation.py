import pytest
import torch

from neurons.training.augmentation import augment


@pytest.mark.parametrize("shape", [(50, 6, 5), (50, 6, 5, 3)])
def test_augmented_images_are_cut_and_mirrored_ones(shape):
    torch.manual_seed(0)
    images = torch.randint(1, 256, shape, dtype=torch.uint8)
    padded = torch.zeros(shape[0], 10, 9, *shape[3:], dtype=torch.uint8)
    padded[:, 2:8, 2:7] = images
    seen = set()
    for d, image in enumerate(augment(images, True, 2)):
        found = [
            (y, x, flip)
            for flip in (False, True)
            for y in range(5)
            for x in range(5)
            if torch.equal(image, (padded[d].flip(1) if flip else padded[d])[y : y + 6, x : x + 5])
        ]
        assert found
        seen.update(found)
    assert len(seen) > 15
    torch.testing.assert_close(augment(images, False, 0), images)
