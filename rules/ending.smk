# What ends a run: the report page, and what is said on the screen.
REPORT = "results/report.html"


rule preview_report:
    log:
        "logs/preview_report/preview.log",
    localrule: True
    conda:
        "../envs/environment.yaml"
    params:
        page="results/preview.html",
        runs=RUNS,
        datasets=DATASETS,
        targets=all_results(),
        marks=lambda wildcards: SHOWN,
        look=files_digest(
            path for folder in ("captions", "report") for path in Path(workflow.basedir, "resources", folder).glob("*")
        ),
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
    params:
        page=REPORT,
    message:
        "Write results/report.html: all tables and figures"


def closing_lines():
    """Where the results are and what to open, after a run of the default target."""
    if workflow.dag_settings.targets:
        return ""
    lines = [
        "",
        "Done. The results lie in results/; look at these first:",
        f"  {REPORT}: all tables and figures",
    ]
    if study_runs("communities"):
        lines.append("  results/paper/communities/table4.md and table5.md: all runs beside the published values")
    if study_runs("auxiliary"):
        lines.append(
            "  results/paper/auxiliary/table2.md: with and without auxiliary model, beside the published values"
        )
    if SWEPT:
        lines.append("  results/paper/sensitivity/table.md: how Tables 4 and 5 move with the settings of the sweep")
    lines += [
        f"  results/{run}/auxiliary/: tables, confidence and boosted.pt of {run}" for run in study_runs("auxiliary")
    ]
    lines += [f"  results/{run}/communities/: tables 1 to 6 and figures of {run}" for run in study_runs("communities")]
    lines += [
        f"  results/{run}/coactivation/: the co-activation graph of {run}, its table and figures"
        for run in study_runs("coactivation")
    ]
    return "\n".join(lines)
