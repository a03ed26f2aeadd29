"""Who may give a command: roles, teams, accounts and environments, and what could not be found out."""

import pytest
from msgspec.structs import replace

from fakes.commanding import ADA, BEN, PULL, last, obey
from fakes.hostile import list_harms
from fakes.pull_requests import CODE, HEAD, approval, pull_request
from fakes.read import CHURN, FakeRead, item
from trainboard.command_policy import CommandPolicy
from trainboard.comments import CommandState, Role
from trainboard.effects import DecideApproval, StartPipeline
from trainboard.effects.comments import EditItem
from trainboard.triggers import Parameter, Pipeline

LEADS = "team:acme/ml-leads"
IN, OUT = ({"acme/ml-leads": each} for each in (True, False))
UNKNOWN = {"acme/ml-leads": "GitHub answered 403. Grant the App Members: read."}
GUID = "B0A1B2C3-0000-4000-8000-000000000001"


PLACE = (Parameter(name="place", type="environment"),)


def pipeline(name, *commands, parameters=PLACE):
    """One that needs nothing."""
    local = {"kind": "local", "place": "local:churn"}
    return Pipeline(name=name, target=name, commands=commands, parameters=parameters, **local)


DEPLOY, RETRAIN = pipeline("deploy", "promote", "rollback"), pipeline("nightly", "retrain")


def known(rules=(), environments=(), *, pipelines=(DEPLOY, RETRAIN), people=(), **values):
    """A project on GitHub with these rules."""
    policy = CommandPolicy(rules=dict(rules), environments=dict(environments), people=dict(people))
    project = replace(CHURN, tracker=CODE, code=CODE, pipelines=pipelines, commands=policy)
    defaults = {"items": [item(tracker=CODE, ref="12")], "pull_requests": [pull_request()]}
    return FakeRead(projects=[project], **(defaults | values))


def state_of(read, text, **fields):
    """What became of the command, and what was said."""
    obey(read, text, PULL, **fields)
    return last(read).state, last(read).said


@pytest.mark.parametrize(
    ("rule", "fields", "is_let"),
    [
        ((LEADS,), {"teams": IN, "role": Role.ANYONE}, True),
        ((LEADS,), {"teams": OUT, "role": Role.ADMIN}, False),
        ((LEADS, "admin"), {"teams": OUT, "role": Role.ADMIN}, True),
        ((LEADS, "admin"), {"teams": UNKNOWN, "role": Role.ADMIN}, True),
        ((LEADS, "admin"), {"teams": IN, "role": None}, True),
        ((f"user:{ADA.id}",), {"role": Role.ANYONE}, True),
        (("user:ADA",), {"role": Role.ANYONE}, True),
        (("user:ben", f"user:{BEN.id}"), {"role": Role.ADMIN}, False),
    ],
)
def test_one_alternative_of_a_rule_suffices(rule, fields, is_let):
    """Whatever else is not known, or is no."""
    outcomes = obey(known({"label": rule}), "/label data", **fields)
    assert is_let == any(isinstance(each, EditItem) for each in outcomes)


@pytest.mark.parametrize("id_", [BEN.id, GUID])
def test_an_id_is_never_taken_for_a_name(id_):
    """Whoever calls themselves by somebody's number is somebody else; letters of a GUID may be large."""
    rules = {"label": (f"user:{id_}",)}
    assert [] == obey(known(rules), "/label data", person=replace(ADA, name=id_), role=Role.ADMIN)
    assert obey(known(rules), "/label data", person=replace(ADA, id=id_.lower()), role=Role.ANYONE)


def test_a_denial_names_the_teams_and_accounts_of_the_rule():
    """And what the person is instead."""
    read = known({"label": (LEADS, "user:583231", "admin")})
    assert [] == obey(read, "/label data", teams=OUT)
    assert (
        "`/label` is for members of the team `acme/ml-leads`, or the account `583231`, or administrators. "
        "ada may write here and is not in that team, as the platform says."
    ) in last(read).said
    read = known({"label": (LEADS,)})
    assert [] == obey(read, "/label data", teams=OUT, role=None)
    assert "team `acme/ml-leads`. ada is not in that team, as the platform says." in last(read).said


