"""What a bug says of the model that its alerts are about."""

from collections.abc import Iterator

from trainboard.alert_view import AlertView, Lineage
from trainboard.rendering.checks import render_deployments
from trainboard.rendering.experiment_tables import NAME_CHARACTERS, run_link, say_judgement
from trainboard.rendering.fit import Block
from trainboard.rendering.inert import inert_code
from trainboard.rendering.metric_gate import item_link
from trainboard.rendering.serving import name_version

_MOST_TARGETS = 5


def lineage_block(view: AlertView) -> Block:
    """The version in use, the run that made it, its experiment with its targets, its deployments."""
    if view.lineage is None:
        return Block(name="Model", head="")
    return Block(name="Model", head="#### Model\n", rows=tuple(f"- {line}" for line in _lines(view.lineage)))


def _lines(lineage: Lineage) -> Iterator[str]:
    model = lineage.model
    aliases = ", ".join(filter(None, (inert_code(alias, NAME_CHARACTERS) for alias in model.aliases[:5])))
    made = f", made by run {run_link(lineage.run)}" if lineage.run else ""
    known_as = f" ({aliases})" if aliases else ""
    yield f"{name_version(model.name, model.version)}{known_as}{made}"
    if lineage.item is not None:
        yield f"Experiment {item_link(lineage.item)}"
    for judgement in lineage.judgements[:_MOST_TARGETS]:
        yield say_judgement(judgement)
    if deployed := render_deployments(lineage.deployments):
        yield f"Deployments of its commit: {deployed}"
