# Co-activation graphs and heat maps. `results/{run}/coactivation/` is that of the first seed's last iteration; any other
# lies in `results/{run}/seed-{seed}/coactivation/{iteration}/`, with the same files. The wildcard `where` is that folder.


rule correlate_neurons:
    input:
        # Pixels of an imported run are not known: the sample numbers of its dumps mean nothing here.
        unpack(lambda wildcards: ({} if wildcards.run in IMPORTED else {"data": dataset_of(wildcards)})),
        dump=at("results/{dumped}/seed-{seed}/activations/{iteration}.h5"),
    output:
        graph="results/{run}/{where}/graph.h5",
    log:
        "logs/correlate_neurons/{run}/{where}.log",
    benchmark:
        "benchmarks/correlate_neurons/{run}/{where}.tsv"
    group:
        off_gpu("coactivation")
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(2000, 3),
        runtime=by_size(15, 0.1),
    params:
        settings=coactivation_setting("correlation"),
        code=source_digest("coactivation"),
    message:
        "Correlate the neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/correlate_neurons.py"


rule export_coactivation:
    input:
        graph="results/{run}/{where}/graph.h5",
    output:
        graphml="results/{run}/{where}/graph.graphml",
        gexf="results/{run}/{where}/graph.gexf",
    log:
        "logs/export_coactivation/{run}/{where}.log",
    group:
        "coactivation-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 300),
        runtime=by_size(15, 2),
    params:
        settings=coactivation_setting("threshold", "export_edges", "export_pixels"),
        code=source_digest("coactivation_graphs"),
    message:
        "Export the co-activation graph of {wildcards.run}, {wildcards.where} for Gephi"
    script:
        "../scripts/export_coactivation.py"


rule draw_heatmaps:
    input:
        graph="results/{run}/{where}/graph.h5",
    output:
        csv4="results/{run}/{where}/figure4.csv",
        csv5="results/{run}/{where}/figure5.csv",
        figure4=[
            shown(
                "results/{run}/{where}/figure4.svg",
                "heatmaps",
                "coactivation",
                "Figure 4",
                "each class's strongest neuron",
            ),
            "results/{run}/{where}/figure4.png",
        ],
        figure5=[
            shown(
                "results/{run}/{where}/figure5.svg",
                "heatmaps",
                "coactivation",
                "Figure 5",
                "neurons that classes share",
            ),
            "results/{run}/{where}/figure5.png",
        ],
    log:
        "logs/draw_heatmaps/{run}/{where}.log",
    wildcard_constraints:
        run=one_of(DUMPED),
    group:
        "coactivation-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=coactivation_setting("neighbour_threshold"),
        code=[source_digest(name) for name in ("class_similarity", "heatmaps")],
        drawing=source_digest("coactivation_plots"),
    message:
        "Figures 4 and 5 of {wildcards.run}, {wildcards.where}: heat maps of neurons"
    script:
        "../scripts/draw_heatmaps.py"
