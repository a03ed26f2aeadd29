"""What the board of GitHub Projects sends, how often, and what it makes of the answers."""

import json

import pytest

from fakes.github.keys import make_pem
from fakes.github.projects import Card, add_project, node_id
from judges import github_graphql
from trainboard.board_layout import BoardPolicy
from trainboard.boards import ClosedBoardError
from trainboard.boards.github_projects import PERMISSIONS, GitHubProjectBoard
from trainboard.boards.github_projects.documents import ALL
from trainboard.budgets import Lane
from trainboard.budgets.memory import MemoryBudgets
from trainboard.errors import (
    DoubtError,
    LimitedError,
    MissingError,
    PermanentError,
    TransientError,
)
from trainboard.github.credentials import AppCredential, Place, TokenCredential

POLICY = BoardPolicy(name="github-project:acme/12")


def plan(hub):
    """The one project there is."""
    [project] = hub.projects.values()
    return project


def rest_of(budgets, clock):
    """What the token may still ask of REST."""
    place = Place(api_url="https://api.github.com", repository="acme/churn", clock=clock)
    return TokenCredential("t", budgets).open_budget(place)


@pytest.fixture
def budgets(clock):
    return MemoryBudgets(clock)


@pytest.fixture
def project(fake):
    return add_project(fake)


@pytest.fixture
def issue(fake):
    return fake.person_opens(fake.churn, "one")


@pytest.fixture
def make(fake, clock, budgets):
    """Makes boards of one kind or another."""
    made = []

    def open_board(policy=POLICY, *, app=False):
        signs = (
            AppCredential(4711, make_pem(), budgets, PERMISSIONS)
            if app
            else TokenCredential(fake.token, budgets)
        )
        made.append(GitHubProjectBoard(policy=policy, repository="acme/churn", credential=signs, clock=clock))
        return made[-1]

    yield open_board
    for each in made:
        each.close()


@pytest.fixture
def board(make, project):
    return make()


@pytest.fixture
def standing(board, issue):
    """The board's layout, with a card of the issue on it."""
    look = board.look("1")
    return look.layout, board.add_card(look.layout, look.content)


def test_a_look_brings_board_and_card(board, fake, project, issue):
    """One request, whether the issue is there, on the board, or archived."""
    before = board.look("1")
    project.cards.append(Card("PVTI_1", node_id(issue), archived=True))
    project.move(issue, "Status", "Done")
    after = board.look("1").card

    assert (node_id(issue), None) == (before.content, before.card)
    assert ["Title", "Iteration", "Status"] == list(before.layout.fields)
    done = before.layout.find_option("done").ref
    assert ("PVTI_1", True, None, done) == (after.ref, after.archived, after.iteration, after.option)
    assert ["POST /graphql"] * 2 == fake.calls()


def test_an_issue_that_is_not_there_is_no_failure(board):
    """It may have been deleted; that it is so is sure."""
    assert (None, None) == (board.look("99").content, board.look("99").card)


def test_a_card_of_another_board_is_none(board, fake, issue):
    """An issue may stand on many."""
    other = add_project(fake, "acme/13")
    other.cards.append(Card("PVTI_1", node_id(issue)))

    assert board.look("1").card is None


def test_to_add_twice_is_to_add_once(board, project, standing):
    """The card that is there is answered."""
    layout, card = standing

    assert card == board.add_card(layout, project.cards[0].content)
    assert 1 == len(project.cards)


def test_two_values_are_one_request(board, fake, project, issue, standing):
    """And none is none."""
    layout, card = standing
    before = len(fake.requests)
    iteration = layout.iteration_field.iterations[0].ref

    board.set_values(layout, card, iteration=iteration, option=layout.find_option("Done").ref)
    board.set_values(layout, card)

    assert ("Sprint 1", "Done") == project.shown(issue)
    assert 1 == len(fake.requests) - before


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (lambda hub: plan(hub).cards.clear(), MissingError),
        (lambda hub: plan(hub).fields[2].options.clear(), PermanentError),
        (lambda hub: setattr(plan(hub).cards[0], "archived", True), PermanentError),
        (lambda hub: hub.projects.clear(), MissingError),
        (lambda hub: setattr(plan(hub), "writable", False), ClosedBoardError),
        (lambda hub: hub.project_scopes.discard("write"), ClosedBoardError),
    ],
)
def test_a_refusal_is_of_its_class(board, fake, standing, harm, error):
    """What is wrong with one card is told apart from a board that takes nothing."""
    layout, card = standing
    harm(fake)

    with pytest.raises(error) as caught:
        board.set_values(layout, card, option=layout.find_option("Done").ref)

    assert (error is ClosedBoardError) == isinstance(caught.value, ClosedBoardError)


