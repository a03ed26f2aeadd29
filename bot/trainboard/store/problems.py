"""Problems, the alerts that they are made of, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy import insert as plain_insert

from trainboard.alert_life import Episode, MomentKind, Problem, end_episode, merge_alert
from trainboard.alerts import Alert, Severity
from trainboard.facts import AnswerProblem, RecordAlerts, RecordStorm, RecordTouch
from trainboard.store.alert_models import EpisodeRow, MomentRow, ProblemRow
from trainboard.store.upserts import insert

LOOK_AGAIN = timedelta(minutes=15)
"""After so long a problem is looked at again, whatever became of the effect that was to do it."""

ECHO = timedelta(seconds=10)
"""A change so near to one of ours may be our own, where the tracker does not tell us from people."""


def find(connection: Connection, key: str) -> Problem | None:
    """The problem of that key."""
    row = connection.execute(_BY_KEY, {"key": key}).one_or_none()
    return problem_of(row) if row else None


_BY_KEY = select(ProblemRow).where(ProblemRow.key == bindparam("key"))


def find_by_ref(connection: Connection, tracker: str, ref: str) -> Problem | None:
    """The problem whose bug has that number."""
    mine = (ProblemRow.tracker == tracker) & (ProblemRow.ref == ref)
    row = connection.execute(select(ProblemRow).where(mine)).one_or_none()
    return problem_of(row) if row else None


def list_waiting(connection: Connection, project: str, door: str, since: datetime) -> Sequence[Problem]:
    """Problems that began at `since` or later and have no bug and no storm yet, oldest first."""
    wanted = _of(project, door) & (ProblemRow.began_at >= since) & (ProblemRow.state == "waiting")
    alone = ProblemRow.storm.is_(None) & (ProblemRow.kind == "problem")
    return _list(connection, wanted & alone & _FIRES)


def count_beginning(connection: Connection, project: str, door: str, since: datetime) -> Mapping[str, int]:
    """By rule, how many problems began at `since` or later."""
    wanted = _of(project, door) & (ProblemRow.began_at >= since) & (ProblemRow.kind == "problem")
    counted = select(ProblemRow.rule, func.count()).where(wanted).group_by(ProblemRow.rule)
    return {row[0]: row[1] for row in connection.execute(counted)}


def list_firing_alerts(connection: Connection, project: str, door: str) -> Mapping[str, tuple[str, Alert]]:
    """What fires by fingerprint: the key of its problem, and what was told of it."""
    mine = (EpisodeRow.problem == ProblemRow.key) & EpisodeRow.firing.is_(True) & _of(project, door)
    rows = connection.execute(
        select(EpisodeRow.fingerprint, EpisodeRow.problem, EpisodeRow.document).where(mine)
    )
    return {
        row.fingerprint: (row.problem, msgspec.json.decode(row.document, type=Episode).alert) for row in rows
    }


def list_due(connection: Connection, now: datetime) -> Sequence[Problem]:
    """Problems that it is time to look at, those that wait longest first."""
    due = select(ProblemRow).where(ProblemRow.look_at <= now).order_by(ProblemRow.look_at).limit(_MOST_DUE)
    return [problem_of(row) for row in connection.execute(due)]


_MOST_DUE = 500


def list_episodes(connection: Connection, problem: Problem) -> Sequence[Episode]:
    """The alerts of a problem, or of all members of a storm, in the order in which they first came."""
    keys = select(ProblemRow.key).where(ProblemRow.storm == problem.key)
    mine = EpisodeRow.problem.in_(keys) if problem.kind == "storm" else EpisodeRow.problem == problem.key
    rows = connection.execute(select(EpisodeRow.document).where(mine).order_by(EpisodeRow.id))
    return [msgspec.json.decode(row.document, type=Episode) for row in rows]


def list_members(connection: Connection, storm: str) -> Sequence[Problem]:
    """The problems that a storm shows, oldest first."""
    return _list(connection, ProblemRow.storm == storm)


def record(connection: Connection, fact: RecordAlerts) -> None:
    """Note what was told of a problem's alerts; what is late changes nothing but that it was told."""
    problem = find(connection, fact.key) or _begin(connection, fact)
    known = _known(connection, fact.key)
    changed = dict(_merge(known, fact.alerts, fact.at))
    if fact.complete:
        changed |= _missing(known, fact)
    _put_episodes(connection, fact.key, changed)
    fired = any(each.firing for each in known.values())
    fires = any(each.firing for each in (known | changed).values())
    if fires and not fired:
        since = min(each.since for each in changed.values() if each.firing)
        note(connection, problem, "began", fact.at, since.isoformat())
    if fired and not fires:
        ended_at = max(each.ended_at or fact.at for each in changed.values())
        note(connection, problem, "over", fact.at, ended_at.isoformat())
    anew = fires and not fired and problem.state == "waiting" and problem.storm is None
    is_news = not fact.complete and (fact.at > problem.last_seen_at or not problem.told)
    if is_news and fact.alerts:
        note(connection, problem, "told", fact.at, str(len(fact.alerts)))
    told_to_fire = any(alert.firing for alert in fact.alerts)
    gap = fact.at - problem.last_seen_at if fired and told_to_fire else timedelta(0)
    put(
        connection,
        problem,
        began_at=fact.at if anew else problem.began_at,
        last_seen_at=max(problem.last_seen_at, fact.at),
        longest_gap=max(problem.longest_gap, gap),
        truncated=0 if fact.complete else fact.truncated,
        told=problem.told + (len(fact.alerts) if is_news else 0),
        look_at=min(problem.look_at or fact.at + LOOK_AGAIN, fact.at + LOOK_AGAIN),
    )


