# The tables of the communities study on accuracy, overlap and modularity (1 to 4), for one run each.


rule tabulate_accuracy:
    input:
        history=each_seed(SEED + "/history.csv"),
        source=lambda wildcards: (
            f"results/{wildcards.run}/seed-{run_of(wildcards)['seeds'][0]}/activations/01.h5"
            if wildcards.run in IMPORTED
            else dataset_of(wildcards)
        ),
    output:
        csv="results/{run}/communities/table1.csv",
        html=report(
            "results/{run}/communities/table1.html",
            caption=caption("table1"),
            category="communities",
            subcategory="{run}",
            labels={"result": "Table 1", "shows": "architecture and accuracy"},
        ),
    log:
        "logs/tabulate_accuracy/{run}.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds", "model", "dataset", "labels"),
        imported=lambda wildcards: wildcards.run in IMPORTED,
        code=source_digest("community_tables"),
    message:
        "Table 1 of {wildcards.run}: architecture and accuracy"
    script:
        "../scripts/tabulate_accuracy.py"


rule tabulate_overlap:
    input:
        graphs=each_iteration(SEED + "/graphs/{iteration}.h5", ends),
    output:
        csv="results/{run}/communities/table2.csv",
        html="results/{run}/communities/table2.html",
        figures=[
            report(
                "results/{run}/communities/overlap.svg",
                caption=caption("table2"),
                category="communities",
                subcategory="{run}",
                labels={"result": "Table 2", "shows": "neurons shared by classes"},
            ),
            "results/{run}/communities/overlap.png",
        ],
    log:
        "logs/tabulate_overlap/{run}.log",
    localrule: True
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
        modularity=each_iteration(SEED + "/modularity/{iteration}.csv"),
        history=each_seed(SEED + "/history.csv"),
    output:
        csv="results/{run}/communities/table3.csv",
        html=report(
            "results/{run}/communities/table3.html",
            caption=caption("table3"),
            category="communities",
            subcategory="{run}",
            labels={"result": "Table 3", "shows": "community sizes"},
        ),
        correlation="results/{run}/communities/table3_correlation.csv",
        correlation_html="results/{run}/communities/table3_correlation.html",
    log:
        "logs/tabulate_communities/{run}.log",
    localrule: True
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
        modularity=each_iteration(SEED + "/modularity/{iteration}.csv"),
        history=each_seed(SEED + "/history.csv"),
    output:
        csv="results/{run}/communities/table4.csv",
        html=report(
            "results/{run}/communities/table4.html",
            caption=caption("table4"),
            category="communities",
            subcategory="{run}",
            labels={"result": "Table 4", "shows": "modularity against accuracy"},
        ),
    log:
        "logs/correlate_modularity/{run}.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=source_digest("community_tables"),
    message:
        "Table 4 of {wildcards.run}: modularity against accuracy"
    script:
        "../scripts/correlate_modularity.py"