@pytest.mark.parametrize("harm", ["number", "scopes", "repository"])
def test_a_board_that_cannot_be_read_says_what_to_do(make, fake, project, issue, harm):
    """The number, the scopes; a repository that is gone is no board's fault."""
    if harm == "number":
        fake.projects.clear()
    elif harm == "scopes":
        fake.project_scopes.clear()
    else:
        fake.churn.visible = False

    with pytest.raises(PermanentError) as caught:
        make().look("1")

    assert (harm != "repository") == ("the scope project" in str(caught.value))


def test_an_app_needs_a_permission_of_its_own(make, fake, project, issue):
    """Without it the board is closed to us, and the permission is named."""
    assert make(app=True).look("1").content
    del fake.granted["organization_projects"]

    with pytest.raises(ClosedBoardError, match="organization_projects: write"):
        make(app=True).look("1")


def test_an_app_reaches_no_users_project(make, fake, project):
    """GitHub has no permission for it."""
    fake.users.add("acme")

    with pytest.raises(ClosedBoardError, match="reaches no user's project"):
        make(app=True).get_layout()


def test_whether_we_may_write_is_told_to_users_alone(make, project):
    """What GitHub says of a viewer is about people; an App was granted it or not."""
    project.writable = False
    assert [False, True] == [make(app=app).get_layout().writable for app in (False, True)]


def test_fields_go_by_name_and_kind(make, project):
    """In whatever letters; a field of another kind is none."""
    found = make(BoardPolicy(name=POLICY.name, iteration_field="STATUS", status_field="status")).get_layout()

    assert (None, project.fields[2].id) == (found.iteration_field, found.status_field.ref)


@pytest.mark.parametrize("status", [502, 504])
def test_an_unknown_end_is_a_doubt_only_where_something_may_be_done(board, fake, standing, status):
    """A query changes nothing."""
    layout, _ = standing
    fake.next_fault(status)
    with pytest.raises(DoubtError):
        board.add_card(layout, "I_1")
    fake.next_fault(status)
    with pytest.raises(TransientError) as caught:
        board.look("1")
    assert not isinstance(caught.value, DoubtError)


def test_a_limit_of_graphql_stops_graphql_alone(board, fake, budgets, clock):
    """It comes with 200 and the type RATE_LIMITED; its quota is not that of REST."""
    reset = str(int(clock().timestamp()) + 600)
    used_up = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    limited = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    fake.next_fault(200, headers=used_up | {"X-RateLimit-Resource": "graphql"}, body=limited)

    with pytest.raises(LimitedError) as caught:
        board.get_layout()
    assert 601 == caught.value.retry_after_seconds
    with pytest.raises(LimitedError):
        board.get_layout()
    assert 1 == len(fake.requests)
    rest_of(budgets, clock).admit("see", Lane.CHATTER, writes=True)


def test_a_secondary_limit_stops_all(board, fake, budgets, clock):
    """It is of the account, whatever it asked."""
    fake.next_fault(403, headers={"Retry-After": "90"}, body={"message": "secondary rate limit"})
    with pytest.raises(LimitedError):
        board.get_layout()
    with pytest.raises(LimitedError):
        rest_of(budgets, clock).admit("see", Lane.COMMAND, writes=False)


def test_queries_use_up_no_writes_and_mutations_do(board, standing, budgets, clock):
    """A hundred looks leave room for what writes; what writes counts in both budgets."""
    layout, _ = standing
    for _ in range(100):
        board.get_layout()
    for _ in range(41):  # of 60 a minute, chatter gets 70 percent
        board.add_card(layout, "I_1")
    with pytest.raises(LimitedError):
        rest_of(budgets, clock).admit("write", Lane.CHATTER, writes=True)


@pytest.mark.parametrize("document", ALL)
def test_every_document_is_of_githubs_schema(document):
    """Judged with its variables left out, which is all that is wrong with it."""
    findings = github_graphql.judge(json.dumps({"query": document}))
    assert [] == [each for each in findings if "to be provided" not in each]


@pytest.mark.parametrize(
    "name", ["github-project:acme", "acme/12", "github-project:acme/x", "github-project:a b/1"]
)
def test_a_name_is_checked(make, name):
    """Nothing of it is sent as it came."""
    with pytest.raises(ValueError, match="owner/number"):
        make(BoardPolicy(name=name))
