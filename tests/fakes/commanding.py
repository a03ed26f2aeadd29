"""People who command something in comments, and what comes of it by the handler alone."""

from datetime import timedelta

from fakes.pull_requests import CODE
from fakes.read import NOW
from trainboard.approvals import Person
from trainboard.comments import Given, Hint, Role, SeenItem
from trainboard.effects import AnswerComment
from trainboard.events import CommandsGiven
from trainboard.facts import RecordCommand
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.handlers.commands import react
from trainboard.triggers import Origin

ADA, BEN = Person(id="1", name="ada"), Person(id="2", name="ben")
ISSUE = Origin(place=CODE, ref="12")
PULL = Origin(place=CODE, ref="7", is_pull_request=True)


def given(
    text,
    origin=ISSUE,
    *,
    person=ADA,
    role=Role.WRITE,
    comment="100",
    written=NOW,
    edited=None,
    editor="",
    item=None,
    **fields,
):
    """What a comment commands, as it was read."""
    lines = tuple(find_command_lines(text, Markup.MARKDOWN))
    hint = Hint(
        origin=origin,
        comment=comment,
        at=edited or written,
        lines=tuple(line.meaning for line in lines),
        is_edit=edited is not None,
        editor=editor or (person.id if edited else ""),
        item=item or (None if origin.is_pull_request else SeenItem(labels=())),
    )
    return Given(hint=hint, person=person, lines=lines, created_at=written, role=role, **fields)


def obey(read, text, origin=ISSUE, **fields):
    """Somebody commands that. What is noted is known to `read` from now on; all else is answered."""
    rest = []
    for outcome in react(CommandsGiven(given=given(text, origin, **fields)), read):
        if isinstance(outcome, RecordCommand):
            read.commands[outcome.obeyed.key] = outcome.obeyed
        elif not isinstance(outcome, AnswerComment):
            rest.append(outcome)
    return rest


def last(read):
    """What was noted last."""
    return list(read.commands.values())[-1]


def ago(**time):
    """A moment before now."""
    return NOW - timedelta(**time)
