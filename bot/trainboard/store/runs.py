"""Runs and model versions as merged from everything that was said of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from trainboard.counterparts import Counterpart, find_counterpart, find_tracker
from trainboard.experiment_view import ModelVersion
from trainboard.facts import RecordModel, RecordRun
from trainboard.metric_gate import commit_of
from trainboard.read import Home, TrackedItem
from trainboard.runs import UNHEARD_AFTER, RunReport, RunStatus, merge
from trainboard.store import (
    run_words,
    servings,
)
from trainboard.store.link_models import (
    RunCommitRow,
)
from trainboard.store.models import ModelVersionRow, RunRow
from trainboard.store.run_words import Identity
from trainboard.store.upserts import MakeInsert, built_once, insert

_decode = msgspec.json.Decoder(RunReport).decode


def record(connection: Connection, fact: RecordRun) -> None:
    """Merge the report into what is known of its run, or of the tracker's run that it says it is.

    A run that has ended stays in its sprint, whatever comes late.
    """
    job = Identity.of(fact.project, fact.report)
    told = run_words.find(connection, job, locked=True) if find_tracker(job.source) is None else None
    named = fact.counterpart or (told[1] if told else None)
    if named is None:
        _merge(connection, fact)
        return
    word = merge(told[0] if told else _find(connection, job), fact.report)
    named = find_counterpart(word) or named
    run_words.put(connection, fact.project, named, word)
    for counterpart in {named, told[1] if told else named}:
        kept = run_words.find_run(connection, fact.project, counterpart)
        if kept is not None:
            _join(connection, fact, kept)
        elif counterpart == named:
            _merge(connection, msgspec.structs.replace(fact, report=word))


def _merge(connection: Connection, fact: RecordRun) -> None:
    report = fact.report
    identity = Identity.of(fact.project, report)
    known = connection.execute(_KNOWN, identity._asdict()).one_or_none()
    before = _decode(known.document) if known else None
    words = run_words.read(connection, fact.project, report)
    earlier = words.own or before
    own = merge(earlier, report)
    merged = run_words.join(connection, fact.project, own, words)
    settled = known and earlier and earlier.run.status.ended and own.run == earlier.run
    number = known.number if known and settled else fact.number
    if known and merged == before and known.number == number:
        return
    values = {
        "experiment": merged.experiment.name,
        "number": number,
        "status": merged.run.status,
        "planned": fact.planned,
        "started_at": merged.run.started_at or None,
        "ended_at": merged.run.ended_at or None,
        "seen_at": fact.at,
        "document": msgspec.json.encode(merged).decode(),
    }
    connection.execute(_put(connection), identity._asdict() | values)
    if fact.code is not None:
        _note_commit(connection, identity, fact.code, before, merged)


def _join(connection: Connection, fact: RecordRun, identity: Identity) -> None:
    """The tracker's run is known anew, with what jobs say of it now."""
    before = _decode(connection.execute(_KNOWN, identity._asdict()).one().document)
    words = run_words.read(connection, fact.project, before)
    merged = run_words.join(connection, fact.project, words.own or before, words)
    if merged == before:
        return
    document = msgspec.json.encode(merged).decode()
    values = {"document": document, "seen_at": fact.at}
    connection.execute(update(RunRow).where(identity.matches(RunRow)).values(values))
    if fact.code is not None:
        _note_commit(connection, identity, fact.code, before, merged)


def _find(connection: Connection, identity: Identity) -> RunReport | None:
    known = connection.execute(_KNOWN, identity._asdict()).one_or_none()
    return _decode(known.document) if known else None


def _note_commit(
    connection: Connection, identity: Identity, code: str, before: RunReport | None, merged: RunReport
) -> None:
    """Keep the commit in step with the run; a commit that the run took back is forgotten."""
    commit = commit_of(merged, code)
    if commit == (commit_of(before, code) if before else None):
        return
    connection.execute(delete(RunCommitRow).where(identity.matches(RunCommitRow)))
    if commit is not None:
        row = identity._asdict() | {"code": code.casefold(), "commit": commit}
        connection.execute(insert(connection, RunCommitRow).values(row))


