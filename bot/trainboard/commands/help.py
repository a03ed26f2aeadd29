"""`/help`: what somebody may command here."""

from collections.abc import Iterator

from trainboard.comments import Role
from trainboard.grammar.declaration import Answer, Asking, Call, Command, Parameter
from trainboard.grammar.values import NAME
from trainboard.rendering.commands import render_command_help, render_help, render_no_help


def run(call: Call, asking: Asking) -> Iterator[Answer]:
    """The commands of this place, or one of them with all that can be said of it."""
    name = call.find("command", str)
    command = asking.registry.find(name) if name else None
    if name is None:
        yield Answer(render_help(asking))
    elif command is None:
        yield Answer(render_no_help(asking.registry.list_near(name)))
    else:
        yield Answer(render_command_help(command, asking))


COMMAND = Command(
    name="help",
    summary="list the commands that you may use here, or explain one",
    parameters=(Parameter(name="command", about="the name of a command", type=NAME),),
    role=Role.ANYONE,
    of_others=True,
    examples=("/help", "/help sprint"),
    run=run,
)
