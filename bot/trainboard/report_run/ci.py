"""What GitHub Actions and Azure Pipelines tell a job of itself by its environment.

Source: GitHub, "Variables reference" and "Webhook events and payloads" (`pull_request`); Microsoft, "Use
predefined variables".
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

MOST_EVENT_BYTES = 8 * 1024 * 1024

_PULL_REF = re.compile(r"refs/pull/([1-9][0-9]{0,8})/(?:merge|head)")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Job(NamedTuple):
    """The job that trains. Empty texts and None are not known; `pr` is a number of the code's platform."""

    source: str = ""
    run_id: str = ""
    attempt: int | None = None
    user: str = ""
    repo: str = ""
    commit: str = ""
    branch: str = ""
    pr: int | None = None
    ci_url: str = ""


def find_job(environ: Mapping[str, str]) -> Job:
    """The job that `environ` is of; nothing is known of one elsewhere."""
    if environ.get("GITHUB_ACTIONS") == "true":
        return _of_github(environ)
    if environ.get("TF_BUILD", "").casefold() == "true":
        return _of_azure(environ)
    return Job()


def _of_github(environ: Mapping[str, str]) -> Job:
    repository, run = environ.get("GITHUB_REPOSITORY", ""), environ.get("GITHUB_RUN_ID", "")
    attempt = _find_number(environ.get("GITHUB_RUN_ATTEMPT", ""))
    head = _read_head(environ.get("GITHUB_EVENT_PATH", ""))
    found = _PULL_REF.fullmatch(environ.get("GITHUB_REF", ""))
    server = environ.get("GITHUB_SERVER_URL", "https://github.com")
    return Job(
        source=f"gha:{repository}" if repository else "",
        run_id=_join(run, environ.get("GITHUB_JOB", "")),
        attempt=attempt,
        user=environ.get("GITHUB_ACTOR", ""),
        repo=repository,
        commit=_find_commit(head if found else "", environ.get("GITHUB_SHA", "")),
        branch=environ.get("GITHUB_HEAD_REF", "") or environ.get("GITHUB_REF_NAME", ""),
        pr=int(found[1]) if found else None,
        ci_url=f"{server}/{repository}/actions/runs/{run}/attempts/{attempt or 1}"
        if repository and run
        else "",
    )


def _read_head(path: str) -> str:
    """The head commit of the pull request that the workflow runs for.

    `GITHUB_SHA` is then the merge that GitHub tries, which nobody pushed.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123  pathlib would be the slowest import here
            event: Any = json.loads(file.read(MOST_EVENT_BYTES))
        return str(event["pull_request"]["head"]["sha"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def _of_azure(environ: Mapping[str, str]) -> Job:
    collection = environ.get("SYSTEM_COLLECTIONURI", "").rstrip("/")
    project, build = environ.get("SYSTEM_TEAMPROJECT", ""), environ.get("BUILD_BUILDID", "")
    names = ("SYSTEM_STAGENAME", "SYSTEM_PHASENAME", "SYSTEM_JOBNAME")
    job = ".".join(dict.fromkeys(name for each in names if (name := environ.get(each, ""))))
    organization = collection.rpartition("/")[2].removesuffix(".visualstudio.com")
    number = environ.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER") or environ.get(
        "SYSTEM_PULLREQUEST_PULLREQUESTID", ""
    )
    head = environ.get("SYSTEM_PULLREQUEST_SOURCECOMMITID", "")
    branch = environ.get("SYSTEM_PULLREQUEST_SOURCEBRANCH", "") or environ.get("BUILD_SOURCEBRANCH", "")
    page = f"{collection}/{quote(project)}/_build/results?buildId={build}"
    return Job(
        source=f"ado:{organization}/{project}" if organization and project else "",
        run_id=_join(build, job),
        attempt=_find_number(environ.get("SYSTEM_JOBATTEMPT", "")),
        user=environ.get("BUILD_REQUESTEDFOR", ""),
        repo=_find_azure_repo(environ, organization, project),
        commit=_find_commit(head, environ.get("BUILD_SOURCEVERSION", "")),
        branch=branch.removeprefix("refs/heads/"),
        pr=_find_number(number),
        ci_url=page if collection.startswith("https://") and project and build else "",
    )


def _find_azure_repo(environ: Mapping[str, str], organization: str, project: str) -> str:
    """`owner/repository` of GitHub, `organisation/project/repository` of Azure Repos."""
    name, provider = environ.get("BUILD_REPOSITORY_NAME", ""), environ.get("BUILD_REPOSITORY_PROVIDER", "")
    if provider == "TfsGit":
        return f"{organization}/{project}/{name}" if organization and project and name else ""
    return name if provider in {"GitHub", "GitHubEnterprise"} else ""


def _join(*parts: str) -> str:
    """The parts with slashes between them, empty where the first is not known."""
    return "/".join(filter(None, parts)) if parts[0] else ""


def _find_number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _find_commit(*texts: str) -> str:
    return next(iter(_commits(texts)), "")


def _commits(texts: Iterable[str]) -> Iterable[str]:
    return (text.lower() for text in texts if _COMMIT.fullmatch(text.lower()))
