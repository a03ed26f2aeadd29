"""What a job's token says of its run, laid over what its report says.

Source: GitHub, "OpenID Connect reference": `sha` and `ref` are those of the event that began the workflow.
"""

import re

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trainboard.runs import Links, RunReport
from trainboard_webhooks.job_tokens import JobToken
from trainboard_webhooks.payload import shorten

_BRANCH = "refs/heads/"
_PULL_REF = re.compile(r"refs/pull/([1-9][0-9]{0,8})/merge")
_MAX_ID, _MAX_BRANCH = 256, 250
_MAX_ATTEMPT = 2**31


def attest(report: RunReport, job: JobToken) -> RunReport:
    """The report as one of `job`: its source, run, attempt, code and address are those of the token.

    A run is one of the workflow's run, whatever id it has there.
    """
    links = report.links if isinstance(report.links, Links) else Links()
    pull_request = _PULL_REF.fullmatch(job.ref)
    return replace(
        report,
        source=f"gha:{job.repository}",
        run=replace(
            report.run,
            id=_within(report.run.id, job.run_id),
            attempt=min(job.attempt, _MAX_ATTEMPT),
            user=shorten(job.actor, _MAX_ID) if job.actor else UNSET,
        ),
        links=replace(
            links,
            repo=job.repository,
            commit=job.commit,
            branch=_find_branch(job),
            pr=int(pull_request[1]) if pull_request else UNSET,
            ci_url=f"{job.web}/{job.repository}/actions/runs/{job.run_id}/attempts/{job.attempt}",
        ),
    )


def _within(run: str, workflow_run: str) -> str:
    if run == workflow_run or run.startswith(f"{workflow_run}/"):
        return run
    return shorten(f"{workflow_run}/{run}", _MAX_ID)


def _find_branch(job: JobToken) -> str | UnsetType:
    branch = job.head_ref or (job.ref.removeprefix(_BRANCH) if job.ref.startswith(_BRANCH) else "")
    return shorten(branch, _MAX_BRANCH) if branch else UNSET
