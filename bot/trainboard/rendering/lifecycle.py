"""The way of a model in one line, and the alerts that came of it."""

from trainboard.experiment_view import ExperimentView, LinkedAlert
from trainboard.lifecycle import Stage, find_current, list_stages
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code, link
from trainboard.rendering.numbers import count, minute

_NAME_CHARACTERS = 80
_TITLE_CHARACTERS = 120
_MAX_ALERTS = 10


def render_lifecycle(view: ExperimentView) -> str:
    """What is reached has a tick, and a link where something shows it. Where it stands is bold."""
    current = find_current(view)
    return " → ".join(_say_stage(stage, is_current=stage.name == current) for stage in list_stages(view))


def _say_stage(stage: Stage, *, is_current: bool) -> str:
    """Only the bugs are things of the tracker itself, which a link may refer to."""
    address = find_address(stage.url, may_refer=stage.name == "monitor") if stage.reached else None
    name = f"[{stage.name}]({address})" if address else stage.name
    words = f"✓ {name}" if stage.reached else name
    return f"**{words}**" if is_current else words


def alerts_block(view: ExperimentView) -> Block:
    """A line for each bug about a model of the experiment, the newest first; empty for none."""
    shown = view.alerts[-_MAX_ALERTS:]
    rows = tuple(f"- {_say_alert(alert)}" for alert in reversed(shown))
    hidden = len(view.alerts) - len(shown)
    tail = f"{count(hidden, 'earlier alert')} not shown." if hidden else ""
    return Block(name="Alerts", head="#### Alerts\n" if rows else "", rows=rows, tail=tail)


def _say_alert(alert: LinkedAlert) -> str:
    bug = link(f"{alert.ref}: {alert.title}", alert.url, _TITLE_CHARACTERS, may_refer=True)
    model = inert_code(alert.model, _NAME_CHARACTERS) or NO_NAME
    version = f" version {inert(alert.version, _NAME_CHARACTERS)}" if alert.version else ""
    ended = f", closed {minute(alert.closed_at)}" if alert.closed_at else ""
    return f"{bug}, of {model}{version}: since {minute(alert.began_at)}{ended} UTC"
