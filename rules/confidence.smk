# Table 4, confidence, and all runs of the auxiliary study beside the published values.


rule tabulate_layers:
    input:
        accuracy=each_iteration("results/{run}/seed-{seed}/auxiliary/{iteration}.csv"),
    output:
        csv="results/{run}/auxiliary/table4.csv",
        html=shown(
            "results/{run}/auxiliary/table4.html",
            "boosting_layers",
            "auxiliary",
            "Table 4",
            "last two layers against the last",
        ),
        correlation="results/{run}/auxiliary/table4_correlation.csv",
        correlation_html="results/{run}/auxiliary/table4_correlation.html",
    log:
        "logs/tabulate_layers/{run}.log",
    group:
        "auxiliary-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("auxiliary_tables"),
    message:
        "Table 4 of {wildcards.run}: accuracy by layer choice"
    script:
        "../scripts/tabulate_layers.py"


rule tabulate_confidence:
    input:
        patterns=lambda wildcards: each_iteration(
            "results/{run}/seed-{seed}/patterns/{iteration}.h5", lambda run: iterations(run)[-1:]
        )(wildcards),
    output:
        csv="results/{run}/auxiliary/confidence.csv",
        html=shown(
            "results/{run}/auxiliary/confidence.html",
            "confidence",
            "auxiliary",
            "Confidence",
            "scores that find wrong predictions",
        ),
        curves="results/{run}/auxiliary/risk_coverage.csv",
        figures=[
            shown(
                "results/{run}/auxiliary/risk_coverage.svg",
                "confidence",
                "auxiliary",
                "Confidence",
                "risk against coverage",
            ),
            "results/{run}/auxiliary/risk_coverage.png",
        ],
    log:
        "logs/tabulate_confidence/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=[source_digest("confidence"), source_digest("plots")],
    message:
        "Confidence of {wildcards.run}: which scores find wrong predictions"
    script:
        "../scripts/tabulate_confidence.py"


rule compare_auxiliary:
    input:
        tables=lambda wildcards: collect(
            "results/{run}/auxiliary/table{own}.csv",
            run=study_runs("auxiliary"),
            own=wildcards.n.replace("3", "2"),
        ),
        correlations=lambda wildcards: collect(
            "results/{run}/auxiliary/table4_correlation.csv",
            run=study_runs("auxiliary") if wildcards.n == "4" else [],
        ),
    output:
        csv="results/paper/auxiliary/table{n}.csv",
        average="results/paper/auxiliary/table{n}_improvement.csv",
        markdown="results/paper/auxiliary/table{n}.md",
        html=shown(
            "results/paper/auxiliary/table{n}.html",
            "boosting_paper",
            "auxiliary",
            "Table {n}",
            "all runs beside the published values",
            "all runs",
        ),
    log:
        "logs/compare_auxiliary/{n}.log",
    wildcard_constraints:
        n="[1-4]",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        runs=published_models("auxiliary"),
        code=source_digest("auxiliary_published"),
    message:
        "Table {wildcards.n} of the auxiliary study, all runs beside the published values"
    script:
        "../scripts/compare_auxiliary.py"
