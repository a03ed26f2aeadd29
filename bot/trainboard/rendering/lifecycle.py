"""The way of a model in one line, and the alerts that came of it."""

from trainboard.experiment_view import ExperimentView, LinkedAlert
from trainboard.lifecycle import Stage, find_current, list_stages
from trainboard.rendering.fit import Block, newest_block
from trainboard.rendering.inert import find_address, link
from trainboard.rendering.numbers import minute
from trainboard.rendering.serving import name_version

_TITLE_CHARACTERS = 120


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
    return newest_block("Alerts", view.alerts, _say_alert, "earlier alert")


def _say_alert(alert: LinkedAlert) -> str:
    bug = link(f"{alert.ref}: {alert.title}", alert.url, _TITLE_CHARACTERS, may_refer=True)
    ended = f", closed {minute(alert.closed_at)}" if alert.closed_at else ""
    version = name_version(alert.model, alert.version)
    return f"{bug}, of {version}: since {minute(alert.began_at)}{ended} UTC"
