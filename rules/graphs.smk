# Activation pattern graphs of every iteration: building, measuring, exporting, drawing.


rule build_graphs:
    input:
        dump=dumped("results/{dumped}/seed-{seed}/activations/{iteration}.h5"),
    output:
        graphs="results/{run}/seed-{seed}/graphs/{iteration}.h5",
    log:
        "logs/build_graphs/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/build_graphs/{run}/seed-{seed}/{iteration}.tsv"
    priority: 1  # before further dumps, so that few temporary ones lie about
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        settings=setting("graph"),
        code=source_digest("activation_graph"),
    message:
        "Build the graphs of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/build_graphs.py"


rule measure_modularity:
    input:
        graphs="results/{run}/seed-{seed}/graphs/{iteration}.h5",
    output:
        modularity="results/{run}/seed-{seed}/modularity/{iteration}.csv",
    log:
        "logs/measure_modularity/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/measure_modularity/{run}/seed-{seed}/{iteration}.tsv"
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        settings=setting("modularity"),
        code=source_digest("modularity"),
    message:
        "Measure the modularity of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/measure_modularity.py"


rule export_graphs:
    input:
        graphs="results/{run}/seed-{seed}/graphs/{iteration}.h5",
    output:
        gexf="results/{run}/seed-{seed}/graphs/{iteration}.gexf",
    log:
        "logs/export_graphs/{run}/seed-{seed}/{iteration}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        code=source_digest("graph_drawing"),
    message:
        "Export the graphs of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration} for Gephi"
    script:
        "../scripts/export_graphs.py"


rule draw_graphs:
    input:
        graphs=lambda wildcards: each_iteration("results/{run}/seed-{seed}/graphs/{iteration}.h5", ends)(wildcards)[
            : len(ends(wildcards.run))
        ],
    output:
        figures=[
            shown(
                "results/{run}/communities/graphs.svg",
                "graphs",
                "communities",
                "Graphs",
                "class communities, first and last iteration",
            ),
            "results/{run}/communities/graphs.png",
        ],
    log:
        "logs/draw_graphs/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        iterations=lambda wildcards: ends(wildcards.run),
        code=source_digest("graph_drawing"),
    message:
        "Draw the first and last graphs of {wildcards.run}"
    script:
        "../scripts/draw_graphs.py"
