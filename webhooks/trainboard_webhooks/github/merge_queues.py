"""Merge queues.

Source: GitHub, "Webhook events and payloads", section `merge_group`; "Managing a merge queue".
"""

import re
from collections.abc import Iterator

from trainboard.events import Event, MergeQueued
from trainboard_webhooks.github.places import get_commit, get_repository
from trainboard_webhooks.payload import Payload

_BRANCH = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([1-9][0-9]{0,17})-[0-9a-f]+")


def read_merge_group(payload: Payload) -> Iterator[Event]:
    """The pull request that a branch of the queue is named after, the last one of its group."""
    group = payload["merge_group"]
    branch = _BRANCH.fullmatch(group["head_ref"].text())
    if payload["action"].text() == "checks_requested" and branch:
        yield MergeQueued(
            code=get_repository(payload),
            number=int(branch[1]),
            commit=get_commit(group, "head_sha"),
            at=group["head_commit"]["timestamp"].time(),
        )
