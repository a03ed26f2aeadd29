"""What a team's tools send in a day, as whole HTTP requests: every source, each delivery with its own id.

A body is a fixture of its source in which some values are others each time: times are now, and what is told
of is one of a fixed number of pull requests, runs, alerts and so on. So whatever grows for long is kept for
long.
"""

import base64
import hashlib
import json
import re
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count, cycle
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from msgspec.structs import replace

from fakes import senders
from fakes.senders import lower
from trainboard_webhooks import sources

FIXTURES = Path(__file__).parents[1] / "webhooks" / "trainboard_webhooks"
MODELS, PULLS, RUNS, EXPERIMENTS, ALERTS, ITEMS, PUSHES = 10, 50, 60, 40, 60, 400, 2
SECRET = "whsec_" + base64.b64encode(b"a secret of all benchmarks").decode()
SENDERS = {name: replace(each, secret=SECRET) for name, each in senders.SENDERS.items()}
_RENEWED = frozenset({"alertmanager", "grafana", "wandb"})
_PLACE = re.compile(r'"<<(\w+)>>"')


@dataclass(frozen=True)
class Moment:
    """The values of one delivery: its number of all and of its kind, and when it is sent in Unix seconds."""

    delivery: int
    number: int
    at: float

    @property
    def now(self):
        """As JSON has it."""
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.at))
        return f"{whole}.{int(self.at % 1 * 1_000_000):06}Z"

    @property
    def second(self):
        """The same without fractions."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.at))

    @property
    def since(self):
        """When what goes on now began: at the last full five minutes."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.at // 300 * 300))

    @property
    def unique(self):
        """A number that no other delivery has."""
        return 10_000_000_000 + self.delivery

    @property
    def name(self):
        """A word that no other delivery has."""
        return f"soak-{self.delivery}"

    @property
    def uuid(self):
        """The same in the form of a UUID."""
        return f"00000000-0000-4000-8000-{self.delivery:012}"

    @property
    def pull(self):
        """A pull request's number."""
        return 1 + self.number % PULLS

    @property
    def head(self):
        """The commit at its head: a few pushes, again and again."""
        return hashlib.sha1(f"{self.pull}/{self.number // (2 * PULLS) % PUSHES}".encode()).hexdigest()

    @property
    def item(self):
        """A work item's number."""
        return 1_000 + self.number % ITEMS

    @property
    def run(self):
        """A run of an experiment, told of twice in a row."""
        return f"run-{self.number // 2 % RUNS}"

    @property
    def experiment(self):
        """The experiment that it belongs to."""
        return f"experiment-{self.number // 2 % RUNS % EXPERIMENTS}"

    @property
    def model(self):
        """A model that is watched."""
        return f"model-{self.number % MODELS}"

    @property
    def score(self):
        """A metric."""
        return round(0.5 + self.number * 37 % 1000 / 2000, 4)

    @property
    def rule(self):
        """What an alert is called."""
        return f"Rule{self.number % ALERTS}"

    @property
    def firing(self):
        """Each alert fires a few times, and is resolved then."""
        return "resolved" if self.number // ALERTS % 4 == 3 else "firing"

    @property
    def fired(self):
        """The same in Azure's words."""
        return {"firing": "Fired", "resolved": "Resolved"}[self.firing]


