"""The HTTP server ends when it is told to. That it serves is in the tests with real processes."""

import errno
import os
import signal

from trainboard.web import server


class Timer:
    """A timer that a test looks at."""

    made = ()

    def __init__(self, seconds, act, arguments):
        self.daemon = self.started = False
        self.alarm = (seconds, act, arguments)
        Timer.made += (self,)

    def start(self):
        self.started = True


def test_it_does_not_wait_for_ever_for_the_last_sender(monkeypatch):
    """Ten seconds after it was told to end, the process ends with 1."""
    monkeypatch.setattr(server.threading, "Timer", Timer)
    serving = server._InProcess("", interface=server.Interfaces.WSGI)
    serving.signal_handler_interrupt(signal.SIGTERM, None)

    [timer] = Timer.made
    assert ((10.0, os._exit, [1]), True, True) == (timer.alarm, timer.daemon, timer.started)
    assert serving.interrupt_signal


def test_it_serves_where_its_lines_have_no_room(monkeypatch):
    """Its standard error is a file on a full disk."""
    served = []

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(server.click, "echo", full)
    monkeypatch.setattr(server._InProcess, "serve", lambda *_, **__: served.append(True))
    server.listen(None, "127.0.0.1", 8080)

    assert [True] == served
