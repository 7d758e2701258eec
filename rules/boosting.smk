# Tables and figures of the auxiliary study, for one run each.


rule tabulate_entropy:
    input:
        entropy=each_iteration("results/{run}/seed-{seed}/entropy/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/auxiliary/table1.csv",
        html=shown("results/{run}/auxiliary/table1.html", "table5", "auxiliary", "Table 1", "entropy against accuracy"),
    log:
        "logs/tabulate_entropy/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("entropy_tables"),
    message:
        "Table 1 of {wildcards.run}: entropy against accuracy"
    script:
        "../scripts/tabulate_entropy.py"


rule plot_entropy:
    input:
        entropy=each_iteration("results/{run}/seed-{seed}/entropy/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/auxiliary/figure2.csv",
        figures=[
            shown("results/{run}/auxiliary/figure2.svg", "figure1", "auxiliary", "Figure 2", "entropy and accuracy"),
            "results/{run}/auxiliary/figure2.png",
        ],
    log:
        "logs/plot_entropy/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=[source_digest("entropy_tables"), source_digest("plots")],
    message:
        "Figure 2 of {wildcards.run}: entropy and accuracy over the iterations"
    script:
        "../scripts/plot_series.py"  # the same figure, under the number it has in this study


rule tabulate_boosting:
    input:
        accuracy=each_iteration("results/{run}/seed-{seed}/auxiliary/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/auxiliary/table2.csv",
        html=shown(
            "results/{run}/auxiliary/table2.html", "boosting", "auxiliary", "Table 2", "five methods per iteration"
        ),
        improvement="results/{run}/auxiliary/improvement.csv",
        improvement_html=shown(
            "results/{run}/auxiliary/improvement.html", "improvement", "auxiliary", "Table 2", "average improvement"
        ),
    log:
        "logs/tabulate_boosting/{run}.log",
    group:
        "auxiliary-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("auxiliary_tables"),
    message:
        "Table 2 of {wildcards.run}: accuracy by method"
    script:
        "../scripts/tabulate_boosting.py"
