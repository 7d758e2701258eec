"""A sweep: the settings of a base run varied one at a time, each value a run of its own."""

from neurons.core.errors import InputError, nearest

# Sections of a run's settings that bear on Table 4 (modularity) or 5 (entropy), and the tables they can move.
TABLES_OF = {
    "dataset": (4, 5),
    "labels": (4, 5),
    "model": (4, 5),
    "training": (4, 5),
    "dumps": (4, 5),
    "graph": (4,),
    "modularity": (4,),
    "entropy": (5,),
}
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
    return f"{base}-{factor.split('.')[-1]}-{word(value)}"


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
        if factor not in valid:
            hint = nearest(factor, valid) or f"; keys that bear on Tables 4 and 5: {', '.join(valid)}"
            raise InputError(f"config: sweep.vary: '{factor}' cannot be varied{hint}")
        if value_of(base, factor) is None:
            raise InputError(f"config: sweep.vary.{factor}: run '{sweep['base']}' has no such setting; give it one")
        imported = next((key for key in ("activations", "snapshots", "dumps_of") if key in base), None)
        if imported and factor.split(".")[0] not in MEASURING:
            raise InputError(
                f"config: sweep.vary.{factor}: run '{sweep['base']}' takes its training from '{imported}'; "
                f"only {', '.join(MEASURING)} can be varied"
            )


def variations(sweep: dict, base: dict) -> list[tuple[str, object, str]]:
    """Return (factor, value, run) of every variation, the base's own value among them: first, if it is not listed."""
    found = []
    for factor, values in sweep["vary"].items():
        own = value_of(base, factor)
        for value in values if own in values else [own, *values]:
            name = sweep["base"] if value == own else run_name(sweep["base"], factor, value)
            found.append((factor, value, name))
    return found


def changes(sweep: dict, base: dict) -> dict[str, dict]:
    """Return what each run of a sweep has to say beyond its base's settings, by run name.

    A value that changes no dump comes with `dumps_of`: nothing is trained or stored a second time. No study is asked
    for: the sweep's own table takes just the tables that it needs.
    """
    runs = {}
    for factor, value, name in variations(sweep, base):
        if name == sweep["base"]:
            continue
        section, _, key = factor.partition(".")
        shared = {"dumps_of": base.get("dumps_of", sweep["base"])} if section in MEASURING else {}
        runs[name] = {**shared, "studies": [], section: {key: value} if key else value}
    return runs
