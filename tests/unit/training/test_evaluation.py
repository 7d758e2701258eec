import pytest
import torch

from neurons.training.evaluation import Split, evaluate, per_class


def test_per_class():
    hits = torch.tensor([True, False, True, True, False])
    assert per_class(hits, torch.tensor([0, 0, 2, 1, 0]), 3) == pytest.approx([1 / 3, 1, 1])


def test_a_class_without_a_sample_has_no_share():
    hits = torch.tensor([True, False])
    first, absent, last = per_class(hits, torch.tensor([0, 2]), 3)
    assert (first, last) == (1, 0) and absent != absent


@pytest.mark.parametrize("n", [1, 7, 8, 9, 25])
def test_evaluation_is_that_of_all_samples_at_once(monkeypatch, n):
    monkeypatch.setattr("neurons.training.evaluation.EVALUATION_BLOCK", 8)
    generator = torch.Generator().manual_seed(n)
    images = torch.randint(0, 256, (n, 3, 3), dtype=torch.uint8, generator=generator)
    labels = torch.randint(0, 4, (n,), generator=generator)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(9, 4), torch.nn.Dropout(0.9))
    loss, hits = evaluate(model, Split(images, labels))
    logits = (images.double().flatten(1) / 255) @ model[1].weight.double().T + model[1].bias.double()
    chances = logits.softmax(1)
    assert loss == pytest.approx(-chances[range(n), labels].log().mean().item(), rel=1e-5)
    assert hits.tolist() == (chances.argmax(1) == labels).tolist()
