"""Processes as an operator starts them, at their own pace; one dies, and another one of its kind follows.

They do what `trainboard serve`, `web`, `worker` and `scheduler` do, on the engine that these have, threads
and all, but without a port: deliveries go to the door that the server would give them to.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.connection import wait
from types import MappingProxyType

from sqlalchemy import text
from werkzeug.test import Client

from crashes import Crash
from crashes.clock import SharedClock
from crashes.databases import copied
from crashes.lives import WAITING
from crashes.piece import MakeSteps, Piece
from crashes.processes import Child, Say, run_in_process
from crashes.scene import Before, Scene, ready
from fakes.conversation import make_settings
from trainboard.roles import build_part, tick, work
from trainboard.store.database import Database
from trainboard.wiring import Bot, build

APART = ("web", "worker", "scheduler")
CREWS = MappingProxyType({"serve": ("serve",)} | dict.fromkeys(APART, APART))
"""With which processes each kind of process works."""

SET_UP = timedelta(hours=1)
ENGINE = {"edit_interval_seconds": 0, "worker_threads": 2}
LOOK_SECONDS = 0.1
CALM_SECONDS = 1.5
"""So long nothing waits before all is taken to be done."""
PATIENCE_SECONDS = 120


def play_crew(piece: Piece, victim: str) -> Iterator[Crash]:
    """Each crash of one of the processes in turn, and at last the one in which none died.

    Args:
        piece: what is played, in a world that this process holds; its story has no `LATER`, and its database
            is PostgreSQL where the victim does not work alone.
        victim: which kind of process dies, as in `CREWS`.
    """
    clock = SharedClock(datetime.now(UTC) - SET_UP)
    with ready(piece.world, piece.story, piece.address, clock) as before:
        before.close()
        gc.freeze()
        for fatal in count(1):
            [crash] = run_in_process(partial(_play, piece, before, victim, piece.dying_at(fatal)))
            yield crash
            if not crash.at:
                return


def _play(piece: Piece, before: Before, victim: str, die: MakeSteps, say: Say) -> None:
    with copied(piece.address) as copy:
        before.wait_until(datetime.now(UTC))
        at, quiet_seconds = _Crew(before.happen(piece.story), copy).play(victim, die)
        say(piece.crash(before.team, copy, at, quiet_seconds))


class _Crew:
    """The processes of one crash, and what they said.

    Args:
        scene: what they begin with.
        address: of their database.
    """

    def __init__(self, scene: Scene, address: str) -> None:
        self._scene, self._address = scene, address
        self._database = Database(address)
        self._crew: dict[Child, str] = {}
        self._stored: set[int] = set()
        self._at = ""
        self._busy = self._died = time.monotonic()

    def play(self, victim: str, die: MakeSteps) -> tuple[str, float]:
        """Let them work until nothing waits while the victim dies; where, and how long something waited."""
        for kind in CREWS[victim]:
            self._start(kind, die if kind == victim else None)
        began = time.monotonic()
        while not self._is_done():
            assert time.monotonic() < began + PATIENCE_SECONDS, "something waits for too long"
            self._listen()
        for child in self._crew:
            os.kill(child.pid, signal.SIGKILL)
            child.end()
        self._database.close()
        return self._at, max(0.0, self._busy - self._died)

    def _start(self, kind: str, die: MakeSteps | None = None) -> None:
        stored = frozenset(self._stored)

        def live(say: Say) -> None:
            if die is not None:
                die(lambda place: say(("died", place))).watch()
            _be(kind, self._scene, self._address, stored, say)

        self._crew[Child(live, asks_here=True)] = kind

    def _listen(self) -> None:
        speaking = {child.connection: child for child in self._crew}
        for connection in wait(list(speaking), LOOK_SECONDS):
            child = speaking[connection]
            try:
                said = child.hear()
            except EOFError:
                self._replace(child)
                continue
            for kind, content in said:
                if kind == "died":
                    self._at = content
                else:
                    self._stored.add(content)

    def _replace(self, child: Child) -> None:
        child.end()
        self._died = time.monotonic()
        self._start(self._crew.pop(child))

    def _is_done(self) -> bool:
        with self._database.read() as connection:
            waits = connection.execute(text(WAITING)).scalar_one()
        if waits or len(self._stored) < len(self._scene.posts):
            self._busy = time.monotonic()
        return time.monotonic() > max(self._busy, self._died) + CALM_SECONDS


def _be(kind: str, scene: Scene, address: str, stored: frozenset[int], say: Say) -> None:
    """One of the processes, until it is killed."""
    settings = make_settings(address, **scene.sections | {"engine": ENGINE})
    if kind == "serve":
        bot = build(settings)
        bot.start()
    else:
        bot = build_part(settings)
    if kind == "worker":
        work(bot)
    elif kind == "scheduler":
        tick(bot)
    else:
        _take(bot, scene, stored, say)


def _take(bot: Bot, scene: Scene, stored: frozenset[int], say: Say) -> None:
    """Deliveries come in, those that nobody stored before."""
    http = Client(bot.doors.wsgi)
    for number, post in enumerate(scene.posts):
        if number not in stored:
            answer = http.post(post.path, **post.content)
            assert answer.status_code < 300, answer.text
            say(("stored", number))
    threading.Event().wait()
