"""A real Prometheus and a real Alertmanager with the configuration that we ship, and a model to watch."""

import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
import yaml

from peers import require
from peers.service import free_port

EXAMPLE = Path(__file__).parents[2] / "config" / "alertmanager.example.yml"
PROGRAMS = Path("/usr/bin")
START_SECONDS = 30
FAST = {"group_wait": "1s", "group_interval": "2s", "repeat_interval": "10s"}
RULES = {
    "groups": [
        {
            "name": "models",
            "rules": [
                {
                    "alert": "FeatureDrift",
                    "expr": "feature_drift > 0.2",
                    "labels": {"severity": "error"},
                    "annotations": {
                        "summary": "{{ $labels.feature }} drifts by {{ $value }}",
                        "runbook_url": "https://runbooks.example.com/drift",
                    },
                }
            ],
        }
    ]
}


@dataclass
class Monitoring:
    """What watches models; `drift` is what a scrape finds, by model and feature."""

    folder: Path
    alertmanager: str
    drift: dict[tuple[str, str], float] = field(default_factory=dict)

    def silence(self, **labels: str) -> None:
        """Somebody silences the alerts with these labels for an hour.

        Source: Alertmanager API v2, `POST /silences`.
        """
        now = datetime.now(UTC)
        matchers = [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in labels.items()
        ]
        silence = {
            "matchers": matchers,
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(hours=1)).isoformat(),
            "createdBy": "ada",
            "comment": "known",
        }
        requests.post(f"{self.alertmanager}/api/v2/silences", json=silence, timeout=10).raise_for_status()


@contextmanager
def monitoring(door: str, token: str) -> Iterator[Monitoring]:
    """Both programs while the block runs; the test is skipped where they are not installed.

    Args:
        door: the address to which Alertmanager tells of alerts.
        token: what it shows there.
    """
    require(PROGRAMS / "prometheus-alertmanager", "Debian's Prometheus with its Alertmanager")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tb-prometheus-")))
        alerts, scrapes = free_port(), free_port()
        watched = Monitoring(folder, f"http://127.0.0.1:{alerts}")
        exporter = stack.enter_context(_exporting(watched))
        _write_alertmanager(folder, door, token)
        _write_prometheus(folder, alerts, exporter)
        for name, port, options in (
            ("prometheus-alertmanager", alerts, ["--cluster.listen-address="]),
            ("prometheus", scrapes, ["--rules.alert.resend-delay=5s"]),
        ):
            stack.enter_context(running(PROGRAMS / name, folder, port, options))
        yield watched


def _write_alertmanager(folder: Path, door: str, token: str) -> None:
    """The example as it is shipped, with other addresses and a faster pace."""
    told = yaml.safe_load(EXAMPLE.read_text())
    told["route"] |= FAST
    [webhook] = told["receivers"][0]["webhook_configs"]
    webhook["url"] = door
    (folder / "token").write_text(token)
    webhook["http_config"]["authorization"]["credentials_file"] = str(folder / "token")
    (folder / "prometheus-alertmanager.yml").write_text(yaml.safe_dump(told))


def _write_prometheus(folder: Path, alerts: int, exporter: int) -> None:
    (folder / "rules.yml").write_text(yaml.safe_dump(RULES))
    told = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(folder / "rules.yml")],
        "scrape_configs": [{"job_name": "models", "static_configs": [_targets(exporter)]}],
        "alerting": {"alertmanagers": [{"static_configs": [_targets(alerts)]}]},
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(told))


def _targets(port: int) -> Mapping[str, list[str]]:
    return {"targets": [f"127.0.0.1:{port}"]}


@contextmanager
def running(program: Path, folder: Path, port: int, options: list[str]) -> Iterator[None]:
    """A program of the Prometheus project, ready when the block begins; `folder` is its own."""
    data = "--storage.path" if program.name.endswith("alertmanager") else "--storage.tsdb.path"
    command = [
        program,
        f"--config.file={folder}/{program.name}.yml",
        f"{data}={folder}/{program.name}-data",
        f"--web.listen-address=127.0.0.1:{port}",
        *options,
    ]
    log = folder / f"{program.name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _await_answer(port, process, log)
        yield
    finally:
        process.kill()
        process.wait()


def _await_answer(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{port}/-/ready", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"it did not start: {log.read_text()}")


@contextmanager
def _exporting(watched: Monitoring) -> Iterator[int]:
    """The port at which the gauges are scraped."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            rows = [
                f"feature_drift{{model={json.dumps(model)},feature={json.dumps(feature)}}} {value}\n"
                for (model, feature), value in dict(watched.drift).items()
            ]
            body = "".join(rows).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
