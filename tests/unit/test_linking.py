"""Which work items a pull request names, and what only looks like a name."""

import math
import time

import pytest

from fakes.pull_requests import pull_request
from trainboard.linking import MAX_CHARACTERS, MAX_REFS, find_ref, find_refs, name_board

GITHUB = "github:acme/churn"
BOARDS = "azure-boards:acme/Churn/Team"
REPOS = "azure-repos:acme/Churn/churn"


def refs(text="", tracker=GITHUB, **fields):
    return list(find_refs(pull_request(text=text, **fields), tracker))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fixes #12 and closes: #13.", ["12", "13"]),
        ("fixes GH-3, ACME/churn#4, (#5), **#6**", ["3", "4", "5", "6"]),
        ("https://github.com/acme/churn/issues/77", ["77"]),
        ("[the plan](https://github.com/Acme/Churn/issues/78)", ["78"]),
        ("* [ ] #1\n* #2\n\n| a |\n| - |\n| #3 |", ["1", "2", "3"]),
        ("#2, then #1, then #2 again", ["2", "1"]),
        ("Closes\n#12", ["12"]),
        ("Work-Item: 12, #13\nwork items: 14 other/repo#5 and 15", ["12", "13", "14", "15"]),
        ("<!-- trainboard:begin -->\n\n#9\n\n<!-- trainboard:end -->", ["9"]),
    ],
)
def test_a_name_in_prose_counts(text, expected):
    """Keywords, bare numbers, full names, addresses and the trailer, each number once and in order."""
    assert expected == refs(text)


@pytest.mark.parametrize(
    "text",
    [
        "`#1` and ``#2``",
        "```\n#1\n```",
        "    #1",
        "> fixes #1\n> > #2",
        "<!-- fixes #1 -->",
        "<details>\n#1\n</details>",
        "&#39; &#12;",
        "other/repo#1 acme/churn-fork#2 xacme/churn#3",
        "a#1 /#2 #3a #0 #012 #12345678901",
        "https://github.com/acme/churn/pull/5#issuecomment-12",
        "https://github.com/other/churn/issues/5",
        "AB#12 !13",
        "Work-Item: none",
    ],
)
def test_what_only_looks_like_a_name_does_not(text):
    """Not code, quotations, HTML, entities, other repositories nor parts of words."""
    assert [] == refs(text)


def test_the_title_counts():
    """It is read as plain text."""
    assert ["12"] == refs(title="Widen the trees (#12)")


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        ("12-fix-labels", ["12"]),
        ("feature/12_fix", ["12"]),
        ("refs/heads/issue-12", ["12"]),
        ("gh-12-labels", ["12"]),
        ("users/ada/99", ["99"]),
        ("fix-12", []),
        ("2026-11-roadmap", []),
        ("release/2026", []),
        ("dependabot/pip/12-x", []),
        ("feature/AB#12", []),
    ],
)
def test_the_branch_names_an_item_by_a_number_in_front(branch, expected):
    """As GitHub's own "create a branch" writes it; dates and branches of machines name none."""
    assert expected == refs(branch=branch)


def test_boards_are_named_from_github_by_their_prefix_only():
    """A bare number there is an issue of GitHub."""
    text = "AB#3, ab#4, #5, https://dev.azure.com/acme/Churn/_workitems/edit/9, xAB#6"

    assert ["3", "4", "9"] == refs(text, BOARDS)
    assert ["12"] == refs("", BOARDS, branch="feature/AB#12-widen")
    assert [] == refs("https://dev.azure.com/other/Churn/_workitems/edit/9", BOARDS, branch="12-widen")


def test_boards_are_named_from_their_own_repositories_by_bare_numbers_too():
    """The numbers are those of the whole organisation."""
    text = "#5 and AB#6, https://acme.visualstudio.com/Churn/_workitems/edit/7"

    assert ["5", "6", "7"] == refs(text, BOARDS, code=REPOS)
    assert ["12"] == refs("", BOARDS, code=REPOS, branch="users/ada/12-widen")
    assert [] == refs("#5", BOARDS, code="azure-repos:other/Churn/churn")


