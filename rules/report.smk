# Every figure, drawn from the tables that it shows; and the report page: of all results, or of those that exist so far.


rule draw_figure:
    input:
        drawn_from,
    output:
        svg=report(
            "results/{figure}.svg",
            caption="../resources/captions/figure.rst",
            category=lambda wildcards: figure_of(wildcards)[0].study,
            subcategory=lambda wildcards: figure_of(wildcards)[1] or "all runs",
            labels=lambda wildcards: labels_of(figure_of(wildcards)[0]),
        ),
        png="results/{figure}.png",
    log:
        "logs/draw_figure/{figure}.log",
    wildcard_constraints:
        figure=registry.stems(FIGURES, RUNS),
    group:
        figure_group
    conda:
        "../envs/environment.yaml"
    params:
        drawn_by=lambda wildcards: figure_of(wildcards)[0].drawn_by,
        run=lambda wildcards: figure_of(wildcards)[1],
        settings=figure_settings,
        code=figure_code,
    message:
        "Draw {wildcards.figure}"
    script:
        "../scripts/draw_figure.py"


rule preview_report:
    log:
        "logs/preview_report/preview.log",
    localrule: True  # not inherited: write_report is a job of its own
    conda:
        "../envs/environment.yaml"
    params:
        preview="results/preview.html",
        runs=RUNS,
        datasets=DATASETS,
        targets=ASKED,
        look=files_digest(
            [HOME / "resources/claims.yaml"]
            + [path for folder in ("captions", "report") for path in (HOME / "resources" / folder).rglob("*.*")]
        ),
        published=PUBLISHED,
        code=code_of("write_report"),
    message:
        "Write results/preview.html: the report of what is finished so far"
    script:
        "../scripts/write_report.py"


use rule preview_report as write_report with:
    input:
        ASKED,
    output:
        REPORT,
    log:
        "logs/write_report/report.log",
    message:
        "Write results/report.html: all tables and figures"
