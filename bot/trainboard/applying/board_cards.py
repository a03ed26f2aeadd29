"""A work item that its project's board shall show."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.applying.doubts import settles_if_undone
from trainboard.board_layout import BoardPolicy, Layout, lacking_iteration
from trainboard.boards import Board, Card, ClosedBoardError, Look
from trainboard.budgets import Lane, in_lane
from trainboard.effects import EnsureOnBoard
from trainboard.errors import PermanentError
from trainboard.fingerprints import card_key
from trainboard.iterations import Iteration, iteration
from trainboard.store import cards, intents, iterations
from trainboard.store.cards import Fate, KnownBoard, KnownCard

APPLIES = EnsureOnBoard

USABLE = timedelta(days=1)
"""So long what was read of a board is gone by, unless it turns out to be wrong."""

SOON = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Values:
    """What a card is given, by refs of the board; what the board does not have is None, and told."""

    iteration: str | None = None
    option: str | None = None
    lacks_sprint: bool = False
    lacks_state: bool = False


def apply(effect: EnsureOnBoard, outside: Outside) -> None:
    """Put the item on the board and set its card, as far as that was not done.

    The board is asked nothing where nothing changed. One that refuses us is left alone for an hour.
    """
    board = outside.boards.get(effect.project)
    policy = outside.projects[effect.project].board if board else None
    if board is None or policy is None:
        return
    tracker = outside.trackers[effect.project].name
    with outside.database.read() as connection:
        known = cards.find(connection, board.name, tracker, effect.ref)
        standing = cards.find_board(connection, board.name)
    if standing.is_closed(outside.clock()) or (known and known.fate == "removed"):
        return
    mover = _Mover(effect, board, policy, tracker, outside, known, standing)
    try:
        mover.move()
    except ClosedBoardError as error:
        _log.warning("a board cannot be worked on", board=board.name, reason=str(error))
        with outside.database.write() as connection:
            cards.note_trouble(connection, board.name, str(error), outside.clock())


@dataclass
class _Mover:
    """One application. `known` is kept in step with its row."""

    effect: EnsureOnBoard
    board: Board
    policy: BoardPolicy
    tracker: str
    outside: Outside
    known: KnownCard | None
    standing: KnownBoard

    def move(self) -> None:
        """With what is known if that suffices, and else after a look."""
        if self.known is not None and self.known.card and self._goes_straight(self.known):
            return
        look = self.board.look(self.effect.ref)
        now = self.outside.clock()
        with self.outside.database.write() as connection:
            cards.put_layout(connection, self.board.name, look.layout, now)
        if look.content is None:  # just made, and not everywhere yet; or gone, which is noted elsewhere
            self._note_refused("", SOON)
            return
        if look.card is None and self.known is not None and self.known.card:
            _log.info("left off a board", board=self.board.name, item=self.effect.ref)
            self._note(_Values(), fate="removed")
            return
        fresh, card = self._find_or_add(look, look.content)
        if card.archived:
            self._note(_Values(), card=card.ref, fate="archived")
            return
        self._set_after_look(look.layout, card, fresh=fresh)

    def _goes_straight(self, known: KnownCard) -> bool:
        """True if the card was set without a look, or needs nothing."""
        layout, now = self.standing.layout, self.outside.clock()
        if not self._changed_state and not self._changed_sprint and not _lacks(known):
            return True
        if layout is None or self.standing.read_at is None or now - self.standing.read_at > USABLE:
            return False
        values = self._find_values(
            layout,
            wants_sprint=self._changed_sprint or known.lacks_sprint,
            wants_state=self._changed_state or known.lacks_state,
        )
        lacks = values.lacks_sprint or values.lacks_state
        if known.fate != "on" or not known.state or (lacks and not self.standing.is_fresh(now)):
            return False
        if (known.lacks_sprint and values.iteration) or (known.lacks_state and values.option):
            return False
        try:
            self._set(layout, known.card, values)
        except ClosedBoardError:
            raise
        except PermanentError as error:
            _log.info("a board is not as it was", board=self.board.name, reason=str(error))
            return False
        self._note(values)
        return True

    def _find_or_add(self, look: Look, content: str) -> tuple[bool, Card]:
        """The card; it is fresh if we made it and it was not set yet."""
        key = card_key(self.board.name, self.tracker, self.effect.ref)
        if look.card is not None:
            with self.outside.database.read() as connection:
                doubted = intents.is_in_doubt(connection, [key])
            known = self.known
            fresh = doubted if known is None else not known.state and known.fate == "on"
            if fresh:
                self._note_made(key, look.card.ref)
            return fresh, look.card
        with self.outside.database.write() as connection:
            intents.begin(connection, key, self.outside.clock())
        with settles_if_undone(key, self.outside), in_lane(Lane.CREATE):
            ref = self.board.add_card(look.layout, content)
        self._note_made(key, ref)
        _log.info("put on a board", board=self.board.name, item=self.effect.ref)
        return True, Card(ref=ref)

    def _set_after_look(self, layout: Layout, card: Card, *, fresh: bool) -> None:
        """What people set stays, unless the item changed since we set it last."""
        known = self.known
        first = known is None or not known.state
        lacked_sprint, lacked_state = (known.lacks_sprint, known.lacks_state) if known else (False, False)
        fills_sprint = (first or lacked_sprint) and card.iteration is None
        fills_state = (first or lacked_state) and card.option is None
        changed = not first
        values = self._find_values(
            layout,
            wants_sprint=fresh or fills_sprint or (changed and self._changed_sprint),
            wants_state=fresh or fills_state or (changed and self._changed_state),
        )
        try:
            self._set(layout, card.ref, values)
        except ClosedBoardError:
            raise
        except PermanentError:
            self._note_refused(card.ref, cards.AGAIN)
            raise
        self._note(values, card=card.ref)

    def _set(self, layout: Layout, card: str, values: _Values) -> None:
        if values.iteration is None and values.option is None:
            return
        self.board.set_values(layout, card, iteration=values.iteration, option=values.option)
        _log.info("card set", board=self.board.name, item=self.effect.ref, state=self.effect.state)

    @property
    def _changed_state(self) -> bool:
        return self.known is None or self.known.state != self.effect.state

    @property
    def _changed_sprint(self) -> bool:
        return self.effect.sprint is not None and (
            self.known is None or self.known.sprint != self.effect.sprint
        )

    def _find_values(self, layout: Layout, *, wants_sprint: bool, wants_state: bool) -> _Values:
        wants_sprint = wants_sprint and bool(self.policy.iteration_field) and self.effect.sprint is not None
        wants_state = wants_state and bool(self.policy.status_field)
        held = layout.find_iteration(self._sprint) if wants_sprint else None
        option = layout.find_option(self.policy.name_option(self.effect.state)) if wants_state else None
        return _Values(
            iteration=held.ref if held else None,
            option=option.ref if option else None,
            lacks_sprint=wants_sprint and held is None,
            lacks_state=wants_state and option is None,
        )

    @property
    def _sprint(self) -> Iteration:
        """The sprint under the name that people gave it."""
        number, project = self.effect.sprint or 0, self.effect.project
        with self.outside.database.read() as connection:
            name = iterations.find_name(connection, project, number)
        sprint = iteration(self.outside.projects[project].sprint, number)
        return replace(sprint, name=name) if name else sprint

    def _note_made(self, key: str, card: str) -> None:
        made = KnownCard(ref=self.effect.ref, card=card, again_at=self.outside.clock())
        with self.outside.database.write() as connection:
            cards.put(connection, self.board.name, self.tracker, made)
            intents.settle(connection, key)
        self.known = made

    def _note_refused(self, card: str, pause: timedelta) -> None:
        again_at = self.outside.clock() + pause
        known = self.known or KnownCard(ref=self.effect.ref, again_at=again_at)
        with self.outside.database.write() as connection:
            refused = replace(known, card=card or known.card, fate="refused", again_at=again_at)
            cards.put(connection, self.board.name, self.tracker, refused)

    def _note(self, values: _Values, *, card: str = "", fate: Fate = "on") -> None:
        if values.lacks_sprint and not (self.known and self.known.lacks_sprint):
            lack = lacking_iteration(self.policy, self._sprint)
            _log.warning(lack.message, fix=lack.fix)
        known = KnownCard(
            ref=self.effect.ref,
            card=card or (self.known.card if self.known else ""),
            fate=fate,
            state=self.effect.state,
            sprint=self.effect.sprint,
            lacks_state=values.lacks_state,
            lacks_sprint=values.lacks_sprint,
            again_at=self.outside.clock() + cards.AGAIN,
        )
        with self.outside.database.write() as connection:
            cards.put(connection, self.board.name, self.tracker, known)
        self.known = known


def _lacks(known: KnownCard) -> bool:
    return known.lacks_state or known.lacks_sprint
