"""The demo, as a newcomer starts it."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from peers.service import free_port
from trainboard.cli import demo as demo_command
from trainboard.cli import main
from trainboard.demo import boards, check
from trainboard.demo.check import Finding, report


@pytest.fixture
def demo():
    """Plays the demo once."""

    def play(*options):
        return CliRunner().invoke(main, ["demo", "--once", "--port", str(free_port()), *options])

    return play


def test_the_demo_plays_a_sprint_and_checks_what_the_board_shows(demo):
    """Exit code 0, and every figure it checked is printed."""
    played = demo()

    assert 0 == played.exit_code, played.output
    assert "WRONG" not in played.output
    assert "ok     churn-xgb: runs: 22 finished, 2 failed, 24 total" in played.output
    assert "All as it must be" in played.output


def test_a_board_that_is_not_as_it_must_be_ends_the_demo_with_1(demo, monkeypatch):
    """A demo that cannot fail would prove nothing."""
    monkeypatch.setitem(check._RUNS, "churn-baseline", {"total": 9})
    played = demo()

    assert 1 == played.exit_code
    assert "WRONG  churn-baseline: runs: 3 finished, 3 total, expected 9 total" in played.output


def test_the_demo_plays_on_a_stand_in_for_azure_boards(demo, monkeypatch):
    """The same sprint and the same checks, with Microsoft's client; what stands on the board comes last."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    played = demo("--tracker", "azure")

    assert 0 == played.exit_code, played.output
    assert "WRONG" not in played.output
    _, _, board = played.output.partition("What stands on the board (a stand-in for Azure Boards")
    assert "Experiment: churn-xgb: open, Sprint 3\n      2 of 2 targets met · 24 runs" in board
    assert 4 == board.count("Experiment: churn-")


def test_the_stand_in_is_in_the_source_tree_only(demo, monkeypatch):
    """Who installed the wheel is told where to find it."""
    monkeypatch.setattr(boards, "find_spec", lambda _: None)
    played = demo("--tracker", "azure")

    assert (1, True) == (played.exit_code, "run `make demo TRACKER=azure` in a clone" in played.output)


def test_a_stand_in_that_does_not_start_is_said(demo, monkeypatch):
    """What it says of itself is no greeting."""
    monkeypatch.setattr(boards, "STAND_IN", "this")
    played = demo("--tracker", "azure")

    assert (1, True) == (played.exit_code, "did not start; see above" in played.output)


def test_without_once_the_service_stays_until_the_newcomer_leaves(monkeypatch):
    """The address of the board is the last word; Ctrl-C ends it well."""

    def leave(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("trainboard.cli.demo._stay_a_while", leave)
    port = free_port()
    played = CliRunner().invoke(main, ["demo", "--port", str(port)])

    assert 0 == played.exit_code, played.output
    assert f"The board: http://127.0.0.1:{port}/" in played.output
    assert "The demo is over" in played.output


def test_a_newcomer_may_leave_as_soon_as_the_address_is_said(monkeypatch, capsys):
    """An end that comes before the first nap is as good as one that comes in it."""
    say = demo_command.click.echo

    def say_and_leave(text):
        say(text)
        if "The board" in text:
            raise KeyboardInterrupt

    monkeypatch.setattr(demo_command.click, "echo", say_and_leave)
    demo_command._stay("http://127.0.0.1:8080")

    assert "The board: http://127.0.0.1:8080/   (Ctrl-C" in capsys.readouterr().out


def test_the_service_does_not_outlive_a_demo_that_is_ended():
    """SIGTERM ends it like Ctrl-C: nobody listens afterwards."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "trainboard", "demo", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as played:
        said = iter(played.stdout.readline, "")
        assert any(line.startswith("The board:") for line in said)
        played.terminate()
        assert 0 == played.wait(timeout=30)

    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5)


def test_a_finding_says_what_was_expected():
    """Lists, counts, yes and no are words."""
    said = []
    good = report([Finding("a", ["x"], []), Finding("b", True, False), Finding("c", {}, {})], said.append)

    assert not good
    assert ["WRONG  a: none, expected x", "WRONG  b: no, expected yes", "ok     c: none"] == said
