"""Notifications of Azure DevOps from the source's fixtures, with what a test changes in them."""

import copy
import json
from pathlib import Path

from trainboard_webhooks import azure_devops

FIXTURES = {
    path.stem: path.read_bytes()
    for path in sorted((Path(azure_devops.__file__).parent / "fixtures").glob("*.json"))
    if not path.name.endswith(".events.json")
}


def fixture(stem):
    """The body of that fixture, to be changed at will."""
    return json.loads(FIXTURES[stem])


def put(document, path, value):
    """A copy of `document` with `value` at `path`, or without what is there if `value` is ..."""
    changed = copy.deepcopy(document)
    *way, last = path.split(".")
    here = changed
    for step in way:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return changed


def parsed(document):
    """All events of a notification."""
    return list(azure_devops.parse("azure-devops", document["eventType"], json.dumps(document).encode()))
