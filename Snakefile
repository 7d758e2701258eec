# What the neurons of a classifier do while it learns. Start with README.md; the pipeline reads from top to bottom:
#   data -> train -> activations -> graphs -> communities, entropy -> report
#                               \-> auxiliary -> boosting, confidence -> report
#                               \-> coactivation, classes, interventions -> report
from snakemake.utils import min_version

min_version("9.0")

if "runs" not in config:

    configfile: workflow.source_path("config/config.yaml")


report: "resources/captions/workflow.rst"


include: "rules/common.smk"
include: "rules/inputs.smk"
include: "rules/targets.smk"
include: "rules/ending.smk"


if workflow.is_main_process:
    try:
        AT_WORK = join_folder(".snakemake")  # open, and so held, until Snakemake ends
    except InputError as error:
        sys.exit(f"error: {error}")


wildcard_constraints:
    dataset=one_of(DATASETS),
    run=one_of(RUNS),
    seed=r"\d+",
    iteration=r"\d\d",
    where=r"coactivation|seed-\d+/coactivation/\d\d",


include: "rules/data.smk"
include: "rules/train.smk"
include: "rules/activations.smk"
include: "rules/graphs.smk"
include: "rules/communities.smk"
include: "rules/entropy.smk"
include: "rules/coactivation.smk"
include: "rules/classes.smk"
include: "rules/interventions.smk"
include: "rules/report.smk"
include: "rules/sweep.smk"
include: "rules/auxiliary.smk"
include: "rules/boosting.smk"
include: "rules/confidence.smk"
include: "rules/reproduction.smk"
include: "rules/page.smk"


rule all:
    default_target: True
    input:
        all_results(),
        REPORT,


onstart:
    if Path("results").exists() and not os.access("results", os.W_OK | os.X_OK):
        sys.exit("error: results/ is read-only for you: make it writable, or work in another folder (--directory)")


onsuccess:
    print(closing_lines())


onerror:
    print("What is finished so far: snakemake --cores 1 preview_report writes results/preview.html.")
