# Training with a snapshot after each iteration; or a user's own snapshots, checked.


for count, names in by_iterations(with_own_dumps(TRAINED)).items():

    rule:
        name:
            f"train_model_{count}"
        input:
            data=dataset_of,
            files=model_files("weights", "module"),
        output:
            snapshots=files_to(count, "results/{run}/seed-{seed}/snapshots/{iteration}.pt", first=0),
            history="results/{run}/seed-{seed}/history.csv",
            class_accuracy="results/{run}/seed-{seed}/class_accuracy.csv",
        log:
            "logs/train_model/{run}/seed-{seed}.log",
        benchmark:
            "benchmarks/train_model/{run}/seed-{seed}.tsv"
        wildcard_constraints:
            run=one_of(names),
        conda:
            "../envs/environment.yaml"
        resources:
            gpu=int(bool(config["gpu"])),
            gpu_model=GPU_MODEL,
            mem_mb=by_size(2500, 2),
            runtime=by_size(120, 0.3),
        params:
            settings=setting("model", "training", "labels"),
            code=code_of("train_model"),
        message:
            "Train {wildcards.run}, seed {wildcards.seed}"
        script:
            "../scripts/train_model.py"


rule import_snapshot:
    input:
        data=dataset_of,
        code=model_files("module"),
    output:
        snapshot="results/{run}/seed-{seed}/snapshots/{iteration}.pt",
    log:
        "logs/import_snapshot/{run}/seed-{seed}/{iteration}.log",
    wildcard_constraints:
        run=one_of(with_own_dumps(SNAPSHOTS_IMPORTED)),
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1500),
        runtime=by_size(5),
    params:
        source=lambda wildcards: run_of(wildcards)["snapshots"].format(seed=wildcards.seed),
        content=snapshot_content,
        settings=setting("model", "training"),
        code=code_of("import_snapshot"),
    message:
        "Check the snapshot of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/import_snapshot.py"


rule summarise_imported:
    input:
        dumps=lambda wildcards: collect(
            "results/{run}/seed-{seed}/activations/{iteration}.h5",
            run=wildcards.run,
            seed=wildcards.seed,
            iteration=iterations(wildcards.run),
        ),
    output:
        history="results/{run}/seed-{seed}/history.csv",
        class_accuracy="results/{run}/seed-{seed}/class_accuracy.csv",
    log:
        "logs/summarise_imported/{run}/seed-{seed}.log",
    wildcard_constraints:
        run=one_of(with_own_dumps([*IMPORTED, *SNAPSHOTS_IMPORTED])),
    group:
        grouped("measure")
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        code=code_of("summarise_imported"),
    message:
        "Read the accuracies of {wildcards.run}, seed {wildcards.seed}, off its dumps"
    script:
        "../scripts/summarise_imported.py"
