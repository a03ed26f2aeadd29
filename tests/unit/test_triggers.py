"""What may be started is checked before anything is started."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.code import NOW, check
from fakes.pipelines import pipeline, trigger
from trainboard.pull_requests import CheckState
from trainboard.triggers import (
    Argument,
    ArgumentError,
    Parameter,
    RunName,
    make_marker,
    name_run,
)

TRIGGER = trigger()


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("string", "two words; $(rm) ${{ x }}", "two words; $(rm) ${{ x }}"),
        ("boolean", "Yes", True),
        ("boolean", "false", False),
        ("boolean", True, True),
        ("number", "3e-4", 0.0003),
        ("number", "12", 12),
        ("number", 0.5, 0.5),
        ("choice", "small", "small"),
        ("environment", "Prod EU", "Prod EU"),
    ],
)
def test_a_value_is_read_as_its_parameter_says(type_, text, value):
    """Text stays text, to the letter; nothing in it means anything."""
    choices = ("small", "large") if type_ == "choice" else ()
    assert value == Parameter(name="p", type=type_, choices=choices).read(text)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("string", "two\nlines"),
        ("string", "x" * 1001),
        ("string", "\x1b[31m"),
        ("boolean", "maybe"),
        ("boolean", ""),
        ("number", "NaN"),
        ("number", "1e999"),
        ("number", "1_000"),
        ("number", "٣"),
        ("number", "9" * 5000),
        ("number", True),
        ("choice", "Small"),
        ("choice", ""),
        ("environment", "../prod"),
        ("environment", " "),
        ("environment", ""),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(type_, text):
    """The sentence names the parameter and stays short."""
    choices = ("small", "large") if type_ == "choice" else ()
    with pytest.raises(ArgumentError, match=r"^size must be") as caught:
        Parameter(name="size", type=type_, choices=choices).read(text)
    assert len(str(caught.value)) < 200


@given(st.text() | st.floats() | st.integers() | st.booleans())
def test_whatever_is_given_is_read_or_refused(value):
    """No value does anything else, and what was read once is read so again."""
    for type_ in ("string", "boolean", "number", "environment"):
        parameter = Parameter(name="p", type=type_)
        try:
            read = parameter.read(value)
        except ArgumentError:
            continue
        assert read == parameter.read(Argument("p", read).text)


def test_an_environment_may_be_one_of_a_few():
    """Where the operator lists them."""
    parameter = Parameter(name="to", type="environment", choices=("staging",))
    assert "staging" == parameter.read("staging")
    with pytest.raises(ArgumentError, match=r'^to must be one of staging, and "prod" is not.$'):
        parameter.read("prod")


def test_values_stand_in_the_order_of_the_declaration():
    """Defaults stand in; what nobody gives and nobody needs is left out."""
    of = pipeline(
        parameters=(
            Parameter(name="a", required=True),
            Parameter(name="b", type="number", default=3),
            Parameter(name="c"),
        )
    )
    assert (Argument("a", "x"), Argument("b", 3)) == of.fill({"a": "x"})
    assert ["x", "3"] == [each.text for each in of.fill({"a": "x"})]
    with pytest.raises(ArgumentError, match=r"^retrain needs the parameter a.$"):
        of.fill({})
    with pytest.raises(ArgumentError, match=r'^retrain takes no parameter "d". It takes a, b, c.$'):
        of.fill({"d": "x"})
    with pytest.raises(ArgumentError, match=r"It takes none.$"):
        pipeline(parameters=()).fill({"d": "x"})


def test_a_commit_is_a_whole_one():
    """A branch, a short one or a range is none, and who takes none says so."""
    assert "a" * 40 == pipeline(commit="commit").check_commit("A" * 40)
    assert None is pipeline().check_commit(None)
    for text in ("main", "abc1234", "a" * 41, f"{'a' * 40}..main", "a" * 40 + "\n"):
        with pytest.raises(ArgumentError, match=r"must be a whole one"):
            pipeline(commit="commit").check_commit(text)
    with pytest.raises(ArgumentError, match=r"^retrain takes no commit: it runs the newest one of main.$"):
        pipeline().check_commit("a" * 40)
    assert "a" * 40 == pipeline("azure-pipeline").check_commit("a" * 40)


def test_only_some_stages_may_be_left_out():
    """Those that the operator lists, each once."""
    of = pipeline("azure-pipeline", skippable=("Deploy", "Test"))
    assert ("Test", "Deploy") == of.check_skipped(["Test", "Deploy", "Test"])
    with pytest.raises(ArgumentError, match=r'^retrain may not leave out stage "Build", but Deploy, Test.$'):
        of.check_skipped(["Build"])


def test_a_mark_cannot_be_made_by_others():
    """It is the same for the same wish, and another for another wish or installation."""
    assert make_marker(b"s", "k") == make_marker(b"s", "k")
    assert 3 == len({make_marker(b"s", "k"), make_marker(b"s", "l"), make_marker(b"t", "k")})
    assert 23 == len(make_marker(b"s", "k"))


def test_a_run_is_named_as_its_whole_tells_it():
    """GitHub's by repository and number, that of Azure Pipelines by its suite, a job of either not at all."""
    assert None is name_run(check(run=7))
    on_github = check(code="github:Acme/churn", run=7, suite="900", series="5 on workflow_dispatch")
    assert RunName("github:acme/churn", "7") == name_run(on_github)
    in_azure = check(run=7, suite="azure-pipelines:acme#7", series="azure-pipelines:acme/3")
    assert RunName("azure-pipelines:acme", "7") == name_run(in_azure)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (0, 1, 2, 1, 0)])
def test_a_run_is_followed_in_any_order(order):
    """What is later in its life wins, however late the rest is told."""
    told = [
        check(state=CheckState.QUEUED, at=NOW),
        check(state=CheckState.RUNNING, at=NOW + timedelta(minutes=1)),
        check(state=CheckState.PASSED, at=NOW + timedelta(minutes=2), url="https://x.example/1"),
    ]
    known = TRIGGER
    for place in order:
        known = known.follow(told[place])
    assert (CheckState.PASSED, "https://x.example/1") == (known.check, known.url)


def test_a_second_attempt_takes_over():
    """Also when it is not over yet."""
    ended = TRIGGER.follow(check(state=CheckState.FAILED, at=NOW))
    again = ended.follow(check(state=CheckState.RUNNING, at=NOW + timedelta(minutes=9), attempt=2))
    assert CheckState.RUNNING is again.check
    assert again == again.follow(check(state=CheckState.FAILED, at=NOW + timedelta(minutes=10)))
