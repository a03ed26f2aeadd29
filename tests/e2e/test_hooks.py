"""Hooks that do not work are mended, and what they did not tell is worked on as if they had."""

import json
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from fakes.hooks import FakeHooks
from trainboard.applying import hooks as applying
from trainboard.applying.hooks import KEPT
from trainboard.errors import LimitedError, PermanentError
from trainboard.hooks import HookState
from trainboard.ledgers import Message
from trainboard.store import delivery_log, gaps, inbox
from trainboard.store.delivery_log import DeliveryFilter
from trainboard.store.gaps import Fate
from trainboard.wiring.wire import identify

SOURCE = "azure-devops"
UPDATED, CREATED = "workitem.updated", "workitem.created"
REAL, MADE_UP = "12121212-3434-4343-8787-565656565656", "7b1f6c52-5c0e-5a3e-9a44-3d2f0a6e8c11"


def notice(item=7, rev=2, *, subscription=MADE_UP, number=None):
    """What a hook tells, or would have told, of a revision of a work item."""
    document = {
        "subscriptionId": subscription,
        "notificationId": 100 * item + rev if number is None else number,
        "id": "11111111-aaaa-4aaa-8aaa-111111111111",
        "eventType": UPDATED,
        "publisherId": "tfs",
        "resource": {
            "id": rev,
            "workItemId": item,
            "rev": rev,
            "fields": {"System.State": {"oldValue": "New", "newValue": "Active"}},
            "revision": {
                "id": item,
                "rev": rev,
                "fields": {"System.Title": "T", "System.ChangedDate": "2026-11-18T10:00:00Z"},
            },
        },
        "resourceVersion": "5.1-preview.3",
        "resourceContainers": {"collection": {"id": "c", "baseUrl": "https://dev.azure.com/acme/"}},
    }
    return json.dumps(document).encode()


@pytest.fixture(params=["sqlite", "postgresql"])
def bot(request, talk):
    """A bot whose hooks worked when it looked; `bot.hooks` is what is behind them."""
    on_postgresql = request.param == "postgresql"
    bot = talk(**({"database": request.getfixturevalue("postgresql_url")} if on_postgresql else {}))
    bot.hooks = FakeHooks(UPDATED, CREATED)
    bot.bot.outside.hooks[SOURCE] = bot.hooks
    bot.looks = lambda **time: look(bot, **time)
    bot.looks()
    bot.hooks.calls.clear()
    return bot


def look(bot, **time):
    """Time goes by, and the bot looks at its hooks."""
    bot.clock.forward(**time)
    bot.bot.outside.hooks[SOURCE] = bot.hooks
    bot.bot.schedule._hooked = (SOURCE,)
    bot.bot.schedule.tick_hooks()
    bot.settle()


def tells(bot, body):
    """The hook itself tells it."""
    with bot.bot.database.write() as connection:
        return inbox.put(connection, identify(SOURCE, Message(headers={}, body=body)), bot.clock())


def worked_on(bot):
    """The ids of what came from there and was worked on for its own sake."""
    with bot.bot.database.read() as connection:
        lines = delivery_log.list_page(connection, DeliveryFilter(source=SOURCE), 50).lines
    return sorted(line.id for line in lines if line.state == "done" and not line.error)


def found_gaps(bot):
    with bot.bot.database.read() as connection:
        return gaps.list_latest(connection, 10)


def get_look(bot):
    with bot.bot.database.read() as connection:
        return gaps.get_look(connection, SOURCE)


def metric(bot, line):
    return line in bot.http.get("/metrics").text.splitlines()


def test_hooks_that_work_are_left_alone(bot):
    """One question, nothing mended, nothing looked for."""
    bot.looks(minutes=10)
    assert ["list"] == bot.hooks.calls
    assert metric(bot, 'trainboard_hooks{source="azure-devops",state="working"} 2.0')
    assert metric(bot, 'trainboard_hook_repairs{source="azure-devops"} 0.0')


