# What the default target makes, and what is said at its end.
import subprocess
import tempfile

REPORT = "results/report.html"
COMMUNITY_TABLES = range(1, 7)
AUXILIARY_TABLES = range(1, 5)


def study_runs(study):
    return [name for name, run in RUNS.items() if study in run["studies"]]


def published_names(study):
    return {name: RUNS[name].get("published", name) for name in study_runs(study)}


def published_models(study):
    """The published data set and the paper's word for the model, by run: what a run is set beside."""
    return {name: [published, model_kind(RUNS[name]["model"])] for name, published in published_names(study).items()}


def auxiliary_results(run):
    """All tables and figures of the auxiliary study for one run; an imported run has no model to boost."""
    names = [
        "table1.csv",
        "table2.csv",
        "table4.csv",
        "figure2.svg",
        "confidence.csv",
    ] + (["boosted.pt"] if run in DUMPED else [])
    return [f"results/{run}/auxiliary/{name}" for name in names]


def community_results(run):
    """All tables and figures of the communities study for one run."""
    folder = f"results/{run}/communities"
    names = [f"table{n}.csv" for n in COMMUNITY_TABLES] + [
        "figure1.svg",
        "overlap.svg",
        "graphs.svg",
    ]
    first_seed = RUNS[run]["seeds"][0]
    gexf = [f"results/{run}/seed-{first_seed}/graphs/{iteration}.gexf" for iteration in ends(run)]
    return [f"{folder}/{name}" for name in names] + gexf


def all_results():
    """The results of every run in its studies, and of every study with all its runs."""
    paper = {
        "communities": collect("results/paper/communities/table{n}.csv", n=COMMUNITY_TABLES)
        + ["results/paper/communities/figure1.svg"],
        "auxiliary": collect("results/paper/auxiliary/table{n}.csv", n=AUXILIARY_TABLES),
    }
    own = {"communities": community_results, "auxiliary": auxiliary_results}
    return [
        path
        for study in own
        if study_runs(study)
        for paths in [*map(own[study], study_runs(study)), paper[study]]
        for path in paths
    ]


def write_report():
    """Collect all tables and figures into one page, with Snakemake's own report on the very same configuration."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(config, file)
        file.flush()
        command = [
            "-m",
            "snakemake",
            "--snakefile",
            workflow.main_snakefile,
            "--configfile",
            file.name,
            "--nolock",
        ]
        run = subprocess.run(
            [sys.executable, *command, "--report", REPORT],
            capture_output=True,
            text=True,
        )
    return f"  {REPORT}: all tables and figures" if run.returncode == 0 else f"  no report: {run.stderr.strip()[-300:]}"


def closing_lines():
    """Where the results are and what to open, after a run of the default target."""
    if workflow.dag_settings.targets:
        return ""
    lines = [
        "",
        "Done. The results lie in results/; look at these first:",
        write_report(),
    ]
    if study_runs("communities"):
        lines.append("  results/paper/communities/table4.md and table5.md: all runs beside the published values")
    if study_runs("auxiliary"):
        lines.append(
            "  results/paper/auxiliary/table2.md: with and without auxiliary model, beside the published values"
        )
    lines += [
        f"  results/{run}/auxiliary/: tables, confidence and boosted.pt of {run}" for run in study_runs("auxiliary")
    ]
    lines += [f"  results/{run}/communities/: tables 1 to 6 and figures of {run}" for run in study_runs("communities")]
    return "\n".join(lines)
