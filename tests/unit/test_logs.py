"""Log lines of ours and of the libraries go to standard error, one line each."""

import json
import logging

import pytest
import structlog

from trainboard.logs import configure

LIBRARIES = ("alembic", "apscheduler", "urllib3", "_granian")


@pytest.fixture(autouse=True)
def own_logging(monkeypatch):
    """What a test configures ends with it."""
    monkeypatch.setattr(logging.root, "handlers", [])
    level = logging.root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARIES}
    before = structlog.get_config()
    yield
    structlog.configure(**before)
    logging.root.setLevel(level)
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each)


def lines(capsys):
    captured = capsys.readouterr()
    assert "" == captured.out
    return captured.err.splitlines()


def test_json_lines(capsys):
    """Each line is an object with its level, its moment in UTC and what was bound."""
    configure("json", "info")
    structlog.get_logger("ours").info("effect is true", key="k")
    logging.getLogger("theirs").warning("slow %s", "disk")

    ours, theirs = map(json.loads, lines(capsys))
    assert ("effect is true", "info", "k") == (ours["event"], ours["level"], ours["key"])
    assert ("slow disk", "warning") == (theirs["event"], theirs["level"])
    assert ours["timestamp"].endswith("Z")


def test_an_error_is_one_json_line(capsys):
    """With its whole trace, of ours and of the libraries."""
    configure("json", "info")
    error = ValueError("broken")
    structlog.get_logger("ours").error("worker stumbled", exc_info=error)
    logging.getLogger("theirs").error("job failed", exc_info=error)

    for line in map(json.loads, lines(capsys)):
        assert "error" == line["level"]
        assert line["exception"].endswith("ValueError: broken")


def test_console_lines(capsys):
    """For people, and without colours where nobody looks."""
    configure("console", "info")
    structlog.get_logger("ours").info("effect is true", key="k")

    (line,) = lines(capsys)
    assert "effect is true" in line
    assert "key=k" in line
    assert "\x1b" not in line


def test_the_level_holds_for_all(capsys):
    """What is below it is not written."""
    configure("json", "error")
    structlog.get_logger("ours").warning("small")
    logging.getLogger("theirs").warning("small")
    logging.getLogger("alembic").warning("small")
    structlog.get_logger("ours").error("big")

    assert ["big"] == [json.loads(line)["event"] for line in lines(capsys)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_that_chatter_are_heard_from_warning_on(library, capsys):
    """Also while we look closely at our own."""
    configure("json", "debug")
    structlog.get_logger("ours").debug("small")
    logging.getLogger(library).info("chatter")
    logging.getLogger(library).warning("trouble")

    assert ["small", "trouble"] == [json.loads(line)["event"] for line in lines(capsys)]


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_nothing_in_a_line_steers_a_terminal(log_format, capsys):
    """Whoever names a run, or asks for a page, writes no line of their own and moves no cursor."""
    configure(log_format, "info")
    hostile = "a\n2026-01-05T09:00:00Z [info] signed in\x1b[2J\x9b1A\u2028\u202e\x0b\r"
    structlog.get_logger("ours").info("a page failed", path=hostile, bare="\x1b[2J")
    logging.getLogger("theirs").warning("told %s", hostile)
    structlog.get_logger("ours").error("worker stumbled", exc_info=ValueError(hostile))

    written = capsys.readouterr().err
    assert set() == {"\x1b", "\x9b", "\u2028", "\u202e", "\x0b", "\r"} & set(written)
    assert [] == [line for line in written.splitlines() if line.startswith("2026-01-05T09:00:00Z")]


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_what_looks_like_a_credential_is_not_logged(log_format, capsys):
    """Also where an error quotes it, of a library too."""
    configure(log_format, "info")
    secrets = ["ghp_" + "a" * 36, "Bearer " + "b" * 30, "eyJ" + "c" * 20 + ".d.e", "whsec_" + "f" * 32]
    structlog.get_logger("ours").info("asked", header=secrets[0])
    logging.getLogger("theirs").warning("sent %s", secrets[1])
    structlog.get_logger("ours").error("worker stumbled", exc_info=ValueError(f"{secrets[2]} {secrets[3]}"))

    written = capsys.readouterr().err
    assert [] == [each for each in secrets if each in written]
    assert 4 == written.count("[secret]")
