"""The report of a run, RunEvent v1, out of options, files and what the job knows of itself."""

import json
import re
import socket
from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from trainboard.report_run import UsageError
from trainboard.report_run.ci import Job
from trainboard.report_run.measures import Told, parse_number, read_bytes, read_metrics

MOST_BYTES = 256 * 1024

_ENDED = frozenset({"finished", "failed", "killed"})
_BROKEN = frozenset({"failed", "killed"})
_SOURCE = re.compile(r"[a-z][a-z0-9+.-]*:.{1,500}")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_UNIX_SECONDS = re.compile(r"[0-9]{9,11}(\.[0-9]{1,9})?")
_LONGEST = {"experiment": 250, "run id": 256, "name": 250, "user": 256, "group": 256, "issue": 300}
_LONGEST_ERROR = 2000
_LONGEST_PARAM, _LONGEST_TAG, _MOST_PARAMS, _MOST_TAGS = 6000, 5000, 500, 200

Report = dict[str, Any]


def make_report(
    options: Namespace, job: Job, environ: Mapping[str, str], now: datetime
) -> tuple[Report, list[str]]:
    """The report, and sentences about what was left out of it.

    Raises:
        UsageError: it lacks what must be there, or says what cannot be.
    """
    told = Told()
    _read_files(options, told)
    for name, text in options.metric:
        _add_metric(name, text, told)
    report = {
        "schema": "1",
        "time": _write_time(now),
        "source": _source(options, job),
        "run": _run(options, job, environ, now),
        "experiment": {
            "name": _check("experiment", options.experiment or environ.get("TRAINBOARD_EXPERIMENT"))
        },
        "stage": options.stage,
        "links": _links(options, job),
        "metrics": told.metrics,
        "params": _pairs(options.param, _LONGEST_PARAM, _MOST_PARAMS, "parameter"),
        "tags": _tags(options),
        "datasets": [_named(text) for text in options.dataset],
        "model": _model(options),
        "cost": _cost(options, now),
    }
    return {key: value for key, value in report.items() if value not in (None, {}, [])}, told.summarize()


def encode(report: Report, remarks: list[str]) -> bytes:
    """The body, with fewer metrics where it would be too large; `remarks` then get a sentence more.

    Raises:
        UsageError: it is too large without any.
    """
    metrics = list(report.get("metrics", {}).items())
    kept = len(metrics)
    while (
        len(body := _dump(report | ({"metrics": dict(metrics[:kept])} if kept else {"metrics": {}})))
        > MOST_BYTES
    ):
        if not kept:
            raise UsageError(f"The report has {len(body):,} bytes; at most {MOST_BYTES:,} are taken.")
        kept //= 2
    if kept < len(metrics):
        remarks.append(f"The report would be too large: {len(metrics) - kept:,} metrics are left out.")
    return body


