"""GitHub's description of its webhooks as an advisory judge of the deliveries that tests feed to the bot.

Advisory, because about one real delivery in ten differs from it: a key that the description requires
is absent, or null. What it finds in a captured body is a note; in a body that we wrote, an error.

Source: npm `@octokit/openapi`, key `x-webhooks`, see tests/data/make_github_openapi.py.
"""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judges.openapi import Description

FILE = Path(__file__).parents[1] / "data" / "github_webhooks.json.gz"


def judge_delivery(event: str, body: bytes | str) -> list[str]:
    """What differs from the description.

    Args:
        event: the value of the header X-GitHub-Event, such as `issue_comment`.
        body: the raw body; its `action` chooses the description.

    Raises:
        LookupError: the description knows no such event or action.
    """
    name = "-".join(filter(None, [event, json.loads(body).get("action")])).replace("_", "-")
    findings = description().judge_delivery(name, body)
    if findings is None:
        raise LookupError(f"GitHub describes no webhook {name}")
    return findings


@cache
def description() -> "Description":
    """GitHub's description of webhooks, read when the first delivery is judged."""
    from judges.openapi import Description

    return Description(json.loads(gzip.decompress(FILE.read_bytes())))
