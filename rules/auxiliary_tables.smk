# The tables of the auxiliary study for one run: Tables 1, 2 and 4, the series of Figure 2, confidence.


rule repeat_entropy:
    input:
        rules.correlate_entropy.output.whole,
        rules.correlate_entropy.output.series,
    output:
        result("{run}/auxiliary/table1.csv"),
        result("{run}/auxiliary/figure2.csv"),
    log:
        "logs/repeat_entropy/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        code=code_of("repeat_entropy"),
    message:
        "Table 1 and the series of Figure 2 of {wildcards.run}: entropy and accuracy"
    script:
        "../scripts/repeat_entropy.py"


rule tabulate_confidence:
    input:
        patterns=each_iteration(PATTERNS, last),
    output:
        csv=result("{run}/auxiliary/confidence.csv"),
        curves=result("{run}/auxiliary/risk_coverage.csv"),
    log:
        "logs/tabulate_confidence/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("tabulate_confidence"),
    message:
        "Confidence of {wildcards.run}: which scores find wrong predictions"
    script:
        "../scripts/tabulate_confidence.py"


rule tabulate_boosting:
    input:
        accuracy=each_iteration("results/{run}/seed-{seed}/auxiliary/{iteration}.csv"),
        history=each_seed(HISTORY),
    output:
        methods=result("{run}/auxiliary/table2.csv"),
        improvement=result("{run}/auxiliary/improvement.csv"),
        layers=result("{run}/auxiliary/table4.csv"),
        layers_correlation=result("{run}/auxiliary/table4_correlation.csv"),
    log:
        "logs/tabulate_boosting/{run}.log",
    group:
        grouped("auxiliary")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("tabulate_boosting"),
    message:
        "Tables 2 and 4 of {wildcards.run}: accuracy by method and by layer choice"
    script:
        "../scripts/tabulate_boosting.py"