def test_the_first_look_looks_for_nothing(bot, talk):
    """Nobody knows of anything that could be missing."""
    bot = talk()
    bot.hooks = FakeHooks(UPDATED)
    look(bot)
    assert ["list"] == bot.hooks.calls


@pytest.mark.parametrize("state", [HookState.FAILING, HookState.STOPPED, HookState.WRONG, HookState.MISSING])
def test_what_does_not_work_is_mended(bot, state):
    """What it did not tell is worked on, and the gap has a name. Then the bot looks back once more."""
    bot.hooks.stand(UPDATED, state)
    bot.hooks.remembers("a/1", bot.clock() + timedelta(minutes=4), notice())
    with structlog.testing.capture_logs() as logs:
        bot.looks(minutes=10)
    assert ["list", f"repair {UPDATED}", "look back"] == bot.hooks.calls
    assert [f"{MADE_UP}/702"] == worked_on(bot)
    [gap] = found_gaps(bot)
    assert (SOURCE, {Fate.RECOVERED: 1}) == (gap.source, gap.fates)
    assert any(line["event"].startswith("listener gap from 2026-11-18") for line in logs)
    assert metric(bot, 'trainboard_hook_repairs{source="azure-devops"} 1.0')
    assert metric(bot, 'trainboard_missed_deliveries{outcome="recovered",source="azure-devops"} 1.0')

    bot.hooks.calls.clear()
    for _ in range(2):
        bot.looks(minutes=10)
    assert ["list", "look back", "list"] == bot.hooks.calls


def test_what_people_switched_off_stays_off(bot):
    """It is theirs; nothing is missing."""
    bot.hooks.stand(UPDATED, HookState.SWITCHED_OFF)
    bot.looks(minutes=10)
    assert ["list"] == bot.hooks.calls
    assert metric(bot, 'trainboard_hooks{source="azure-devops",state="switched off"} 1.0')


def test_what_was_never_made_is_not_made(bot):
    """Hooks in somebody's project are not made without being asked for."""
    for name in (UPDATED, CREATED):
        bot.hooks.stand(name, HookState.MISSING)
    bot.looks(minutes=10)
    assert ["list"] == bot.hooks.calls


def test_nothing_is_worked_on_twice(bot):
    """Neither what the hook told before, nor what it tells after all, nor what is found again."""
    tells(bot, notice(rev=2, subscription=REAL, number=1))
    bot.hooks.stand(UPDATED, HookState.FAILING)
    for rev in (2, 3):
        bot.hooks.remembers(f"{MADE_UP}/70{rev}", bot.clock() + timedelta(minutes=rev), notice(rev=rev))
    for _ in range(3):
        bot.looks(minutes=10)
    tells(bot, notice(rev=3, subscription=REAL, number=2))
    bot.settle()
    assert [f"{REAL}/1", f"{MADE_UP}/703"] == worked_on(bot)
    assert [1] == [gap.missing for gap in found_gaps(bot)]


def test_a_hook_that_may_have_failed_unseen(bot):
    """The bot was away for longer than the shortest probation: it looks back."""
    bot.hooks.remembers("a/1", bot.clock() + timedelta(minutes=10), notice())
    bot.looks(minutes=22)
    assert ["list", "look back"] == bot.hooks.calls
    assert [f"{MADE_UP}/702"] == worked_on(bot)


class KilledError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("line", ["repair", "list_sent", "record"])
def test_a_process_that_dies_on_the_way(bot, monkeypatch, line):
    """The one after it looks back as far, though the hook works again by then."""
    bot.hooks.stand(UPDATED, HookState.FAILING)
    bot.hooks.remembers("a/1", bot.clock() + timedelta(minutes=4), notice())

    def die(*args):
        if line == "repair":
            FakeHooks.repair(bot.hooks, *args)
        raise KilledError

    target = applying.hook_states if line == "record" else bot.hooks
    with monkeypatch.context() as patch:
        patch.setattr(target, line, die)
        with pytest.raises(KilledError):
            bot.looks(minutes=10)
    assert [] == worked_on(bot)

    bot.restart()
    for _ in range(2):
        bot.looks(minutes=2)
        bot.looks(minutes=10)
    assert HookState.WORKING is bot.hooks.hooks[UPDATED].state
    assert [f"{MADE_UP}/702"] == worked_on(bot)


