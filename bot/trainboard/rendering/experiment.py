"""The work item of an experiment, as Markdown that GitHub and Azure Boards both show."""

from trainboard.experiment_view import ExperimentView, LinkedPullRequest, ModelVersion
from trainboard.plan_sections import HINTS, Heading
from trainboard.rendering.approvals import say_approval
from trainboard.rendering.checks import count_checks, mark_of, render_deployments
from trainboard.rendering.experiment_plan import budget_block, say_baseline, say_conclusion, say_rules
from trainboard.rendering.experiment_tables import (
    NAME_CHARACTERS,
    best_runs_block,
    count_met,
    metrics_block,
    run_link,
    targets_block,
)
from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import find_address, inert, inert_code, link, plain
from trainboard.rendering.lifecycle import alerts_block, render_lifecycle
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.outages import say_outage
from trainboard.rendering.results import render_results
from trainboard.rendering.serving import name_version, render_places
from trainboard.rendering.summary import Summary, known, summarise
from trainboard.rendering.triggers import triggers_block
from trainboard.runs import RunFailure, RunReport

_MESSAGE_CHARACTERS = 300
_TITLE_CHARACTERS = 200
_MAX_MODELS = 10
_MAX_ALIASES = 5
_MAX_WAITING = 3


def render_title(project: str, experiment: str) -> str:
    """A new work item's title, not Markdown, at most 200 characters."""
    name = plain(experiment, _TITLE_CHARACTERS)
    title = f"Experiment: {name}" if name else f"Experiment of {plain(project)}"
    return plain(title, _TITLE_CHARACTERS)


def render_new_body(view: ExperimentView) -> str:
    """What people find above the bot's part of a new work item, for them to fill in."""
    name = inert_code(view.experiment, NAME_CHARACTERS)
    opening = f"Plan {name or 'this experiment'} here. What you write above the bot's part stays as it is."
    sections = [(each, name if each is Heading.EXPERIMENT else f"_{HINTS[each]}_") for each in Heading]
    return "\n\n".join([opening, *(f"### {heading}\n\n{text}" for heading, text in sections if text)])


def render_experiment(view: ExperimentView, max_bytes: int) -> str:
    """The bot's part of the experiment's work item, in at most `max_bytes` of UTF-8.

    Raises:
        ValueError: `max_bytes` is too small for the headline; 2,000 are always enough.
    """
    summary = summarise(view)
    blocks = [
        _headline(view, summary),
        Block(name="Lifecycle", head=render_lifecycle(view)),
        _outages(view),
        targets_block(view),
        budget_block(view.usage),
        best_runs_block(view, summary),
        metrics_block(view, summary),
        _failures(summary),
        _models(view),
        _pull_requests(view),
        alerts_block(view),
        triggers_block(view.triggers),
        _footer(view),
    ]
    return fit(blocks, max_bytes)


def list_beside(view: ExperimentView) -> list[tuple[str, str]]:
    """What stands beside its runs, by title, as Markdown: budget, pull requests, alerts, runs asked for."""
    blocks = (
        budget_block(view.usage),
        _pull_requests(view),
        alerts_block(view),
        triggers_block(view.triggers),
    )
    return [(each.name, each.text(len(each.rows)).partition("\n")[2]) for each in blocks if each.rows]


def _headline(view: ExperimentView, summary: Summary) -> Block:
    sentence = " · ".join(filter(None, [count_met(view.judgements), _counts(summary)]))
    said = [f"**{sentence}**", say_conclusion(view.conclusion), _sprint(view)]
    said += [say_baseline(view), say_rules(view)]
    return Block(name="headline", head="\n\n".join(["### Training runs", *filter(None, said)]))


def _counts(summary: Summary) -> str:
    if not summary.total:
        return "No run yet. The first one shows up here by itself."
    states = ("finished", "failed", "killed", "running", "queued")
    parts = [f"{amount:,} {state}" for state in states if (amount := getattr(summary, state))]
    if summary.unheard:
        parts.append(f"{summary.unheard:,} not heard of")
    return f"{count(summary.total, 'run')}: {', '.join(parts)}"


