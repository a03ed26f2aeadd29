"""`/help`: what somebody may command here."""

from trainboard.commands.declaration import Asking, Call, Command, Parameter, Role
from trainboard.commands.values import NAME
from trainboard.rendering.commands import render_command_help, render_help, render_no_help


def run(call: Call, asking: Asking) -> str:
    """The commands of this place, or one of them with all that can be said of it."""
    name = call.find("command", str)
    if name is None:
        return render_help(asking)
    command = asking.registry.find(name)
    return (
        render_command_help(command, asking) if command else render_no_help(asking.registry.list_near(name))
    )


COMMAND = Command(
    name="help",
    summary="list the commands that you may use here, or explain one",
    parameters=(Parameter(name="command", about="the name of a command", type=NAME),),
    role=Role.ANYONE,
    examples=("/help", "/help help"),
    run=run,
)
