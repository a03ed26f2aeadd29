"""The bug of a problem, as Markdown that GitHub and Azure Boards both show."""

from collections.abc import Iterator, Mapping

from trainboard.alert_life import Episode
from trainboard.alert_view import AlertView
from trainboard.rendering.alert_lineage import lineage_block
from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import code_cell, inert, inert_code, inert_line, link, plain
from trainboard.rendering.numbers import count, minute
from trainboard.rendering.tables import table_head, table_row

TITLE_CHARACTERS = 200
_MOST_ROWS = 50
_MOST_LABELS = 6
_NAME_CHARACTERS = 80
_TEXT_CHARACTERS = 300
_REMEDIES = {"retrain": "Retrain the model with pipeline", "rollback": "Roll back with pipeline"}
_SAID_ELSEWHERE = frozenset({"alertname", "severity"})


def render_alert_title(view: AlertView) -> str:
    """A new bug's title, not Markdown, at most 200 characters."""
    problem = view.problem
    rule = plain(problem.rule, _NAME_CHARACTERS) or "an alert without a name"
    if problem.kind == "storm":
        about = f"{count(len(view.members), 'problem')} of {rule}" if problem.rule else "many alerts"
        return plain(f"Alert storm: {about} from {problem.door}", TITLE_CHARACTERS)
    told = ", ".join(f"{name}={value}" for name, value in problem.labels.items() if name != "alertname")
    return plain(f"Alert: {rule}{f' ({told})' if told else ''}", TITLE_CHARACTERS)


def render_alert(view: AlertView, max_bytes: int) -> str:
    """The bot's part of the bug, in at most `max_bytes` of UTF-8.

    Raises:
        ValueError: `max_bytes` is too small for the headline; 2,000 are always enough.
    """
    told = [_headline(view), _said(view), _firing(view), _members(view)]
    return fit([*told, lineage_block(view), _remedies(view), _footer(view)], max_bytes)


def _remedies(view: AlertView) -> Block:
    """What can be started, while something fires that a model is to blame for."""
    if view.stand.over_at is not None or view.problem.nature != "model":
        return Block(name="What to do", head="")
    rows = tuple(f"- {_REMEDIES[each.does]} {link(each.pipeline, each.url)}" for each in view.remedies)
    return Block(name="What to do", head="#### What to do\n" if rows else "", rows=rows)


def render_severity_rise(view: AlertView) -> str:
    """The comment on a bug whose problem became worse."""
    return f"This became worse: it is **{view.stand.severity}** now."


def render_return(view: AlertView) -> str:
    """The comment on a bug that is opened again."""
    problem, start = view.problem, view.stand.last_start
    if problem.closed_by == "person" and problem.closed_at and start <= problem.closed_at:
        return (
            f"Open again: this still fires, since {minute(start)} UTC. "
            "If it shall stay closed, close it as not planned."
        )
    return f"Open again: the alert came back at {minute(start)} UTC."


def _headline(view: AlertView) -> Block:
    stand = view.stand
    if view.closing_as == "stale":
        state = f"No longer reported since {minute(stand.over_at)} UTC"
    elif stand.over_at is not None:
        state = f"Resolved at {minute(stand.over_at)} UTC"
    else:
        state = f"{count(len(stand.firing), 'alert')} firing since {minute(stand.since)} UTC"
    notes = [f"severity {stand.severity}"]
    notes += ["comes and goes"] if stand.flapping else []
    notes += ["silenced at the sender"] if stand.suppressed else []
    return Block(name="headline", head=f"### Alert\n\n**{state}** · {' · '.join(notes)}")


def _said(view: AlertView) -> Block:
    first = next(iter(view.stand.firing), None)
    if first is None:
        return Block(name="What is said", head="")
    texts = dict.fromkeys(filter(None, [first.alert.summary, first.alert.description]))
    return Block(name="What is said", head="\n\n".join(inert_line(text, _TEXT_CHARACTERS) for text in texts))


def _firing(view: AlertView) -> Block:
    if not view.stand.firing or view.members:
        return Block(name="Alerts", head="")
    columns = all(each.alert.labels.get("column") for each in view.stand.firing)
    title, first = ("#### Columns", "Column") if columns else ("#### Firing", "Alert")
    head = table_head(title, (first, "Since (UTC)", "Value", "Threshold", "Severity"), numbers=(2, 3))
    rows = tuple(_row(each, columns=columns) for each in view.stand.firing[:_MOST_ROWS])
    hidden = len(view.stand.firing) - len(rows)
    tail = f"{count(hidden, 'more alert')} not shown." if hidden else ""
    return Block(name="Alerts", head=head, rows=rows, tail=tail)


def _row(episode: Episode, *, columns: bool) -> str:
    alert = episode.alert
    labels = {name: value for name, value in alert.labels.items() if name not in _SAID_ELSEWHERE}
    shown = code_cell(labels["column"], _NAME_CHARACTERS) if columns else _render_labels(labels)
    value, threshold = (code_cell(text, _NAME_CHARACTERS) or "—" for text in (alert.value, alert.threshold))
    severity = inert(alert.severity, _NAME_CHARACTERS) or "—"
    return table_row([shown, minute(episode.since), value, threshold, severity])


def _render_labels(labels: Mapping[str, str]) -> str:
    shown = list(labels.items())[:_MOST_LABELS]
    return " ".join(code_cell(f"{name}={value}", _NAME_CHARACTERS) for name, value in shown) or "—"


def _members(view: AlertView) -> Block:
    if not view.members:
        return Block(name="Problems", head="")
    head = table_head(f"#### {count(len(view.members), 'problem')} at once", ("Rule", "Of"), numbers=())
    shown = view.members[:_MOST_ROWS]
    rows = tuple(
        table_row([code_cell(each.rule, _NAME_CHARACTERS), _render_labels(each.labels)]) for each in shown
    )
    hidden = len(view.members) - len(rows)
    return Block(name="Problems", head=head, rows=rows, tail=f"{hidden:,} more not shown." if hidden else "")


def _footer(view: AlertView) -> Block:
    parts = [link(text, url) for text, url in _links(view) if url]
    if view.problem.earlier:
        parts.append(f"Earlier: #{view.problem.earlier}")
    parts += [f"Told by {inert_code(view.problem.door)}", f"Updated {minute(view.updated_at)} UTC"]
    return Block(name="Links", head=" · ".join(parts))


def _links(view: AlertView) -> Iterator[tuple[str, str]]:
    if view.stand.firing:
        links = view.stand.firing[0].alert.links
        yield "Runbook", links.runbook
        yield "Dashboard", links.dashboard
        yield "Panel", links.panel
        yield "Query", links.generator
        yield "Silence", links.silence
    yield "This alert's page", view.page_url or ""
    yield "Its sprint's report", view.sprint_url or ""
