# The panel of neuron statistics of every iteration, and how they go with accuracy within a training.


rule measure_panel:
    input:
        unpack(panel_files),
        code=measure_files,
    output:
        measures="results/{run}/seed-{seed}/measures/{iteration}.csv",
    log:
        "logs/measure_panel/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/measure_panel/{run}/seed-{seed}/{iteration}.tsv"
    priority: 1  # before further dumps, so that few temporary ones lie about
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1500, 2),
        runtime=by_size(10, 0.05),
    params:
        settings=setting("model", "labels", "measures"),
        code=code_of("measure_panel"),
    message:
        "Measure the panel of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/measure_panel.py"


# The networks of a sweep's grid or intervention are no runs: many are trained and measured in a job.
rule measure_networks:
    input:
        data=dataset_of,
        code=measure_files,
    output:
        csv="results/{run}/{trials}/{part}.csv",
    log:
        "logs/measure_networks/{run}/{trials}/{part}.log",
    benchmark:
        "benchmarks/measure_networks/{run}/{trials}/{part}.tsv"
    wildcard_constraints:
        run=one_of(TRIAL_BASES),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(3000, 4),
        runtime=by_size(120, 0.5),
    params:
        networks=lambda wildcards: part_of(wildcards),
        measures=lambda wildcards: run_of(wildcards)["measures"],
        code=code_of("measure_networks"),
    message:
        "Train and measure networks of {wildcards.run}, {wildcards.trials} {wildcards.part}"
    script:
        "../scripts/measure_networks.py"


rule rank_networks:
    input:
        sum(trial_parts("grid").values(), []),
    output:
        csv=result("paper/measures/ranking.csv"),
        markdown="results/paper/measures/ranking.md",
    log:
        "logs/rank_networks/ranking.log",
    benchmark:
        "benchmarks/rank_networks/ranking.tsv"
    group:
        lambda wildcards: None if workflow.local_exec else "paper"
    conda:
        "../envs/environment.yaml"
    params:
        parts=trial_parts("grid"),
        code=code_of("rank_networks"),
    message:
        "Which measure ranks the networks of the grid"
    script:
        "../scripts/rank_networks.py"


rule tabulate_intervention:
    input:
        sum(trial_parts("intervene").values(), []),
    output:
        networks=result("paper/measures/intervention_networks.csv"),
        strengths=result("paper/measures/intervention.csv"),
        slopes=result("paper/measures/intervention_slopes.csv"),
        markdown="results/paper/measures/intervention.md",
    log:
        "logs/tabulate_intervention/intervention.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        parts=trial_parts("intervene"),
        losses={run: RUNS[run]["training"].get("stop_at_loss") for run in TRIAL_BASES},
        code=code_of("tabulate_intervention"),
    message:
        "Does moving a measure move test accuracy?"
    script:
        "../scripts/tabulate_intervention.py"


rule tabulate_measures:
    input:
        measures=each_iteration(rules.measure_panel.output.measures),
        history=each_seed(HISTORY),
    output:
        csv=result("{run}/measures/table1.csv"),
    log:
        "logs/tabulate_measures/{run}.log",
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    params:
        settings=setting("seeds"),
        code=code_of("tabulate_measures"),
    message:
        "Table 1 of the measures of {wildcards.run}: own and swapped correlations"
    script:
        "../scripts/tabulate_measures.py"
