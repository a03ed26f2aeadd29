"""Sources of runs beside each other: who reports by a token is bound to one, and so to one project."""

from collections.abc import Sequence

from trainboard.settings.entra_callers import list_audience_names
from trainboard.settings.run_sources import RunsSource

Complaint = tuple[tuple[str | int, ...], str]
"""Where below the sources, and what is wrong there, as the rest of a sentence that begins with the key."""


def find_unheard(sources: Sequence[object], public_url: str) -> list[Complaint]:
    """What is in the way of jobs that prove themselves with a token of GitHub."""
    lost: list[Complaint] = []
    taken: set[tuple[str, int]] = set()
    for place, source in enumerate(sources):
        if not isinstance(source, RunsSource) or not source.github_repository_ids:
            continue
        if not public_url:
            complaint = 'needs "public_url" in [server] too: a token is for an address'
            lost.append(((place, "github_repository_ids"), complaint))
        bound = {(source.github_issuer, number) for number in source.github_repository_ids}
        lost += [
            ((place, "github_repository_ids"), f"has {number}, which is bound to a source before it")
            for _, number in sorted(bound & taken)
        ]
        taken |= bound
    return lost


def find_shared_principals(sources: Sequence[object]) -> list[Complaint]:
    """Principals that two sources would believe with one token."""
    lost: list[Complaint] = []
    taken: set[tuple[str, str, str]] = set()
    for place, source in enumerate(sources):
        if not isinstance(source, RunsSource):
            continue
        tenant, audience = source.entra_tenant.lower(), list_audience_names(source.entra_audience)[0]
        bound = {(tenant, audience, principal.lower()) for principal in source.entra_principals}
        lost += [
            ((place, "entra_principals"), f"has {principal}, which is bound to a source before it")
            for *_, principal in sorted(bound & taken)
        ]
        taken |= bound
    return lost
