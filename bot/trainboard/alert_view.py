"""All that the bug of a problem shows. Values; `applying` gathers them, `rendering` makes text of them."""

from datetime import datetime

import msgspec

from trainboard.alert_life import Problem, Stand


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """A problem, how it stands, and what it concerns.

    `members` are the problems that a storm shows. `page_url` is of the dashboard, None where it has no
    public one; `closing_as` is how the bug ends with this text, None if it does not.
    """

    problem: Problem
    stand: Stand
    updated_at: datetime
    model: str = ""
    members: tuple[Problem, ...] = ()
    page_url: str | None = None
    closing_as: str | None = None
