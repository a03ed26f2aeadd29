"""The HTTP server: granian, in this process."""

import os
import socket
import threading
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Protocol, cast

import click
from granian.constants import Interfaces
from granian.server import MTServer

from trainboard.errors import PermanentError

PATIENCE_SECONDS = 10.0
UNFINISHED = 1


class Application(Protocol):
    """What answers requests by RSGI."""

    def __rsgi__(self, scope: Any, protocol: Any, /) -> Awaitable[None]:
        """Answer one."""
        ...


def find_port(address: str, port: int) -> int:
    """The port, if it can be had; any free one for 0.

    Raises:
        PermanentError: another program has it, or it is not ours to have.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PermanentError(
                f"Could not listen on {address}:{port}: {error.strerror}. "
                "Set server.host and server.port, or --host and --port."
            ) from None
        bound: int = probe.getsockname()[1]
    return bound


def listen(application: Application, address: str, port: int) -> None:
    """Serve `application` until the process is told to end.

    Requests in hand are answered first. It gives up on those that take longer than ten seconds, and
    ends the process with 1.
    """
    with suppress(OSError):  # where it is written there may be no room: lines are lost, work is not
        click.echo(f"Trainboard listens on http://{address}:{port}", err=True)
    _InProcess(
        "",
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_enabled=False,
    ).serve(target_loader=lambda: cast("Any", application), wrap_loader=False)


class _InProcess(MTServer):
    """granian with its worker in a thread of this process.

    Its other form starts a second process, which holds all that is loaded once more, needs as long
    again to start, and outlives one that is killed. granian refuses this form where Python has a GIL,
    because its builds without one rely on that; the others do not.
    """

    def _check_gil(self) -> None:
        """Any Python will do."""

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """End, but not only when the last sender pleases."""
        patience = threading.Timer(PATIENCE_SECONDS, os._exit, [UNFINISHED])
        patience.daemon = True
        patience.start()
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]
