"""What every repository keeps, whatever its platform calls it."""

import pytest
from msgspec.structs import replace

from contract.repository_worlds import list_worlds
from trainboard.errors import DoubtError, MissingError, OversizedError, TransientError
from trainboard.model_tags import Tag
from trainboard.repositories import MOST_FILES, Gate

NAME = "trainboard/metric-gate"
NOWHERE = "0123456789abcdef0123456789abcdef01234567"
ODD = "<!-- trainboard:status 1 -->\n| a | b |\n|---|---|\n| *x* | `y` 🚀 é |\n\n@ana #1 AB#2 </details>"


@pytest.fixture(params=list_worlds())
def world(request):
    """A fresh world of each kind."""
    with request.param(request) as opened:
        yield opened


@pytest.fixture
def repository(world):
    """The repository under test."""
    return world.repository


def gate_of(commit, state="waiting", title="Waiting for a run of this commit.", **fields):
    return Gate(name=NAME, commit=commit, state=state, title=title, **fields)


def head_of(repository, number):
    return repository.get_pull_request(number).head


def test_a_pull_request_is_told_as_it_stands(world, repository):
    """With its words, its ends and its newest commit."""
    number = world.person_opens("Try LightGBM", text="A *try*.")
    head = world.person_pushes(number, "train.py")
    found = repository.get_pull_request(number)
    assert (repository.name, number, "Try LightGBM", "A *try*.") == (
        found.code,
        found.number,
        found.title,
        found.text,
    )
    assert ("open", head, "try", "main", world.author) == (
        found.state,
        found.head,
        found.branch,
        found.base,
        found.author,
    )
    assert (False, False, None) == (found.draft, found.from_fork, found.merged_as)
    assert (True, True) == (found.at.tzinfo is not None, found.url.startswith("http"))


@pytest.mark.parametrize(("merged", "expected"), [(True, "merged"), (False, "closed")])
def test_a_pull_request_ends(world, repository, merged, expected):
    """Only one that was merged became a commit of the base."""
    number = world.person_opens("Try LightGBM")
    world.person_ends(number, merged=merged)
    found = repository.get_pull_request(number)
    assert (expected, merged) == (found.state, found.merged_as is not None)


def test_a_description_is_replaced(world, repository):
    """Twice is once."""
    number = world.person_opens("Try LightGBM", text="A try.")
    for _ in range(2):
        repository.describe(number, "A try. AB#12")
    assert "A try. AB#12" == repository.get_pull_request(number).text


def test_comments_are_told_apart_by_who_made_them(world, repository):
    """Oldest first, whoever commented, in what thread ever."""
    number = world.person_opens("Try LightGBM")
    world.person_comments(number, "Why?")
    made = repository.create_comment(number, "Because.")
    world.person_comments(number, "Ah.")
    found = repository.list_comments(number)
    assert [("Why?", False), ("Because.", True), ("Ah.", False)] == [(each.body, each.ours) for each in found]
    assert made == found[1]


def test_a_comment_is_edited_in_place(world, repository):
    """Its ref and its time stay."""
    number = world.person_opens("Try LightGBM")
    made = repository.create_comment(number, "One check.")
    changed = repository.update_comment(number, made.ref, "Two checks.")
    assert replace(made, body="Two checks.") == changed
    assert [changed] == repository.list_comments(number)


def test_a_comment_keeps_its_text(world, repository):
    """Markdown, HTML, marks and all, to the letter."""
    number = world.person_opens("Try LightGBM")
    repository.create_comment(number, ODD)
    assert [ODD] == [each.body for each in repository.list_comments(number)]


def test_a_comment_blocks_nobody(world, repository):
    """Neither when it is made nor when it is edited."""
    number = world.person_opens("Try LightGBM")
    made = repository.create_comment(number, "One check.")
    blocked = [world.is_blocked(number)]
    repository.update_comment(number, made.ref, "Two checks.")
    assert [False, False] == [*blocked, world.is_blocked(number)]


@pytest.mark.parametrize("ref", ["", "x", "1/2/3", "../1", "99999999999999999999", "-1", "404", "1/404"])
def test_a_comment_that_is_not_there(world, repository, ref):
    """Its ref may be another platform's."""
    number = world.person_opens("Try LightGBM")
    with pytest.raises(MissingError):
        repository.update_comment(number, ref, "x")


def test_changed_files_are_listed(world, repository):
    """Of all pushes together, also those with odd names."""
    paths = ("src/train é.py", "infra/main.bicep", "notebooks/#1.ipynb")
    number = world.person_opens("Try LightGBM", paths=paths)
    world.person_pushes(number, "README.md", "infra/main.bicep")
    assert sorted([*paths, "README.md"]) == sorted(each.path for each in repository.list_files(number))


@pytest.mark.parametrize("count", [0, 250, MOST_FILES + 1])
def test_many_changed_files(world, repository, count):
    """However many pages it takes, and no more than anybody looks at."""
    number = world.person_opens("Format all", paths=tuple(f"src/{each}.py" for each in range(count)))
    found = [each.path for each in repository.list_files(number)]
    assert (min(count, MOST_FILES), len(found)) == (len(set(found)), len(found))


