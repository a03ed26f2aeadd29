"""The metric gate in words: one line for the platform, tables for people."""

from collections.abc import Sequence

from trainboard.metric_gate import Finding, GateVerdict, ItemFindings
from trainboard.metrics import Verdict
from trainboard.read import TrackedItem
from trainboard.rendering.experiment_tables import count_met, run_link, say_verdict, target_cell
from trainboard.rendering.fit import Block, fit
from trainboard.rendering.inert import inert, link, plain
from trainboard.rendering.numbers import NOT_AVAILABLE, count, number
from trainboard.rendering.tables import table_head, table_row

SHORT_COMMIT = 7
_NAME_CHARACTERS = 80
_MAX_NAMED = 3


def render_gate_title(verdict: GateVerdict, head: str, silent: int = 0) -> str:
    """The gate's state and why, as one plain line of at most 140 characters.

    `silent` is how many checks nobody has told of for too long: while the gate waits, it may be for them.
    """
    return plain(_title(verdict, head[:SHORT_COMMIT], silent), 140)


def render_gate_summary(verdict: GateVerdict, head: str, max_bytes: int, silent: int = 0) -> str:
    """The tables of all experiments in at most `max_bytes` of UTF-8, or how to make the gate judge."""
    opening = Block(name="headline", head=f"**{inert(_title(verdict, head[:SHORT_COMMIT], silent))}**")
    blocks = metric_blocks(verdict)
    return fit([opening, *(blocks or [Block(name="hint", head=_HINT)])], max_bytes)


_HINT = (
    "The gate judges runs of the head commit with a clean tree. Name the work item of an experiment in the "
    "pull request, and write targets into the work item, each on a line of its own."
)


def metric_blocks(verdict: GateVerdict) -> list[Block]:
    """A table for each linked experiment that has targets."""
    return [_block(item) for item in verdict.items if item.findings]


def item_link(item: TrackedItem) -> str:
    """The work item's number and title, linked."""
    return link(f"#{item.ref} {item.title or item.experiment}", item.url, _NAME_CHARACTERS, may_refer=True)


def _title(verdict: GateVerdict, commit: str, silent: int) -> str:
    judged = [item for item in verdict.items if item.findings]
    if not judged:
        return "No targets in the linked experiments" if verdict.items else "No experiment is linked"
    if verdict.state == "neutral":
        return "Nothing of a model is changed"
    if verdict.waiver is not None:
        return f"Waived on {commit} by {verdict.waiver.by}: {verdict.waiver.reason}"
    if verdict.state == "waiting":
        unheard = f"No news of {count(silent, 'check')}. " if silent else ""
        return f"{unheard}{_awaited(judged, commit)}"
    return f"{count_met([each.judgement for item in judged for each in item.findings])} on {commit}"


def _awaited(items: Sequence[ItemFindings], commit: str) -> str:
    missing = [item for item in items if item.findings[0].judgement.verdict is Verdict.UNKNOWN]
    names = [item.item.experiment for item in missing[:_MAX_NAMED]]
    more = f" and {len(missing) - len(names)} more" if len(missing) > len(names) else ""
    going = sum(item.going for item in missing)
    what = f"{count(going, 'run')} to end" if going else "a run"
    return f"Waiting for {what} on {commit} of {', '.join(names)}{more}"


def _block(item: ItemFindings) -> Block:
    runs = f"{count(item.runs, 'run')} of the head commit"
    title = f"#### Metrics\n\n{item_link(item.item)}: {runs}."
    columns = ["Target", "Result", "Verdict", "Baseline", "Change", "Run"]
    head = table_head(title, columns, numbers=[1, 3, 4])
    return Block(name="Metrics", head=head, rows=tuple(map(_row, item.findings)))


def _row(finding: Finding) -> str:
    judgement, baseline = finding.judgement, finding.baseline
    return table_row(
        [
            target_cell(judgement.target),
            number(judgement.best),
            say_verdict(judgement),
            f"{number(baseline.value)} ({inert(baseline.name, _NAME_CHARACTERS)})"
            if baseline
            else NOT_AVAILABLE,
            _change(finding),
            run_link(finding.run) if finding.run else NOT_AVAILABLE,
        ]
    )


def _change(finding: Finding) -> str:
    best, baseline = finding.judgement.best, finding.baseline
    if best is None or baseline is None:
        return NOT_AVAILABLE
    difference = best - baseline.value
    ahead = difference if finding.judgement.goal == "max" else -difference
    if ahead == 0:
        return "none"
    return f"{number(abs(difference))} {'better' if ahead > 0 else 'worse'}"
