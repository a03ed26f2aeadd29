"""What happened to an experiment, as a comment on its work item."""

from collections.abc import Sequence

from trainboard.milestones import (
    BudgetUsed,
    ExperimentEnded,
    Milestone,
    NamedRun,
    RunsFailed,
    SweepEnded,
    TargetLost,
    TargetMet,
    VersionPlaced,
    VersionRegistered,
)
from trainboard.rendering.inert import NO_NAME, find_address, inert, inert_code, link
from trainboard.rendering.numbers import count, number
from trainboard.rendering.serving import name_version

_NAME_CHARACTERS = 80
_TARGET_CHARACTERS = 320
_REASON_CHARACTERS = 300
_MAX_SHOWN = 20


def render_milestones(milestones: Sequence[Milestone]) -> str:
    """A sentence, or a list of them. Each begins with our own words."""
    said = [_say(each) for each in milestones[:_MAX_SHOWN]]
    if len(milestones) > _MAX_SHOWN:
        hidden = len(milestones) - _MAX_SHOWN
        said.append(f"Beside that {count(hidden, 'more change')}; the work item tells how it stands.")
    return said[0] if len(said) == 1 else "\n".join(f"- {sentence}" for sentence in said)


def _say(milestone: Milestone) -> str:  # noqa: PLR0911  one for each
    match milestone:
        case TargetMet(target=target, value=value, run=run):
            return f"Target {_target(target)} is **met**: {number(value)}, by run {_run(run)}."
        case TargetLost(target=target, value=value, is_guard_rail=is_guard_rail):
            best = "no finished run has it" if value is None else f"the best is {number(value)}"
            if is_guard_rail:
                return f"Guard-rail {_target(target)} is **not held any more**: {best}."
            return f"Target {_target(target)} is **not met any more**: {best}."
        case RunsFailed(run=run, reason=reason):
            why = f": {inert(reason, _REASON_CHARACTERS)}" if reason.strip() else "."
            return f"Three runs **failed** one after the other, the last was {_run(run)}{why}"
        case SweepEnded(name=name, runs=runs, failed=failed):
            lost = f", {failed:,} failed" if failed else ""
            return f"Sweep {_run(name)} is **complete**: {count(runs, 'run')}{lost}."
        case BudgetUsed(limit=limit, percent=percent):
            return f"Of the budget {_target(limit)} **{percent:,} %** are used."
        case VersionRegistered(model=model, version=version, run=made_by):
            origin = f", made by run {_run(made_by)}" if made_by else ""
            return f"Model {name_version(model, version)} was **registered**{origin}."
        case VersionPlaced():
            return _say_placed(milestone)
        case ExperimentEnded(rule=rule, has_result=has_result):
            end = "concluded" if has_result else "inconclusive"
            return (
                f"The experiment is **{end}** by its decision rule {inert_code(rule)}, and closed. "
                "Open it again if that is wrong: no rule ends it twice."
            )


def _say_placed(placed: VersionPlaced) -> str:
    name = inert_code(placed.place, _NAME_CHARACTERS) or NO_NAME
    address = find_address(placed.url)
    where = f"[{name}]({address})" if address else name
    stage = "**in production**" if placed.is_production else "in use"
    return f"Model {name_version(placed.model, placed.version)} is {stage}: {where}."


def _target(text: str) -> str:
    return inert_code(text, _TARGET_CHARACTERS)


def _run(run: NamedRun) -> str:
    return link(run.name, run.url, _NAME_CHARACTERS)
