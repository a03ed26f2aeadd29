"""Where reports go: can they be sent there, as far as that is seen without sending any."""

from collections.abc import Iterator
from datetime import timedelta

from trainboard.diagnosis import Examinable, Finding, failing, note
from trainboard.doctor import Subject
from trainboard.store import report_claims

_LATELY = timedelta(days=7)


def check(subject: Subject) -> Iterator[Finding]:
    """What each target finds when it looks at itself, and what became of the reports of the last week."""
    for name, post in subject.posts().items():
        if isinstance(post, Examinable):
            yield from post.examine()
        else:
            yield Finding(message=f"{name}: an address is set. Whether it still works shows the next report.")
    if not any(project.reports for project in subject.projects):
        yield Finding(message="No reports are scheduled.")
        return
    with subject.read() as connection:
        counts = report_claims.count_by_state(connection, subject.clock() - _LATELY)
    if counts.get("refused"):
        yield failing(
            f"Of the reports of the last week {counts['refused']} could not be delivered.",
            "See the page of deliveries for why.",
        )
    if counts.get("unsure"):
        yield note(
            f"Of {counts['unsure']} of the reports of the last week nobody knows whether they were sent.",
            "Look there. They are not sent again.",
        )
    yield Finding(message=f"Reports of the last week that were delivered: {counts.get('delivered', 0)}.")
