# The tables of the communities study for one run: Tables 1 to 6 and the series of Figure 1.


rule tabulate_accuracy:
    input:
        history=each_seed(HISTORY),
        source=lambda wildcards: (
            each_iteration(rules.import_activations.output.dump, lambda run: ["01"], slice(1))(wildcards)[0]
            if wildcards.run in IMPORTED
            else dataset_of(wildcards)
        ),
    output:
        csv=result("{run}/communities/table1.csv"),
    log:
        "logs/tabulate_accuracy/{run}.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds", "model", "dataset", "labels"),
        imported=lambda wildcards: wildcards.run in IMPORTED,
        code=code_of("tabulate_accuracy"),
    message:
        "Table 1 of {wildcards.run}: architecture and accuracy"
    script:
        "../scripts/tabulate_accuracy.py"


rule tabulate_overlap:
    input:
        graphs=each_iteration(GRAPHS, ends),
    output:
        csv=result("{run}/communities/table2.csv"),
    log:
        "logs/tabulate_overlap/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        iterations=lambda wildcards: ends(wildcards.run),
        code=code_of("tabulate_overlap"),
    message:
        "Table 2 of {wildcards.run}: overlap of the classes' neurons"
    script:
        "../scripts/tabulate_overlap.py"


rule correlate_modularity:
    input:
        modularity=each_iteration(MODULARITY),
        history=each_seed(HISTORY),
    output:
        sizes=result("{run}/communities/table3.csv"),
        sizes_correlation=result("{run}/communities/table3_correlation.csv"),
        modularity=result("{run}/communities/table4.csv"),
        by_seed=result("{run}/communities/table4_seeds.csv"),
    log:
        "logs/correlate_modularity/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("correlate_modularity"),
    message:
        "Tables 3 and 4 of {wildcards.run}: communities and modularity against accuracy"
    script:
        "../scripts/correlate_modularity.py"


rule correlate_entropy:
    input:
        entropy=each_iteration(ENTROPY),
        history=each_seed(HISTORY),
        class_accuracy=each_seed("results/{dumped}/seed-{seed}/class_accuracy.csv"),
    output:
        whole=result("{run}/communities/table5.csv"),
        layers=result("{run}/communities/table5_layers.csv"),
        classes=result("{run}/communities/table6.csv"),
        series=result("{run}/communities/figure1.csv"),
        class_series=result("{run}/communities/class_entropy.csv"),
    log:
        "logs/correlate_entropy/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("correlate_entropy"),
    message:
        "Tables 5 and 6 and the series of Figure 1 of {wildcards.run}: entropy against accuracy"
    script:
        "../scripts/correlate_entropy.py"