def _sprint(view: ExperimentView) -> str:
    sprint = view.iteration
    text = f"In {inert(sprint.name, NAME_CHARACTERS)} ({sprint.start} to {sprint.end})."
    if not view.carries:
        return text
    times = "once, from" if view.carries == 1 else f"{view.carries:,} times, last from"
    return f"{text} Carried {times} {inert(view.carried_from or '', NAME_CHARACTERS) or 'an earlier sprint'}."


def _outages(view: ExperimentView) -> Block:
    lines = [f"{say_outage(each)} Runs that changed since are not shown yet." for each in view.outages]
    return Block(name="Run trackers", head="\n\n".join(lines))


def _failures(summary: Summary) -> Block:
    if summary.last_failure is None:
        return Block(name="Failures", head="")
    reason = _reason(summary.last_failure) or "no reason given"
    sentence = (
        f"{count(summary.failed, 'run')} failed. The last was {run_link(summary.last_failure)}: {reason}"
    )
    return Block(name="Failures", head=f"#### Failures\n\n{sentence}")


def _reason(report: RunReport) -> str:
    error = report.run.error
    if not isinstance(error, RunFailure):
        return ""
    kind = inert_code(known(error.type) or "", NAME_CHARACTERS)
    return " ".join(filter(None, [kind, inert(known(error.message) or "", _MESSAGE_CHARACTERS)]))


def _models(view: ExperimentView) -> Block:
    if not view.models:
        return Block(name="Models", head="")
    by_id = {report.run.id: report for report in view.runs}
    lines = tuple(_model_line(model, by_id.get(model.run_id or "")) for model in view.models[:_MAX_MODELS])
    hidden = len(view.models) - len(lines)
    tail = f"{count(hidden, 'more model')} not shown." if hidden else ""
    return Block(name="Models", head="#### Models\n", rows=lines, tail=tail)


def _model_line(model: ModelVersion, report: RunReport | None) -> str:
    aliases = [inert_code(alias, NAME_CHARACTERS) for alias in model.aliases[:_MAX_ALIASES]]
    pointers = f" ({', '.join(filter(None, aliases))})" if any(aliases) else ""
    origin = f", from {run_link(report)}" if report else ""
    way = render_places(model.places)
    return f"- {name_version(model.name, model.version)}{pointers}{origin}{f': {way}' if way else ''}"


def _pull_requests(view: ExperimentView) -> Block:
    rows = tuple(map(_pull_request_line, view.pull_requests))
    return Block(name="Pull requests", head="#### Pull requests\n" if rows else "", rows=rows)


def _pull_request_line(linked: LinkedPullRequest) -> str:
    told = linked.pull_request
    name = link(f"{told.number}: {told.title}", told.url, NAME_CHARACTERS, may_refer=True)
    checks = f", {mark_of(linked.checks)}{count_checks(linked.checks)}" if linked.checks else ""
    waiting = [say_approval(each) for each in linked.approvals if each.state == "pending"]
    undone = f", undone by pull request {linked.undone_by}" if linked.undone_by else ""
    parts = [
        f"{told.state}{undone}{checks}",
        render_results(linked.numbers, linked.checks),
        render_deployments(linked.deployments),
        *waiting[:_MAX_WAITING],
    ]
    return f"- {name}: {' · '.join(filter(None, parts))}"


def _footer(view: ExperimentView) -> Block:
    links = [
        ("All runs in the tracker", view.experiment_url),
        ("This experiment's page", view.page_url),
        ("Its sprint's report", view.sprint_url),
    ]
    parts = [f"[{text}]({address})" for text, url in links if (address := find_address(url))]
    return Block(name="Links", head=" · ".join([*parts, f"Updated {minute(view.updated_at)} UTC"]))
