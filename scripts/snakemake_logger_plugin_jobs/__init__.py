"""A logger plugin of Snakemake: the jobs of a dry run, one JSON object a line, for `neurons.workflow.plan.__main__`.

`--logger jobs --logger-jobs-file FILE`, with this folder on PYTHONPATH. Each object holds `rule`, `wildcards` (by
name), `input`, `output` (paths), `benchmark` (path or null), `threads` and `gpu` (a number, 0 where none is asked for).
"""

import json
from dataclasses import dataclass, field
from logging import LogRecord

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    file: str = field(default="", metadata={"help": "File to write the jobs to", "required": True})


def _paths(files) -> list[str]:
    """Return paths without the marks (`... (ancient)`) that Snakemake shows behind them."""
    return [str(path).split(" (", 1)[0] for path in files]


class LogHandler(LogHandlerBase):
    """Writes what a job is when Snakemake announces it."""

    writes_to_stream = False
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        self._stream = open(self.settings.file, "w", encoding="utf-8")  # noqa: SIM115, closed by `close`

    def emit(self, record: LogRecord) -> None:
        if getattr(record, "event", None) != LogEvent.JOB_INFO:
            return
        job = {
            "rule": record.rule_name,
            "wildcards": dict(record.wildcards),
            "input": _paths(record.input),
            "output": _paths(record.output),
            "benchmark": record.benchmark and str(record.benchmark),
            "threads": record.threads,
            "gpu": record.resources.get("gpu", 0),
        }
        self._stream.write(json.dumps(job) + "\n")

    def close(self) -> None:
        self._stream.close()
        super().close()
