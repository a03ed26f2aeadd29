"""What a platform says of a run, laid over what its report says.

Source: GitHub, "OpenID Connect reference": `sha` and `ref` are those of the event that began the workflow.
"""

import re

from msgspec import UNSET
from msgspec.structs import replace

from trainboard.run_origins import RunOrigin
from trainboard.runs import Links, RunReport
from trainboard_webhooks.job_tokens import JobToken
from trainboard_webhooks.payload import shorten

_BRANCH = "refs/heads/"
_PULL_REF = re.compile(r"refs/pull/([1-9][0-9]{0,8})/merge")
MAX_SOURCE, MAX_ID = 512, 256
_MAX_REPOSITORY, _MAX_BRANCH = 300, 250
_MAX_ATTEMPT = 2**31


def attest(report: RunReport, origin: RunOrigin) -> RunReport:
    """The report as one of `origin`: its source, run, code and address are those of the platform.

    A run is one of the pipeline's run, whatever id it has there. Where the code was loose its tree counts as
    changed, so that it is no evidence of its commit.
    """
    links = report.links if isinstance(report.links, Links) else Links()
    return replace(
        report,
        source=shorten(origin.source, MAX_SOURCE),
        run=replace(
            report.run,
            id=_within(report.run.id, origin.run_id),
            attempt=min(origin.attempt, _MAX_ATTEMPT),
            user=shorten(origin.by, MAX_ID) or UNSET,
        ),
        links=replace(
            links,
            repo=shorten(origin.repository, _MAX_REPOSITORY),
            commit=origin.commit,
            branch=shorten(origin.branch, _MAX_BRANCH) or UNSET,
            pr=origin.pull_request or UNSET,
            dirty=True if origin.is_loose else links.dirty,
            ci_url=origin.url or UNSET,
        ),
    )


def origin_of(job: JobToken) -> RunOrigin:
    """Where a job's run comes from.

    For a pull request the commit is the merge that GitHub tries, which is the head of none.
    """
    pull_request = _PULL_REF.fullmatch(job.ref)
    return RunOrigin(
        source=f"gha:{job.repository}",
        run_id=job.run_id,
        repository=job.repository,
        commit=job.commit,
        url=f"{job.web}/{job.repository}/actions/runs/{job.run_id}/attempts/{job.attempt}",
        attempt=job.attempt,
        branch=job.head_ref or (job.ref.removeprefix(_BRANCH) if job.ref.startswith(_BRANCH) else ""),
        pull_request=int(pull_request[1]) if pull_request else None,
        by=job.actor,
    )


def _within(run: str, pipeline_run: str) -> str:
    if run == pipeline_run or run.startswith(f"{pipeline_run}/"):
        return run
    return shorten(f"{pipeline_run}/{run}", MAX_ID)
