# What is measured on each dump for the communities study: pattern graphs, their modularity, entropy.


for batch, names in in_batches(RUNS):

    rule:
        name:
            f"build_graphs{batch.suffix}"
        input:
            dumps=dumps_in(batch),
        output:
            graphs=files_in(batch, GRAPHS),
        log:
            f"logs/build_graphs/{{run}}/seed-{{seed}}/{batch.name}.log",
        benchmark:
            f"benchmarks/build_graphs/{{run}}/seed-{{seed}}/{batch.name}.tsv"
        wildcard_constraints:
            run=one_of(names),
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
            f"Build the graphs of {{wildcards.run}}, seed {{wildcards.seed}}, iteration {batch.message}"
        script:
            "../scripts/build_graphs.py"


for batch, names in in_batches(RUNS):

    rule:
        name:
            f"measure_modularity{batch.suffix}"
        input:
            graphs=files_in(batch, GRAPHS),
        output:
            modularity=files_in(batch, MODULARITY),
        log:
            f"logs/measure_modularity/{{run}}/seed-{{seed}}/{batch.name}.log",
        benchmark:
            f"benchmarks/measure_modularity/{{run}}/seed-{{seed}}/{batch.name}.tsv"
        wildcard_constraints:
            run=one_of(names),
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
            f"Measure the modularity of {{wildcards.run}}, seed {{wildcards.seed}}, iteration {batch.message}"
        script:
            "../scripts/measure_modularity.py"


for batch, names in in_batches(RUNS):

    rule:
        name:
            f"measure_entropy{batch.suffix}"
        input:
            dumps=dumps_in(batch),
        output:
            entropy=files_in(batch, ENTROPY),
        log:
            f"logs/measure_entropy/{{run}}/seed-{{seed}}/{batch.name}.log",
        benchmark:
            f"benchmarks/measure_entropy/{{run}}/seed-{{seed}}/{batch.name}.tsv"
        wildcard_constraints:
            run=one_of(names),
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
            f"Measure the entropy of {{wildcards.run}}, seed {{wildcards.seed}}, iteration {batch.message}"
        script:
            "../scripts/measure_entropy.py"


rule export_graphs:
    input:
        graphs=GRAPHS,
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
        graphs=each_iteration(GRAPHS, ends, slice(1)),
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
