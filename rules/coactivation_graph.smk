# Co-activation graphs. `results/{run}/coactivation/` is that of the first seed's last iteration; any other lies in
# `results/{run}/seed-{seed}/coactivation/{iteration}/`, with the same files. The wildcard `where` is that folder.


rule correlate_neurons:
    input:
        unpack(correlated_with),
        dump=at(DUMP),
    output:
        graph=result("{run}/{where}/graph.h5"),
    log:
        "logs/correlate_neurons/{run}/{where}.log",
    benchmark:
        "benchmarks/correlate_neurons/{run}/{where}.tsv"
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(2000, 3),
        runtime=by_size(15, 0.1),
    params:
        settings=correlation_settings,
        code=code_of("correlate_neurons"),
    message:
        "Correlate the neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/correlate_neurons.py"


rule export_coactivation:
    input:
        graph=rules.correlate_neurons.output.graph,
    output:
        graphml=result("{run}/{where}/graph.graphml"),
        gexf=result("{run}/{where}/graph.gexf"),
    log:
        "logs/export_coactivation/{run}/{where}.log",
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 300),
        runtime=by_size(15, 2),
    params:
        settings=coactivation_setting("threshold", "export_edges", "export_pixels"),
        code=code_of("export_coactivation"),
    message:
        "Export the co-activation graph of {wildcards.run}, {wildcards.where} for Gephi"
    script:
        "../scripts/export_coactivation.py"


rule measure_centrality:
    input:
        graph=rules.correlate_neurons.output.graph,
    output:
        csv=result("{run}/{where}/centrality.csv"),
    log:
        "logs/measure_centrality/{run}/{where}.log",
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 100),
        runtime=by_size(30, 2),
    params:
        settings=coactivation_setting("centrality_threshold"),
        code=code_of("measure_centrality"),
    message:
        "Measure the centrality of the neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/measure_centrality.py"
