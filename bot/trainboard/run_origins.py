"""Where a run comes from by the word of the platform that ran it, whatever its report says."""

import msgspec


class RunOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a pipeline. Texts that the platform does not tell are empty.

    `source` is who tells of it, as in a report, and `run_id` the platform's number of the run. `repository`
    is `owner/name`, with the project in between on Azure DevOps, `url` the run's page. `is_loose` tells that
    what ran is no commit that somebody pushed to the repository itself, but what a pull request makes of it.
    """

    source: str
    run_id: str
    repository: str
    commit: str
    url: str
    attempt: int = 1
    branch: str = ""
    pull_request: int | None = None
    by: str = ""
    is_loose: bool = False