_KNOWN = (
    select(RunRow.document, RunRow.number)
    .where(
        RunRow.project == bindparam("project"),
        RunRow.source == bindparam("source"),
        RunRow.run_id == bindparam("run_id"),
    )
    .with_for_update()
)


@built_once
def _put(insert: MakeInsert) -> Any:
    identity = ("project", "source", "run_id")
    told = ("experiment", "number", "status", "planned", "started_at", "ended_at", "seen_at", "document")
    statement = insert(RunRow).values({name: bindparam(name) for name in identity + told})
    return statement.on_conflict_do_update(
        index_elements=list(identity), set_={name: statement.excluded[name] for name in told}
    )


def list_reports(
    connection: Connection, project: str, experiment: str, numbers: Sequence[int]
) -> tuple[tuple[RunReport, ...], datetime | None]:
    """Every run of the experiment that counts in one of the sprints, in the order first seen.

    With them the moment at which one of them last changed, None if there is none.
    """
    wanted = (RunRow.project == project) & (RunRow.experiment == experiment) & RunRow.number.in_(numbers)
    query = select(RunRow.document, RunRow.seen_at).where(wanted).order_by(RunRow.id)
    rows = connection.execute(query).all()
    seen_at = max((row.seen_at for row in rows), default=None)
    return tuple(_decode(row.document) for row in rows), seen_at


class KnownRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run, its row's number, the sprint that it counts in, and when it last changed."""

    row: int
    sprint: int
    seen_at: datetime
    report: RunReport


def list_latest(
    connection: Connection, item: TrackedItem, numbers: Sequence[int], before: int | None, limit: int
) -> tuple[KnownRun, ...]:
    """Runs of the item's experiment in those sprints, those first seen last first, at most `limit`.

    `before` is the row number above the first one of a page.
    """
    wanted = (RunRow.project == item.project) & (RunRow.experiment == item.experiment)
    query = select(RunRow).where(wanted, RunRow.number.in_(numbers))
    if before is not None:
        query = query.where(RunRow.id < before)
    rows = connection.execute(query.order_by(RunRow.id.desc()).limit(limit))
    return tuple(
        KnownRun(row=row.id, sprint=row.number, seen_at=row.seen_at, report=_decode(row.document))
        for row in rows
    )


def find_unheard(
    connection: Connection, project: str, experiment: str, numbers: Sequence[int], now: datetime
) -> Mapping[tuple[str, str], datetime]:
    """Those that have not ended and of which nothing new was heard for too long, with since when.

    By source and id.
    """
    mine = (RunRow.project == project) & (RunRow.experiment == experiment) & RunRow.number.in_(numbers)
    wanted = mine & RunRow.status.in_(_GOING) & (RunRow.seen_at <= now - UNHEARD_AFTER)
    rows = connection.execute(select(RunRow.source, RunRow.run_id, RunRow.seen_at).where(wanted))
    return {(row.source, row.run_id): row.seen_at for row in rows}


def list_lately_unheard(connection: Connection, now: datetime) -> Sequence[tuple[str, str, int]]:
    """Where planned runs became unheard within the last hours: project, experiment and sprint."""
    since = now - UNHEARD_AFTER
    silent = RunRow.status.in_(_GOING) & (RunRow.seen_at <= since) & (RunRow.seen_at > since - _LATELY)
    query = select(RunRow.project, RunRow.experiment, RunRow.number).where(silent, RunRow.planned).distinct()
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


_LATELY = timedelta(hours=3)
_GOING = tuple(status for status in RunStatus if not status.ended)


def find_latest(connection: Connection, project: str, run_id: str) -> tuple[RunReport, int] | None:
    """The project's run with that id and the sprint that it counts in; of several the one first seen last.

    The id of a job stands for the tracker's run that it said it is.
    """
    found = _find_by_id(connection, project, run_id)
    if found is not None:
        return found
    counterpart = run_words.find_named(connection, project, run_id)
    return _find_by_id(connection, project, counterpart.run) if counterpart else None


