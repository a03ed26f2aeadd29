"""What a dashboard of Grafana asks Prometheus."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "config" / "grafana" / "trainboard.json"


def read() -> dict[str, Any]:
    """The dashboard that we ship."""
    return json.loads(FILE.read_text())


def list_queries(job: str) -> Iterator[str]:
    """Each expression of its panels, with what Grafana puts in the place of its variables."""
    for panel in read()["panels"]:
        for target in panel.get("targets", []):
            yield target["expr"].replace("$__rate_interval", "1m").replace("$job", job)
