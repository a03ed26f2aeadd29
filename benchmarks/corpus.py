"""Signed GitHub deliveries as whole HTTP requests, each with an id and a body of its own."""

import gzip
import hashlib
import hmac
import json
import shutil
import tempfile
from dataclasses import dataclass
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


def delivery_id(number):
    """The id of the delivery with this place in the file."""
    return f"bench-{number}"


def examples():
    """Event, payload and name of its subject for GitHub's examples of 5 to 30 kB that have one; no ping."""
    for event, payload in json.loads(gzip.decompress(EXAMPLES.read_bytes())):
        subject = None if event == "ping" else _find_subject(payload)
        if subject and 5_000 <= len(json.dumps(payload, separators=(",", ":"))) <= 30_000:
            yield event, payload, subject


def write_requests(folder, count):
    """`count` deliveries below `folder`; every one is about one of a thousand things, and another event."""
    prepared = list(examples())
    lengths = []
    file = Path(folder) / "requests"
    with file.open("wb") as output:
        for number in range(count):
            request = render(number, *prepared[number % len(prepared)])
            lengths.append(output.write(request))
    file.with_suffix(".lengths").write_text("\n".join(map(str, lengths)))
    return Requests(file, tuple(lengths))


def render(number, event, payload, subject):
    """The request with delivery `number`."""
    thing = payload[subject] | {"id": 1_000_000 + number}
    if "number" in thing:
        thing["number"] = 1 + number % SUBJECTS
    if "updated_at" in thing:
        thing["updated_at"] = f"2026-01-{1 + number // 86_400 % 28:02}T{_clock(number)}Z"
    body = json.dumps(payload | {subject: thing}, separators=(",", ":")).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = _HEAD.format(path=DOOR, event=event, id=delivery_id(number), signature=signature, length=len(body))
    return head.encode() + body


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
