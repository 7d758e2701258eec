# How Tables 4 and 5 move with the settings that the configuration's `sweep` varies. The runs of a sweep are made by the
# same rules as all others; those that differ only in how dumps are measured take the dumps of its base.


rule tabulate_sensitivity:
    input:
        modularity=collect("results/{run}/communities/table4.csv", run=swept_runs(4)),
        entropy=collect("results/{run}/communities/table5.csv", run=swept_runs(5)),
    output:
        csv="results/paper/sensitivity/table.csv",
        markdown="results/paper/sensitivity/table.md",
        html=shown(
            "results/paper/sensitivity/table.html",
            "sensitivity",
            "communities",
            "Sensitivity",
            "Tables 4 and 5 by setting",
            "all runs",
        ),
        figures=[
            shown(
                "results/paper/sensitivity/figure.svg",
                "sensitivity",
                "communities",
                "Sensitivity",
                "correlations by setting",
                "all runs",
            ),
            "results/paper/sensitivity/figure.png",
        ],
    log:
        "logs/tabulate_sensitivity/table.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        variations=[list(variation) for variation in SWEPT],
        base=config.get("sweep", {}).get("base"),
        runs={"modularity": swept_runs(4), "entropy": swept_runs(5)},
        code=source_digest("sensitivity"),
    message:
        "How Tables 4 and 5 move with the settings of the sweep"
    script:
        "../scripts/tabulate_sensitivity.py"
