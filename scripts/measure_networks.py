"""Train and measure some networks of a grid or an intervention."""

from neurons.measures.panel import chosen
from neurons.networks.device import use_device
from neurons.trials.network import write_networks
from neurons.workflow.jobs import job

with job(snakemake.log[0], snakemake.threads):
    write_networks(
        output=snakemake.output.csv,
        data=snakemake.input.data,
        run=snakemake.wildcards.run,
        networks=snakemake.params.networks,
        panel=chosen(snakemake.params.measures["panel"], snakemake.params.measures["modules"]),
        device=use_device(snakemake.threads),
        threads=snakemake.threads,
    )
