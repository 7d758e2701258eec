# What a co-activation graph shows of the classes: communities, drawing, similarity and mistakes.


rule tabulate_classes:
    input:
        graph="results/{run}/{where}/graph.h5",
    output:
        csv="results/{run}/{where}/table1.csv",
        html=shown(
            "results/{run}/{where}/table1.html",
            "class_communities",
            "coactivation",
            "Table 1",
            "communities of classes",
        ),
        stability="results/{run}/{where}/stability.csv",
        stability_figures=[
            shown(
                "results/{run}/{where}/stability.svg",
                "stability",
                "coactivation",
                "Stability",
                "classes in one community",
            ),
            "results/{run}/{where}/stability.png",
        ],
        nodes="results/{run}/{where}/figure1.csv",
        figures=[
            shown(
                "results/{run}/{where}/figure1.svg",
                "coactivation_graph",
                "coactivation",
                "Figure 1",
                "the co-activation graph",
            ),
            "results/{run}/{where}/figure1.png",
        ],
    log:
        "logs/tabulate_classes/{run}/{where}.log",
    group:
        "coactivation-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 100),
        runtime=by_size(30, 2),
    params:
        settings=coactivation_setting("threshold", "resolution", "louvain_runs"),
        code=[
            source_digest(module)
            for module in (
                "class_similarity",
                "coactivation_graphs",
                "coactivation_plots",
            )
        ],
    message:
        "Table 1 and Figure 1 of {wildcards.run}, {wildcards.where}: communities of classes"
    script:
        "../scripts/tabulate_classes.py"


rule compare_mistakes:
    input:
        graph="results/{run}/{where}/graph.h5",
        dump=at("results/{dumped}/seed-{seed}/activations/{iteration}.h5"),
    output:
        csv="results/{run}/{where}/figure3.csv",
        thresholds="results/{run}/{where}/figure3_thresholds.csv",
        figures=[
            shown(
                "results/{run}/{where}/figure3.svg", "mistakes", "coactivation", "Figure 3", "similarity and mistakes"
            ),
            "results/{run}/{where}/figure3.png",
        ],
    log:
        "logs/compare_mistakes/{run}/{where}.log",
    group:
        "coactivation-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=coactivation_setting("neighbour_threshold"),
        code=[source_digest("class_similarity"), source_digest("coactivation_plots")],
    message:
        "Figure 3 of {wildcards.run}, {wildcards.where}: similarity of classes and mistakes"
    script:
        "../scripts/compare_mistakes.py"