def test_a_changed_file_is_told_with_its_content(world, repository):
    """The same content has the same name, and another one another; what is new has no path in the base."""
    world.person_merges("old.ipynb", "1")
    world.person_merges("gone.ipynb", "1")
    number = world.person_opens("Try LightGBM")
    seen = []
    for path, text in (("old.ipynb", "2"), ("new.ipynb", "3"), ("new.ipynb", "4"), ("new.ipynb", "3")):
        world.person_writes(number, path, text)
        seen.append({each.path: each for each in repository.list_files(number)})
    assert ["old.ipynb", None] == [seen[-1][path].former for path in ("old.ipynb", "new.ipynb")]
    blobs = [each["new.ipynb"].blob for each in seen[1:]]
    assert (blobs[0], True, True) == (blobs[2], blobs[0] != blobs[1], all(blobs))
    assert seen[-1]["old.ipynb"].blob == seen[0]["old.ipynb"].blob
    world.person_writes(number, "gone.ipynb", None)
    found = {each.path: each.is_removed for each in repository.list_files(number)}
    assert {"gone.ipynb": True, "new.ipynb": False, "old.ipynb": False} == found


TEXT = '{"cells": ["é 🚀\\n"]}\n'


@pytest.mark.parametrize("path", ["a.ipynb", "my notebooks/#1 é?&.ipynb", "50%25/a+b;c.ipynb"])
def test_a_file_is_read_at_a_commit(world, repository, path):
    """To the letter, as each commit left it, and on the base as it stands there."""
    world.person_merges(path, "before")
    number = world.person_opens("Try LightGBM")
    commits = [world.person_writes(number, path, text) for text in (TEXT, "later")]
    found = [repository.read_text(path, at, 1000) for at in [*commits, "refs/heads/main"]]
    assert [TEXT, "later", "before"] == found


def test_a_large_file_is_read(world, repository):
    """Also where the platform gives no more than a megabyte at once."""
    number = world.person_opens("Try LightGBM")
    text = "é" * 1_000_000
    commit = world.person_writes(number, "a.ipynb", text)
    assert text == repository.read_text("a.ipynb", commit, 2_000_000)
    with pytest.raises(OversizedError):
        repository.read_text("a.ipynb", commit, 1_999_999)


def test_a_file_of_exactly_the_size(world, repository):
    """The bound is in bytes, and it is still taken."""
    number = world.person_opens("Try LightGBM")
    commit = world.person_writes(number, "a.ipynb", "éé")
    assert "éé" == repository.read_text("a.ipynb", commit, 4)
    with pytest.raises(OversizedError):
        repository.read_text("a.ipynb", commit, 3)


@pytest.mark.parametrize("path", ["b.ipynb", "a.ipynb/c", "../a.ipynb", "", "A.IPYNB"])
def test_a_file_that_is_not_there(world, repository, path):
    """It is surely missing, at this commit."""
    number = world.person_opens("Try LightGBM")
    commit = world.person_writes(number, "a.ipynb", TEXT)
    with pytest.raises(MissingError):
        repository.read_text(path, commit, 1000)


@pytest.mark.parametrize("at", [NOWHERE, "refs/heads/no-such-branch"])
def test_a_file_at_no_commit(world, repository, at):
    """A force push may have taken it away."""
    world.person_writes(world.person_opens("Try LightGBM"), "a.ipynb", TEXT)
    with pytest.raises(MissingError):
        repository.read_text("a.ipynb", at, 1000)


def test_a_file_that_cannot_be_reached(world, repository):
    """What cannot be reached is not missing."""
    commit = world.person_writes(world.person_opens("Try LightGBM"), "a.ipynb", TEXT)
    with world.outage(), pytest.raises(TransientError):
        repository.read_text("a.ipynb", commit, 1000)


def test_a_gate_goes_from_waiting_to_its_verdict(world, repository):
    """Whoever looks sees the last one."""
    number = world.person_opens("Try LightGBM")
    commit, seen = head_of(repository, number), []
    for state in ("waiting", "failure", "success"):
        gate = gate_of(commit, state, f"It is {state}.")
        repository.set_gate(number, gate)
        seen.append(world.find_gate(number, gate))
    assert [(state, f"It is {state}.") for state in ("waiting", "failure", "success")] == seen


def test_a_gate_waits_again(world, repository):
    """A verdict can be taken back, such as when a target changes."""
    number = world.person_opens("Try LightGBM")
    commit = head_of(repository, number)
    for state in ("success", "waiting"):
        repository.set_gate(number, gate_of(commit, state))
    assert "waiting" == world.find_gate(number, gate_of(commit))[0]


def test_a_neutral_gate_lets_through(world, repository):
    """A platform without such a state says success."""
    number = world.person_opens("Fix a typo")
    gate = gate_of(head_of(repository, number), "neutral", "Nothing of ML is touched.")
    repository.set_gate(number, gate)
    assert (world.neutral, "Nothing of ML is touched.") == world.find_gate(number, gate)