def record_storm(connection: Connection, fact: RecordStorm) -> None:
    """Note that one bug shows the problems; those that have got one of their own meanwhile keep it."""
    storm = find(connection, fact.key)
    if storm is None:
        storm = Problem(
            project=fact.project,
            door=fact.door,
            key=fact.key,
            rule=fact.rule,
            kind="storm",
            began_at=fact.at,
            last_seen_at=fact.at,
        )
        _add(connection, storm)
    alone = ProblemRow.key.in_(fact.members) & (ProblemRow.state == "waiting") & ProblemRow.storm.is_(None)
    joined = connection.execute(update(ProblemRow).where(alone).values(storm=fact.key, look_at=None))
    if joined.rowcount:
        note(connection, storm, "storm", fact.at, f"{joined.rowcount} problems")
    put(connection, storm, last_seen_at=fact.at, look_at=fact.at + LOOK_AGAIN)


def release_members(connection: Connection, storm: str) -> None:
    """The storm is over: what begins again gets a bug of its own, or another storm."""
    connection.execute(update(ProblemRow).where(ProblemRow.storm == storm).values(storm=None))


def touch(connection: Connection, fact: RecordTouch) -> None:
    """Note that somebody changed the bug, which is the first answer to it if there was none.

    What may be an echo of our own change is none.
    """
    problem = find_by_ref(connection, fact.tracker, fact.ref)
    if problem is None:
        return
    ours = filter(None, (problem.made_at, problem.written_at, problem.closed_at))
    if problem.acknowledged_at is None and not any(abs(fact.at - each) <= ECHO for each in ours):
        note(connection, problem, "touched", fact.at)
        put(connection, problem, acknowledged_at=fact.at)
    put(connection, problem, touched=True)


def answer(connection: Connection, fact: AnswerProblem) -> None:
    """Note that somebody looks at it, and since when; and until when it is left alone."""
    problem = find(connection, fact.key)
    if problem is None:
        return
    if problem.acknowledged_at is None:
        note(connection, problem, "touched", fact.at)
        problem = put(connection, problem, acknowledged_at=fact.at)
    if fact.quiet_until is not None:
        put(connection, problem, quiet_until=fact.quiet_until, look_at=fact.quiet_until)


def put(connection: Connection, problem: Problem, **changes: Any) -> Problem:
    """Note what changed of a problem; answers the problem with it."""
    changed = msgspec.structs.replace(problem, **changes)
    values = {name: value for name, value in _values(changed).items() if _column(name) in changes}
    connection.execute(update(ProblemRow).where(ProblemRow.key == problem.key).values(values))
    return changed


