"""A report that was due shall be at its target, once."""

from datetime import timedelta

import structlog

from trainboard.applying import Outside
from trainboard.applying.doubts import settles_if_undone
from trainboard.applying.report_items import keep_comment, keep_item
from trainboard.applying.report_letters import write_letter
from trainboard.applying.report_pages import keep_page
from trainboard.effects import EnsureReport
from trainboard.errors import DoubtError, LimitedError, NotYetError, PermanentError, TransientError
from trainboard.posting import Letter, Post
from trainboard.store import intents, report_claims

APPLIES = EnsureReport

DEADLINE = timedelta(hours=6)
"""What could not be brought there so long after it was asked for is news no more; the next report comes."""
UNSURE = (
    "It may have been sent, and messages there cannot be looked up: it is not sent again, for twice is worse."
)
QUIET = "Nothing changed since the one before."
LATE = "It could not be delivered within six hours."
UNKNOWN = "The settings do not name this target any more."

_log = structlog.get_logger(__name__)


def apply(effect: EnsureReport, outside: Outside) -> None:
    """Bring the report to its target, unless that was done.

    A message in a chat and a mail cannot be found again: after a doubt none is sent, and it is said so.

    Raises:
        NotYetError: something of ours is missing.
        DoubtError: it may be there; the next attempt looks, where one can.
        TransientError: it is not there.
    """
    with outside.database.read() as connection:
        claim = report_claims.find(connection, effect.key)
    if claim is None or claim.ended_at is not None:
        return
    try:
        state, reason = _bring(effect, outside)
    except PermanentError as error:
        _settle(effect, "refused", outside, str(error))
        raise
    except (DoubtError, LimitedError, NotYetError, TransientError):
        if outside.clock() - claim.at < DEADLINE or effect.is_final:
            raise
        state, reason = "refused", LATE
    _settle(effect, state, outside, reason)


def _bring(effect: EnsureReport, outside: Outside) -> tuple[str, str]:
    """What came of it, and why."""
    written = write_letter(effect, outside)
    says_nothing = any(
        each.says_nothing and effect.target in each.targets
        for each in outside.projects[effect.project].reports
        if each.kind == "daily"
    )
    if written.is_quiet and not says_nothing:
        return "skipped", QUIET
    if effect.target == "tracker":
        keep = keep_comment if effect.report == "daily" else keep_item
        return keep(effect, written, outside)
    if effect.target == "wiki":
        return keep_page(effect, written, outside)
    post = outside.posts.get(effect.target)
    if post is None:
        return "refused", UNKNOWN
    return _send(effect, written.letter, post, outside)


def _send(effect: EnsureReport, letter: Letter, post: Post, outside: Outside) -> tuple[str, str]:
    if post.is_sure:
        post.send(letter)
        return "delivered", ""
    with outside.database.write() as connection:
        is_doubtful = intents.begin(connection, effect.key, outside.clock()) is not None
    if is_doubtful:
        return "unsure", UNSURE
    try:
        with settles_if_undone(effect.key, outside):
            post.send(letter)
    except DoubtError as error:
        return "unsure", f"{error} {UNSURE}"
    return "delivered", ""


def _settle(effect: EnsureReport, state: str, outside: Outside, reason: str) -> None:
    """What came of it is known, and shown."""
    with outside.database.write() as connection:
        report_claims.settle(connection, effect.key, state, outside.clock(), reason)
        intents.settle(connection, effect.key)
    say = _log.info if state in {"delivered", "skipped"} else _log.warning
    say("report", state=state, target=effect.target, project=effect.project, reason=reason)
