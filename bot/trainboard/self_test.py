"""A self-test: everything that is done to a work item, done once to one that is for nothing else.

Trackers delete nothing for us, so the item stays, closed, and the next self-test opens the same one again.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from trainboard.diagnosis import Finding, failing
from trainboard.errors import PermanentError, TrainboardError
from trainboard.trackers import Tracker
from trainboard.work_items import NewWorkItem, WorkItem, WorkItemChange

CHECK = "self-test"
LABEL = "tb:self-test"
TITLE = "Trainboard self-test: nothing to do here"

_REMEMBERED = timedelta(days=365)
_FIX = "Do what it says, then test again."
T = TypeVar("T")


class SelfTest:
    """One test of one tracker.

    Args:
        project: whose tracker it is.
        tracker: what is tested.
        clock: the time now, aware.
        timer: counts seconds.
    """

    def __init__(
        self,
        project: str,
        tracker: Tracker,
        clock: Callable[[], datetime],
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._project = project
        self._tracker = tracker
        self._clock = clock
        self._timer = timer
        self._started_at = clock()
        self._ref: str | None = None
        self._is_open = False

    def run(self) -> Iterator[Finding]:
        """A finding for each step; after one that fails the item is closed, and that is all."""
        try:
            yield from self._list_steps()
        except TrainboardError as error:
            yield failing(f"{self._project}: {error}", _FIX)
            yield from self._clean_up()
        except BaseException:
            list(self._clean_up())
            raise

    def _list_steps(self) -> Iterator[Finding]:
        known, seconds = self._time(self._list_known)
        opened, more = self._time(lambda: self._open(known[0] if known else None))
        self._ref = opened.ref
        yield self._tell(f"{'opened again' if known else 'made'}: {opened.url}", seconds + more)
        yield self._do("read it back", lambda: self._check(self._tracker.get_item(opened.ref), "Opened"))
        yield self._do("edited its text", lambda: self._edit(opened.ref))
        yield self._do("commented on it", lambda: self._comment(opened.ref))
        yield self._do("closed it", lambda: self._close(opened.ref))
        for each in known[1:]:
            if each.state == "open":
                yield self._do(f"closed {each.url}, of an earlier test", partial(self._close, each.ref))

    def _list_known(self) -> list[WorkItem]:
        """Those of earlier tests, the oldest first."""
        since = self._started_at - _REMEMBERED
        return [each for each in self._tracker.list_items(label=LABEL, since=since) if each.ours]

    def _open(self, known: WorkItem | None) -> WorkItem:
        self._is_open = True
        body = f"{self._said_at('Opened')} by `trainboard doctor --self-test`, which closes it."
        if known is None:
            return self._tracker.create_item(NewWorkItem(title=TITLE, body=body, labels=(LABEL,)))
        self._ref = known.ref
        change = WorkItemChange(title=TITLE, body=body, state="open", add_labels=(LABEL,))
        return self._tracker.update_item(known.ref, change)

    def _check(self, item: WorkItem, done: str) -> None:
        """What was written is there; `done` is the word that its text begins with.

        Raises:
            PermanentError: something of it is not.
        """
        lost = [
            what
            for what, is_there in (
                ("title", item.title == TITLE),
                ("text", self._said_at(done) in item.body),
                (f"label {LABEL}", LABEL in {label.casefold() for label in item.labels}),
                ("account that made it", item.ours),
                (f"state, which is {item.state}", item.state == "open"),
            )
            if not is_there
        ]
        if lost:
            raise PermanentError(f"{item.url} does not show what was written: its {', its '.join(lost)}.")

    def _edit(self, ref: str) -> None:
        body = f"{self._said_at('Edited')} by `trainboard doctor --self-test`, which closes it."
        self._check(self._tracker.update_item(ref, WorkItemChange(body=body)), "Edited")

    def _comment(self, ref: str) -> None:
        """One comment, however often it is tested."""
        body = f"{self._said_at('Commented')} by `trainboard doctor --self-test`."
        since = self._started_at - _REMEMBERED
        known = next((each for each in self._tracker.list_comments(ref, since=since) if each.ours), None)
        if known is None:
            self._tracker.create_comment(ref, body)
        else:
            self._tracker.update_comment(ref, known.ref, body)
        told = [each for each in self._tracker.list_comments(ref, since=since) if each.ours]
        if not any(self._said_at("Commented") in each.body for each in told):
            raise PermanentError(f"The comment on work item {ref} is not there when its comments are listed.")

    def _close(self, ref: str) -> None:
        self._tracker.update_item(ref, WorkItemChange(state="closed", closed_as="not planned"))
        item = self._tracker.get_item(ref)
        if item.state != "closed":
            raise PermanentError(f"{item.url} is {item.state} after it was closed.")
        if ref == self._ref:
            self._is_open = False

    def _clean_up(self) -> Iterator[Finding]:
        """Close what is open: also an item of which no answer told that it was made."""
        if not self._is_open:
            return
        try:
            known = {each.ref for each in self._list_known() if each.state == "open"}
            for ref in known | ({self._ref} if self._ref else set()):
                self._close(ref)
        except TrainboardError as error:
            yield failing(
                f"{self._project}: nothing more is known of its work item: {error}",
                f"Look for {LABEL} in {self._tracker.name} and close it; the next self-test does so too.",
            )
        else:
            yield Finding(check=CHECK, message=f"{self._project}: nothing was left open.")

    def _said_at(self, done: str) -> str:
        return f"{done} at {self._started_at:%Y-%m-%d %H:%M:%S} UTC"

    def _do(self, what: str, step: Callable[[], None]) -> Finding:
        return self._tell(what, self._time(step)[1])

    def _time(self, step: Callable[[], T]) -> tuple[T, float]:
        begun = self._timer()
        return step(), self._timer() - begun

    def _tell(self, what: str, seconds: float) -> Finding:
        return Finding(check=CHECK, message=f"{self._project}: {what} ({seconds:.2f} s).")