def test_a_refusal_is_written_down(bot):
    """We may not mend it: what it does not tell is fetched at each look, and nothing is tried in between."""
    bot.hooks.stand(UPDATED, HookState.FAILING)
    bot.hooks.refusals[UPDATED] = PermanentError('Give it "Edit subscriptions".')
    for number in range(2):
        bot.hooks.remembers(f"a/{number}", bot.clock() + timedelta(minutes=4), notice(rev=number + 2))
        bot.looks(minutes=10)
    assert 2 * ["list", f"repair {UPDATED}", "look back"] == bot.hooks.calls
    assert 'Give it "Edit subscriptions".' == get_look(bot).error
    assert 2 == len(worked_on(bot))
    assert metric(bot, 'trainboard_outbox_effects{state="dead"} 0.0')


def test_one_refusal_stops_no_other(bot):
    """The second hook is mended."""
    for name in (UPDATED, CREATED):
        bot.hooks.stand(name, HookState.STOPPED)
    bot.hooks.refusals[UPDATED] = PermanentError("No.")
    bot.looks(minutes=10)
    assert HookState.WORKING is bot.hooks.hooks[CREATED].state


def test_a_platform_that_is_away_is_asked_again(bot):
    """The look comes to no end, and is known to have failed; nothing is forgotten."""
    bot.hooks.stand(UPDATED, HookState.FAILING)
    bot.hooks.is_away = True
    bot.looks(minutes=10)
    assert "The platform is away." == get_look(bot).error

    bot.hooks.is_away = False
    bot.looks(minutes=10)
    assert (None, HookState.WORKING) == (get_look(bot).error, bot.hooks.hooks[UPDATED].state)


def test_a_limit_ends_the_look_for_now(bot):
    """It is asked again when the platform says; what is doubtful stays so."""
    bot.hooks.stand(UPDATED, HookState.FAILING)
    bot.hooks.refusals[UPDATED] = LimitedError("Slow down.", retry_after_seconds=60)
    bot.looks(minutes=10)
    assert get_look(bot).doubtful_since is not None

    bot.hooks.refusals.clear()
    bot.looks(minutes=10)
    assert HookState.WORKING is bot.hooks.hooks[UPDATED].state


def test_so_far_back_nobody_can_tell(bot):
    """The bot was away for longer than it looks back: the gap says what cannot be known."""
    began_at = get_look(bot).until
    bot.looks(days=30)
    [gap] = found_gaps(bot)
    assert (began_at, bot.clock() - KEPT) == (gap.began_at, gap.blind_until)


def test_what_cannot_be_read_stops_nothing(bot):
    """It is noted with its reason."""
    bot.hooks.stand(UPDATED, HookState.FAILING)
    bot.hooks.remembers("a/1", bot.clock() + timedelta(minutes=3), b"{}")
    bot.hooks.remembers("a/2", bot.clock() + timedelta(minutes=4), notice())
    bot.looks(minutes=10)
    assert {Fate.RECOVERED: 1, Fate.UNREADABLE: 1} == found_gaps(bot)[0].fates


def test_hooks_that_are_needed_no_longer_are_forgotten(bot):
    """A project was taken out of the settings."""
    del bot.hooks.hooks[CREATED]
    bot.looks(minutes=10)
    assert metric(bot, 'trainboard_hooks{source="azure-devops",state="working"} 1.0')


def test_an_effect_without_hooks_does_nothing(bot):
    """The organisation was taken out of the settings meanwhile."""
    bot.clock.forward(minutes=10)
    bot.bot.schedule._hooked = (SOURCE,)
    bot.bot.schedule.tick_hooks()
    bot.bot.outside.hooks.clear()
    bot.settle()
    with bot.bot.database.read() as connection:
        assert 0 == connection.execute(text("SELECT count(*) FROM effects WHERE state = 'dead'")).scalar_one()