@dataclass(frozen=True, eq=False)
class Kind:
    """Deliveries made of one fixture: `values` names the property of `Moment` in place of a value.

    Of a hundred deliveries of all kinds together about `share` are of this one.
    """

    source: str
    fixture: str
    share: int
    values: dict

    @cached_property
    def _pieces(self):
        file = FIXTURES / self.source.replace("-", "_") / "fixtures" / f"{self.fixture}.json"
        marked = _mark(json.loads(file.read_text()), self.values)
        return _PLACE.split(json.dumps(marked, separators=(",", ":"), ensure_ascii=False))

    def body(self, moment):
        """The body of that delivery."""
        texts = list(self._pieces)
        texts[1::2] = [json.dumps(getattr(moment, name)) for name in texts[1::2]]
        return "".join(texts).encode()

    def request(self, moment):
        """Door and id under which it is stored, and the bytes of the request."""
        sender, body = SENDERS[self.source], self.body(moment)
        kind = self.fixture.partition("__")[0]
        headers = sender.headers(kind, body, moment.name, moment.at)
        if self.source == "evidently":
            headers["Idempotency-Key"] = moment.name
        stored = sources()[self.source].identify(lower(headers), body)
        lines = [f"POST {sender.address} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() != "content-type"]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
        return (sender.door, stored.id), head.encode() + body


def _mark(value, values):
    """The document with the name of a property in place of each of the values."""
    if isinstance(value, dict):
        return {name: _mark(each, values) for name, each in value.items()}
    if isinstance(value, list):
        return [_mark(each, values) for each in value]
    return f"<<{values[value]}>>" if not isinstance(value, bool) and value in values else value


_GITHUB_PULL = {57: "pull", 41057: "pull", "7d1b31e74ee336d15cbd21741bc88a537ed063a0": "head"}
_AZURE = {"11111111-aaaa-4aaa-8aaa-111111111111": "uuid", "2026-09-13T15:36:17.4Z": "now"}
_AZURE_PULL = {8348: "pull", "0123456789abcdef0123456789abcdef01234567": "head"}
_GRID = {"f0000000-0000-4000-8000-000000000012": "uuid", "2026-11-23T16:41:00.9584103Z": "now"}

KINDS = (
    Kind(
        "github",
        "check_run__failed",
        18,
        {61850000101: "unique", "2026-01-12T07:04:31Z": "second", **_GITHUB_PULL},
    ),
    Kind(
        "github",
        "pull_request__synchronize",
        6,
        {57: "pull", "9f2c4b7a1d3e5f60718293a4b5c6d7e8f9012345": "head", "2026-01-12T09:10:00Z": "second"},
    ),
    Kind(
        "github",
        "workflow_run__failed",
        4,
        {20900000311: "unique", "2026-01-12T07:04:40Z": "second", **_GITHUB_PULL},
    ),
    Kind(
        "github",
        "status__success",
        4,
        {38100000003: "unique", "2026-01-12T07:13:00+00:00": "second", **_GITHUB_PULL},
    ),
    Kind(
        "github",
        "issues__edited",
        4,
        {42: "item", "2026-01-12T07:41:00Z": "second", "Gradient boosting": "name"},
    ),
    Kind(
        "github",
        "deployment_status__success",
        2,
        {5500000003: "unique", 3300000012: "pull", "2026-01-12T10:09:00Z": "second"},
    ),
    Kind(
        "azure-devops",
        "build.complete__failed",
        4,
        {20163: "unique", 113: "unique", "2026-09-13T15:51:30Z": "second", **_AZURE, **_AZURE_PULL},
    ),
    Kind("azure-devops", "git.pullrequest.created__opened", 3, {109: "unique", **_AZURE, **_AZURE_PULL}),
    Kind(
        "azure-devops",
        "workitem.updated__state_at_5_1",
        4,
        {15545: "item", 104: "unique", "2026-09-13T15:38:34Z": "second", **_AZURE},
    ),
    Kind(
        "runs",
        "run__finished",
        20,
        {
            "8123456789.train": "run",
            "2026-01-12T09:00:01Z": "now",
            "2026-01-12T08:20:00Z": "since",
            "2026-01-12T09:00:00+01:00": "second",
            "churn": "experiment",
            0.9214: "score",
        },
    ),
    Kind("dvclive", "data__first_step", 8, {"livid-sori": "run", 0.8: "score", 0: "number"}),
    Kind(
        "mlflow",
        "model_version.created__churn",
        4,
        {"churn": "experiment", "depth 6": "name", "2026-11-23T16:55:31.796182+00:00": "now"},
    ),
    Kind("wandb", "run_state__finished", 4, {"ana": "name", "churn-xgb": "experiment"}),
    Kind(
        "alertmanager",
        "alerts__first",
        5,
        {
            "ModelAUCLow": "rule",
            "AUC is 0.71 (< 0.80) for 10m on fraud-v7": "now",
            "firing": "firing",
            "2026-11-23T17:03:14.23035Z": "since",
        },
    ),
    Kind(
        "grafana",
        "alerts__firing",
        2,
        {"ModelLatencyHigh": "rule", 812.4: "unique", "firing": "firing", "2026-11-23T16:40:10Z": "since"},
    ),
    Kind(
        "azure-monitor",
        "metric__fired",
        2,
        {"Fired": "fired", "endpoint-5xx": "rule", "2026-11-23T16:40:24.3713213Z": "now"},
    ),
    Kind(
        "cloudevents",
        "alert__full",
        2,
        {
            "ce-1": "name",
            "LatencyHigh": "rule",
            "2026-11-23T16:41:00Z": "second",
            "2026-11-23T16:40:00+00:00": "since",
            "firing": "firing",
        },
    ),
    Kind(
        "event-grid",
        "Microsoft.MachineLearningServices.RunCompleted__grid",
        2,
        {"fraud_train_42": "run", "fraud-train": "experiment", **_GRID},
    ),
    Kind("evidently", "report__drift", 2, {"fraud": "model"}),
)


_PLATFORMS = """
[github]
webhook_secrets = ["{secret}"]
[azure_devops]
organization_url = "https://dev.azure.com/contoso"
webhook_password = "{secret}"
[[projects]]
name = "churn"
tracker = "local"
code = "github:acme/churn"
[[projects]]
name = "fraud"
tracker = "local"
code = "azure-repos:contoso/Contoso Demo/contoso-demo"
"""
_SOURCE = """[[sources]]
kind = "{0.source}"
name = "{0.name}"
project = "{1}"
secrets = ["{2}"]
{3}
"""
_OF_RUNS = frozenset({"runs", "dvclive", "mlflow", "wandb", "event-grid"})


def write_settings(wandb):
    """Settings of all sources and two projects, but for the sections of the server and the engine.

    `wandb` is the address of a server of W&B: whoever hears of one asks it too.
    """
    text = _PLATFORMS.format(secret=SECRET)
    for sender, project in zip(SENDERS.values(), cycle(("churn", "fraud"))):
        if sender.name:
            more = [f'entity = "acme"\napi_key = "none"\nurl = "{wandb}"'] if sender.source == "wandb" else []
            more += ['experiments = ["*"]'] if sender.source in _OF_RUNS else []
            text += _SOURCE.format(sender, project, SECRET, "\n".join(more))
    return text


def find_id(door, stored):
    """The id of a delivery by that which is stored: some sources add the minute."""
    return stored.rpartition("/")[0] if door.partition("/")[0] in _RENEWED else stored


def list_requests():
    """Door and id, and the bytes, of one request after the other, each made at the moment it is asked for."""
    numbers = {kind: count() for kind in KINDS}
    for delivery, kind in enumerate(cycle(_shuffle())):
        yield kind.request(Moment(delivery, next(numbers[kind]), time.time()))


def _shuffle():
    """A hundred kinds by their shares, each spread evenly."""
    places = [
        ((place + 0.5) / kind.share, order) for order, kind in enumerate(KINDS) for place in range(kind.share)
    ]
    return [KINDS[order] for _, order in sorted(places)]