def test_work_items_of_boards_are_known_by_their_organisation():
    """As the tracker and its webhooks name them; other trackers keep their names."""
    assert ["azure-boards:acme", GITHUB] == [name_board("azure-boards:Acme/Churn/Team"), name_board(GITHUB)]


def test_another_repository_s_issues_are_named_in_full():
    """A bare number means the repository's own."""
    assert ["4"] == refs("#3 acme/plan#4 GH-5", "github:acme/plan", branch="6-fix")


def test_a_local_board_is_named_by_the_trailer():
    """Its numbers stand for nothing on the platform."""
    assert ["12"] == refs("#11\nWork-Item: 12", "local:churn")


def test_there_is_an_end_to_names():
    """A description cannot link the whole board."""
    assert [str(number) for number in range(1, MAX_REFS + 1)] == refs(" ".join(f"#{n}" for n in range(1, 99)))


def seconds_of(text, from_fork):
    best = math.inf
    for _ in range(3):
        began = time.thread_time()
        refs(text, from_fork=from_fork)
        best = min(best, time.thread_time() - began)
    return best


@pytest.mark.parametrize("from_fork", [False, True])
@pytest.mark.parametrize("part", ["#1 ", "<!--", "[`", ">", "[a](", "&#", "acme/", "https://x/", "**#1", "`"])
def test_a_hostile_description_takes_no_more_than_its_length(part, from_fork):
    """Eight times the text takes far less than the 64 times that a quadratic reading would take.

    Anybody may open a pull request from a fork, and what stands before each name is looked at there.
    """
    large = part * (MAX_CHARACTERS // len(part))
    floor = 0.001

    small = max(seconds_of(large[: len(large) // 8], from_fork), floor)
    assert seconds_of(large, from_fork) < 32 * small


def test_no_more_than_the_beginning_is_read():
    """However much a platform lets people write."""
    assert ["1"] == refs("#1 " + "x" * MAX_CHARACTERS + " #2")


@pytest.mark.parametrize(
    ("text", "tracker", "code", "expected"),
    [
        ("Fixes #12, see #13", GITHUB, GITHUB, ["12"]),
        ("closes: acme/churn#4 and RESOLVED GH-5", GITHUB, GITHUB, ["4", "5"]),
        ("prefixes #12", GITHUB, GITHUB, []),
        ("Work-Item: 12", GITHUB, GITHUB, []),
        ("Fixed AB#5, AB#6, closes AB#7", BOARDS, GITHUB, ["5"]),
        ("fixes #12, #13", BOARDS, REPOS, ["12"]),
        ("Fixes" + " " * 30 + "#7", GITHUB, GITHUB, ["7"]),
    ],
)
def test_of_a_fork_only_that_counts_by_which_its_platform_closes(text, tracker, code, expected):
    """Anybody may open one: its title, its branch and a mere mention name nothing."""
    named = {"title": "Fixes #99", "branch": "99-fix", "from_fork": True}

    assert expected == refs(text, tracker, code=code, **named)


@pytest.mark.parametrize(
    ("word", "tracker", "code", "expected"),
    [
        ("#12", GITHUB, GITHUB, "12"),
        ("12", GITHUB, GITHUB, "12"),
        ("acme/churn#12", GITHUB, GITHUB, "12"),
        ("https://github.com/acme/churn/issues/12", GITHUB, GITHUB, "12"),
        ("AB#12", BOARDS, GITHUB, "12"),
        ("12", BOARDS, GITHUB, "12"),
        ("other/repo#12", GITHUB, GITHUB, None),
        ("#12x", GITHUB, GITHUB, None),
        ("AB#12", GITHUB, GITHUB, None),
        ("", GITHUB, GITHUB, None),
    ],
)
def test_a_person_may_name_an_item_by_one_word(word, tracker, code, expected):
    """As in a description, or by its bare number."""
    assert expected == find_ref(word, tracker, code)
