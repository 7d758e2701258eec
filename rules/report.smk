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
