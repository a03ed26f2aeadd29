"""Builds that ended: what one says of the commit that it built.

A build of a pull request builds a merge that nobody has: what it says is said of the commit that the pull
request would bring. Its number grows in an organisation, so that of two builds of one pipeline and commit
the later one counts.

Source: Microsoft, "Service hook events", section "Build completed"; "Azure DevOps Services REST API
Reference", "Build", "Builds - Get"; "Use predefined variables", section "System.PullRequest".
"""

import re
from collections.abc import Iterator

from trainboard.errors import PayloadError
from trainboard.events import CheckReported, Event
from trainboard.pull_requests import Check, CheckState
from trainboard_webhooks.azure_devops.pipelines import read_run
from trainboard_webhooks.azure_devops.places import (
    find_commit,
    find_github_code,
    find_page,
    find_word,
    get_organization,
    name_code,
)
from trainboard_webhooks.payload import Payload

KIND = "build.complete"
REPORTER = "Azure Pipelines"

_STATES = {
    "succeeded": CheckState.PASSED,
    "partiallySucceeded": CheckState.PASSED,
    "failed": CheckState.FAILED,
    "canceled": CheckState.CANCELLED,
}
_WORDS = {"partiallySucceeded": "Succeeded with issues."}
_MERGES = re.compile(r"refs/pull/\d+/merge")
_GITHUB = frozenset({"GitHub", "GitHubEnterprise"})


def read_build(kind: str, payload: Payload) -> Iterator[Event]:
    """The check that the build was; that its run changed, where it does not tell the commit.

    Nothing for code that lives neither in Azure Repos nor on GitHub, and for a build that found no code.
    """
    build = payload["resource"]
    code = _find_code(get_organization(payload), build)
    if code is None:
        return
    commit = _find_commit(build)
    if commit is not None:
        yield CheckReported(check=_check(payload, build, code, commit))
    elif _MERGES.fullmatch(find_word(build, "sourceBranch") or ""):
        yield from read_run(kind, payload)


def _check(payload: Payload, build: Payload, code: str, commit: str) -> Check:
    number, result = build["id"].integer(), find_word(build, "result") or "none"
    pipelines = f"azure-pipelines:{get_organization(payload)}"
    return Check(
        code=code,
        commit=commit,
        name=build["definition"]["name"].text(),
        state=_STATES.get(result, CheckState.NEUTRAL),
        at=(build.find("finishTime") or payload["createdDate"]).time(),
        run=number,
        suite=f"{pipelines}#{number}",
        series=f"{pipelines}/{build['definition']['id'].integer()}",
        reporter=REPORTER,
        url=find_page(payload, _project(build), "_build", "results", query=f"buildId={number}"),
        summary=_WORDS.get(result, ""),
    )


def _project(build: Payload) -> str:
    return build["project"]["name"].text()


def _find_code(organization: str, build: Payload) -> str | None:
    repository = build.find("repository")
    kind = find_word(repository, "type") if repository else None
    if repository is None or kind is None:
        return None
    if kind in _GITHUB:
        return find_github_code(find_word(repository, "id") or "")
    name = find_word(repository, "name")
    return name_code(organization, _project(build), name) if kind == "TfsGit" and name else None


def _find_commit(build: Payload) -> str | None:
    """The newest commit of the pull request where it is one, or else the commit that was built."""
    head = find_word(build, "triggerInfo", "pr.sourceSha") or _find_parameter(build)
    if head or _MERGES.fullmatch(find_word(build, "sourceBranch") or ""):
        return find_commit(head)
    return find_commit(find_word(build, "sourceVersion"))


def _find_parameter(build: Payload) -> str | None:
    """The commit among the parameters of a build, which are JSON in a text."""
    text = find_word(build, "parameters")
    try:
        return find_word(Payload.parse(text.encode()), "system.pullRequest.sourceCommitId") if text else None
    except PayloadError:
        return None
