"""A platform where all requests come to grief in one way, or all writes after they have been done."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops import faults as azure_faults
from fakes.github import FakeGitHub, Fault

ALWAYS = 10**9
SIGN_IN = "/access_tokens"
AZURE_WRITES = r"(?i)/workitems/|/comments|/threads|/statuses|/classificationnodes"


@contextmanager
def all_answered(
    platform: FakeGitHub | AzureDevOps, on_github: Fault | None, on_azure: azure_faults.Fault | None
) -> Iterator[None]:
    """Every request meets with the fault of its platform while the block runs."""
    if isinstance(platform, FakeGitHub):
        platform.find_fault = lambda _: on_github
    else:
        platform.faults.add(on_azure, times=ALWAYS)
    yield
    end(platform)


@contextmanager
def answers_to_writes_lost(platform: FakeGitHub | AzureDevOps) -> Iterator[None]:
    """What is written stands there, and the connection breaks; only tokens come through."""
    if isinstance(platform, FakeGitHub):
        lost = Fault(error=requests.ConnectionError("reset"), after_commit=True)
        platform.find_fault = lambda asked: (
            lost if asked.method != "GET" and not asked.path.endswith(SIGN_IN) else None
        )
    else:
        for method in ("POST", "PATCH", "PUT"):
            platform.faults.add(
                azure_faults.close(), method=method, path=AZURE_WRITES, times=ALWAYS, after_work=True
            )
    yield
    end(platform)


def end(platform: FakeGitHub | AzureDevOps) -> None:
    """All goes well again."""
    if isinstance(platform, FakeGitHub):
        platform.find_fault = lambda _: None
    else:
        platform.faults.clear()
