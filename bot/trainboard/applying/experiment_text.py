"""The body of an experiment's work item, made from what the store knows and people wrote."""

import msgspec

from trainboard.applying import Outside
from trainboard.experiment_view import ExperimentView
from trainboard.fingerprints import experiment_key
from trainboard.iterations import iteration, today_of
from trainboard.metrics import judge
from trainboard.plans import list_baselines, make_plan
from trainboard.rendering.experiment import render_experiment, render_new_body
from trainboard.spending import measure
from trainboard.store import baselines, plan_words
from trainboard.store.items import KnownItem
from trainboard.views.experiments import view_experiment


class ItemText(msgspec.Struct, frozen=True, kw_only=True):
    """A whole body, and what it shows."""

    body: str
    view: ExperimentView


def text_of(known: KnownItem, body: str | None, outside: Outside) -> ItemText:
    """The body with the bot's part made anew; `body` is how it stands, None for a new item."""
    tracked, first = known.item, min(known.sprints)
    markers = outside.markers(tracked.project)
    view = _view(known, outside)
    if body is None:
        body = render_new_body(view)
    written = markers.outside(body)
    view = _judge(view, known, written, outside)
    left = outside.trackers[tracked.project].traits.max_body_bytes - len(written.encode())
    rendered = render_experiment(view, max(_LEAST_BYTES, min(_MOST_BYTES, left - _MARKS_BYTES)))
    key = experiment_key(tracked.project, tracked.experiment, first)
    return ItemText(body=markers.replace(body, key, rendered), view=view)


def _judge(view: ExperimentView, known: KnownItem, written: str, outside: Outside) -> ExperimentView:
    """By the plan that people wrote and commanded."""
    tracked, project = known.item, outside.projects[known.item.project]
    with outside.database.read() as connection:
        plan = make_plan(written, plan_words.list_of(connection, tracked.tracker, tracked.ref))
        compared = baselines.list_of(connection, tracked.project, tracked.experiment, plan.compared_with)
    now, began = outside.clock(), iteration(project.sprint, min(known.sprints)).start
    days = began, today_of(project.sprint, now)
    return msgspec.structs.replace(
        view,
        judgements=tuple(judge(plan.targets, view.runs, list_baselines(plan, compared))),
        baseline=plan.baseline,
        usage=tuple(measure(plan.budget, view.runs, project.prices, days, now)),
        rules=plan.rules,
        conclusion=plan.conclusion,
    )


_LEAST_BYTES = 2_000
_MOST_BYTES = 60_000
_MARKS_BYTES = 500


def _view(known: KnownItem, outside: Outside) -> ExperimentView:
    tracked = known.item
    with outside.database.read() as connection:
        view = view_experiment(connection, known, outside.projects[tracked.project], outside.clock())
    return msgspec.structs.replace(
        view,
        page_url=outside.page_url(
            f"/projects/{tracked.project}/sprints/{tracked.number}/experiments/{known.number}"
        ),
        sprint_url=outside.page_url(f"/sprints/{tracked.project}/{tracked.number}"),
    )
