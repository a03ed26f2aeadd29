"""Nothing that the bot says commands anything: not itself, not another bot, and no tracker."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes import pipelines
from fakes.alerts import TOLD
from fakes.commands import EXAMPLES, read_comment
from fakes.due_reports import make_digest, make_hostile, make_report
from fakes.experiments import run, view
from fakes.foreign_bots import COMMANDS, SAMPLES, WORD_SAMPLES, WORDS, list_hits
from fakes.hostile import LINES, TEXTS, infect, list_harms
from fakes.notebooks import SECRET, code, notebook
from fakes.pull_requests import (
    CODE,
    OPENED,
    approval,
    check,
    deployment,
    evidence,
    pull_request,
)
from fakes.pull_requests import run as run_of_commit
from fakes.read import CHURN, FakeRead, item
from fakes.reports import full_report
from trainboard.alert_life import Problem, judge_problem, merge_alert
from trainboard.alert_policy import AlertPolicy
from trainboard.alert_view import AlertView, Lineage, Remedy
from trainboard.alerts import AlertLinks
from trainboard.approvals import Decision, DecisionState, Person
from trainboard.changed_paths import read_paths
from trainboard.command_policy import CommandPolicy
from trainboard.comments import Given, Hint, Surface
from trainboard.deployments import Environment, Step
from trainboard.experiment_view import LinkedPullRequest, ModelVersion
from trainboard.grammar.declaration import Asking, May, Registry, Ruling
from trainboard.grammar.lines import Markup
from trainboard.item_links import Link, LinkSource
from trainboard.metric_gate import Waiver, judge_gate
from trainboard.metrics import judge
from trainboard.notebooks import ChangedNotebook, NotebookReview
from trainboard.notebooks.reviewing import review_notebook
from trainboard.plans import PlanWord
from trainboard.prices import Prices
from trainboard.pull_request_view import PullRequestView
from trainboard.refactoring import Doubt, Merge, Refactoring, figures_of
from trainboard.rendering.alert import render_alert, render_alert_title, render_return, render_severity_rise
from trainboard.rendering.approvals import announce, explain_decision, list_approvals
from trainboard.rendering.commands import (
    render_command_help,
    render_help,
    render_no_help,
    render_refusals,
)
from trainboard.rendering.experiment import render_experiment, render_new_body, render_title
from trainboard.rendering.metric_gate import render_gate_summary, render_gate_title
from trainboard.rendering.pull_request import render_pull_request
from trainboard.rendering.refactoring import (
    render_closed_with,
    render_refactoring,
    render_refactoring_title,
)
from trainboard.rendering.report.brief import brief_digest, brief_report
from trainboard.rendering.report.brief_text import render_brief
from trainboard.rendering.report.dialects import AZURE_WIKI, GITHUB, PLAIN
from trainboard.rendering.report.kept import fit_report, render_report_title, say_final
from trainboard.rendering.report.markdown import render_report
from trainboard.rendering.results import render_results
from trainboard.rendering.triggers import triggers_block
from trainboard.result_files import Coverage, Tally
from trainboard.results import Numbers
from trainboard.runs import Group, Metric
from trainboard.spending import measure, parse_budget
from trainboard.targets import parse_targets
from trainboard.triggers import Origin, TriggerState

MOST_BYTES = 60_000
TARGETS = "val_auc >= 0.92 points\nlatency_ms <= 50 ms"
URL = "https://ci.example.com/7"

NUMBERS = Numbers(
    tests=Tally(passed=1, failed=2, errors=1, skipped=1, seconds=2.0, failing=("a", "b")),
    coverage=Coverage(covered=8, valid=10),
    change=-1.0,
    unread=1,
)
APPROVALS = (
    approval(approvers=("ada", "grace"), url=URL, run="deploy"),
    approval("staging", "rejected", by="ada"),
    approval("", "pending", run="deploy"),
)
DECISIONS = tuple(
    Decision(
        key="comment-1",
        code=CODE,
        approval="approval/production",
        environment="production",
        verdict="approved",
        person=Person(id="1", name="ada"),
        origin=Origin(place=CODE, ref="7", is_pull_request=True),
        at=OPENED,
        url=URL,
        state=state,
        reason="it is late",
    )
    for state in DecisionState
)
TRIGGERS = tuple(pipelines.trigger(state=state, reason="no ref", url=URL) for state in TriggerState)
DEPLOYMENTS = (deployment("staging", url=URL), deployment("production", "waiting", minutes=90))
CHECKS = (
    check("lint", annotations=2, url=URL),
    check("unit", "failed", summary="2 failed", url=URL),
    check("train", "without news", summary="epoch 3 of 9"),
)
STEP = Step(deployment=DEPLOYMENTS[0], state=DEPLOYMENTS[0].state, at=OPENED, is_rollback=True)
MODEL = ModelVersion(
    name="churn",
    version="3",
    aliases=("champion", "staging"),
    run_id="r1",
    places=(
        (Environment(name="churn-prod", is_production=True, kind="endpoint", model="churn"), STEP),
        (Environment(name="champion", is_production=False, kind="alias", model="churn"), STEP),
    ),
)
CHANGED = ChangedNotebook(path="a.ipynb", blob="1", former="b.ipynb")
REVIEW = review_notebook(
    notebook(code(f"key = '{SECRET}'\n!pip install x", 3), code("train(df", 2), *[code("a = 1\n" * 120, 1)]),
    None,
)
TASK = Refactoring(
    project="churn",
    code=CODE,
    path="b.ipynb",
    tracker="local:churn",
    ref="12",
    url=URL,
    state="open",
    asked="comment-1",
    changed_at=OPENED,
    figures=figures_of(REVIEW, 7, "a" * 40),
)
MERGES = tuple(
    Merge(pull_request=pull_request(state="merged", merged_as="1" * 40), has_lint=True, doubts=doubts)
    for doubts in [(), *((doubt,) for doubt in Doubt)]
)


def experiment(text):
    """The item of an experiment of which everything is known."""
    metrics = {"val_auc": Metric(value=0.93, goal="max"), "latency_ms": 41.0}
    runs = [
        run("r1", name="widen", metrics=metrics),
        run("r2", "failed", name="deepen", error={"type": "ValueError", "message": "no"}),
        run("r3", "running", sweep=Group(id="s", name="depth")),
    ]
    linked = LinkedPullRequest(
        pull_request=pull_request(),
        checks=CHECKS,
        deployments=DEPLOYMENTS,
        approvals=APPROVALS,
        numbers=NUMBERS,
    )
    known = view(
        runs,
        TARGETS,
        page_url="https://bot.example.com/x",
        sprint_url="https://bot.example.com/y",
        carries=2,
        carried_from="Sprint 11",
        models=(MODEL,),
        pull_requests=(linked, replace(linked, undone_by=8)),
        triggers=TRIGGERS,
        baseline="run:7",
        usage=tuple(
            measure(parse_budget("runs<=2, cost<=3 EUR"), runs, Prices(), (OPENED.date(),) * 2, OPENED)
        ),
        conclusion=PlanWord(subject="conclusion", value="concluded", reason="late", by="ada", at=OPENED),
    )
    full = infect(known, text)
    yield from (render_experiment(full, MOST_BYTES), render_new_body(full), render_title(text, text))


def pull_request_comment(text):
    """The comment on a pull request with everything that there may be, and its gate."""
    models = [replace(MODEL, run_id="old")]
    runs = [run_of_commit("new", {"val_auc": 0.91}), run_of_commit("old", {"val_auc": 0.9}, commit="0" * 40)]
    paths = read_paths(["src/train.py", f"{text}.tf", f"charts/{text}/values.yaml", f"{text}.ipynb"])
    waiver = Waiver(by="ada", reason="late", at=OPENED)
    found = evidence(TARGETS, runs, models)
    others = [
        evidence(targets, ref=str(place)) for place, targets in enumerate(("", TARGETS, "", "f1 > 1", ""), 13)
    ]
    for asked in (pull_request(), pull_request(state="merged", merged_as="1" * 40)):
        verdict = judge_gate(asked, [found, *others], touched=True, waiver=waiver)
        known = PullRequestView(
            pull_request=asked,
            verdict=verdict,
            paths=replace(paths, notebooks=(CHANGED,) * 30),
            checks=CHECKS,
            later_checks=CHECKS,
            queued_checks=CHECKS,
            suites=CHECKS,
            deployments=DEPLOYMENTS,
            approvals=APPROVALS,
            decisions=DECISIONS,
            numbers=NUMBERS,
            triggers=TRIGGERS,
            page_url="https://bot.example.com/x",
            links=tuple(
                Link(tracker="local:churn", ref=str(place), source=source, by="ada")
                for place, source in enumerate(LinkSource, 12)
            ),
            notebooks=(NotebookReview(notebook=CHANGED, base="main", review=REVIEW),),
            refactorings=(TASK, replace(TASK, path="c.ipynb", state="closed")),
        )
        full = infect(known, text)
        yield render_pull_request(full, MOST_BYTES)
        yield render_gate_summary(full.verdict, text, MOST_BYTES, silent=2)
        yield render_gate_title(full.verdict, text, silent=2)


def bug(text):
    """The bug of an alert, and that of a storm, with all that they may show."""
    told = TOLD.alerts[0]
    problem = Problem(
        project="churn",
        door=TOLD.door,
        key="alert:1",
        rule="Drift",
        nature="model",
        labels={"model": "churn", "severity": "page"},
        began_at=OPENED,
        last_seen_at=OPENED,
    )
    words = {"summary": "it drifts", "description": "since noon", "value": "0.3", "threshold": "0.2"}
    links = AlertLinks(runbook=URL, dashboard=URL, panel=URL, generator=URL, silence=URL, external=URL)
    alert = replace(told, labels={"a": "b"}, severity="page", links=links, starts_at=OPENED, **words)
    episodes = [merge_alert(None, infect(alert, text), OPENED), merge_alert(None, alert, OPENED)]
    lineage = Lineage(
        model=MODEL,
        run=run("r1", name="widen"),
        item=item(title="Experiment", url=URL),
        judgements=tuple(judge(parse_targets(TARGETS), [run("r1", metrics={"val_auc": 0.1})])),
        deployments=DEPLOYMENTS,
    )
    known = AlertView(
        problem=problem,
        stand=judge_problem(problem, episodes, AlertPolicy(), OPENED),
        updated_at=OPENED,
        lineage=lineage,
        page_url="https://bot.example.com/x",
        sprint_url="https://bot.example.com/y",
        members=(problem, problem),
        remedies=tuple(Remedy(does=does, pipeline="retrain", url=URL) for does in ("retrain", "rollback")),
    )
    for shown in (known, replace(known, problem=replace(problem, kind="storm"))):
        full = infect(shown, text)
        yield from (render_alert(full, MOST_BYTES), render_return(full), render_severity_rise(full))
        yield render_alert_title(full)


def asked_for(text):
    """Approvals, runs and results, each by itself."""
    approvals, decisions = infect((APPROVALS, DECISIONS), text)
    yield list_approvals(approvals, decisions)
    yield from (announce(each, (text, text)) for each in approvals)
    yield from map(explain_decision, decisions)
    block = triggers_block(infect(TRIGGERS, text))
    yield block.text(len(block.rows))
    yield render_results(infect(NUMBERS, text), infect(CHECKS, text))
    merges = infect(MERGES, text)
    yield render_refactoring(infect(TASK, text), merges, 100)
    yield from map(render_closed_with, merges)
    yield render_refactoring_title(text)
    report, digest = make_hostile(make_report(), text), make_hostile(make_digest(), text)
    yield fit_report(render_report(report), MOST_BYTES, say_final(OPENED, "0" * 64))
    yield render_report_title(text)
    yield render_brief(brief_report(report, URL))
    yield render_brief(brief_digest(digest, URL))


def sprint_report(text):
    """The report of a sprint under way in dialects that draw, and of one that is over in the plain one."""
    for known, dialects in ((full_report(), (GITHUB, AZURE_WIKI)), (full_report(is_over=True), (PLAIN,))):
        full = infect(known, text)
        sprint = replace(full.sprint, timezone=known.sprint.timezone)
        shown = replace(full, sprint=sprint, forecast=known.forecast)
        yield from (render_report(shown, each, "https://bot.example.com/x") for each in dialects)


def asking(text, surface, answer):
    """Somebody whose every text is an attack."""
    place = {Surface.ISSUE: "github:acme/churn", Surface.WORK_ITEM: "azure-boards:acme/Churn"}
    origin = Origin(place=place.get(surface, CODE), ref="7", is_pull_request=surface is Surface.PULL_REQUEST)
    hint = Hint(origin=origin, comment=text, at=OPENED, lines=(text,))
    placed = {command.name: (f"team:{text}", f"user:{text}", "write") for command in EXAMPLES}
    given_ = Given(hint=hint, person=Person(id=text, name=text), lines=(), created_at=OPENED)
    return Asking(
        registry=EXAMPLES,
        judge=lambda *_: Ruling(may=answer, rule=(f"team:{text}", f"user:{text}"), environment=text),
        given=given_,
        project=replace(CHURN, commands=CommandPolicy(environments={text: placed})),
        key=text,
        read=FakeRead(),
    )


def answers(text):
    """Help of every command, for whoever may or may not, and why lines were not run."""
    for answer in May:
        for surface in Surface:
            yield render_help(asking(text, surface, answer))
            for command in EXAMPLES:
                yield render_command_help(command, asking(text, surface, answer))
    yield render_help(replace(asking(text, Surface.ISSUE, May.YES), registry=Registry(())))
    yield from (render_no_help([]), render_no_help(EXAMPLES.list_near("rejeen")))
    yield from refusals(text)


def refusals(text):
    """Why lines with this behind each command were not run."""
    lines = "\n".join(f"/{command.name} {text}" for command in EXAMPLES)
    for line in (lines, f"/trainboard {text}", f"/statsu {text}", f"/estimate 3\n{text}", lines * 400):
        yield render_refusals(read_comment(line, Markup.MARKDOWN, Surface.ISSUE, EXAMPLES).refusals)


SAID = {each.__name__: each for each in (experiment, pull_request_comment, bug, asked_for, sprint_report)}


@pytest.mark.parametrize("name", SAID)
@given(text=TEXTS)
def test_what_is_shown_does_nothing(name, text):
    """Whatever stands in all texts of all that is shown."""
    assert [] == [(harm, said) for said in SAID[name](text) for harm in list_harms(said)]


@pytest.mark.parametrize("name", [*SAID, "answers"])
def test_what_others_take_for_a_command_is_none_in_what_we_say(name):
    """Each line that a bot or a tracker would act upon."""
    for text in LINES if name in SAID else ["/close"]:
        said = list((SAID | {"answers": answers})[name](text))
        assert any(said)
        assert [] == [(harm, each) for each in said for harm in list_harms(each)]


@given(text=TEXTS)
def test_what_is_answered_does_nothing(text):
    """Whatever stands in a line that was not run."""
    assert [] == [(harm, said) for said in refusals(text) for harm in list_harms(said)]


@pytest.mark.parametrize("bot", SAMPLES | WORD_SAMPLES)
def test_each_bot_is_known_by_its_commands(bot):
    """A pattern that missed what people write to its bot would prove nothing."""
    of_bot = {name: each for name, each in (COMMANDS | WORDS).items() if name.startswith(bot)}
    assert of_bot
    assert [] == [text for text in (SAMPLES | WORD_SAMPLES)[bot] if not list_hits(of_bot, text)]


@pytest.mark.parametrize("text", LINES)
def test_what_does_something_is_seen_to(text):
    """The judge finds what acts, so that it does not pass what it cannot see."""
    assert list_harms(text)


@given(text=st.text(min_size=1, max_size=5))
def test_every_text_of_a_value_is_replaced(text):
    """Nothing of the values that are shown is left as it was told."""
    full = infect((CHECKS, APPROVALS, MODEL, TRIGGERS), text)
    assert [] == re.findall(r"'(?:lint|ada|champion|retrain)'", repr(full).replace(repr(text), ""))
