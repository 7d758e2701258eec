import numpy as np
import pytest
import torch
from torch.nn import functional as F

from neurons.errors import InputError
from neurons.models import MLP, ConvNet, build, initialise, load_weights, read_snapshot, use_device

SETTINGS = {"filters": [], "hidden": [7, 5], "dropout": 0.5}


@pytest.fixture
def images():
    return torch.from_numpy(np.random.default_rng(0).random((6, 8, 10, 3)).astype("f4"))


def made(settings, image_shape, classes=4, seed=0):
    model = build(SETTINGS | settings, image_shape, classes)
    initialise(model, seed)
    for name, bias in model.named_parameters():  # biases other than 0, to see them used
        if name.endswith("bias"):
            torch.nn.init.uniform_(bias, -0.1, 0.1, generator=torch.Generator().manual_seed(seed))
    return model.eval()


def close(ours, expected):
    np.testing.assert_allclose(ours.detach().numpy(), np.asarray(expected), rtol=1e-4, atol=1e-5)


def test_mlp_is_matrix_products(images):
    model = made({}, (8, 10, 3))
    weights = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    x, expected = images.numpy().reshape(6, -1), []
    for i in range(2):
        x = np.maximum(x @ weights[f"hidden.{i}.weight"].T + weights[f"hidden.{i}.bias"], 0)
        expected.append(x)
    layers, logits = model.activations(images)
    for ours, theirs in zip(layers, expected, strict=True):
        close(ours, theirs)
    close(logits, x @ weights["output.weight"].T + weights["output.bias"])
    assert model.layer_widths() == {"dense_1": 7, "dense_2": 5}


@pytest.mark.parametrize("channels", [1, 3])
def test_conv_net_is_torch_functions(images, channels):
    x = images if channels == 3 else images[..., 0]
    model = made({"filters": [4, 6]}, x.shape[1:])
    weights = model.state_dict()
    maps, expected = (x.permute(0, 3, 1, 2) if channels == 3 else x[:, None]), []
    for i in range(2):
        weight, bias = weights[f"convolutions.{i}.weight"], weights[f"convolutions.{i}.bias"]
        maps = F.relu(F.conv2d(maps, weight, bias, padding=1))
        expected.append(maps.flatten(2).mean(2))  # a filter's mean over all positions
        maps = F.max_pool2d(maps, 2)
    x_dense = maps.flatten(1)
    for i in range(2):
        x_dense = F.relu(F.linear(x_dense, weights[f"head.hidden.{i}.weight"], weights[f"head.hidden.{i}.bias"]))
        expected.append(x_dense)
    layers, logits = model.activations(x)
    for ours, theirs in zip(layers, expected, strict=True):
        close(ours, theirs)
    close(logits, F.linear(x_dense, weights["head.output.weight"], weights["head.output.bias"]))
    assert list(model.layer_widths().items()) == [("conv_1", 4), ("conv_2", 6), ("dense_1", 7), ("dense_2", 5)]


@pytest.mark.parametrize("filters", [[], [3]])
def test_forward_without_dropout_is_the_logits_of_activations(images, filters):
    model = made({"filters": filters}, (8, 10, 3))
    torch.testing.assert_close(model(images), model.activations(images)[1])
    model.train()
    dropped = model(images)
    assert not torch.allclose(dropped, model.activations(images)[1])


@pytest.mark.parametrize("filters, kind", [([], MLP), ([3, 2], ConvNet)])
def test_build_chooses_the_architecture(filters, kind):
    assert type(build(SETTINGS | {"filters": filters}, (8, 8), 3)) is kind


def test_more_poolings_than_the_image_can_take():
    with pytest.raises(InputError, match="model.filters: 4 poolings leave nothing"):
        build(SETTINGS | {"filters": [2, 2, 2, 2]}, (8, 8), 3)


def test_initial_weights_are_glorot_uniform_and_biases_zero():
    model = build(SETTINGS | {"filters": [8], "hidden": [200]}, (8, 8, 3), 10)
    initialise(model, 0)
    weights = model.state_dict()
    fans = {
        "convolutions.0.weight": (9 * 3, 9 * 8),
        "head.hidden.0.weight": (8 * 16, 200),
        "head.output.weight": (200, 10),
    }
    for name, (fan_in, fan_out) in fans.items():
        limit = np.sqrt(6 / (fan_in + fan_out))
        largest, sd = weights[name].abs().max().item(), weights[name].std().item()
        assert 0.95 * limit < largest <= limit * (1 + 1e-6), name
        assert sd == pytest.approx(limit / np.sqrt(3), rel=0.1), name
        assert not weights[name.replace("weight", "bias")].any()


