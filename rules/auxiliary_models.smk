# The auxiliary study: activation probabilities of every dump, auxiliary models on top, the boosted model.


for batch, names in in_batches(RUNS):

    rule:
        name:
            f"measure_patterns{batch.suffix}"
        input:
            dumps=dumps_in(batch),
        output:
            patterns=files_in(batch, PATTERNS),
        log:
            f"logs/measure_patterns/{{run}}/seed-{{seed}}/{batch.name}.log",
        benchmark:
            f"benchmarks/measure_patterns/{{run}}/seed-{{seed}}/{batch.name}.tsv"
        wildcard_constraints:
            run=one_of(names),
        priority: 1  # before further dumps, so that few temporary ones lie about
        group:
            grouped("measure")
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=by_size(1000),
            runtime=by_size(5, 0.01),
        params:
            layers=lambda wildcards: run_of(wildcards)["auxiliary"]["layers"],
            code=code_of("measure_patterns"),
        message:
            f"Measure the activation probabilities of {{wildcards.run}}, seed {{wildcards.seed}}, iteration {batch.message}"
        script:
            "../scripts/measure_patterns.py"


# All networks of a run train side by side.
for count, names in by_iterations(RUNS).items():

    rule:
        name:
            f"train_auxiliary_{count}"
        input:
            patterns=files_to(count, PATTERNS),
        output:
            tables=files_to(count, "results/{run}/seed-{seed}/auxiliary/{iteration}.csv"),
            models="results/{run}/seed-{seed}/auxiliary/models.pt",
        log:
            "logs/train_auxiliary/{run}/seed-{seed}.log",
        benchmark:
            "benchmarks/train_auxiliary/{run}/seed-{seed}.tsv"
        wildcard_constraints:
            run=one_of(names),
        group:
            grouped("auxiliary")
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=by_size(2000, 4),
            runtime=by_size(60, 0.5),
        params:
            settings=setting("auxiliary"),
            code=code_of("train_auxiliary"),
        message:
            "Train the auxiliary models of {wildcards.run}, seed {wildcards.seed}"
        script:
            "../scripts/train_auxiliary.py"


rule assemble_boosted:
    input:
        snapshot=last_of_first_seed(SNAPSHOT),
        patterns=last_of_first_seed(PATTERNS),
        models=last_of_first_seed("results/{run}/seed-{seed}/auxiliary/models.pt"),
        data=dataset_of,
        code=model_files("module"),
    output:
        boosted=result("{run}/auxiliary/boosted.pt"),
    log:
        "logs/assemble_boosted/{run}.log",
    wildcard_constraints:
        run=one_of(WITH_NETWORK),
    group:
        grouped("auxiliary")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1500, 4),
        runtime=by_size(10, 0.02),
    params:
        settings=setting("model"),
        code=code_of("assemble_boosted"),
    message:
        "Put the boosted model of {wildcards.run} together"
    script:
        "../scripts/assemble_boosted.py"