def _dump(report: Report) -> bytes:
    members = {key: value for key, value in report.items() if value != {}}
    return json.dumps(members, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def _read_files(options: Namespace, told: Told) -> None:
    """What cannot be read of a run that failed is left out: it may have failed before it wrote it."""
    for name, read in [(name, read_metrics) for name in options.metrics] + [
        (name, _read_tests) for name in options.junit
    ]:
        try:
            read(name, told)
        except OSError as error:
            sentence = f"{name} cannot be read: {error.strerror or error}."
            if options.state not in _BROKEN:
                raise UsageError(sentence) from error
            told.remarks.append(sentence)


def _read_tests(name: str, told: Told) -> None:
    """Add up what the files of results say."""
    from trainboard.result_files import MOST_FILE_BYTES, Tally, UnreadableError
    from trainboard.result_files.xml_files import read_xml

    try:
        tally = read_xml(read_bytes(name, MOST_FILE_BYTES))
    except UnreadableError as error:
        raise UsageError(f"{name} cannot be understood: {str(error)[:200]}.") from error
    if not isinstance(tally, Tally):
        raise UsageError(f"{name} holds no results of tests in JUnit's form.")
    counts = {"total": tally.total, "failed": tally.failed + tally.errors, "skipped": tally.skipped}
    amounts: dict[str, float] = {f"tests/{kind}": count for kind, count in counts.items()}
    if tally.seconds is not None:
        amounts["tests/seconds"] = tally.seconds
    for metric, amount in amounts.items():
        told.add(metric, told.metrics.get(metric, 0) + amount)


def _add_metric(name: str, text: str, told: Told) -> None:
    try:
        told.add(_check("metric", name, longest=250), parse_number(text))
    except ValueError:
        raise UsageError(f"--metric {name[:60]} is {text[:60]!r}, which is no number.") from None


def _run(options: Namespace, job: Job, environ: Mapping[str, str], now: datetime) -> Report:
    ended = options.state in _ENDED
    run = {
        "id": _check("run id", options.run_id or environ.get("TRAINBOARD_RUN_ID") or job.run_id),
        "status": options.state,
        "attempt": options.attempt or job.attempt,
        "name": options.name and _check("name", options.name),
        "url": options.run_url or job.ci_url,
        "started_at": options.started_at and _write_time(_parse_time(options.started_at)),
        "ended_at": _write_time(_end(options, now)) if ended else None,
        "user": (options.user or job.user)[: _LONGEST["user"]],
        "group": _group(options),
        "error": {"message": options.error[:_LONGEST_ERROR]} if options.error else None,
    }
    return {key: value for key, value in run.items() if value}


def _group(options: Namespace) -> Report | None:
    if not options.group:
        if options.planned:
            raise UsageError("--planned needs --group too.")
        return None
    group = {"id": _check("group", options.group), "kind": "sweep"}
    return group | ({"planned": options.planned} if options.planned else {})


def _source(options: Namespace, job: Job) -> str:
    source = str(options.source or job.source or f"cli:{socket.gethostname() or 'job'}")
    if not _SOURCE.fullmatch(source):
        raise UsageError(
            f"--source is {source[:60]!r}; it must be a scheme, a colon and a name, like gha:acme/churn."
        )
    return source


def _links(options: Namespace, job: Job) -> Report:
    commit = (options.commit or job.commit).lower()
    if commit and not _COMMIT.fullmatch(commit):
        raise UsageError(f"--commit is {commit[:60]!r}, which is no hash of a commit.")
    links = {
        "repo": (options.repo or job.repo)[:300],
        "issue": options.issue and _check("issue", options.issue),
        "pr": options.pr or job.pr,
        "commit": commit,
        "branch": (options.branch or job.branch)[:250],
        "dirty": options.dirty or None,
        "ci_url": job.ci_url,
    }
    return {key: value for key, value in links.items() if value}


def _pairs(pairs: Iterable[tuple[str, str]], longest: int, most: int, what: str) -> dict[str, str]:
    found = {_check(what, name, longest=250): value for name, value in pairs}
    if len(found) > most:
        raise UsageError(f"A report holds at most {most} {what}s, not {len(found)}.")
    for name, value in found.items():
        if len(value) > longest:
            raise UsageError(
                f"The {what} {name[:60]!r} has {len(value):,} characters; at most {longest:,} are taken."
            )
    return found


def _tags(options: Namespace) -> dict[str, str]:
    tags = _pairs(options.tag, _LONGEST_TAG, _MOST_TAGS - 1, "tag")
    return tags | ({"mlflow.run_id": options.mlflow_run} if options.mlflow_run else {})


def _model(options: Namespace) -> Report | None:
    if not options.model:
        if options.model_alias:
            raise UsageError("--model-alias needs --model too.")
        return None
    return _named(options.model) | ({"alias": options.model_alias} if options.model_alias else {})


def _named(text: str) -> dict[str, str]:
    """A name, and a version behind the last colon."""
    name, _, version = text.rpartition(":") if ":" in text else (text, "", "")
    named = {"name": _check("name", name), "version": version}
    return {key: value for key, value in named.items() if value}


def _cost(options: Namespace, now: datetime) -> Report:
    amount, currency = options.cost or (None, None)
    cost = {
        "amount": amount,
        "currency": currency,
        "gpu_seconds": _gpu_seconds(options, now),
        "cpu_seconds": options.cpu_seconds,
        "energy_kwh": options.energy_kwh,
        "co2e_kg": options.co2e_kg,
    }
    return {key: value for key, value in cost.items() if value is not None}


def _gpu_seconds(options: Namespace, now: datetime) -> float | None:
    if options.gpus is None:
        given: float | None = options.gpu_seconds
        return given
    if options.gpu_seconds is not None:
        raise UsageError("--gpus stands next to --gpu-seconds; choose one.")
    if not options.started_at:
        raise UsageError("--gpus needs --started-at too, to know for how long.")
    seconds = (_end(options, now) - _parse_time(options.started_at)).total_seconds()
    if seconds < 0:
        raise UsageError("The run ended before it started.")
    return round(float(options.gpus) * seconds, 3)


def _end(options: Namespace, now: datetime) -> datetime:
    return _parse_time(options.ended_at) if options.ended_at else now


def _parse_time(text: str) -> datetime:
    try:
        if _UNIX_SECONDS.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"{text[:60]!r} is no time with an offset, like 2026-01-05T09:00:00Z.")


def _write_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check(what: str, text: str | None, longest: int | None = None) -> str:
    most = longest or _LONGEST[what]
    if not text:
        raise UsageError(f"What is the {what}? Say it with --{what.replace(' ', '-')}.")
    if len(text) > most:
        raise UsageError(f"The {what} has {len(text):,} characters; at most {most} are taken.")
    return text
