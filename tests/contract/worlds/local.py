"""The local board, in a database of its own."""

import itertools
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import NewWorkItem, WorkItemChange


class LocalWorld:
    """One board; every look at the clock is a second later than the last."""

    assignee = "ana"
    can_nest = True
    knows_people = True
    tells_changes = False

    def __init__(self, database):
        self.database = database
        start = datetime(2026, 1, 5, tzinfo=UTC)
        seconds = itertools.count()
        self.now = lambda: start + timedelta(seconds=next(seconds))
        self.tracker = LocalTracker(database, "churn", self.now)
        self.person = LocalTracker(database, "churn", self.now, author="ana")

    def pass_time(self):
        return self.now()

    def list_titles(self):
        with self.database.read() as connection:
            return list(connection.execute(text("SELECT title FROM local_items ORDER BY id")).scalars())

    def person_opens(self, title, *, label):
        return self.person.create_item(NewWorkItem(title=title, body="", labels=(label,))).ref

    def person_edits(self, ref, body):
        self.person.update_item(ref, WorkItemChange(body=body))

    def person_closes(self, ref):
        self.person.update_item(ref, WorkItemChange(state="closed"))

    def person_gives_up(self, ref):
        self.person.update_item(ref, WorkItemChange(state="closed", closed_as="not planned"))

    def person_labels(self, ref, label):
        self.person.update_item(ref, WorkItemChange(add_labels=(label,)))

    def person_comments(self, ref, body):
        self.person.create_comment(ref, body)

    def person_renames(self, iteration, name):
        with self.database.write() as connection:
            rename = text("UPDATE local_iterations SET name = :name WHERE id = :id")
            connection.execute(rename, {"name": name, "id": int(iteration)})

    @contextmanager
    def outage(self):
        self._rename("local_{}", "away_{}")
        yield
        self._rename("away_{}", "local_{}")

    def _rename(self, old, new):
        with self.database.write() as connection:
            for name in ("items", "iterations"):
                connection.execute(text(f"ALTER TABLE {old.format(name)} RENAME TO {new.format(name)}"))


@contextmanager
def open_world(request):
    folder = request.getfixturevalue("tmp_path")
    database = Database(f"sqlite:///{folder}/board.db")
    upgrade(database)
    yield LocalWorld(database)
    database.close()
