# Training. A rule's outputs are fixed when the workflow is read, so runs with the same number of snapshots share a rule.


for count in sorted({run["training"]["iterations"] for run in TRAINED.values()}):

    rule:
        name:
            f"train_model_{count}"
        input:
            data=dataset_of,
            files=model_files("weights", "module"),
        output:
            snapshots=collect(
                SEED + "/snapshots/{iteration:02d}.pt",
                allow_missing=True,
                iteration=range(count + 1),
            ),
            history=SEED + "/history.csv",
            class_accuracy=SEED + "/class_accuracy.csv",
        log:
            "logs/train_model/{run}/seed-{seed}.log",
        benchmark:
            "benchmarks/train_model/{run}/seed-{seed}.tsv"
        wildcard_constraints:
            run=one_of(
                name
                for name, run in TRAINED.items()
                if run["training"]["iterations"] == count
            ),
        conda:
            "../envs/environment.yaml"
        threads: 1
        resources:
            gpu=1,
            mem_mb=memory(2000, 2),
            runtime=minutes(240),
        params:
            settings=setting("model", "training", "labels"),
            code=source_digest("training"),
        message:
            "Train {wildcards.run}, seed {wildcards.seed}"
        script:
            "../scripts/train_model.py"
