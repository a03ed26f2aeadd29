"""On how many devices a run trained, and what they are called, as far as the run tells."""

import re
from collections.abc import Iterator

from msgspec import UNSET

from trainboard.runs import RunReport

COUNTS = ("plan.gpus", "gpu_count", "num_gpus", "n_gpus", "gpus")
"""Names of tags and parameters that tell how many, the first that does."""
NAMES = ("plan.gpu_type", "gpu_type", "gpu_name", "gpu")
"""Names of tags and parameters that tell what they are called, the first that does."""

_WHOLE = re.compile(r"\d{1,6}(?:\.0)?")
_MEASURED = re.compile(r"(system/(?:[^/]+/)?gpu_\d{1,4})_\w+")


def count_devices(report: RunReport) -> int | None:
    """How many GPUs the run had, None where it does not tell; 0 only where it says so.

    A tag goes before a parameter. Without either, those of its machines count that MLflow measured.

    Source: MLflow documentation, "System Metrics": `system/gpu_0_utilization_percentage`; where several
    machines log into one run, the id of each stands behind `system/`.
    """
    told = next((each for each in _list_told(report, COUNTS) if _WHOLE.fullmatch(each)), None)
    if told is not None:
        return int(float(told))
    names = () if report.metrics is UNSET else report.metrics
    measured = {match[1] for name in names if (match := _MEASURED.fullmatch(name))}
    return len(measured) or None


def name_device(report: RunReport) -> str:
    """What the run calls its devices, empty where it does not tell."""
    return next((each for each in _list_told(report, NAMES) if each and not each.isdecimal()), "")


def _list_told(report: RunReport, names: tuple[str, ...]) -> Iterator[str]:
    for said in (report.tags, report.params):
        if said is not UNSET:
            for name in names:
                if isinstance(value := said.get(name), str | int | float) and not isinstance(value, bool):
                    yield str(value).strip()
