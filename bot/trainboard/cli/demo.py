"""`trainboard demo`: a sprint to look at, without a token and without a network."""

import shutil
import signal
import sys
import time
from pathlib import Path

import click

PORT = 8080


@click.command()
@click.option(
    "--once", is_flag=True, help="Check the result and end, instead of leaving the service running."
)
@click.option("--port", type=int, default=PORT, show_default=True, help="Port of the service.")
@click.option(
    "--tracker",
    type=click.Choice(["local", "azure"]),
    default="local",
    show_default=True,
    help="Where work items live; azure is a stand-in for Azure Boards, which is in the source tree only.",
)
@click.pass_context
def command(context: click.Context, *, once: bool, port: int, tracker: str) -> None:
    """Play a two-week sprint through the real endpoints and show the board."""
    from trainboard.demo.boards import BOARDS
    from trainboard.demo.check import check, report
    from trainboard.demo.play import play, tell_board
    from trainboard.demo.senders import make_keys
    from trainboard.demo.service import running

    signal.signal(signal.SIGTERM, _leave)
    began = time.monotonic()
    with BOARDS[tracker]() as board, running(port, make_keys(), board) as service:
        statuses = play(service, click.echo)
        click.echo()
        good = report(check(service, statuses), click.echo)
        click.echo()
        tell_board(service, click.echo)
        click.echo(
            f"\n{'All as it must be' if good else 'Something is wrong'}, {time.monotonic() - began:.1f} s."
        )
        if good and not once:
            if board.comment is not None:
                click.echo(
                    f'Command something: {_find_program()} comment 2 "/help" --config {service.config}'
                )
            _stay(service.address)
    context.exit(0 if good else 1)


def _leave(_signal: int, _frame: object) -> None:
    """End as by Ctrl-C, so that the service does not outlive the demo."""
    raise KeyboardInterrupt


def _find_program() -> Path | str:
    """What a newcomer can write, also where the virtual environment is not active."""
    beside = Path(sys.executable).with_name("trainboard")
    return beside if beside.is_file() and shutil.which("trainboard") is None else "trainboard"


def _stay(address: str) -> None:
    """Until Ctrl-C, which is a good end from the moment that the address is said."""
    try:
        click.echo(f"The board: {address}/   (Ctrl-C ends the demo)")
        while True:
            _stay_a_while(3600)
    except KeyboardInterrupt:
        click.echo("The demo is over; its folder is removed.")


_stay_a_while = time.sleep
