# Activation pattern entropy of every iteration; Tables 5 and 6 and Figure 1.


rule measure_entropy:
    input:
        dump=dumped("results/{dumped}/seed-{seed}/activations/{iteration}.h5"),
    output:
        entropy="results/{run}/seed-{seed}/entropy/{iteration}.csv",
    log:
        "logs/measure_entropy/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/measure_entropy/{run}/seed-{seed}/{iteration}.tsv"
    priority: 1  # before further dumps, so that few temporary ones lie about
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        settings=setting("entropy"),
        code=source_digest("entropy"),
    message:
        "Measure the entropy of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/measure_entropy.py"


rule correlate_entropy:
    input:
        entropy=each_iteration("results/{run}/seed-{seed}/entropy/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/communities/table5.csv",
        html=shown(
            "results/{run}/communities/table5.html", "table5", "communities", "Table 5", "entropy against accuracy"
        ),
        layers="results/{run}/communities/table5_layers.csv",
        layers_html="results/{run}/communities/table5_layers.html",
    log:
        "logs/correlate_entropy/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("entropy_tables"),
    message:
        "Table 5 of {wildcards.run}: entropy against accuracy"
    script:
        "../scripts/correlate_entropy.py"


rule correlate_class_entropy:
    input:
        entropy=each_iteration("results/{run}/seed-{seed}/entropy/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
        class_accuracy=each_seed("results/{dumped}/seed-{seed}/class_accuracy.csv"),
    output:
        csv="results/{run}/communities/table6.csv",
        html=shown(
            "results/{run}/communities/table6.html",
            "table6",
            "communities",
            "Table 6",
            "entropy against accuracy by class",
        ),
    log:
        "logs/correlate_class_entropy/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("entropy_tables"),
    message:
        "Table 6 of {wildcards.run}: entropy against accuracy, class by class"
    script:
        "../scripts/correlate_class_entropy.py"


rule plot_series:
    input:
        entropy=each_iteration("results/{run}/seed-{seed}/entropy/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/communities/figure1.csv",
        figures=[
            shown(
                "results/{run}/communities/figure1.svg", "figure1", "communities", "Figure 1", "entropy and accuracy"
            ),
            "results/{run}/communities/figure1.png",
        ],
    log:
        "logs/plot_series/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=[source_digest("entropy_tables"), source_digest("plots")],
    message:
        "Figure 1 of {wildcards.run}: entropy and accuracy over the iterations"
    script:
        "../scripts/plot_series.py"