def note(connection: Connection, problem: Problem, kind: MomentKind, at: datetime, words: str = "") -> None:
    """Add to the problem's history."""
    row = {"problem": problem.key, "generation": problem.generation, "kind": kind, "note": words, "at": at}
    connection.execute(plain_insert(MomentRow).values(row))


def _begin(connection: Connection, fact: RecordAlerts) -> Problem:
    problem = Problem(
        project=fact.project,
        door=fact.door,
        key=fact.key,
        rule=fact.rule,
        nature=fact.nature,
        labels=fact.labels,
        began_at=fact.at,
        last_seen_at=fact.at,
    )
    _add(connection, problem)
    return problem


def _add(connection: Connection, problem: Problem) -> None:
    statement = insert(connection, ProblemRow).values(_values(problem))
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def _known(connection: Connection, key: str) -> dict[str, Episode]:
    rows = connection.execute(_EPISODES, {"problem": key})
    return {row.fingerprint: msgspec.json.decode(row.document, type=Episode) for row in rows}


_EPISODES = select(EpisodeRow.fingerprint, EpisodeRow.document).where(
    EpisodeRow.problem == bindparam("problem")
)


def _merge(
    known: Mapping[str, Episode], alerts: Iterable[Alert], at: datetime
) -> Iterable[tuple[str, Episode]]:
    merged: dict[str, Episode] = {}
    for alert in alerts:
        before = merged.get(alert.fingerprint) or known.get(alert.fingerprint)
        episode = merge_alert(before, alert, at)
        if episode is not None:
            merged[alert.fingerprint] = episode
    return merged.items()


def _missing(known: Mapping[str, Episode], fact: RecordAlerts) -> dict[str, Episode]:
    """Those that fired when the list was made and are not on it."""
    listed = {alert.fingerprint for alert in fact.alerts}
    return {
        name: end_episode(episode, fact.at)
        for name, episode in known.items()
        if episode.firing and name not in listed and episode.told_at < fact.at
    }


def _put_episodes(connection: Connection, key: str, episodes: Mapping[str, Episode]) -> None:
    rows = [
        {
            "problem": key,
            "fingerprint": name,
            "firing": episode.firing,
            "ended_at": episode.ended_at,
            "document": msgspec.json.encode(episode).decode(),
        }
        for name, episode in episodes.items()
    ]
    if not rows:
        return
    statement = insert(connection, EpisodeRow)
    told = {name: statement.excluded[name] for name in ("firing", "ended_at", "document")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["problem", "fingerprint"], set_=told), rows
    )


def _of(project: str, door: str) -> Any:
    return (ProblemRow.project == project) & (ProblemRow.door == door)


_FIRES = (
    select(EpisodeRow.id).where(EpisodeRow.problem == ProblemRow.key, EpisodeRow.firing.is_(True)).exists()
)


def _list(connection: Connection, wanted: Any) -> Sequence[Problem]:
    rows = connection.execute(select(ProblemRow).where(wanted).order_by(ProblemRow.began_at, ProblemRow.id))
    return [problem_of(row) for row in rows]


def _values(problem: Problem) -> dict[str, Any]:
    values = msgspec.structs.asdict(problem)
    values["longest_gap_seconds"] = values.pop("longest_gap").total_seconds()
    values["labels"] = msgspec.json.encode(problem.labels).decode()
    return values


def _column(name: str) -> str:
    return "longest_gap" if name == "longest_gap_seconds" else name


_COLUMNS = frozenset(Problem.__struct_fields__) | {"longest_gap_seconds"}


def problem_of(row: Row[Any]) -> Problem:
    """The problem of a row that has all columns of `ProblemRow`, and maybe more."""
    values = {name: value for name, value in row._asdict().items() if name in _COLUMNS}
    values["longest_gap"] = timedelta(seconds=values.pop("longest_gap_seconds"))
    values["labels"] = msgspec.json.decode(row.labels, type=dict[str, str])
    values["severity"] = Severity(row.severity) if row.severity else None
    return Problem(**values)
