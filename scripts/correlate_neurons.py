"""Build the co-activation graph of one dump."""

from functools import partial

from neurons.coactivation.graph import write_coactivation
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    given, settings, logits = snakemake.input, snakemake.params.settings, None
    if settings["class_value"] == "logits":
        from neurons.coactivation.interventions import load, logits_of  # PyTorch, which probabilities do without
        from neurons.networks.device import use_device

        logits = partial(logits_of, *load(given.snapshot, given.data, settings, use_device(snakemake.threads)))
    measure, output = settings["correlation"], snakemake.output.graph
    write_coactivation(given.dump, given.get("data"), output, measure, logits=logits)
