# How Tables 4 and 5 move with the settings that the configuration's `sweep` varies. The runs of a sweep are made by the
# same rules as all others; those that differ only in how dumps are measured take the dumps of its base.


rule tabulate_sensitivity:
    input:
        modularity=collect(rules.correlate_modularity.output.modularity, run=swept_runs(4)),
        entropy=collect(rules.correlate_entropy.output.whole, run=swept_runs(5)),
    output:
        csv=result("paper/sensitivity/table.csv"),
        markdown="results/paper/sensitivity/table.md",
    log:
        "logs/tabulate_sensitivity/table.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        variations=[list(variation) for variation in SWEPT],
        base=config.get("sweep", {}).get("base"),
        runs={"modularity": swept_runs(4), "entropy": swept_runs(5)},
        code=code_of("tabulate_sensitivity"),
    message:
        "How Tables 4 and 5 move with the settings of the sweep"
    script:
        "../scripts/tabulate_sensitivity.py"
