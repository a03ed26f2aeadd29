"""The board of a project: what may be written, and what of it the domain gets."""

import pytest

from trainboard.board_layout import BoardPolicy
from trainboard.settings import Settings, SettingsError, load, projects_of

ON_GITHUB = '[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n[projects.board]\n'
NO_PROJECT = 'must be the owner and the number of a project on GitHub, like "acme/12"'
FOREIGN = 'is of "other", and the App reaches projects of "acme" alone, where the "tracker" is'
APP = '[github]\napp_id = 1\nprivate_key = "k"\n'


def complaints(text, folder):
    """What is said of a file with `text`, without the file's name."""
    file = folder / "trainboard.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    return [str(finding).partition("trainboard.toml:")[2] for finding in caught.value.findings]


def test_the_domain_gets_each_key():
    """Under the full name of the board; without a number there is none."""
    keys = {"iteration_field": "Sprint", "status_field": "Stage", "todo": "a", "doing": "b", "done": "c"}
    boards = [{"project": "acme/12", "items": "all"} | keys, {}]
    projects = [
        {"name": f"p{place}", "tracker": "github:acme/churn", "board": board}
        for place, board in enumerate(boards)
    ]
    first, second = projects_of(Settings.model_validate({"projects": projects}))

    assert BoardPolicy(name="github-project:acme/12", items="all", **keys) == first.board
    assert second.board is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ON_GITHUB + 'project = "acme"',
            f'5: "project" in [projects.board] {NO_PROJECT}',
        ),
        (
            ON_GITHUB + 'project = "acme/0"',
            f'5: "project" in [projects.board] {NO_PROJECT}',
        ),
        (
            ON_GITHUB + 'project = "acme/1"\nitems = "none"',
            '6: "items" in [projects.board] must be "ours" or "all"',
        ),
        (ON_GITHUB + 'project = "acme/1"\ndone = ""', '6: "done" in [projects.board] must not be empty'),
        (
            ON_GITHUB + 'project = "acme/1"\nstatus_field = ""\niteration_field = ""',
            '6: "status_field" in [projects.board] is empty, and so is "iteration_field"',
        ),
        (
            '[[projects]]\nname = "churn"\n[projects.board]\nproject = "acme/1"',
            '4: "project" in [projects.board] needs a "tracker" on GitHub',
        ),
        (
            APP + ON_GITHUB + 'project = "other/1"',
            f'8: "project" in [projects.board] {FOREIGN}',
        ),
    ],
)
def test_what_does_not_fit_is_said(text, expected, tmp_path):
    """With its line, and what would fit."""
    assert [expected] == complaints(text, tmp_path)


def test_a_token_reaches_the_projects_of_others():
    """Whatever its user may see."""
    project = {"name": "churn", "tracker": "github:acme/churn", "board": {"project": "other/1"}}
    assert Settings.model_validate({"github": {"token": "t"}, "projects": [project]})
