"""What jobs say of runs that a tracker keeps, so that each of the two is one run on the board.

A run of a tracker has its row in `runs`, joined out of all words. Here each word is kept by itself, so that
it does not matter in which order they come.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, delete, select

from trainboard.counterparts import Counterpart, combine, find_tracker
from trainboard.runs import RunReport
from trainboard.store.link_models import RunCommitRow, RunWordRow
from trainboard.store.models import RunRow
from trainboard.store.upserts import insert

MOST_JOBS = 50

_decode = msgspec.json.Decoder(RunReport).decode


class Identity(NamedTuple):
    """What tells a run from all others."""

    project: str
    source: str
    run_id: str

    @classmethod
    def of(cls, project: str, report: RunReport) -> "Identity":
        """That of the run which the report is of."""
        return cls(project, report.source, report.run.id)

    def matches(self, row: type[RunRow | RunWordRow | RunCommitRow]) -> ColumnElement[bool]:
        """True in the row of the run."""
        return (row.project == self.project) & (row.source == self.source) & (row.run_id == self.run_id)


class Words(NamedTuple):
    """What was said of one tracker's run: by the tracker, None where only its row tells, and by jobs."""

    own: RunReport | None = None
    jobs: tuple[RunReport, ...] = ()


def find(
    connection: Connection, job: Identity, *, locked: bool = False
) -> tuple[RunReport, Counterpart] | None:
    """What the job said so far, and of which run; None if it said of none that it is that one."""
    row = connection.execute(_LOCKED_WORD if locked else _WORD, job._asdict()).one_or_none()
    return (_decode(row.document), Counterpart(row.tracker, row.tracker_run)) if row else None


def put(connection: Connection, project: str, counterpart: Counterpart, word: RunReport) -> None:
    """Keep all that is said so far of the tracker's run by a job, or by the tracker itself."""
    told = {
        "tracker": counterpart.tracker,
        "tracker_run": counterpart.run,
        "document": msgspec.json.encode(word).decode(),
    }
    identity = Identity.of(project, word)._asdict()
    added = insert(connection, RunWordRow).values(identity | told)
    connection.execute(added.on_conflict_do_update(index_elements=list(identity), set_=told))


def read(connection: Connection, project: str, run: RunReport) -> Words:
    """What was said of a run; nothing where no job said that it is this one, or it is no tracker's."""
    tracker = find_tracker(run.source)
    if tracker is None:
        return Words()
    about = {"project": project, "tracker": tracker, "tracker_run": run.run.id}
    own, jobs = None, []
    for row in connection.execute(_WORDS, about):
        if (row.source, row.run_id) == (run.source, run.run.id):
            own = _decode(row.document)
        elif find_tracker(row.source) is None:
            jobs.append(_decode(row.document))
    return Words(own, tuple(jobs))


def join(connection: Connection, project: str, own: RunReport, words: Words) -> RunReport:
    """The tracker's run with what jobs add; none of them is a run of its own any more."""
    tracker = find_tracker(own.source)
    if tracker is None or words == Words():
        return own
    put(connection, project, Counterpart(tracker, own.run.id), own)
    for word in words.jobs:
        job = Identity.of(project, word)
        for row in (RunRow, RunCommitRow):
            connection.execute(delete(row).where(job.matches(row)))
    return combine(own, words.jobs)


def find_run(connection: Connection, project: str, counterpart: Counterpart) -> Identity | None:
    """The tracker's run, None if it is not known."""
    of_kind = RunRow.source.startswith(f"{counterpart.tracker}:", autoescape=True)
    mine = (RunRow.project == project) & (RunRow.run_id == counterpart.run) & of_kind
    source = connection.execute(select(RunRow.source).where(mine).order_by(RunRow.id).limit(1)).scalar()
    return None if source is None else Identity(project, source, counterpart.run)


def find_named(connection: Connection, project: str, run_id: str) -> Counterpart | None:
    """The tracker's run that a job of that id said it is."""
    mine = (RunWordRow.project == project) & (RunWordRow.run_id == run_id)
    query = select(RunWordRow.tracker, RunWordRow.tracker_run).where(mine)
    row = connection.execute(query.order_by(RunWordRow.source).limit(1)).one_or_none()
    return Counterpart(row.tracker, row.tracker_run) if row else None


def list_alone(connection: Connection, project: str, counterpart: Counterpart) -> Sequence[tuple[str, int]]:
    """Experiment and sprint of the jobs that said they are the run, and are runs of their own so far."""
    about = {"project": project, "tracker": counterpart.tracker, "tracker_run": counterpart.run}
    return [(row.experiment, row.number) for row in connection.execute(_ALONE, about)]


_ABOUT = (
    (RunWordRow.project == bindparam("project"))
    & (RunWordRow.tracker == bindparam("tracker"))
    & (RunWordRow.tracker_run == bindparam("tracker_run"))
)
_IS_OWN = RunWordRow.run_id == RunWordRow.tracker_run
_WORDS = (
    select(RunWordRow.run_id, RunWordRow.source, RunWordRow.document)
    .where(_ABOUT)
    .order_by(_IS_OWN.desc(), RunWordRow.source, RunWordRow.run_id)
    .limit(MOST_JOBS)
)
_WORD = select(RunWordRow.document, RunWordRow.tracker, RunWordRow.tracker_run).where(
    RunWordRow.project == bindparam("project"),
    RunWordRow.source == bindparam("source"),
    RunWordRow.run_id == bindparam("run_id"),
)
_LOCKED_WORD = _WORD.with_for_update()
_ALONE = (
    select(RunRow.experiment, RunRow.number)
    .join(
        RunWordRow,
        (RunRow.project == RunWordRow.project)
        & (RunRow.source == RunWordRow.source)
        & (RunRow.run_id == RunWordRow.run_id),
    )
    .where(_ABOUT, ~_IS_OWN)
    .distinct()
)
"""Statements of every report of a run are built once."""
