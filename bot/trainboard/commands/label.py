"""`/label`: put labels on a work item, or take them off."""

from collections.abc import Iterator

from msgspec import UNSET

from trainboard.commanding.asked import ITEMS
from trainboard.commanding.editing import edit
from trainboard.comments import Role
from trainboard.effects.comments import ItemEdit
from trainboard.grammar.declaration import Asking, Call, Command, CommandError, Outcome, Parameter
from trainboard.grammar.values import NAME
from trainboard.rendering.inert import inert_code

_OURS = "tb:"
_LONGEST = 50
"""Source: GitHub Docs, "Managing labels": a label has at most 50 characters."""


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """The labels are there, or not; the bot's own are its own."""
    labels = tuple(str(each) for each in call.find("label", tuple) or ())
    _check(labels)
    is_removal = bool(call.find("remove", bool))
    seen = asking.given.hint.item
    known = seen.labels if seen and seen.labels is not UNSET else None
    there = {label.casefold() for label in known or ()}
    news = tuple(each for each in labels if (each.casefold() in there) == is_removal)
    change = ItemEdit(remove_labels=labels) if is_removal else ItemEdit(add_labels=labels)
    back = ItemEdit(add_labels=news) if is_removal else ItemEdit(remove_labels=news)
    shown = ", ".join(inert_code(label) for label in labels)
    plan = f"take {shown} off this" if is_removal else f"put {shown} on this"
    yield from edit(asking, plan, change, None if known is None else back)


def _check(labels: tuple[str, ...]) -> None:
    for label in labels:
        if label.casefold().startswith(_OURS):
            raise CommandError(f"Labels that begin with {inert_code(_OURS)} are the bot's own.")
        if len(label) > _LONGEST or ";" in label:
            raise CommandError(f"A label has at most {_LONGEST} characters and no semicolon.")


COMMAND = Command(
    name="label",
    summary="put labels on this, or take them off",
    parameters=(
        Parameter(name="label", about="a label", type=NAME, required=True, many=True),
        Parameter(name="remove", about="take them off"),
    ),
    surfaces=ITEMS,
    role=Role.TRIAGE,
    examples=("/label bug area/data", '/label "good first issue" --remove'),
    run=run,
)
