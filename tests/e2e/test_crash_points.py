"""The process is killed between every two steps of a delivery that makes an issue; another one goes on."""

import pytest

from crashes import play

MAKES_THE_ISSUE = {
    "local": "commit local_items, local_labels, item_history",
    "github": "POST /issues",
    "emulate": "POST /issues",
}


@pytest.mark.parametrize(
    ("database", "world"),
    [
        ("sqlite", "local"),
        ("sqlite", "github"),
        ("postgresql", "local"),
        pytest.param("sqlite", "emulate", marks=pytest.mark.peer),
        pytest.param("postgresql", "emulate", marks=pytest.mark.peer),
    ],
)
def test_exactly_one_issue_wherever_the_process_dies(database, world, request):
    """One issue with all its text, one milestone, one run, and the delivery is done once."""
    address = "sqlite" if database == "sqlite" else request.getfixturevalue("postgresql_url")
    server = request.getfixturevalue("emulate_server") if world == "emulate" else None
    *crashes, unharmed = play(address, world, *([server.url, server.token] if server else []))

    assert "**1 run: 1 finished**" in unharmed.text
    assert {1} == set(unharmed.counts.values())
    assert [] == [each for each in crashes if (each.counts, each.text) != (unharmed.counts, unharmed.text)]
    places = [crash.at.split(" | ") for crash in crashes]
    assert {"the beginning", MAKES_THE_ISSUE[world]} <= {after for after, _ in places}
    assert MAKES_THE_ISSUE[world] in {before for _, before in places}
