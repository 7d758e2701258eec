# Neurons set by hand in the network of a co-activation graph: a class's own activated, central ones silenced.


rule activate_top_neurons:
    input:
        graph=rules.correlate_neurons.output.graph,
        snapshot=at(SNAPSHOT),
        data=dataset_of,
        dump=at(DUMP),
    output:
        csv=result("{run}/{where}/figure2.csv"),
        shares=result("{run}/{where}/figure2_shares.csv"),
        controls=result("{run}/{where}/figure2_controls.csv"),
    log:
        "logs/activate_top_neurons/{run}/{where}.log",
    wildcard_constraints:
        run=one_of(WITH_NETWORK),
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(1500, 3),
        runtime=by_size(15, 0.1),
    params:
        settings=lambda wildcards: setting("model", "labels")(wildcards) | coactivation_setting("top_k")(wildcards),
        code=code_of("activate_top_neurons"),
    message:
        "Activate each class's top neurons in {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/activate_top_neurons.py"


rule silence_neurons:
    input:
        centrality=rules.measure_centrality.output.csv,
        snapshot=at(SNAPSHOT),
        data=dataset_of,
    output:
        csv=result("{run}/{where}/silencing.csv"),
    log:
        "logs/silence_neurons/{run}/{where}.log",
    benchmark:
        "benchmarks/silence_neurons/{run}/{where}.tsv"
    wildcard_constraints:
        run=one_of(WITH_NETWORK),
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(1500, 3),
        runtime=by_size(60, 0.5),
    params:
        settings=lambda wildcards: setting("model", "labels")(wildcards)
        | coactivation_setting("silenced_shares", "silencing_repeats")(wildcards),
        code=code_of("silence_neurons"),
    message:
        "Silence central and random neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/silence_neurons.py"
