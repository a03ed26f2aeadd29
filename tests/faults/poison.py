"""Deliveries that nobody can understand, between good ones."""

import json
import os
import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from fakes.conversation import GITHUB_SECRET, PROJECT
from fakes.mutations import places
from fakes.senders import SECRETS, SENDERS, Sender
from faults import fault
from faults.stages import GITHUB, LOCAL
from trainboard.settings import Settings
from trainboard.settings.values import Surroundings
from trainboard_webhooks import sources

A_MINUTE = 12
"""How many come each minute."""

NAMES = [name for name in SENDERS if name not in {"azure-devops", "github", "runs", "wandb"}]
"""What is named in the settings and asks nobody by itself."""

RUNS = {"mlflow", "dvclive"}
RAW = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe\x00",
    b"[" * 5000 + b"]" * 5000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b'{"a": NaN, "b": 1e999, "c": "\\ud800", "d": "\\u0000"}',
]
ODD = [
    None,
    {},
    [[[]]],
    "",
    "x" * 10_000,
    "\x00",
    "../..",
    2**70,
    -1.5,
    "0001-01-01T00:00:00+23:59",
    {"name": {}, "login": 5},
]


@fault("each source sends what nobody can understand", places=(LOCAL, GITHUB))
def poisoned(stage):
    """Into a project of its own, from the kinds of senders that there are; none is told to come again."""
    _move_in(stage.bot)
    bodies = _list_bodies()
    answers = set()

    def send_some():
        for number in range(A_MINUTE):
            sender, kind, body = next(bodies)
            name = f"poison-{stage.bot.true_now:%H%M}-{number}"
            headers = sender.headers(kind, body, name, stage.bot.true_now.timestamp())
            answer = stage.bot.http.post(
                sender.address, data=body, headers=headers, content_type="application/json"
            )
            answers.add(answer.status_code)

    with stage.every(1, send_some):
        yield
    stage.expect(
        f"each is taken or refused for good, not {answers}", answers <= {200, 202, 400, 401, 413, 415, 422}
    )


def _move_in(bot) -> None:
    sections = [
        {"kind": name, "name": SENDERS[name].name, "project": "elsewhere", "secrets": [SECRETS[name]]}
        | ({"experiments": ["*"]} if name in RUNS else {})
        for name in NAMES
    ]
    values = {"projects": [PROJECT | {"name": "elsewhere"}], "sources": sections}
    more = Settings.model_validate(values, context=Surroundings(os.environ, Path()))
    bot.changes(
        projects=(*bot.settings.projects, *more.projects), sources=(*bot.settings.sources, *more.sources)
    )


def _list_bodies() -> Iterator[tuple[Sender, str, bytes]]:
    """Spoilt fixtures of each source in turn, of another organisation, and now and then no JSON at all."""
    chance = random.Random(1)
    senders = [*(SENDERS[name] for name in NAMES), Sender(source="github", secret=GITHUB_SECRET)]
    raw = cycle(RAW)
    for sender in cycle(senders):
        path = chance.choice(_list_fixtures(sender.source))
        document = json.loads(path.read_text().replace("acme", "elsewhere"))
        body = json.dumps(_spoil(document, chance)).encode() if chance.random() < 0.8 else next(raw)
        yield sender, path.stem.split("__")[0], body


def _list_fixtures(name: str) -> list[Path]:
    folder = Path(sources()[name].__file__).parent / "fixtures"
    return sorted(path for path in folder.glob("*.json") if not path.name.endswith(".events.json"))


def _spoil(document, chance: random.Random):
    """One of its values is another one."""
    path = chance.choice(list(places(document)))
    if not path:
        return chance.choice(ODD)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = chance.choice(ODD)
    return document
