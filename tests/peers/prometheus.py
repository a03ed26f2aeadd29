"""A real Prometheus that scrapes the bot, with the rules that we ship."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from peers import require
from peers.alertmanager import PROGRAMS, running
from peers.service import free_port

JOB = "trainboard"
RULES = Path(__file__).parents[2] / "config" / "prometheus" / "trainboard.rules.yml"
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Prometheus:
    """What watches the bot."""

    url: str

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The samples that the expression has now.

        Raises:
            AssertionError: it is no expression.
        """
        answer = requests.get(f"{self.url}/api/v1/query", params={"query": expression}, timeout=10).json()
        assert "success" == answer["status"], answer["error"]
        return answer["data"]["result"]

    def list_rules(self) -> list[dict[str, Any]]:
        """The rules with how they fare."""
        groups = requests.get(f"{self.url}/api/v1/rules", timeout=10).json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def wait_for(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` finds, as soon as it finds something."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.2)
        raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")


@contextmanager
def watching(port: int) -> Iterator[Prometheus]:
    """A Prometheus that scrapes `/metrics` at this port every second."""
    program = require(PROGRAMS / "prometheus", "Debian's Prometheus")
    with tempfile.TemporaryDirectory(prefix="tb-prometheus-") as name:
        folder, own = Path(name), free_port()
        told = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [
                {"job_name": JOB, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]},
            ],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(told))
        with running(program, folder, own, []):
            yield Prometheus(f"http://127.0.0.1:{own}")
