# The reproduction page: every table of the papers beside ours, and a verdict on each claim. Made on request alone:
#   snakemake --cores all --configfile config/paper.yaml -- results/paper/reproduction.md
# `make reproduction` copies it to docs/: a rule that wrote there would have Snakemake delete a committed page first.


rule write_reproduction:
    input:
        paper=[
            path
            for study, tables in {
                "communities": [f"table{n}" for n in COMMUNITY_TABLES] + ["figure1"],
                "auxiliary": [f"table{n}" for n in AUXILIARY_TABLES],
                "coactivation": ["table1", "figures"],
            }.items()
            for path in collect("results/paper/{study}/{name}.csv", study=study, name=tables)
            if (networks(study) if study == "coactivation" else study_runs(study))
        ],
        communities=collect(
            "results/{run}/communities/{name}.csv",
            run=study_runs("communities"),
            name=["table2", "table3_correlation", "table4", "table5", "table6"],
        ),
        auxiliary=collect(
            "results/{run}/auxiliary/{name}.csv",
            run=study_runs("auxiliary"),
            name=["table1", "table4", "improvement"],
        ),
        coactivation=collect(
            "results/{run}/coactivation/{name}.csv",
            run=networks("coactivation"),
            name=["table1", "stability", "figure2_shares", "figure3", "figure3_thresholds"],
        ),
        data=collect("results/data/{dataset}.h5", dataset=sorted({run["dataset"] for run in DUMPED.values()})),
    output:
        page="results/paper/reproduction.md",
    log:
        "logs/write_reproduction/page.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        runs=RUNS,
        configs=list(map(str, workflow.configfiles)),
        code=source_digest("reproduction"),
    message:
        "The reproduction page: tables beside the papers', and verdicts"
    script:
        "../scripts/write_reproduction.py"
