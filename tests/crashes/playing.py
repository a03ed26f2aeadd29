"""One process after the other, with a death at every step; time goes by when they rest."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from tempfile import TemporaryDirectory

from crashes import Crash
from crashes.databases import copied
from crashes.lives import Life
from crashes.piece import MakeSteps, Piece
from crashes.processes import Say, run_in_process
from crashes.scene import Scene, set_up
from fakes.conversation import Conversation

AND_THEN = "; then "

Scenes = Callable[[], AbstractContextManager[tuple[Scene, str]]]
"""Sets the scene, with a database of its own."""


def play_alone(piece: Piece, *, deaths: int) -> Iterator[Crash]:
    """Each crash in turn, and at last the one that no process died in.

    Args:
        piece: what is played.
        deaths: how many processes die, one after the other.
    """
    _warm_up(piece)
    with _scenes(piece) as scenes:
        gc.freeze()  # else its first run in each process copies all memory
        fatal = [1] * deaths
        while True:
            dying = [piece.dying_at(step) for step in fatal]
            [crash, died] = run_in_process(partial(_play, piece, scenes, dying))
            yield crash
            if died == 0:
                return
            fatal = [*fatal[: died - 1], fatal[died - 1] + 1, *[1] * (deaths - died)]


def _warm_up(piece: Piece) -> None:
    """Do once here what each process would do anew: load modules, compile statements."""
    with TemporaryDirectory(prefix="tb-warm-") as folder:
        address = f"sqlite:///{folder}/warm.db"
        with set_up(piece.world, piece.story, address) as scene:
            for live in (Life.begin, lambda life: life.follow(frozenset(range(len(scene.posts))))):
                life = Life(scene, piece.story, address, lambda _: None)
                live(life)
                life.close()


@contextmanager
def _scenes(piece: Piece) -> Iterator[Scenes]:
    """A world that this process holds is copied with it; one that others hold must be set up anew."""

    @contextmanager
    def again():
        with copied(piece.address) as copy:
            yield scene, copy

    @contextmanager
    def anew():
        with copied(piece.address) as copy, set_up(piece.world, piece.story, copy) as made:
            yield made, copy

    if piece.world.is_here:
        with set_up(piece.world, piece.story, piece.address) as scene:
            yield again
    else:
        Conversation(piece.address).close()
        yield anew


def _play(piece: Piece, scenes: Scenes, dying: Sequence[MakeSteps], say: Say) -> None:
    """Processes die one after the other, each in its steps, and one comes after them.

    Says the crash, and how many died.
    """
    with scenes() as (scene, address):
        scene.clock.now = scene.began
        stored: frozenset[int] = frozenset()
        places: list[str] = []
        for make_steps in [*dying, None]:
            live = partial(_live, partial(Life, scene, piece.story, address), stored, make_steps, places)
            said = run_in_process(live, asks_here=True)
            stored |= {content for kind, content in said if kind == "stored"}
            died = [content for kind, content in said if kind == "died"]
            if not died:
                break
            places += died
        [seconds] = [content for kind, content in said if kind == "rested"]
        say(piece.crash(scene.team, address, AND_THEN.join(places), seconds))
        say(len(places))


def _live(
    begin: Callable[[Say], Life],
    stored: frozenset[int],
    make_steps: MakeSteps | None,
    died: Sequence[str],
    say: Say,
) -> None:
    """A process that comes after those that died, and dies in its steps if it has any."""
    life = begin(say)
    if make_steps is not None:
        make_steps(lambda place: say(("died", place))).watch()
    say(("rested", life.follow(stored) if died else life.begin()))
