# What the neurons of a classifier do while it learns. Start with README.md; the pipeline reads from top to bottom:
#   data -> training -> activations -> communities, auxiliary, coactivation, measures -> published, report
import os
import sys

from snakemake.utils import min_version

min_version("9.0")

if "runs" not in config and not workflow.configfiles:

    configfile: workflow.source_path("config/config.yaml")


report: "resources/captions/workflow.rst"


include: "rules/common.smk"
include: "rules/paths.smk"
include: "rules/paths_of_all_runs.smk"


wildcard_constraints:
    **registry.WILDCARDS,
    dataset=one_of(DATASETS),
    run=one_of(RUNS),


include: "rules/data.smk"
include: "rules/training.smk"
include: "rules/activations.smk"
include: "rules/communities_measures.smk"
include: "rules/communities_tables.smk"
include: "rules/auxiliary_models.smk"
include: "rules/auxiliary_tables.smk"
include: "rules/coactivation_graph.smk"
include: "rules/coactivation_tables.smk"
include: "rules/coactivation_interventions.smk"
include: "rules/measures.smk"
include: "rules/published.smk"
include: "rules/sensitivity.smk"
include: "rules/report.smk"
include: "rules/collect.smk"


rule all:
    default_target: True
    input:
        ASKED,
        REPORT,