def _find_by_id(connection: Connection, project: str, run_id: str) -> tuple[RunReport, int] | None:
    mine = (RunRow.project == project) & (RunRow.run_id == run_id)
    query = select(RunRow.document, RunRow.number).where(mine).order_by(RunRow.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (_decode(row.document), row.number) if row else None


def experiments_of_run(connection: Connection, project: str, run_id: str) -> Sequence[tuple[str, int]]:
    """Experiment and sprint of the project's planned runs with that id."""
    wanted = (RunRow.project == project) & (RunRow.run_id == run_id) & RunRow.planned
    return [
        (row[0], row[1]) for row in connection.execute(select(RunRow.experiment, RunRow.number).where(wanted))
    ]


def find_home(connection: Connection, project: str, counterpart: Counterpart) -> Home | None:
    """Where the tracker's run counts, None if it is not known."""
    identity = run_words.find_run(connection, project, counterpart)
    if identity is None:
        return None
    query = select(RunRow.experiment, RunRow.number, RunRow.planned).where(identity.matches(RunRow))
    return Home(*connection.execute(query).one())


def record_model(connection: Connection, fact: RecordModel) -> None:
    """Note the version; the earliest word of it tells when it was made."""
    row = {name: getattr(fact, name) for name in ("project", "model", "version", "run_id", "at")}
    added = insert(connection, ModelVersionRow).values(row).on_conflict_do_nothing()
    if connection.execute(added.returning(ModelVersionRow.version)).scalar() is not None:
        return
    mine = _version(fact.project, fact.model, fact.version)
    told = select(ModelVersionRow.run_id, ModelVersionRow.at).where(mine).with_for_update()
    known = connection.execute(told).one()
    run_id = max(filter(None, (known.run_id, fact.run_id)), default=None)
    connection.execute(update(ModelVersionRow).where(mine).values(run_id=run_id, at=min(known.at, fact.at)))


def list_models(connection: Connection, project: str, run_ids: Sequence[str]) -> tuple[ModelVersion, ...]:
    """The versions that these runs made, by name and age."""
    wanted = set(run_ids)
    rows = connection.execute(
        select(ModelVersionRow)
        .where(ModelVersionRow.project == project, ModelVersionRow.run_id.is_not(None))
        .order_by(ModelVersionRow.model, ModelVersionRow.at)
    )
    mine = [row for row in rows if row.run_id in wanted]
    pointers = servings.list_pointers(connection, [project]) if mine else {}
    return tuple(
        ModelVersion(
            name=row.model,
            version=row.version,
            aliases=pointers.get((project, row.model, row.version), ()),
            run_id=row.run_id,
        )
        for row in mine
    )


def list_makers(connection: Connection, project: str) -> Mapping[tuple[str, str], str | None]:
    """The run that made each version that is known, by model and version, None where nobody said."""
    columns = ModelVersionRow.model, ModelVersionRow.version, ModelVersionRow.run_id
    rows = connection.execute(select(*columns).where(ModelVersionRow.project == project))
    return {(row.model, row.version): row.run_id for row in rows}


def list_only(connection: Connection, project: str, code: str) -> Mapping[str, str]:
    """By commits of the code, the run that trained there with a clean tree; not where several did."""
    mine = (RunCommitRow.project == project) & (RunCommitRow.code == code.casefold())
    query = (
        select(RunCommitRow.commit, func.min(RunCommitRow.run_id).label("run_id"))
        .where(mine)
        .group_by(RunCommitRow.commit)
        .having(func.count(RunCommitRow.run_id.distinct()) == 1)
    )
    return {row.commit: row.run_id for row in connection.execute(query)}


def run_of_version(connection: Connection, project: str, model: str, version: str) -> str | None:
    """The run that made the version, None if nobody said."""
    of_version = _version(project, model, version)
    return connection.execute(select(ModelVersionRow.run_id).where(of_version)).scalar()


def _version(project: str, model: str, version: str) -> ColumnElement[bool]:
    return (
        (ModelVersionRow.project == project)
        & (ModelVersionRow.model == model)
        & (ModelVersionRow.version == version)
    )
