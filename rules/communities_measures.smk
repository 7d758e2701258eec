# What is measured on each dump for the communities study: pattern graphs, their modularity, entropy.


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
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        settings=setting("graph"),
        code=code_of("build_graphs"),
    message:
        "Build the graphs of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/build_graphs.py"


rule measure_modularity:
    input:
        graphs=rules.build_graphs.output.graphs,
    output:
        modularity="results/{run}/seed-{seed}/modularity/{iteration}.csv",
    log:
        "logs/measure_modularity/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/measure_modularity/{run}/seed-{seed}/{iteration}.tsv"
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        settings=setting("modularity"),
        code=code_of("measure_modularity"),
    message:
        "Measure the modularity of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/measure_modularity.py"


rule measure_entropy:
    input:
        dump=dumped("results/{dumped}/seed-{seed}/activations/{iteration}.h5"),
    output:
        entropy="results/{run}/seed-{seed}/entropy/{iteration}.csv",
    log:
        "logs/measure_entropy/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/measure_entropy/{run}/seed-{seed}/{iteration}.tsv"
    priority: 1
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        settings=setting("entropy"),
        code=code_of("measure_entropy"),
    message:
        "Measure the entropy of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/measure_entropy.py"


rule export_graphs:
    input:
        graphs=rules.build_graphs.output.graphs,
    output:
        gexf="results/{run}/seed-{seed}/graphs/{iteration}.gexf",
    log:
        "logs/export_graphs/{run}/seed-{seed}/{iteration}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        code=code_of("export_graphs"),
    message:
        "Export the graphs of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration} for Gephi"
    script:
        "../scripts/export_graphs.py"


rule lay_out_graphs:
    input:
        graphs=each_iteration(rules.build_graphs.output.graphs, ends, slice(1)),
    output:
        nodes=result("{run}/communities/graphs.csv"),
        edges=result("{run}/communities/graphs_edges.csv"),
    log:
        "logs/lay_out_graphs/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(10, 1),
    params:
        iterations=lambda wildcards: ends(wildcards.run),
        code=code_of("lay_out_graphs"),
    message:
        "Lay out the first and last graphs of {wildcards.run}"
    script:
        "../scripts/lay_out_graphs.py"
