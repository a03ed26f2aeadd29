"""Signed GitHub deliveries as whole HTTP requests, each with an id and a body of its own."""

import gzip
import hashlib
import hmac
import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECRET = "benchmark"
DOOR = "/webhooks/github"
EXAMPLES = Path(__file__).parents[1] / "tests" / "data" / "octokit_webhooks_examples.json.gz"
SUBJECTS = 1_000
MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2 << 30
_NO_SUBJECT = frozenset({"repository", "sender", "organization", "installation", "enterprise", "changes"})
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/0\r\n"
    "Content-Type: application/json\r\n"
    "X-GitHub-Event: {event}\r\nX-GitHub-Delivery: {id}\r\nX-Hub-Signature-256: sha256={signature}\r\n"
    "Content-Length: {length}\r\n\r\n"
)


@dataclass(frozen=True)
class Requests:
    """Requests one after the other in a file, with the length of each."""

    file: Path
    lengths: tuple[int, ...]

    def __len__(self):
        """How many there are."""
        return len(self.lengths)

    def since(self, first):
        """Id and bytes of the requests from the one with this place on."""
        with self.file.open("rb") as file:
            file.seek(sum(self.lengths[:first]))
            for number in range(first, len(self)):
                yield delivery_id(number), file.read(self.lengths[number])


def write_requests(folder, most):
    """So many requests below `folder`."""
    file = Path(folder) / "requests"
    with file.open("wb") as output:
        lengths = [output.write(request(number)[1]) for number in range(most)]
    file.with_suffix(".lengths").write_text("\n".join(map(str, lengths)))
    return Requests(file, tuple(lengths))


def request(number):
    """Id and bytes of the request that posts delivery `number`."""
    event, body = delivery(number)
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    name = delivery_id(number)
    head = _HEAD.format(path=DOOR, event=event, id=name, signature=signature, length=len(body))
    return name, head.encode() + body


def delivery_id(number):
    """The id of delivery `number`."""
    return f"bench-{number}"


def number_of(name):
    """The number of the delivery with this id."""
    return int(name.removeprefix(delivery_id("")))


def delivery(number):
    """Event and body: about one of a thousand things, and another event than that of every other number."""
    event, payload, subject = examples()[number % len(examples())]
    thing = payload[subject] | {"id": 1_000_000 + number}
    if "number" in thing:
        thing["number"] = 1 + number % SUBJECTS
    if "updated_at" in thing:
        thing["updated_at"] = f"2026-01-{1 + number // 86_400 % 28:02}T{_clock(number)}Z"
    return event, json.dumps(payload | {subject: thing}, separators=(",", ":"), ensure_ascii=False).encode()


@cache
def examples():
    """Event, payload and name of its subject for GitHub's examples of 5 to 30 kB that have one; no ping."""
    found = []
    for event, payload in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
        subject = None if event == "ping" else _find_subject(payload)
        if subject and 5_000 <= len(json.dumps(payload, separators=(",", ":"))) <= 30_000:
            found.append((event, payload, subject))
    return tuple(found)


def folder_in_memory():
    """A temporary folder whose files cost no disk, where the system has one."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > _ROOM_BYTES
    return tempfile.TemporaryDirectory(prefix="trainboard-bench-", dir=MEMORY if roomy else None)


def _find_subject(payload):
    subjects = (
        name
        for name, value in payload.items()
        if name not in _NO_SUBJECT and isinstance(value, dict) and isinstance(value.get("id"), int)
    )
    return next(subjects, None)


def _clock(number):
    return f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
