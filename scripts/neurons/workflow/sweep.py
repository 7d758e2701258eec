"""A sweep of a base run: settings varied one at a time, each value a run of its own; or many networks at once.

The networks of a grid (all combinations) and of an intervention (a regulariser at several strengths, and its sham) are
no runs: they are trained and measured many in a job (`neurons.trials`).
"""

from itertools import product

from neurons.core.errors import InputError, nearest
from neurons.workflow.results.record import GRID, INTERVENE

# Sections of a run's settings that bear on Table 4 (modularity) or 5 (entropy), and the tables they can move.
TABLES_OF = dict.fromkeys(("dataset", "labels", "model", "training", "dumps"), (4, 5))
TABLES_OF |= {"graph": (4,), "modularity": (4,), "entropy": (5,)}
# Of these, the ones that change how dumps are measured and no dump.
MEASURING = ("graph", "modularity", "entropy")


def factors(settings: dict) -> list[str]:
    """Return the keys that can be varied, dotted, from the schema of a run's settings."""
    keys = []
    for section in TABLES_OF:
        inner = settings["properties"][section].get("properties")
        keys += [section] if inner is None else [f"{section}.{key}" for key in inner]
    return keys


def tables_of(factor: str) -> tuple[int, ...]:
    """Return the numbers of the tables that a factor can move."""
    return TABLES_OF[factor.split(".")[0]]


def value_of(run: dict, factor: str):
    """Return what a run's settings say of a factor, None if nothing."""
    section, _, key = factor.partition(".")
    return run[section].get(key) if key else run.get(section)


