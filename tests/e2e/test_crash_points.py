"""The process is killed between every two steps of a delivery that makes an issue; another one goes on."""

import pytest

from crashes import play

ISSUE_IS_MADE = {
    "local": "after commit of local_items, local_labels",
    "github": "after POST /issues",
    "emulate": "after POST /issues",
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
    assert {"before commit of deliveries, delivery_bodies, mailboxes", ISSUE_IS_MADE[world]} <= {
        crash.at for crash in crashes
    }
