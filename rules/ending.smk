# What is said on the screen when the default target is made.
REPORT = "results/report.html"


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
