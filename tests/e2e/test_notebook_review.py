"""Notebooks of pull requests are looked at, on GitHub and on Azure DevOps alike."""

import pytest

from fakes.clock import FakeClock
from fakes.notebooks import SECRET, TABLE, code, failed, notebook, shown
from fakes.pull_requests import CODE, HEAD, OPENED, check
from fakes.stories import NEW_HEAD, Story
from fakes.teams import on_azure_devops, on_github
from trainboard.errors import LimitedError, PermanentError, TransientError
from trainboard.events import CheckReported
from trainboard.store import notebook_reviews

OLD = notebook(code("f()", 1, failed()))
NEW = notebook(code("f()", 1, failed()), code("df", 2, shown(text_html=TABLE)))
PATH = "my notebooks/explore #1.ipynb"


@pytest.fixture(params=[on_github, on_azure_devops], ids=["github", "azure devops"])
def team(request, talk):
    with request.param(talk, FakeClock()) as team:
        yield team


def test_what_a_change_brings_is_told_and_read_once(team):
    """What was there before is told apart; a push that leaves the notebook alone reads nothing."""
    team.keeps(PATH, OLD)
    team.opens("Explore", "", "src/train.py", files={PATH: NEW})
    assert "1 notebook looked at without running: 1 finding of this change, 1 that" in team.comment
    assert "| `my notebooks/explore #\u200b1.ipynb` | 2 | 2 rows of a table in the output |" in team.comment
    assert "was there before: an error in the output" in team.comment
    assert [PATH, PATH] == team.files_read

    team.pushes({"src/train.py": "x = 1"})
    team.checks("success")
    assert [PATH, PATH] == team.files_read

    team.pushes({PATH: OLD})
    team.goes_by()
    assert [PATH] * 4 == team.files_read
    assert "rows of a table" not in team.comment
    assert "1 notebook looked at without running: nothing to mend in this change, 1 that" in team.comment


def test_a_credential_is_told_at_once_and_never_repeated(team):
    """While checks run, the comment waits for nothing else."""
    team.opens("Explore", "", "src/train.py")
    team.pushes({"a.ipynb": notebook(code(f"key = '{SECRET}'"))})
    assert "**✗ `a.ipynb`, cell 1: what looks like an AWS access key in its source.**" in team.comment
    assert SECRET not in team.comment + repr(team.writes)
    assert ["a.ipynb"] == team.files_read


def test_without_notebooks_nothing_is_read(team):
    """And a notebook that is removed is none any more."""
    team.keeps("a.ipynb", OLD)
    team.opens("Tidy up", "", "src/train.py", files={"a.ipynb": None})
    team.checks("success")
    assert [] == team.files_read


@pytest.fixture
def bot(tmp_path):
    story = Story(f"sqlite:///{tmp_path}/trainboard.db")
    yield story
    story.close()


def open_with(bot, **texts):
    """A pull request whose head has these notebooks is opened and looked at."""
    give(bot, **texts)
    opens(bot)


def give(bot, **texts):
    """Each commit of the pull request has these notebooks."""
    repository = bot.repository
    repository.pull.files = {f"{name}.ipynb": text for name, text in texts.items()}
    repository.pull.paths += repository.pull.files
    repository.pull.trees = {HEAD: dict(repository.pull.files), NEW_HEAD: dict(repository.pull.files)}


def opens(bot, **fields):
    """The pull request changed, its notebooks are looked at, and the comment says so."""
    bot.opens(**fields)
    bot.forward(seconds=61)


def reviewed(bot):
    with bot.bot.database.read() as connection:
        return [each.notebook.path for each in notebook_reviews.list_of(connection, CODE, 7)]


@pytest.mark.parametrize("error", [TransientError, LimitedError, PermanentError])
def test_what_cannot_be_read_holds_back_nothing(bot, error):
    """The gate and the comment are written meanwhile, and what was read is not read again."""
    bot.repository.fails("read_text", error("no"))
    bot.hears(CheckReported(check=check("lint", "failed")), seconds=0)
    give(bot, a=OLD, b=NEW)
    bot.opens()
    assert ([("abc1234", "neutral")], True) == (bot.gates, "lint" in bot.comment)
    bot.forward(minutes=30)
    opens(bot, draft=True, at=OPENED.replace(hour=12))
    bot.forward(minutes=5)
    assert ["a.ipynb", "b.ipynb"] == reviewed(bot)
    assert "2 notebooks looked at" in bot.comment
    assert 3 == bot.repository.calls.count("read_text")


def test_a_push_that_leaves_all_as_it_is_reads_nothing(bot):
    """Not even after another process took over."""
    open_with(bot, a=OLD, b=NEW)
    bot.restart()
    opens(bot, head=NEW_HEAD, at=OPENED.replace(hour=12))
    assert 2 == bot.repository.calls.count("read_text")


def test_a_notebook_that_vanished(bot):
    """It is said, and not looked for again until something is pushed."""
    open_with(bot, a=OLD)
    bot.repository.pull.trees.clear()
    bot.repository.pull.files["a.ipynb"] = NEW
    opens(bot, head=NEW_HEAD, at=OPENED.replace(hour=12))
    assert "`a.ipynb` was not looked at: it is not there any more." in bot.comment
    asked = bot.repository.calls.count("read_text")
    bot.forward(minutes=30)
    assert asked == bot.repository.calls.count("read_text")


def test_at_most_twenty(bot):
    """The others are counted."""
    open_with(bot, **{f"n{number:02}": OLD for number in range(23)})
    assert 20 == bot.repository.calls.count("read_text")
    assert "3 more notebooks not looked at: 20 of a pull request are." in bot.comment


def test_a_notebook_that_is_left_alone_again_is_forgotten(bot):
    """The comment says nothing of it any more."""
    open_with(bot, a=OLD, b=OLD)
    bot.repository.pull.paths.remove("a.ipynb")
    opens(bot, head=NEW_HEAD, at=OPENED.replace(hour=12))
    assert ["b.ipynb"] == reviewed(bot)
    assert "1 notebook looked at" in bot.comment


def test_another_base_is_another_comparison(bot):
    """It is read again where the pull request goes elsewhere."""
    bot.repository.files["a.ipynb"] = OLD
    open_with(bot, a=NEW)
    assert "1 that stood there before" in bot.comment
    opens(bot, base="release", at=OPENED.replace(hour=12))
    assert "2 findings of this change" in bot.comment
