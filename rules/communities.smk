# The tables of the communities study on overlap and modularity (2 to 4), for one run each.


rule tabulate_overlap:
    input:
        graphs=each_iteration("results/{run}/seed-{seed}/graphs/{iteration}.h5", ends),
    output:
        csv="results/{run}/communities/table2.csv",
        html="results/{run}/communities/table2.html",
        figures=[
            shown(
                "results/{run}/communities/overlap.svg",
                "table2",
                "communities",
                "Table 2",
                "neurons shared by classes",
            ),
            "results/{run}/communities/overlap.png",
        ],
    log:
        "logs/tabulate_overlap/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        iterations=lambda wildcards: ends(wildcards.run),
        code=[source_digest("community_tables"), source_digest("plots")],
    message:
        "Table 2 of {wildcards.run}: overlap of the classes' neurons"
    script:
        "../scripts/tabulate_overlap.py"


rule tabulate_communities:
    input:
        modularity=each_iteration("results/{run}/seed-{seed}/modularity/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/communities/table3.csv",
        html=shown("results/{run}/communities/table3.html", "table3", "communities", "Table 3", "community sizes"),
        correlation="results/{run}/communities/table3_correlation.csv",
        correlation_html="results/{run}/communities/table3_correlation.html",
    log:
        "logs/tabulate_communities/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("community_tables"),
    message:
        "Table 3 of {wildcards.run}: sizes of the Louvain communities"
    script:
        "../scripts/tabulate_communities.py"


rule correlate_modularity:
    input:
        modularity=each_iteration("results/{run}/seed-{seed}/modularity/{iteration}.csv"),
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
    output:
        csv="results/{run}/communities/table4.csv",
        html=shown(
            "results/{run}/communities/table4.html", "table4", "communities", "Table 4", "modularity against accuracy"
        ),
    log:
        "logs/correlate_modularity/{run}.log",
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("community_tables"),
    message:
        "Table 4 of {wildcards.run}: modularity against accuracy"
    script:
        "../scripts/correlate_modularity.py"
