# Activation dumps: of our own snapshots, of a user's, or another framework's dumps, checked and linked in.


rule import_snapshot:
    input:
        data=dataset_of,
        code=model_files("module"),
    output:
        snapshot="results/{run}/seed-{seed}/snapshots/{iteration}.pt",
    log:
        "logs/import_snapshot/{run}/seed-{seed}/{iteration}.log",
    wildcard_constraints:
        run=one_of(own(BROUGHT)),
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1500),
        runtime=by_size(5),
    params:
        source=lambda wildcards: run_of(wildcards)["snapshots"].format(seed=wildcards.seed),
        settings=setting("model", "training"),
        code=source_digest("foreign_snapshots"),
    message:
        "Check the snapshot of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/import_snapshot.py"


# Dumps are by far the largest files. Temporary ones are deleted once all that the targets need is measured.
kept_or_temporary = temp if config["temporary_dumps"] else str


rule dump_activations:
    input:
        snapshot="results/{run}/seed-{seed}/snapshots/{iteration}.pt",
        data=dataset_of,
        code=model_files("module"),
    output:
        dump=kept_or_temporary("results/{run}/seed-{seed}/activations/{iteration}.h5"),
    log:
        "logs/dump_activations/{run}/seed-{seed}/{iteration}.log",
    benchmark:
        "benchmarks/dump_activations/{run}/seed-{seed}/{iteration}.tsv"
    wildcard_constraints:
        run=one_of(own(DUMPED)),
    group:
        off_gpu("measure")
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        gpu=gpu_if_large,
        gpu_model=gpu_model,
        mem_mb=by_size(1500, 2),
        runtime=by_size(5, 0.02),
    params:
        settings=setting("model", "labels", "dumps"),
        training=setting("training"),
        code=source_digest("activations"),
    message:
        "Dump activations of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/dump_activations.py"


rule import_activations:
    output:
        dump="results/{run}/seed-{seed}/activations/{iteration}.h5",
    log:
        "logs/import_activations/{run}/seed-{seed}/{iteration}.log",
    wildcard_constraints:
        run=one_of(own(IMPORTED)),
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        source=lambda wildcards: run_of(wildcards)["activations"].format(seed=wildcards.seed),
        code=source_digest("foreign"),
    message:
        "Check and link the dump of {wildcards.run}, seed {wildcards.seed}, iteration {wildcards.iteration}"
    script:
        "../scripts/import_activations.py"


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
        run=one_of(own([*IMPORTED, *BROUGHT])),
    group:
        "measure-{run}"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(1000),
        runtime=by_size(5, 0.01),
    params:
        code=source_digest("foreign"),
    message:
        "Read the accuracies of {wildcards.run}, seed {wildcards.seed}, off its dumps"
    script:
        "../scripts/summarise_imported.py"