def test_initial_weights_follow_the_seed():
    first, again, other = (build(SETTINGS, (4, 4), 3) for _ in range(3))
    for model, seed in ((first, 1), (again, 1), (other, 2)):
        torch.manual_seed(seed + 10)  # the global state must not matter
        initialise(model, seed)
    assert torch.equal(first.output.weight, again.output.weight)
    assert not torch.equal(first.output.weight, other.output.weight)


def test_use_device_holds_the_threads():
    before = torch.get_num_threads()
    try:
        assert use_device(1).type in ("cpu", "cuda")
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
        torch.set_flush_denormal(False)


@pytest.fixture
def snapshot(tmp_path):
    torch.save({"model": build(SETTINGS, (4, 4), 3).state_dict(), "run": "toy", "epoch": 2}, tmp_path / "01.pt")
    return tmp_path / "01.pt"


def test_read_snapshot(snapshot):
    state = read_snapshot(snapshot)
    assert (state["run"], state["epoch"]) == ("toy", 2)
    assert state["model"]["hidden.0.weight"].shape == (7, 16)


class Attack:
    """Unpickling it would create a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def test_pickled_code_is_refused_and_not_run(tmp_path):
    torch.save({"model": {}, "extra": Attack(tmp_path / "attacked")}, tmp_path / "01.pt")
    with pytest.raises(InputError, match="01.pt: refused: it holds pickled code"):
        read_snapshot(tmp_path / "01.pt")
    assert not (tmp_path / "attacked").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_snapshot_cut_short(snapshot, share):
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(snapshot)


@pytest.mark.parametrize("missing", [1, 10, 500])
def test_a_snapshot_that_lacks_its_end(snapshot, missing):
    snapshot.write_bytes(snapshot.read_bytes()[:-missing])
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(snapshot)


@pytest.mark.parametrize("content", [b"", b"garbage garbage"])
def test_not_a_file_of_torch(tmp_path, content):
    (tmp_path / "01.pt").write_bytes(content)
    with pytest.raises(InputError, match="01.pt: not a readable snapshot"):
        read_snapshot(tmp_path / "01.pt")


def test_no_snapshot(tmp_path):
    with pytest.raises(InputError, match="01.pt: no such file"):
        read_snapshot(tmp_path / "01.pt")


def test_weights_that_are_no_tensors():
    with pytest.raises(InputError, match="hidden.0.weight is none there"):
        load_weights(build(SETTINGS, (4, 4), 3), {"hidden.0.weight": 3}, "01.pt")


@pytest.mark.parametrize("content", [[1, 2], {"weights": {}}, torch.zeros(3)])
def test_not_a_snapshot(tmp_path, content):
    torch.save(content, tmp_path / "01.pt")
    with pytest.raises(InputError, match="not a snapshot of this workflow"):
        read_snapshot(tmp_path / "01.pt")


@pytest.mark.parametrize(
    "settings, parameter",
    [
        ({"hidden": [7, 6]}, r"hidden.1.weight is \(5, 7\) there and \(6, 7\) in"),
        ({"hidden": [7]}, r"output.weight is \(3, 5\) there and \(3, 7\) in"),
        ({"hidden": [7, 5, 3]}, "hidden.2.weight is none there"),
        ({"filters": [2]}, "convolutions.0.weight is none there"),
    ],
)
def test_another_architecture_is_refused_by_parameter(snapshot, settings, parameter):
    model = build(SETTINGS | settings, (4, 4), 3)
    with pytest.raises(InputError, match=f"01.pt: a snapshot of another architecture: {parameter}"):
        load_weights(model, read_snapshot(snapshot)["model"], snapshot)


def test_load_weights(snapshot):
    model, weights = build(SETTINGS, (4, 4), 3), read_snapshot(snapshot)["model"]
    load_weights(model, weights, snapshot)
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
