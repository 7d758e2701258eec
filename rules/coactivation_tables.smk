# What a co-activation graph shows: communities of classes, similarity and mistakes, heat maps of neurons.


rule tabulate_classes:
    input:
        graph=rules.correlate_neurons.output.graph,
    output:
        csv=result("{run}/{where}/table1.csv"),
        overlapping=result("{run}/{where}/overlapping.csv"),
        stability=result("{run}/{where}/stability.csv"),
        nodes=result("{run}/{where}/figure1.csv"),
        edges=result("{run}/{where}/figure1_edges.csv"),
    log:
        "logs/tabulate_classes/{run}/{where}.log",
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000, 100),
        runtime=by_size(30, 2),
    params:
        settings=coactivation_setting("threshold", "edges", "resolution", "louvain_runs"),
        code=code_of("tabulate_classes"),
    message:
        "Table 1 of {wildcards.run}, {wildcards.where}: communities of classes"
    script:
        "../scripts/tabulate_classes.py"


rule compare_mistakes:
    input:
        graph=rules.correlate_neurons.output.graph,
        dump=at(DUMP),
    output:
        csv=result("{run}/{where}/figure3.csv"),
        thresholds=result("{run}/{where}/figure3_thresholds.csv"),
    log:
        "logs/compare_mistakes/{run}/{where}.log",
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    params:
        settings=coactivation_setting("neighbour_threshold"),
        code=code_of("compare_mistakes"),
    message:
        "Similarity of classes and mistakes of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/compare_mistakes.py"


rule test_similarity:
    input:
        graphs=of_each_seed("graph.h5"),
        dumps=each_iteration(DUMP, last),
        data=lambda wildcards: [] if wildcards.run in IMPORTED else dataset_of(wildcards),
    output:
        csv=result("{run}/coactivation/figure3_tests.csv"),
    log:
        "logs/test_similarity/{run}.log",
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    params:
        settings=coactivation_setting("neighbour_threshold"),
        code=code_of("test_similarity"),
    message:
        "Tests of similarity and mistakes of {wildcards.run}, all seeds"
    script:
        "../scripts/test_similarity.py"


rule stack_seeds:
    input:
        lambda wildcards: of_each_seed(f"{wildcards.name}.csv")(wildcards),
    output:
        csv="results/{run}/coactivation/{name}_seeds.csv",
    log:
        "logs/stack_seeds/{run}/{name}.log",
    wildcard_constraints:
        name="table1|stability|figure2_shares|figure2_controls",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("stack_seeds"),
    message:
        "{wildcards.name} of {wildcards.run}, all seeds"
    script:
        "../scripts/stack_seeds.py"


rule tabulate_heatmaps:
    input:
        graph=rules.correlate_neurons.output.graph,
    output:
        strongest=result("{run}/{where}/figure4.csv"),
        shared=result("{run}/{where}/figure5.csv"),
    log:
        "logs/tabulate_heatmaps/{run}/{where}.log",
    wildcard_constraints:
        run=one_of(WITH_NETWORK),
    group:
        grouped("coactivation")
    conda:
        "../envs/environment.yaml"
    params:
        settings=coactivation_setting("neighbour_threshold"),
        code=code_of("tabulate_heatmaps"),
    message:
        "Heat maps of neurons of {wildcards.run}, {wildcards.where}"
    script:
        "../scripts/tabulate_heatmaps.py"
