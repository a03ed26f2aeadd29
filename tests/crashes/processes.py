"""A piece of work in a process of its own, while this one answers as the tracker."""

import os
import select
import traceback
from collections.abc import Callable, Sequence
from http.server import HTTPServer

Say = Callable[[object], None]


def run_in_process(act: Callable[[Say], None], server: HTTPServer | None) -> Sequence[str]:
    """The lines that `act` said before its process ended, or was killed.

    Args:
        act: is given what it says lines with.
        server: answers its requests meanwhile.

    Raises:
        RuntimeError: it failed by itself.
    """
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        _act(act, lambda line: os.write(mouth, f"{line}\n".encode()))
    os.close(mouth)
    with os.fdopen(ear, "rb", buffering=0) as said:
        lines = b"".join(_listen(said, server)).decode().splitlines()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("\n".join(lines))
    return lines


def _act(act: Callable[[Say], None], say: Say) -> None:
    try:
        act(say)
    except BaseException:  # noqa: BLE001  nothing of the parent's may run here
        say(traceback.format_exc())
        os._exit(1)
    os._exit(0)


def _listen(said, server: HTTPServer | None):
    heard = [said] if server is None else [said, server]
    while True:
        ready, _, _ = select.select(heard, [], [])
        if server in ready:
            server.handle_request()
        elif not (chunk := said.read(65536)):
            return
        else:
            yield chunk