def word(value) -> str:
    """Write a value as it stands in names and tables: `0.2`, `sgd`, `true`, `512x512`, `none` for an empty list."""
    if isinstance(value, list):
        return "x".join(map(word, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def run_name(base: str, factor: str, value) -> str:
    """Return the name of the run that differs from `base` in one value: `mnist-dropout-0.2`."""
    return f"{base}-{column_of(factor)}-{word(value)}"


def nested(changes: dict) -> dict:
    """Return settings of dotted keys as nested mappings."""
    mapping = {}
    for factor, value in changes.items():
        section, _, key = factor.partition(".")
        mapping[section] = {**mapping.get(section, {}), key: value} if key else value
    return mapping


def _imported(run: dict) -> str | None:
    """Return the key by which a run takes its training from elsewhere, None if it trains."""
    return next((key for key in ("activations", "snapshots", "dumps_of") if key in run), None)


def _check_factor(where: str, factor: str, valid: list[str], what: str) -> None:
    if factor not in valid:
        raise InputError(f"config: {where}: '{factor}' cannot be varied{nearest(factor, valid, f'keys that {what}')}")


def check(sweep: dict, base: dict, settings: dict) -> None:
    """Refuse a sweep whose factors are no settings of its base, or change nothing in Tables 4 and 5.

    Parameters
    ----------
    sweep : the configuration's section: `base` (a run's name), `vary` (values by dotted key).
    base : the base's settings, complete.
    settings : the schema of a run's settings.

    Raises
    ------
    InputError
    """
    valid = factors(settings)
    for factor in sweep["vary"]:
        _check_factor("sweep.vary", factor, valid, "bear on Tables 4 and 5")
        if value_of(base, factor) is None:
            raise InputError(f"config: sweep.vary.{factor}: run '{sweep['base']}' has no such setting; give it one")
        if _imported(base) and factor.split(".")[0] not in MEASURING:
            raise InputError(
                f"config: sweep.vary.{factor}: run '{sweep['base']}' takes its training from '{_imported(base)}'; "
                f"only {', '.join(MEASURING)} can be varied"
            )


def variations(sweep: dict, base: dict) -> list[tuple[str, object, str]]:
    """Return (factor, value, run) of every variation, the base's own value among them: first, if it is not listed."""
    rows = []
    for factor, values in sweep["vary"].items():
        of_base = value_of(base, factor)
        for value in values if of_base in values else [of_base, *values]:
            name = sweep["base"] if value == of_base else run_name(sweep["base"], factor, value)
            rows.append((factor, value, name))
    return rows


def changes(sweep: dict, base: dict) -> dict[str, dict]:
    """Return what each run of a sweep has to say beyond its base's settings, by run name.

    A value that changes no dump comes with `dumps_of`: nothing is trained or stored a second time. No study is asked
    for: the sweep's own table takes just the tables that it needs.
    """
    runs = {}
    for factor, value, name in variations(sweep, base):
        if name == sweep["base"]:
            continue
        shared = {"dumps_of": base.get("dumps_of", sweep["base"])} if factor.split(".")[0] in MEASURING else {}
        runs[name] = {**shared, "studies": [], **nested({factor: value})}
    return runs


# Sections of a run's settings that the networks of a grid can differ in.
TRAINED = ("labels", "model", "training")
REGULARISER = "training.regulariser"  # varied by an intervention
NETWORKS_PER_JOB = 12


def bases(sweep: dict) -> list[str]:
    """Return the base runs of a sweep."""
    return [sweep["base"]] if isinstance(sweep["base"], str) else sweep["base"]


def check_trials(sweep: dict, base: str, run: dict, settings: dict) -> None:
    """Refuse a grid or an intervention that its base run cannot be trained with, and an intervention whose networks are
    not compared at equal training loss, or not measured.

    Parameters
    ----------
    sweep : the configuration's section.
    base, run : a base's name and complete settings.
    settings : the schema of a run's settings.

    Raises
    ------
    InputError
    """
    if imported := _imported(run):
        raise InputError(f"config: sweep: run '{base}' takes its training from '{imported}'; name one that is trained")
    grid = sweep.get(GRID, {})
    valid = [factor for factor in factors(settings) if factor.split(".")[0] in TRAINED and factor != REGULARISER]
    for factor in grid:
        _check_factor("sweep.grid", factor, valid, "can")
    names = [column_of(factor) for factor in grid]
    if len(set(names)) < len(names):
        raise InputError(f"config: sweep.grid: two keys end in the same word ({', '.join(names)}); vary one of them")
    if "training.optimizer" in grid and "training.learning_rate" not in grid:
        raise InputError(
            "config: sweep.grid: training.optimizer needs training.learning_rate beside it, as rates differ"
        )
    if INTERVENE in sweep and "stop_at_loss" not in run["training"]:
        raise InputError(f"config: sweep.intervene: run '{base}' needs training.stop_at_loss, to compare at equal loss")
    for measure in sweep.get(INTERVENE, {}):
        if not {"all", measure} & set(run["measures"]["panel"]):
            raise InputError(f"config: sweep.intervene: runs.{base}.measures.panel lacks '{measure}'; add it")


def column_of(factor: str) -> str:
    """Return the column of a factor in a grid's tables: its last word."""
    return factor.split(".")[-1]


def _grid(grid: dict, base: dict) -> list[tuple[dict, dict]]:
    """Return (value by column, changed settings) of every combination."""
    networks = []
    for values in product(*grid.values()):
        chosen = dict(zip(grid, values))
        columns = {column_of(key): word(value) if isinstance(value, list) else value for key, value in chosen.items()}
        networks.append((columns, nested(chosen)))
    return networks


def _intervention(strengths: dict, base: dict) -> list[tuple[dict, dict]]:
    """Return the same of no regulariser, and of every measure and strength with its sham."""
    pushed = [
        {"measure": measure, "strength": strength, "sham": sham}
        for measure, values in strengths.items()
        for strength in values
        if strength != 0
        for sham in (False, True)
    ]
    none, sets = {"measure": "none", "strength": 0, "sham": False}, {"top_neurons": base["graph"]["top_neurons"]}
    return [(none, {})] + [(one, {"training": {"regulariser": one | sets}}) for one in pushed]


_TRIALS = {GRID: _grid, INTERVENE: _intervention}


def trials(sweep: dict, kind: str, base: dict) -> list[dict]:
    """Return the networks of a base's grid or intervention, none without one: `columns`, `changes`, `seed` of each.

    `columns` is the value by hyper-parameter, `changes` what goes over the base's settings; the seeds of one setting
    follow one another.
    """
    if kind not in sweep:
        return []
    return [
        {"columns": columns, "changes": changes, "seed": seed}
        for columns, changes in _TRIALS[kind](sweep[kind], base)
        for seed in base["seeds"]
    ]


def parts(networks: list[dict]) -> list[list[dict]]:
    """Return networks in jobs of `NETWORKS_PER_JOB`."""
    return [networks[start : start + NETWORKS_PER_JOB] for start in range(0, len(networks), NETWORKS_PER_JOB)]
