# All runs of a study beside the published values, in the paper's own arrangement, and the reproduction page.

# What of every run is set against the published values, in the order of the registry's sources.
AGREEMENT = [Path(source).stem for source in registry.RESULTS["paper/communities/agreement.csv"].sources]


rule compare_communities:
    input:
        tables=lambda wildcards: of_runs(f"paper/communities/table{wildcards.n}.csv"),
    output:
        csv=paper_table("communities"),
        markdown="results/paper/communities/table{n}.md",
    log:
        "logs/compare_communities/{n}.log",
    wildcard_constraints:
        n="[1-6]",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        labels=published_labels("communities"),
        published=PUBLISHED,
        code=code_of("compare_communities"),
    message:
        "Table {wildcards.n} of the communities study, all runs beside the published values"
    script:
        "../scripts/compare_communities.py"


rule compare_series:
    input:
        series=of_runs("paper/communities/figure1.csv"),
    output:
        csv=result("paper/communities/figure1.csv"),
    log:
        "logs/compare_series/figure1.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        labels=published_labels("communities"),
        published=PUBLISHED,
        code=code_of("compare_series"),
    message:
        "The series of all runs beside the published ones"
    script:
        "../scripts/compare_series.py"


rule tabulate_agreement:
    input:
        **{name: of_runs("paper/communities/agreement.csv", n) for n, name in enumerate(AGREEMENT)},
    output:
        csv=result("paper/communities/agreement.csv"),
        markdown="results/paper/communities/agreement.md",
    log:
        "logs/tabulate_agreement/agreement.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        labels=published_labels("communities"),
        settings=settings_of("communities"),
        published=PUBLISHED,
        code=code_of("tabulate_agreement"),
    message:
        "How far every run of the communities study is from the published values"
    script:
        "../scripts/tabulate_agreement.py"


rule compare_auxiliary:
    input:
        tables=lambda wildcards: of_runs(f"paper/auxiliary/table{wildcards.n}.csv"),
        more=lambda wildcards: of_runs(f"paper/auxiliary/table{wildcards.n}.csv", 1),
    output:
        csv=paper_table("auxiliary"),
        average="results/paper/auxiliary/table{n}_improvement.csv",
        markdown="results/paper/auxiliary/table{n}.md",
    log:
        "logs/compare_auxiliary/{n}.log",
    wildcard_constraints:
        n="[1-4]",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        labels=published_labels("auxiliary", model=True),
        published=PUBLISHED,
        code=code_of("compare_auxiliary"),
    message:
        "Table {wildcards.n} of the auxiliary study, all runs beside the published values"
    script:
        "../scripts/compare_auxiliary.py"


rule compare_coactivation:
    input:
        tables=of_runs("paper/coactivation/table1.csv"),
        shares=of_runs("paper/coactivation/figures.csv", 0),
        thresholds=of_runs("paper/coactivation/figures.csv", 1),
        history=in_runs("paper/coactivation/figures.csv", "{dumped}/seed-{seed}/history.csv"),
    output:
        table1=result("paper/coactivation/table1.csv"),
        table1_markdown="results/paper/coactivation/table1.md",
        figures=result("paper/coactivation/figures.csv"),
        figures_markdown="results/paper/coactivation/figures.md",
    log:
        "logs/compare_coactivation/tables.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        labels=published_labels("coactivation", *registry.RESULTS["paper/coactivation/figures.csv"].needs),
        published=PUBLISHED,
        code=code_of("compare_coactivation"),
    message:
        "The co-activation study, all runs beside the published values"
    script:
        "../scripts/compare_coactivation.py"


# Made on request alone: graphs of all seeds and iterations (config/coactivation.yaml).
rule tabulate_readings:
    input:
        table1=of_graphs("results/{run}/{where}/table1.csv"),
        thresholds=of_graphs("results/{run}/{where}/figure3_thresholds.csv"),
        history=of_graphs(HISTORY),
    output:
        csv=result("paper/coactivation/readings.csv"),
        markdown="results/paper/coactivation/readings.md",
    log:
        "logs/tabulate_readings/readings.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        graphs=coactivation_graphs(),
        published=PUBLISHED,
        code=code_of("tabulate_readings"),
    message:
        "The co-activation study by the reading of the graph and the length of the training"
    script:
        "../scripts/tabulate_readings.py"


# Made on request alone. `make reproduction` copies it to docs/: a rule that wrote there would have Snakemake delete a
# committed page first.
rule write_reproduction:
    input:
        tables=[f"results/{path}" for path in registry.asked_for(RUNS) if path.endswith(".csv")],
        data=collect("results/data/{dataset}.h5", dataset=sorted({RUNS[name]["dataset"] for name in WITH_NETWORK})),
        drawings=[
            f"results/{path}.png" for path in pictures.paths({name: run["studies"] for name, run in RUNS.items()})
        ],
    output:
        page="results/paper/reproduction.md",
    log:
        "logs/write_reproduction/page.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        runs=RUNS,
        datasets=DATASETS,
        configs=list(map(str, workflow.configfiles)),
        published=[PUBLISHED, files_digest([HOME / "resources/claims.yaml", HOME / "resources/null_size.csv"])],
        code=code_of("write_reproduction"),
    message:
        "The reproduction page: tables beside the papers', and verdicts"
    script:
        "../scripts/write_reproduction.py"
