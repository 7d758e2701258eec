# Neurons set by hand in the network of a co-activation graph: a class's own activated, central ones silenced.


rule activate_top_neurons:
    input:
        graph="results/{run}/{where}/graph.h5",
        snapshot=at("results/{dumped}/seed-{seed}/snapshots/{iteration}.pt"),
        data=dataset_of,
    output:
        csv="results/{run}/{where}/figure2.csv",
        shares="results/{run}/{where}/figure2_shares.csv",
        figures=[
            shown(
                "results/{run}/{where}/figure2.svg",
                "top_neurons",
                "coactivation",
                "Figure 2",
                "top k neurons activated",
            ),
            "results/{run}/{where}/figure2.png",
        ],
    log:
        "logs/activate_top_neurons/{run}/{where}.log",
    wildcard_constraints:
        run=one_of(DUMPED),
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(1500, 3),
        runtime=by_size(15, 0.1),
    params:
        settings=lambda wildcards: setting("model", "labels")(wildcards)
        | {"top_k": run_of(wildcards)["coactivation"]["top_k"]},
        code=[source_digest("interventions"), source_digest("coactivation_plots")],
    message:
        "Figure 2 of {wildcards.run}, {wildcards.where}: activate each class's top neurons"
    script:
        "../scripts/activate_top_neurons.py"


rule measure_centrality:
    input:
        graph="results/{run}/{where}/graph.h5",
    output:
        csv="results/{run}/{where}/centrality.csv",
        html=shown(
            "results/{run}/{where}/centrality.html",
            "centrality",
            "coactivation",
            "Centrality",
            "of every hidden neuron",
        ),
    log:
        "logs/measure_centrality/{run}/{where}.log",
    group:
        "coactivation-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 100),
        runtime=by_size(30, 2),
    params:
        settings=coactivation_setting("centrality_threshold"),
        code=source_digest("coactivation_graphs"),
    message:
        "Measure the centrality of the neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/measure_centrality.py"


rule silence_neurons:
    input:
        centrality="results/{run}/{where}/centrality.csv",
        snapshot=at("results/{dumped}/seed-{seed}/snapshots/{iteration}.pt"),
        data=dataset_of,
    output:
        csv="results/{run}/{where}/silencing.csv",
        figures=[
            shown("results/{run}/{where}/silencing.svg", "silencing", "coactivation", "Silencing", "accuracy lost"),
            "results/{run}/{where}/silencing.png",
        ],
    log:
        "logs/silence_neurons/{run}/{where}.log",
    benchmark:
        "benchmarks/silence_neurons/{run}/{where}.tsv"
    wildcard_constraints:
        run=one_of(DUMPED),
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(1500, 3),
        runtime=by_size(60, 0.5),
    params:
        settings=lambda wildcards: setting("model", "labels")(wildcards)
        | coactivation_setting("silenced_shares", "silencing_repeats")(wildcards),
        code=[source_digest("interventions"), source_digest("coactivation_plots")],
    message:
        "Silence central and random neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/silence_neurons.py"
