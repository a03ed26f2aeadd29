"""`/dry-run`: what a command would do."""

from collections.abc import Iterator

from trainboard.commanding.obeying import carry_out, read_again
from trainboard.commanding.permissions import judge_changes
from trainboard.comments import Role
from trainboard.grammar.declaration import (
    Answer,
    Asking,
    Call,
    Command,
    CommandError,
    May,
    Outcome,
    Parameter,
)
from trainboard.grammar.values import TEXT
from trainboard.rendering.commands import render_plan
from trainboard.rendering.inert import inert_code

_ITSELF = "dry-run"


def run(call: Call, asking: Asking) -> Iterator[Outcome]:
    """Its plan, and nothing of it."""
    text = (call.find("command", str) or "").removeprefix("/")
    meant = read_again(f"/{text}", asking)
    if meant.command.name == _ITSELF:
        raise CommandError("A dry run of a dry run tells nothing.")
    done = carry_out(meant, asking)
    plan = list(done.plan)
    if judge_changes(meant, asking, done.changes).may is not May.YES:
        plan.append(f"be refused: you may not use {inert_code(f'/{meant.command.name}')} here")
    yield Answer(render_plan(meant.text, plan))


COMMAND = Command(
    name="dry-run",
    summary="tell what a command would do, and do nothing",
    parameters=(Parameter(name="command", about="a command with its arguments", type=TEXT, required=True),),
    role=Role.ANYONE,
    of_others=True,
    examples=("/dry-run sprint next",),
    run=run,
)
