"""What a record of the registry holds: a study, or a kind of file that the workflow makes."""

from dataclasses import dataclass

from neurons.core.statistics import COLUMNS

# What a result may need that not every run has.
NETWORK = "network"
# What a configuration may have: the keys of its `sweep`.
SWEEP, GRID, INTERVENE = OF_SWEEP = ("vary", "grid", "intervene")
MISSING = {NETWORK: "a network, which imported dumps do not hold"}

# The columns that every table of correlations with accuracy ends with (methods: "Statistics that all tables share").
CORRELATION = ("accuracy", *COLUMNS)
BESIDE_CORRELATION = ("published_pearson", "published_spearman", "difference_pearson", "difference_spearman")
ACCURACIES = ("running_accuracy", "train_accuracy", "test_accuracy")
SERIES = ("iteration", "entropy_bits", "normalized_entropy", "live_units", "epoch", *ACCURACIES)


@dataclass(frozen=True)
class Study:
    """A question that is asked of every run that names it in `studies`.

    name : its key in the configuration, and its folder.
    asks : the question.
    control : what stands beside the claim.
    headline : what to look at first, below `results/`.
    paper, authors : where it comes from.
    """

    name: str
    asks: str
    control: str
    headline: tuple[str, ...] = ()
    paper: str = ""
    authors: str = ""


@dataclass(frozen=True)
class Result:
    """A file, or the files of one kind, below `results/`.

    path : with wildcards in braces; what lies in `paper/` is of all runs.
    number : its name in the paper.
    title : what it shows.
    columns : of a CSV, exactly; `*` stands for any number of columns.
    needs : what a run, or the configuration's sweep, must have.
    asked : whether the default target makes it.
    on_page : whether the report shows it, with the caption `caption` of resources/captions.
    drawn_by : of a figure, `module.function` of `neurons.figures`.
    sources : what a figure is drawn, or a table of all runs collected from.
    settings : of the run, that a figure depends on.
    study : set by the registry.
    """

    path: str
    number: str
    title: str
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asked: bool = True
    on_page: bool = True
    drawn_by: str = ""
    sources: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    study: str = ""

    @property
    def of_all_runs(self) -> bool:
        return self.path.startswith("paper/")

    @property
    def caption(self) -> str:
        return self.path.rsplit(".", 1)[0].replace("{run}/", "").replace("{where}", "coactivation")


def table(folder: str, name: str, number: str, title: str, columns: tuple[str, ...], **more) -> Result:
    """Return the record of the table `name` in a folder."""
    return Result(f"{folder}/{name}.csv", number, title, columns, **more)


def figure(folder: str, name: str, number: str, title: str, drawn_by: str, *sources: str, **more) -> Result:
    """Return the record of the figure `name` in a folder, drawn from tables beside it: those named, or its namesake."""
    paths = tuple(f"{folder}/{source}.csv" for source in sources or (name,))
    return Result(f"{folder}/{name}.svg", number, title, drawn_by=drawn_by, sources=paths, **more)
