# Activation dumps: of snapshots, or another framework's dumps, checked and linked in. They are by far the largest files;
# temporary ones are deleted once all that the targets need is measured.


for batch, names in in_batches(with_own_dumps(WITH_NETWORK)):

    rule:
        name:
            f"dump_activations{batch.suffix}"
        input:
            snapshots=files_in(batch, "results/{run}/seed-{seed}/snapshots/{iteration}.pt"),
            data=dataset_of,
            code=model_files("module"),
        output:
            dumps=(temp if config["temporary_dumps"] else list)(
                files_in(batch, "results/{run}/seed-{seed}/activations/{iteration}.h5")
            ),
        log:
            f"logs/dump_activations/{{run}}/seed-{{seed}}/{batch.name}.log",
        benchmark:
            f"benchmarks/dump_activations/{{run}}/seed-{{seed}}/{batch.name}.tsv"
        wildcard_constraints:
            run=one_of(names),
        group:
            off_gpu("measure")
        conda:
            "../envs/environment.yaml"
        resources:
            gpu=gpu_if_large,
            gpu_model=gpu_model,
            mem_mb=by_size(1500, 2),
            runtime=by_size(5, 0.02),
        params:
            settings=setting("model", "labels", "dumps"),
            training=setting("training"),
            code=code_of("dump_activations"),
        message:
            f"Dump activations of {{wildcards.run}}, seed {{wildcards.seed}}, iteration {batch.message}"
        script:
            "../scripts/dump_activations.py"


rule import_activations:
    output:
        dump="results/{run}/seed-{seed}/activations/{iteration}.h5",
    log:
        "logs/import_activations/{run}/seed-{seed}/{iteration}.log",
    wildcard_constraints:
        run=one_of(with_own_dumps(IMPORTED)),
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        source=lambda wildcards: run_of(wildcards)["activations"].format(seed=wildcards.seed),
        stamp=dump_stamp,
        code=code_of("import_activations"),
    message:
        "Check and link the dump of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/import_activations.py"