@pytest.mark.parametrize("teams", [UNKNOWN, {}])
def test_a_team_of_which_nobody_knows_lets_nobody_in(teams):
    """And the reason is told, which is no denial."""
    read = known({"label": (LEADS, "admin")})
    assert [] == obey(read, "/label data", teams=teams)
    assert "could not be found out" in last(read).said
    assert not last(read).denied
    assert list(teams.values()) == [why for why in teams.values() if why.split(".")[0] in last(read).said]


def test_names_in_rules_and_reasons_do_nothing():
    """Whatever a platform lets teams be called."""
    evil = "x @everyone\n/close #1 `y` <img>"
    for teams, may in ({evil: False}, Role.WRITE), ({evil: f"No {evil} there."}, None):
        read = known({"label": (f"team:{evil}", f"user:{evil}")})
        assert [] == obey(read, "/label data", teams=teams, role=may)
        assert last(read).said
        assert [] == list_harms(last(read).said)


IN_PRODUCTION = {"prod*": {"promote": (LEADS,), "retrain": ("nobody",)}}


@pytest.mark.parametrize(
    ("text", "fields", "is_let"),
    [
        ("/promote staging", {"role": Role.MAINTAIN}, True),
        ("/promote staging", {"teams": IN, "role": Role.WRITE}, False),
        ("/promote production", {"role": Role.MAINTAIN, "teams": OUT}, False),
        ("/promote PROD-eu", {"role": Role.ADMIN, "teams": OUT}, False),
        ("/promote production", {"role": Role.ANYONE, "teams": IN}, True),
        ("/promote production", {"role": Role.ADMIN, "teams": UNKNOWN}, False),
        ("/rollback production", {"role": Role.MAINTAIN, "teams": OUT}, True),
        ("/retrain place=staging", {"role": Role.WRITE}, True),
        ("/retrain place=production", {"role": Role.ADMIN}, False),
    ],
)
def test_in_an_environment_its_own_rule_holds(text, fields, is_let):
    """However the environment is named, and for the commands that it names."""
    state, _ = state_of(known(environments=IN_PRODUCTION), text, **fields)
    assert (CommandState.UNCONFIRMED if is_let else CommandState.REFUSED) == state


def test_a_denial_names_the_environment():
    """And a command may be turned off in one."""
    _, said = state_of(known(environments=IN_PRODUCTION), "/promote production", role=Role.ADMIN, teams=OUT)
    assert "`/promote` in `prod*` is for members of the team `acme/ml-leads`" in said
    _, said = state_of(known(environments=IN_PRODUCTION), "/retrain place=production", role=Role.ADMIN)
    assert "`/retrain` is turned off in `prod*`" in said


def test_a_command_may_be_off_but_in_one_environment():
    """What stands there holds in place of the rest."""
    rules, placed = {"promote": ("nobody",)}, {"staging": {"promote": ("write",)}}
    assert CommandState.UNCONFIRMED == state_of(known(rules, placed), "/promote staging")[0]
    state, said = state_of(known(rules, placed), "/promote production", role=Role.ADMIN)
    assert (CommandState.REFUSED, True) == (state, "is turned off here" in said)


def test_an_environment_that_a_pipeline_takes_by_itself_counts():
    """Its default, too: nobody gets round a rule by saying nothing."""
    default = Parameter(name="place", type="environment", default="production")
    read = known(
        environments=IN_PRODUCTION, pipelines=(pipeline("nightly", "retrain", parameters=(default,)),)
    )
    assert CommandState.REFUSED == state_of(read, "/retrain", role=Role.ADMIN)[0]
    assert CommandState.UNCONFIRMED == state_of(read, "/retrain place=staging", comment="101")[0]


@pytest.mark.parametrize(("teams", "is_let"), [(IN, True), (OUT, False)])
def test_where_nobody_knows_what_is_changed_every_rule_must_let(teams, is_let):
    """The usual one as well."""
    placed = {"prod*": {"retrain": (LEADS,)}}
    pipelines = (pipeline("nightly", "retrain", parameters=()),)
    state, _ = state_of(known(environments=placed, pipelines=pipelines), "/retrain", teams=teams)
    assert is_let == (state is CommandState.UNCONFIRMED)
    read = known(environments=placed, pipelines=pipelines)
    assert CommandState.REFUSED == state_of(read, "/retrain", teams=teams, role=Role.TRIAGE)[0]


