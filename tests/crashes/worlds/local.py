"""The local board, which is in the bot's own database and copied with it."""

from crashes.clock import SharedClock
from crashes.seen import rows
from fakes.teams import on_local_board


class LocalWorld:
    """Nothing but the bot."""

    is_here = True
    make_clock = SharedClock
    opened = staticmethod(on_local_board)

    def look(self, _team, connection):
        """Its tables."""
        return {kind: rows(connection, query) for kind, query in _TABLES.items()}


_TABLES = {
    "items": "SELECT i.title, i.state, i.closed_as, s.name, i.assignees, i.body FROM local_items i "
    "LEFT JOIN local_iterations s ON s.id = i.iteration",
    "labels": "SELECT item, name FROM local_labels",
    "comments": "SELECT item, author, reactions, body FROM local_comments",
    "relations": "SELECT parent, child FROM local_relations",
    "milestones": "SELECT name, open FROM local_iterations",
    "pipeline runs": "SELECT pipeline FROM local_pipeline_runs",
}
