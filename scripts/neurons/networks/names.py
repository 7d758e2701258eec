"""What a model is called, from its settings alone (no torch, so that the workflow parses fast)."""


def model_kind(model: dict) -> str:
    """Return the papers' word for a model: torchvision's name, a user's builder, `convnet`, or `fcnn` for an MLP."""
    return model.get("name") or model.get("builder") or ("convnet" if model["filters"] else "fcnn")


def hidden_layers(model: dict) -> str:
    """Return the widths of the hidden layers, or the name of a model that is not given by widths."""
    if model.get("name") or model.get("builder"):
        return model_kind(model)
    return " ".join(map(str, [*model["filters"], *model["hidden"]]))
