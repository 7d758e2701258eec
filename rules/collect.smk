# Targets without files, all of a stage or of a study, and what is said at the start and the end of a run.


rule train_all:
    input:
        [f"results/{run}/seed-{seed}/history.csv" for run in with_own_dumps(TRAINED) for seed in RUNS[run]["seeds"]],


rule communities_all:
    input:
        asked("communities"),


rule auxiliary_all:
    input:
        asked("auxiliary"),


rule coactivation_all:
    input:
        asked("coactivation"),


rule measures_all:
    input:
        asked("measures"),


onstart:
    # Snakemake 9 looks for jobs to start again a second after it looked, once more for every job that has ended: after a
    # hundred jobs that is a hundred times a second, each with the parameters of all that wait. Locally no rate is to be kept.
    if workflow.local_exec and workflow.scheduler.job_rate_limiter:
        workflow.scheduler.job_rate_limiter = None
    if Path("results").exists() and not os.access("results", os.W_OK | os.X_OK):
        sys.exit("error: results/ is read-only for you: make it writable, or work in another folder (--directory)")
    try:
        check_limit()
    except InputError as error:
        sys.exit(f"error: {error}")


onsuccess:
    print(closing_lines())


onerror:
    print("What is finished so far: snakemake --cores 1 preview_report writes results/preview.html.")
