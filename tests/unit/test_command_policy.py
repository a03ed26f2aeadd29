"""Which rules hold for a command, and which teams they name."""

import pytest

from trainboard.command_policy import CommandPolicy, PlacedRule

POLICY = CommandPolicy(
    rules={"promote": ("maintain", "team:acme/leads"), "close": ("nobody",)},
    environments={
        "prod*": {"promote": ("team:acme/leads",), "approve": ("user:7", "team:ML leads")},
        "prod-eu": {"promote": ("admin",)},
    },
)
EVERYWHERE = PlacedRule(("maintain", "team:acme/leads"))
IN_PRODUCTION = PlacedRule(("team:acme/leads",), "prod*")
IN_EUROPE = PlacedRule(("admin",), "prod-eu")


@pytest.mark.parametrize(
    ("environments", "expected"),
    [
        ([], [EVERYWHERE]),
        (["staging"], [EVERYWHERE]),
        (["production"], [IN_PRODUCTION]),
        (["PROD-us"], [IN_PRODUCTION]),
        (["Prod-EU"], [IN_PRODUCTION, IN_EUROPE]),
        (["production", "staging"], [IN_PRODUCTION, EVERYWHERE]),
        ([""], [EVERYWHERE, IN_PRODUCTION, IN_EUROPE]),
    ],
)
def test_an_environments_rules_take_the_place_of_the_others(environments, expected):
    """All that fit must let a person; where it is not known what is changed, all that there are."""
    assert expected == POLICY.list_rules("promote", "maintain", environments)


def test_a_command_without_a_rule_is_for_its_usual_role():
    """Also in an environment that has rules for others."""
    assert [PlacedRule(("write",))] == POLICY.list_rules("rollback", "write", ["production"])
    assert [PlacedRule(("anyone",))] == POLICY.list_rules("approve", "anyone", ["staging"])


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ({"promote"}, ["acme/leads"]),
        ({"approve", "close"}, ["ML leads"]),
        ({"label"}, []),
        (None, ["acme/leads", "ML leads"]),
    ],
)
def test_only_the_teams_that_matter_are_named(commands, expected):
    """Each once."""
    assert expected == POLICY.list_teams(commands)
