"""No answer to a command is one: not to ourselves, and not to another bot."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes import commanding
from fakes.foreign_bots import COMMANDS, WORDS, list_hits
from fakes.hostile import TEXTS, list_harms
from fakes.pull_requests import approval, pull_request, run
from fakes.read import CHURN, NOW, FakeRead, item
from trainboard import commands
from trainboard.alert_life import Problem
from trainboard.approvals import Person
from trainboard.comments import Role
from trainboard.grammar.declaration import Asking, Call, May, Ruling
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.grammar.reading import read_lines
from trainboard.metrics import Judgement, Verdict
from trainboard.rendering.approvals import announce
from trainboard.rendering.command_status import render_item, render_problem, render_pull_request
from trainboard.rendering.commands import (
    render_command_help,
    render_confirmation,
    render_denial,
    render_failure,
    render_help,
    render_no_help,
    render_plan,
    render_reasons,
    render_refusals,
)
from trainboard.targets import Target

GOLDEN = [path for path in (Path(__file__).parent / "golden").rglob("*") if path.suffix == ".md"]
REGISTRY = commands.load()


def asking(person="ada", may=May.YES, project=CHURN):
    given_ = commanding.given("/help", person=Person(id="1", name=person), role=Role.WRITE)
    known = {"given": given_, "project": project, "key": "k", "read": FakeRead()}
    return Asking(registry=REGISTRY, judge=lambda *_: Ruling(may=may, rule=("nobody",)), **known)


def fires(rule, door):
    """A problem."""
    return Problem(project="churn", door=door, key="k", rule=rule, began_at=NOW, last_seen_at=NOW)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_body_that_we_write_commands_anything(path):
    """Whatever was told of by runs, alerts, checks and people."""
    body = path.read_text(encoding="utf-8")
    assert [] == list_hits(COMMANDS | WORDS, body)
    assert [] == [line for markup in Markup for line in find_command_lines(body, markup)]


@pytest.mark.parametrize("may", May)
def test_no_help_commands_anything(may):
    """The names of commands stand in code."""
    assert [] == list_harms(render_help(asking(may=may)))
    for command in REGISTRY:
        assert [] == list_harms(render_command_help(command, asking(may=may)))
    assert [] == list_harms(render_no_help(["close", "sprint"]))


@given(text=TEXTS, name=TEXTS)
def test_no_answer_commands_anything(text, name):
    """With whatever text of people in it."""
    command = REGISTRY.find("close")
    line = f"/close {text}"
    call = Call(command=command, line=1, text=line)
    given_ = asking(name or "x").given
    answers = [
        render_denial(call, Ruling(may=May.NO, rule=("triage",)), given_),
        render_denial(call, Ruling(may=May.NO, rule=("nobody",), environment=text), given_),
        render_denial(call, Ruling(may=May.NO, rule=(f"team:{text}", f"user:{name}")), given_),
        render_failure(line, name),
        render_confirmation(line, ["run `it`"], "123456"),
        render_plan(line, []),
        render_reasons([text, name]),
        announce(approval(environment=text, run=name), [name, text]),
        render_item(
            item(experiment=text or "x"),
            name,
            [run(name)],
            [Judgement(Target(text, ">=", 1.0), Verdict.NOT_MET, 0.5)],
            [pull_request(title=text)],
        ),
        render_pull_request(pull_request(), [("github:acme/churn", "12")], [approval(environment=text)]),
        render_problem(fires(text, name), NOW),
    ]
    for answer in answers:
        assert [] == list_harms(answer)
        assert [] == list_harms(f"{answer}\n\n{answer}")


@given(text=st.text(max_size=80), name=st.sampled_from([command.name for command in REGISTRY]))
@example(text='"\n/close', name="sprint")
@example(text="\u200b@ada", name="label")
def test_no_refusal_commands_anything(text, name):
    """A line is shown with its number before it."""
    lines = find_command_lines(f"/{name} {text}\n/trainboard {text}\n/{name}x", Markup.MARKDOWN)
    for surface in ("issue", "pull request"):
        reading = read_lines(lines, surface, REGISTRY)
        said = render_refusals(reading.refusals)
        assert [] == list_harms(said)
