# The report page: of all results, or of those that are there so far (a rule without files, so it runs whenever asked).


rule preview_report:
    log:
        "logs/preview_report/preview.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        preview="results/preview.html",
        runs=RUNS,
        datasets=DATASETS,
        targets=all_results(),
        marks=lambda wildcards: SHOWN,
        look=files_digest(path for folder in ("captions", "report") for path in (HOME / "resources" / folder).glob("*")),
        code=source_digest("report_page"),
    message:
        "Write results/preview.html: the report of what is there so far"
    script:
        "../scripts/write_report.py"


use rule preview_report as write_report with:
    input:
        all_results(),
    output:
        REPORT,
    log:
        "logs/write_report/report.log",
    message:
        "Write results/report.html: all tables and figures"