@pytest.mark.parametrize(
    ("environment", "fields", "is_let"),
    [
        ("production", {"teams": OUT}, False),
        ("production", {"teams": IN}, True),
        ("Production", {"teams": UNKNOWN}, False),
        ("staging", {"teams": OUT}, True),
        ("", {"teams": OUT}, False),
    ],
)
@pytest.mark.parametrize("names_it", [True, False])
def test_an_approval_is_of_the_environment_that_waits(environment, fields, is_let, names_it):
    """Named or not; what waits for no environment is of none that is known."""
    waiting = approval(commit=HEAD, environment=environment, run="9")
    read = known(environments={"production": {"approve": (LEADS,)}}, approvals=[waiting])
    text = f"/approve {environment or '9'}" if names_it else "/approve"
    outcomes = obey(read, text, PULL, role=Role.ANYONE, **fields)
    assert is_let == any(isinstance(each, DecideApproval) for each in outcomes)


def test_whoever_left_the_team_cannot_confirm():
    """The platform is asked again."""
    for teams, count in ((OUT, 0), (UNKNOWN, 0), (IN, 1)):
        read = known(environments=IN_PRODUCTION)
        state_of(read, "/promote production", teams=IN, role=Role.ANYONE)
        code = last(read).said.rpartition("/confirm ")[2].partition("`")[0]
        outcomes = obey(read, f"/confirm {code}", PULL, teams=teams, role=Role.ADMIN, comment="101")
        assert count == len([each for each in outcomes if isinstance(each, StartPipeline)])


def test_a_dry_run_tells_that_an_environment_would_refuse():
    """And does nothing."""
    read = known(environments=IN_PRODUCTION)
    _, said = state_of(read, "/dry-run promote production", teams=OUT, role=Role.ADMIN)
    assert "be refused: you may not use `/promote` here" in said
    _, said = state_of(read, "/dry-run promote staging", teams=OUT, role=Role.ADMIN, comment="101")
    assert "be refused" not in said


def test_people_who_are_named_need_the_rule_besides():
    """In an environment too."""
    people = {"promote": frozenset({ADA.id})}
    for fields, is_let in (
        ({"teams": IN}, True),
        ({"teams": OUT}, False),
        ({"teams": IN, "person": BEN}, False),
    ):
        state, _ = state_of(known(environments=IN_PRODUCTION, people=people), "/promote production", **fields)
        assert is_let == (state is CommandState.UNCONFIRMED)


def test_help_tells_the_rules_of_environments():
    """And that somebody may use a command who may use it in one of them."""
    read = known({"waive": (LEADS,)}, IN_PRODUCTION)
    _, said = state_of(read, "/help", teams=IN, role=Role.WRITE)
    assert "- `/promote environment" in said.replace("<", "").replace(">", "")
    _, said = state_of(read, "/help promote", teams=OUT, role=Role.MAINTAIN, comment="101")
    assert "- in `prod*`: members of the team `acme/ml-leads`" in said
    assert "You may use it here." in said
    _, said = state_of(read, "/help", teams=OUT, role=Role.WRITE, comment="102")
    assert "- `/waive`: members of the team `acme/ml-leads`" in said
    _, said = state_of(read, "/help", teams=UNKNOWN, role=Role.WRITE, comment="103")
    assert "- `/waive`: members of the team" in said.partition("could not be found out. Try again later:")[2]


def test_help_lists_no_command_that_nothing_stands_behind():
    """It says what to declare."""
    read = known(pipelines=(RETRAIN,))
    _, said = state_of(read, "/help", role=Role.ADMIN)
    listed = [line for line in said.splitlines() if line.startswith("- `/")]
    assert ["/retrain"] == [
        name for name in ("/promote", "/rollback", "/retrain") if any(name in line for line in listed)
    ]
    assert "No pipeline is declared here for `/promote`, `/rollback`: declare one in" in said
    _, said = state_of(read, "/help promote", role=Role.ADMIN, comment="101")
    assert said.endswith("`commands` name it.")
    assert "No pipeline is declared" not in state_of(known(), "/help", role=Role.ADMIN)[1]
