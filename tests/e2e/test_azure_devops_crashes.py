"""The process dies between any two steps of mending service hooks; another one goes on."""

from itertools import count

from fakes.azure_devops import AzureDevOps
from fakes.hooked import EVENTS, opened
from fakes.mortal import outlives_steps
from trainboard.azure_devops import service_hooks


def lives(world, monkeypatch, fatal):
    """Two subscriptions are on probation while two things happen; True if the look outlives all its steps."""
    item = world.azure.person_creates("Churn", "Try a deeper tree")
    world.azure.deliver()
    world.bot.clock.forward(minutes=1)
    world.restrict("workitem.created", "workitem.updated")
    world.bot.clock.forward(minutes=1)
    world.azure.person_retitles(item.id, "Try a wider tree")
    world.azure.person_creates("Churn", "Try two trees")
    world.bot.clock.forward(minutes=10)
    world.bot.bot.schedule.tick_hooks()
    return outlives_steps(world.bot.settle, monkeypatch, fatal)


def test_a_process_may_die_between_any_two_steps(talk, tmp_path, monkeypatch):
    """The one after it mends what is left, and works on what was not told, once."""
    monkeypatch.setattr(service_hooks, "HOOK_EVENTS", EVENTS[:2])
    with opened(talk, tmp_path / "azure.db", AzureDevOps.running) as world:
        for fatal in count(1):
            first, second = 2 * fatal - 1, 2 * fatal
            has_lived = lives(world, monkeypatch, fatal)
            world.bot.restart()
            for _ in range(3):
                world.looks(minutes=10)
            assert {"enabled"} == {each.status for each in world.azure.subscriptions.values()}
            new = [f"edited {first}", f"opened {first}", f"opened {second}"]
            assert sorted(new) == sorted(world.told()[-3:])
            assert 3 * fatal == len(world.told())
            if has_lived:
                break
    assert fatal > 30