@pytest.mark.parametrize("state", ["waiting", "success", "failure", "neutral"])
def test_the_same_gate_is_written_once(world, repository, state):
    """However often it is set: platforms take a thousand of a name."""
    number = world.person_opens("Try LightGBM")
    gate = gate_of(
        head_of(repository, number), state, "As it is.", summary="**a**", url="https://tb.example/x"
    )
    before = world.count_writes()
    for _ in range(3):
        repository.set_gate(number, gate)
    assert 1 == world.count_writes() - before


def test_a_gate_may_change_its_words(world, repository):
    """The verdict stays, and what people read is new."""
    number = world.person_opens("Try LightGBM")
    commit = head_of(repository, number)
    for title in ("0.91 of 0.90", "0.92 of 0.90"):
        repository.set_gate(number, gate_of(commit, "success", title))
    assert ("success", "0.92 of 0.90") == world.find_gate(number, gate_of(commit))


def test_gates_of_other_names_stand_beside(world, repository):
    """None is taken for another."""
    number = world.person_opens("Try LightGBM")
    gate = gate_of(head_of(repository, number), "success")
    other = replace(gate, name="trainboard/data-gate", state="failure")
    repository.set_gate(number, gate)
    repository.set_gate(number, other)
    assert ("success", "failure") == (world.find_gate(number, gate)[0], world.find_gate(number, other)[0])


def test_a_verdict_is_of_one_push(world, repository):
    """What was good enough for a commit lets no other through."""
    number = world.person_opens("Try LightGBM")
    repository.set_gate(number, gate_of(head_of(repository, number), "success"))
    pushed = world.person_pushes(number)
    assert None is world.find_gate(number, gate_of(pushed))
    repository.set_gate(number, gate_of(pushed, "failure"))
    assert "failure" == world.find_gate(number, gate_of(pushed))[0]


def test_a_gate_with_too_much_to_say_is_cut(world, repository):
    """The verdict goes out in any case."""
    number = world.person_opens("Try LightGBM")
    gate = gate_of(head_of(repository, number), "failure", "auc 0.91\n" * 999, summary="é" * 70_000)
    repository.set_gate(number, gate)
    assert "failure" == world.find_gate(number, gate)[0]


@pytest.mark.parametrize("commit", [NOWHERE, "", "main", "../../issues/1", NOWHERE[:7]])
def test_a_gate_on_a_commit_that_is_not_there(world, repository, commit):
    """A force push may have taken it away, and what is no hash leads nowhere."""
    number = world.person_opens("Try LightGBM")
    before = world.count_writes()
    with pytest.raises(MissingError):
        repository.set_gate(number, gate_of(commit))
    assert before == world.count_writes()


def test_a_commit_lies_in_the_history_of_later_ones(world, repository):
    """And in its own, not in that of an earlier one or of one beside it."""
    first = head_of(repository, world.person_opens("Try LightGBM"))
    second = world.person_builds_on(first)
    third, beside = world.person_builds_on(second), world.person_builds_on(first)
    asked = [(first, first), (first, third), (third, first), (beside, third)]
    assert [True, True, False, False] == [repository.contains(*each) for each in asked]


def test_tags_are_told_with_their_commits(world, repository):
    """Also those that another object leads from; without any there are none."""
    assert [] == repository.list_tags()
    first = head_of(repository, world.person_opens("Try LightGBM"))
    world.person_tags("churn@v1.0.0", first)
    world.person_tags("churn#prod#1", first)
    assert {Tag("churn@v1.0.0", first), Tag("churn#prod#1", first)} == set(repository.list_tags())
    with world.outage(), pytest.raises(TransientError):
        repository.list_tags()


def test_a_commit_that_is_not_there_lies_nowhere(world, repository):
    """Nor does anything lie in one; a force push may have taken it away."""
    head = head_of(repository, world.person_opens("Try LightGBM"))
    for asked in ((NOWHERE, head), (head, NOWHERE)):
        with pytest.raises(MissingError):
            repository.contains(*asked)


ACTS = {
    "contains": lambda repository, _: repository.contains(NOWHERE, NOWHERE),
    "get": lambda repository, number: repository.get_pull_request(number),
    "describe": lambda repository, number: repository.describe(number, "x"),
    "comment": lambda repository, number: repository.create_comment(number, "x"),
    "comments": lambda repository, number: repository.list_comments(number),
    "files": lambda repository, number: repository.list_files(number),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_pull_request_that_is_not_there(repository, act):
    """It is surely missing, and no empty list."""
    with pytest.raises(MissingError):
        act(repository, 404)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_outage_is_no_answer(world, repository, act):
    """What cannot be reached is neither empty nor missing."""
    number = world.person_opens("Try LightGBM")
    with world.outage(), pytest.raises((TransientError, DoubtError)) as caught:
        act(repository, number)
    assert not isinstance(caught.value, MissingError)
