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
        html=report(
            "results/paper/communities/table{n}.html",
            caption=caption("paper"),
            category="communities",
            subcategory="all runs",
            labels={
                "result": "Table {n}",
                "shows": "all runs beside the published values",
            },
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
        html=report(
            "results/paper/communities/figure1.html",
            caption=caption("figure1"),
            category="communities",
            subcategory="all runs",
            labels={"result": "Series", "shows": "entropy and accuracy beside the published series"},
        ),
        figures=[
            report(
                "results/paper/communities/figure1.svg",
                caption=caption("figure1"),
                category="communities",
                subcategory="all runs",
                labels={
                    "result": "Figure 1",
                    "shows": "entropy and accuracy of all runs",
                },
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
        history=coactivation_input("results/{run}/seed-{seed}/history.csv"),
    output:
        **{
            name + kind: f"results/paper/coactivation/{name}{suffix}"
            for name in ("table1", "figures")
            for kind, suffix in (("", ".csv"), ("_markdown", ".md"))
        },
        table1_html=report(
            "results/paper/coactivation/table1.html",
            caption=caption("coactivation_paper"),
            category="coactivation",
            subcategory="all runs",
            labels={"result": "Table 1", "shows": "communities beside the published"},
        ),
        figures_html=report(
            "results/paper/coactivation/figures.html",
            caption=caption("coactivation_paper"),
            category="coactivation",
            subcategory="all runs",
            labels={"result": "Figures 2, 3", "shows": "beside the published values"},
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
