# Raw data are found or fetched once, then converted once. They are never declared as outputs: Snakemake deletes
# outputs before it rebuilds them, and the data are the user's. Where they lie changes no result, so `data_dir` and
# `download` are read from the config by the scripts and are no params; what they hold is one.


rule fetch_dataset:
    output:
        manifest="results/data/{dataset}.json",
    log:
        "logs/fetch_dataset/{dataset}.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        dataset=dataset_settings,
        content=raw_content,
        code=code_of("fetch_dataset"),
    message:
        "Find or fetch the raw data of {wildcards.dataset}"
    script:
        "../scripts/fetch_dataset.py"


rule convert_dataset:
    input:
        manifest=rules.fetch_dataset.output.manifest,
    output:
        data="results/data/{dataset}.h5",
    log:
        "logs/convert_dataset/{dataset}.log",
    benchmark:
        "benchmarks/convert_dataset/{dataset}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=by_size(2000),
        runtime=by_size(30),
    params:
        dataset=dataset_settings,
        code=code_of("convert_dataset"),
    message:
        "Convert {wildcards.dataset} to HDF5"
    script:
        "../scripts/convert_dataset.py"
