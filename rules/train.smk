# Training, and what it reached (Table 1). A rule's outputs are fixed when the workflow is read, so runs with the same number of snapshots share a rule.


for count in sorted({RUNS[name]["training"]["iterations"] for name in own(TRAINED)}):

    rule:
        name:
            f"train_model_{count}"
        input:
            data=dataset_of,
            files=model_files("weights", "module"),
        output:
            snapshots=collect(
                "results/{run}/seed-{seed}/snapshots/{iteration:02d}.pt",
                allow_missing=True,
                iteration=range(count + 1),
            ),
            history="results/{run}/seed-{seed}/history.csv",
            class_accuracy="results/{run}/seed-{seed}/class_accuracy.csv",
        log:
            "logs/train_model/{run}/seed-{seed}.log",
        benchmark:
            "benchmarks/train_model/{run}/seed-{seed}.tsv"
        wildcard_constraints:
            run=one_of(name for name in own(TRAINED) if RUNS[name]["training"]["iterations"] == count),
        conda:
            "../envs/environment.yaml"
        threads: 1
        resources:
            gpu=int(bool(config["gpu"])),
            gpu_model=GPU_MODEL,
            mem_mb=by_size(2500, 2),
            runtime=by_size(120, 0.3),
        params:
            settings=setting("model", "training", "labels"),
            code=source_digest("training"),
        message:
            "Train {wildcards.run}, seed {wildcards.seed}"
        script:
            "../scripts/train_model.py"


rule tabulate_accuracy:
    input:
        history=each_seed("results/{dumped}/seed-{seed}/history.csv"),
        source=lambda wildcards: (
            f"results/{dumped_as(wildcards.run)}/seed-{run_of(wildcards)['seeds'][0]}/activations/01.h5"
            if wildcards.run in IMPORTED
            else dataset_of(wildcards)
        ),
    output:
        csv="results/{run}/communities/table1.csv",
        html=shown(
            "results/{run}/communities/table1.html", "table1", "communities", "Table 1", "architecture and accuracy"
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
