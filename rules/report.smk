# All runs of a study beside the published values, in the paper's own arrangement.


rule compare_tables:
    input:
        tables=collect(
            "results/{run}/communities/table{n}.csv",
            allow_missing=True,
            run=study_runs("communities"),
        ),
    output:
        csv="results/paper/communities/table{n}.csv",
        markdown="results/paper/communities/table{n}.md",
        html=shown(
            "results/paper/communities/table{n}.html",
            "paper",
            "communities",
            "Table {n}",
            "all runs beside the published values",
            "all runs",
        ),
    log:
        "logs/compare_tables/{n}.log",
    wildcard_constraints:
        n="[1-6]",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        names=published_names("communities"),
        code=source_digest("published"),
    message:
        "Table {wildcards.n} of all runs beside the published values"
    script:
        "../scripts/compare_tables.py"


rule compare_series:
    input:
        series=collect("results/{run}/communities/figure1.csv", run=study_runs("communities")),
    output:
        csv="results/paper/communities/figure1.csv",
        html=shown(
            "results/paper/communities/figure1.html",
            "series",
            "communities",
            "Series",
            "entropy and accuracy beside the published series",
            "all runs",
        ),
        figures=[
            shown(
                "results/paper/communities/figure1.svg",
                "figure1",
                "communities",
                "Figure 1",
                "entropy and accuracy of all runs",
                "all runs",
            ),
            "results/paper/communities/figure1.png",
        ],
    log:
        "logs/compare_series/figure1.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        names=published_names("communities"),
        code=[source_digest("plots"), source_digest("published")],
    message:
        "Figure 1 of all runs"
    script:
        "../scripts/compare_series.py"


rule compare_coactivation:
    input:
        tables=coactivation_input("results/{run}/coactivation/table1.csv"),
        shares=coactivation_input("results/{run}/coactivation/figure2_shares.csv"),
        thresholds=coactivation_input("results/{run}/coactivation/figure3_thresholds.csv"),
        history=coactivation_input("results/{dumped}/seed-{seed}/history.csv"),
    output:
        **{
            name + kind: f"results/paper/coactivation/{name}{suffix}"
            for name in ("table1", "figures")
            for kind, suffix in (("", ".csv"), ("_markdown", ".md"))
        },
        table1_html=shown(
            "results/paper/coactivation/table1.html",
            "coactivation_communities",
            "coactivation",
            "Table 1",
            "communities beside the published",
            "all runs",
        ),
        figures_html=shown(
            "results/paper/coactivation/figures.html",
            "coactivation_paper",
            "coactivation",
            "Figures 2, 3",
            "beside the published values",
            "all runs",
        ),
    log:
        "logs/compare_coactivation/tables.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        names=networks("coactivation"),
        code=source_digest("coactivation_paper"),
    message:
        "The co-activation study of all runs beside the published values"
    script:
        "../scripts/compare_coactivation.py"
