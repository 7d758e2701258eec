"""How the correlations of Tables 4 and 5 move with the settings that a sweep varies: one table and one figure."""

import pandas as pd

from neurons.core.correlation import COLUMNS
from neurons.core.formats import is_missing, swap_text
from neurons.core.statistics import MEASURES
from neurons.published.evidence import limited
from neurons.workflow.sweep import tables_of, word

TITLE = "Sensitivity of Tables 4 and 5 to the settings"
NOTES = (
    "Correlation with the running training accuracy (what the paper prints), one setting varied at a time around the base "
    "(bold): the mean over seeds, with a 95 % interval from three seeds on; in round brackets the difference to the base. "
    "`own - swapped` is how much more a network's measure goes with its own accuracy than with that of the other seeds' "
    "networks, with the p of the seed swap: the control. All accuracies are in table.csv."
)
KEYS = ["table", "layer", "layer_name", "metric", "accuracy"]
_LAST = ("iterations", "seeds", "seeds_undefined", "note")


def _labelled(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """Give a run's Table 5 the columns of its Table 4: entropy is summed over all layers."""
    labels = {"layer": "all", "layer_name": "all", "metric": "entropy"} if number == 5 else {}
    return table.assign(table=number, **labels)[[*KEYS, *COLUMNS]]


def sensitivity(variations: list, base: str, modularity: dict, entropy: dict) -> pd.DataFrame:
    """Stack the runs' own Tables 4 and 5 by setting, with the change of every correlation from the base.

    Parameters
    ----------
    variations : (factor, value, run) of every variation, in order; the base is one value of each factor.
    base : the base run's name.
    modularity, entropy : Tables 4 and 5 by run name, of the runs whose factor can move them.

    Returns
    -------
    A row per factor, value, table, layer, metric and accuracy: the columns of `correlation`, and `{measure}_change`,
    the mean over seeds less the base's. A layer that the base does not have has no change.
    """
    blocks = []
    for factor, value, run in variations:
        for number in tables_of(factor):
            rows = _labelled((modularity if number == 4 else entropy)[run], number)
            blocks.append(rows.assign(factor=factor, value=word(value), is_base=run == base, run=run))
    whole = pd.concat(blocks, ignore_index=True).astype({"layer": str})
    of_base = whole[whole["is_base"]].set_index(["factor", *KEYS])[list(MEASURES)]
    joined = whole.join(of_base.add_prefix("base_"), on=["factor", *KEYS])
    for name in MEASURES:
        whole[f"{name}_change"] = joined[name] - joined[f"base_{name}"]
    front = ["factor", "value", "is_base", "run", *KEYS]
    rest = [name for name in whole if name not in (*front, *_LAST)]
    return whole[[*front, *rest, *_LAST]]


def _text(row: dict, name: str) -> str:
    """Write a correlation with its interval and its change from the base."""
    change = row[f"{name}_change"]
    return limited(row, name) + ("" if row["is_base"] or is_missing(change) else f" ({change:+.2f})")


def arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the running accuracy in short: correlations with interval and (change), the base in bold."""
    return pd.DataFrame(
        {
            "setting": row["factor"],
            "value": f"**{row['value']}**" if row["is_base"] else row["value"],
            "measure": row["metric"],
            "layer": row["layer"],
            "PCC": _text(row, "pearson"),
            "SCC": _text(row, "spearman"),
            "own - swapped": swap_text(row["own_minus_swapped"], row["swap_p"]),
        }
        for row in table[table["accuracy"] == "running"].to_dict("records")
    )
