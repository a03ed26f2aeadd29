"""A whole bot to talk to: deliveries go in by HTTP, time goes by, the board is looked at."""

import base64
import hashlib
import hmac
import json
import os
import uuid
from pathlib import Path

from werkzeug.test import Client

from fakes.clock import FakeClock
from fakes.engine import ManualEngine
from trainboard.settings import Settings
from trainboard.settings.values import Surroundings
from trainboard.wiring import Bot, build

RUNS_SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
MLFLOW_SECRET = "mlflow webhook secret"
GITHUB_SECRET = "github webhook secret"

SPRINT = {"length_days": 14, "first_start": "2026-11-09", "name_template": "Sprint {number}"}
PROJECT = {"name": "churn", "tracker": "local", "sprint": SPRINT}
RUNS_SOURCE = {
    "kind": "runs",
    "name": "ci",
    "project": "churn",
    "secrets": [RUNS_SECRET],
    "experiments": ["churn-*"],
}


class Conversation:
    """The bot with a clock of the test's own and no threads. `close` it at the end."""

    def __init__(self, database_url: str, *, clock: FakeClock | None = None, **sections) -> None:
        self.clock = clock or FakeClock()
        self.settings = make_settings(database_url, **sections)
        self.bot: Bot = build(self.settings, clock=self.clock, make_engine=ManualEngine)
        self.bot.engine.run(self.bot.worker.drain)
        self.http = Client(self.bot.doors.wsgi)

    def close(self) -> None:
        """Let go of the database."""
        self.bot.intake.stop()
        self.bot.close()

    def restart(self) -> None:
        """The process ends and another one starts on the same database."""
        self.close()
        self.bot = build(self.settings, clock=self.clock, make_engine=ManualEngine)
        self.bot.engine.run(self.bot.worker.drain)
        self.http = Client(self.bot.doors.wsgi)

    def settle(self) -> None:
        """The bot does all that is due now."""
        self.bot.engine.settle()

    def ticks(self) -> None:
        """The alarm clock goes off."""
        self.bot.schedule.tick_sprints()
        self.bot.schedule.tick_polls()
        self.bot.schedule.tick_recovery()
        self.bot.schedule.tick_removal()
        self.bot.schedule.tick_silence()
        self.bot.schedule.tick_alerts()
        self.bot.schedule.tick_comments()
        self.bot.schedule.tick_reports()
        self.settle()

    def forward(self, **time: float) -> None:
        """Time goes by; then the clock goes off and the bot does what is due."""
        self.clock.forward(**time)
        self.ticks()

    def reports(self, document: dict, *, delivery: str = "", settle: bool = True) -> int:
        """A job reports a run; the answer's status."""
        body = json.dumps(document).encode()
        return self._post(
            "/webhooks/runs", body, self.signed(body, delivery or str(uuid.uuid4())), settle=settle
        )

    def signed(self, body: bytes, delivery: str, secret: str = RUNS_SECRET) -> dict[str, str]:
        """The headers that Standard Webhooks asks for."""
        stamp = str(int(self.clock().timestamp()))
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = hmac.digest(key, f"{delivery}.{stamp}.".encode() + body, hashlib.sha256)
        signature = "v1," + base64.b64encode(mac).decode()
        return {"webhook-id": delivery, "webhook-timestamp": stamp, "webhook-signature": signature}

    def github_says(self, event: str, document: dict, *, delivery: str = "", settle: bool = True) -> int:
        """GitHub sends a webhook; the answer's status."""
        body = json.dumps(document).encode()
        headers = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery or str(uuid.uuid4()),
            "X-Hub-Signature-256": "sha256=" + hmac.new(GITHUB_SECRET.encode(), body, "sha256").hexdigest(),
        }
        return self._post("/webhooks/github", body, headers, settle=settle)

    def mlflow_says(self, document: dict, *, name: str = "prod", delivery: str = "") -> int:
        """An MLflow server sends a webhook; the answer's status."""
        body = json.dumps(document).encode()
        identity, stamp = delivery or str(uuid.uuid4()), str(int(self.clock().timestamp()))
        mac = hmac.digest(MLFLOW_SECRET.encode(), f"{identity}.{stamp}.".encode() + body, hashlib.sha256)
        headers = {
            "X-MLflow-Delivery-Id": identity,
            "X-MLflow-Timestamp": stamp,
            "X-MLflow-Signature": "v1," + base64.b64encode(mac).decode(),
        }
        return self._post(f"/webhooks/mlflow/{name}", body, headers, settle=True)

    def items(self, project: str = "churn") -> list:
        """The work items in the project's tracker, in the order they were made."""
        from trainboard.work_items import EXPERIMENT_LABEL

        long_ago = self.clock().replace(year=2000)
        tracker = self.bot.outside.trackers[project]
        return list(tracker.list_items(label=EXPERIMENT_LABEL, since=long_ago))

    def _post(self, path: str, body: bytes, headers: dict[str, str], *, settle: bool) -> int:
        answer = self.http.post(path, data=body, headers=headers, content_type="application/json")
        if settle:
            self.settle()
        return answer.status_code


def make_settings(database_url: str, **sections) -> Settings:
    """One project with the local board and one door for runs, unless `sections` say something else."""
    values = {
        "server": {"database": database_url, "dashboard": "public"},
        "projects": [PROJECT],
        "sources": [RUNS_SOURCE],
        "github": {"webhook_secrets": [GITHUB_SECRET]},
    } | sections
    return Settings.model_validate(values, context=Surroundings(os.environ, Path()))


def run(
    run_id: str = "r1",
    experiment: str = "churn-xgb",
    status: str = "finished",
    *,
    ended: str = "2026-11-18T09:00:00Z",
    source: str = "mlflow:prod",
    **more,
) -> dict:
    """A RunEvent v1 document."""
    document = {
        "source": source,
        "run": {"id": run_id, "status": status},
        "experiment": {"name": experiment},
    }
    if status not in {"queued", "running"}:
        document["run"] |= {"started_at": "2026-11-18T08:00:00Z", "ended_at": ended}
    document["run"] |= more.pop("run", {})
    return document | more
