"""Deliveries that never arrived: GitHub is asked for them, and they are worked on as if they had."""

import json

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from fakes.conversation import GITHUB_SECRET, PROJECT, run
from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from fakes.github.state import Refused
from judges import github_openapi
from trainboard.applying import recovery
from trainboard.store import delivery_log, gaps, items, iterations
from trainboard.store.delivery_log import DeliveryFilter
from trainboard.store.gaps import Fate
from trainboard_webhooks import github

ON_GITHUB = PROJECT | {"tracker": "github:acme/churn"}
APP = {"app_id": 4711, "private_key": make_pem(), "webhook_secrets": [GITHUB_SECRET]}


on_both = pytest.mark.parametrize("bot", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def bot(request, talk):
    """A bot that is a GitHub App; `bot.github` is the GitHub behind it. One issue of ours is there."""
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    database = {"database": request.getfixturevalue("postgresql_url")} if on_postgresql else {}
    bot = talk(projects=[ON_GITHUB], github=APP, **database)
    bot.github = FakeGitHub(clock=bot.clock)
    with github_openapi.watch(bot.github.api_url, answers=True), bot.github.running():
        bot.ticks()
        bot.reports(run("r1"))
        bot.forward(minutes=5)
        yield bot
    bot.bot.outside.trackers["churn"].close()


def said(bot, action="closed", *, number=1, state=None, at=None, **issue):
    """The payload with which GitHub says that ana did `action` to an issue."""
    document = {
        "number": number,
        "title": "Experiment: churn-xgb",
        "state": state or ("closed" if action == "closed" else "open"),
        "labels": [{"name": "tb:experiment"}],
        "updated_at": (at or bot.clock()).isoformat(),
    }
    return {
        "action": action,
        "issue": document | issue,
        "repository": {"full_name": "acme/churn", "owner": {"login": "acme"}},
        "sender": {"login": "ana", "type": "User"},
    }


def state_of(bot, ref="1"):
    """What the bot believes of the issue."""
    with bot.bot.database.read() as connection:
        return items.find_by_ref(connection, "github:acme/churn", ref).item.state


def found_gaps(bot):
    """The gaps that the bot found, latest first."""
    with bot.bot.database.read() as connection:
        return gaps.list_latest(connection, 10)


def fetched(bot):
    """How many payloads were fetched."""
    return sum(call.startswith("GET /app/hook/deliveries/") for call in bot.github.calls())


def metric(bot, line):
    """True if the metrics hold the line."""
    return line in bot.http.get("/metrics").text.splitlines()


@on_both
def test_a_delivery_that_never_arrived_is_worked_on(bot):
    """The proxy was away: what GitHub holds of it is enough, and nothing is sent again."""
    bot.github.hook.sends("issues", said(bot))
    bot.forward(minutes=5)

    assert "closed" == state_of(bot)
    [gap] = found_gaps(bot)
    assert (1, {Fate.RECOVERED: 1}) == (gap.missing, gap.fates)
    assert [] == [call for call in bot.github.calls("POST") if "hook" in call]
    assert metric(bot, 'trainboard_missed_deliveries{outcome="recovered",source="github"} 1.0')
    assert metric(bot, 'trainboard_listener_gaps{source="github"} 1.0')


@on_both
def test_it_is_worked_on_once(bot):
    """Later looks see it again and know it; so does GitHub's own redelivery."""
    sent = bot.github.hook.sends("issues", said(bot))
    for _ in range(4):
        bot.forward(minutes=5)

    assert 1 == fetched(bot)
    assert 200 == bot.github_says("issues", sent.payload, delivery=sent.guid)
    assert 1 == len(found_gaps(bot))


def test_what_arrived_is_not_fetched(bot):
    """Neither what is done, nor what is dead, nor what waits for its turn."""
    good, dead, waiting = said(bot), said(bot) | {"issue": {"number": 1}}, said(bot, "edited")
    for guid, payload in (("good", good), ("dead", dead)):
        bot.github_says("issues", payload, delivery=guid)
        bot.github.hook.sends("issues", payload, guid=guid, status_code=202)
    bot.github_says("issues", waiting, delivery="waiting", settle=False)
    bot.github.hook.sends("issues", waiting, guid="waiting", status_code=202)
    bot.forward(minutes=5)

    assert (0, []) == (fetched(bot), found_gaps(bot))


def test_what_was_acknowledged_and_is_not_here_is_recovered(bot):
    """Somebody restored a copy of the database: what GitHub holds as delivered is not."""
    bot.github.hook.sends("issues", said(bot), status_code=202)
    bot.forward(minutes=5)

    assert "closed" == state_of(bot)


def test_what_came_by_another_hook_is_no_gap(bot):
    """The repository's own hook told of the same event; nothing was missed."""
    payload = said(bot)
    bot.github_says("issues", payload)
    bot.github.hook.sends("issues", payload | {"installation": {"id": 100}})
    for _ in range(3):
        bot.forward(minutes=5)

    assert (1, []) == (fetched(bot), found_gaps(bot))


def test_attempts_at_one_delivery_are_one(bot):
    """Somebody pressed Redeliver twice while the service was away."""
    first = bot.github.hook.sends("issues", said(bot))
    for _ in range(2):
        bot.clock.forward(minutes=1)
        bot.github.hook.sends("issues", first.payload, guid=first.guid)
    bot.forward(minutes=5)

    assert (1, 1) == (fetched(bot), found_gaps(bot)[0].missing)


def test_kinds_of_no_use_are_not_fetched(bot):
    """A busy organisation misses thousands of pushes; they are told apart before anything is fetched."""
    for number in range(250):
        bot.github.hook.sends("push", {"ref": f"refs/heads/{number}"})
    bot.github.hook.sends("ping", {"zen": "Design for failure."})
    bot.github.hook.sends("issues", said(bot))
    bot.forward(minutes=5)

    assert 1 == fetched(bot)
    assert 3 <= bot.github.calls().count("GET /app/hook/deliveries")


@on_both
def test_a_stale_event_changes_nothing(bot):
    """Closed and reopened while one of the two did not arrive: the later one is what holds."""
    closed = bot.github.hook.sends("issues", said(bot))
    bot.clock.forward(minutes=2)
    bot.github_says("issues", said(bot, "reopened"))
    assert "open" == state_of(bot)
    bot.forward(minutes=5)

    assert "recovered" in {fate for gap in found_gaps(bot) for fate in gap.fates}
    assert "open" == state_of(bot)
    assert closed.guid in delivery_ids(bot)


@on_both
def test_a_stale_name_of_a_sprint_changes_nothing(bot):
    """A milestone was renamed twice, and the first time did not arrive."""
    bot.github.hook.sends("milestone", renamed(bot, "An idea"))
    bot.clock.forward(minutes=2)
    bot.github_says("milestone", renamed(bot, "The big one"))
    bot.forward(minutes=5)

    with bot.bot.database.read() as connection:
        assert "The big one" == iterations.find_name(connection, "churn", 1)


def renamed(bot, title):
    """The payload with which GitHub says that the first milestone has another title."""
    milestone = {"number": 1, "title": title, "state": "open", "updated_at": bot.clock().isoformat()}
    return said(bot, "edited") | {"milestone": milestone}


def test_missed_ones_are_worked_on_in_the_order_they_were_sent(bot):
    """Whatever the order in which GitHub lists them."""
    bot.github.hook.sends("issues", said(bot))
    bot.clock.forward(seconds=1)
    bot.github.hook.sends("issues", said(bot, "reopened"))
    bot.forward(minutes=5)

    assert ["closed", "reopened"] == [json.loads(body)["action"] for body in bodies(bot)]
    assert "open" == state_of(bot)


@pytest.mark.parametrize(
    ("payload", "fate"),
    [
        (None, Fate.EXPIRED),
        (
            {"action": "closed", "issue": {"number": "one"}, "repository": {"full_name": "a/b"}},
            Fate.UNREADABLE,
        ),
        ({"repository": {"full_name": "../../etc/passwd"}}, Fate.UNREADABLE),
        ({"deep": json.loads("[" * 100 + "]" * 100)}, Fate.UNREADABLE),
        ({"title": "\ud800"}, Fate.UNREADABLE),
        ({"title": "\u0000"}, Fate.UNREADABLE),
    ],
    ids=["gone", "another shape", "another path", "too deep", "half a letter", "NUL"],
)
def test_an_odd_payload_does_not_stop_the_others(bot, payload, fate):
    """It is noted with its reason, never fetched again, and what comes after it is recovered."""
    bot.github.hook.sends("issues", payload)
    bot.clock.forward(seconds=1)
    bot.github.hook.sends("issues", said(bot))
    for _ in range(3):
        bot.forward(minutes=5)

    assert "closed" == state_of(bot)
    assert {fate: 1, Fate.RECOVERED: 1} == found_gaps(bot)[0].fates
    assert 2 == fetched(bot)


def test_a_delivery_that_github_has_thrown_away_is_expired(bot):
    """It is listed and cannot be read any more."""
    bot.github.hook.sends("issues", said(bot)).gone = True
    bot.forward(minutes=5)

    assert {Fate.EXPIRED: 1} == found_gaps(bot)[0].fates
    assert metric(bot, 'trainboard_missed_deliveries{outcome="expired",source="github"} 1.0')


def test_a_bug_of_ours_is_noted_with_the_delivery(bot, monkeypatch):
    """Nothing that one of them does to us stops the look."""

    def broken(*_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(github, "identify", broken)
        bot.github.hook.sends("issues", said(bot))
        bot.forward(minutes=5)

    assert {Fate.UNREADABLE: 1} == found_gaps(bot)[0].fates


def test_a_sender_that_fails_again_and_again_is_left_alone(bot):
    """Three failures are enough for one look; the rest is not asked for."""
    for _ in range(6):
        bot.github.hook.sends("issues", said(bot))
    bot.clock.forward(minutes=5)
    bot.bot.schedule.tick_recovery()
    answer = bot.github.hook.answer

    def refuse(asked):
        if asked.path != "/app/hook/deliveries":
            raise Refused(503, "away")
        return answer(asked)

    bot.github.hook.answer = refuse
    bot.settle()
    assert (3, []) == (fetched(bot), found_gaps(bot))


def test_a_database_that_is_busy_loses_nothing(bot, monkeypatch):
    """What could not be stored just now is no odd delivery: it comes with the next try."""

    def busy(*_):
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(recovery.gaps, "note", busy)
        bot.github.hook.sends("issues", said(bot))
        bot.forward(minutes=5)
    assert ([], "open") == (found_gaps(bot), state_of(bot))

    bot.forward(minutes=5)
    assert ({Fate.RECOVERED: 1}, "closed") == (found_gaps(bot)[0].fates, state_of(bot))


def test_a_gap_is_named(bot):
    """From when to when, and how many of how many, in one line of the log."""
    bot.github.hook.sends("issues", said(bot))
    bot.clock.forward(hours=3)
    bot.github.hook.sends("issues", None)
    with structlog.testing.capture_logs() as lines:
        bot.forward(minutes=5)

    [line] = [each for each in lines if "listener gap" in each["event"]]
    assert (
        "listener gap from 2026-11-18 10:05:00 to 2026-11-18 13:05:00 UTC, recovered 1 of 2" == line["event"]
    )
    assert ("github", "warning") == (line["sender"], line["log_level"])
    page = bot.http.get("/deliveries").text
    assert "recovered 1 of 2" in " ".join(page.split())


@on_both
def test_an_outage_over_several_looks_is_one_gap(bot):
    """The proxy stays away while the bot goes on asking."""
    for _ in range(3):
        bot.github.hook.sends("issues", said(bot))
        bot.forward(minutes=5)
    bot.forward(minutes=5)
    bot.forward(minutes=5)
    bot.github.hook.sends("issues", said(bot))
    bot.forward(minutes=5)

    assert [1, 3] == [gap.missing for gap in found_gaps(bot)]


def test_what_is_on_its_way_is_left_alone(bot):
    """GitHub is sending it just now; the next look finds it if it did not come in."""
    bot.clock.forward(minutes=5)
    bot.github.hook.sends("issues", said(bot))
    bot.ticks()
    assert 0 == fetched(bot)

    bot.forward(minutes=5)
    assert "closed" == state_of(bot)


def test_after_days_what_github_forgot_is_named_too(bot):
    """Longer away than GitHub remembers: nobody can tell what was sent before."""
    bot.github.hook.sends("issues", said(bot, at=bot.clock()))
    bot.clock.forward(days=5)
    bot.github.hook.sends("issues", said(bot))
    bot.forward(minutes=5)

    [gap] = found_gaps(bot)
    assert (1, 1) == (gap.recovered, gap.missing)
    assert gap.began_at < gap.blind_until < gap.ended_at
    assert "cannot be known" in " ".join(bot.http.get("/deliveries").text.split())


@pytest.mark.parametrize("status", [401, 500])
def test_github_that_does_not_tell_is_asked_again(bot, status):
    """Since when, and why, is shown; the look goes on where the last one ended."""
    bot.github.hook.sends("issues", said(bot))
    for _ in range(2):
        bot.github.next_fault(status, body={"message": "no"})
    bot.forward(minutes=5)
    assert "cannot be asked" in " ".join(bot.http.get("/deliveries").text.split())

    for _ in range(3):
        bot.forward(minutes=5)
    assert "closed" == state_of(bot)
    assert "cannot be asked" not in " ".join(bot.http.get("/deliveries").text.split())
    assert metric(bot, 'trainboard_recovery_failing_seconds{source="github"} 0.0')


def test_a_failure_in_the_middle_loses_nothing(bot):
    """The payload of one cannot be had now; the others go on, and it comes with the next try."""
    for number in range(3):
        bot.clock.forward(seconds=1)
        bot.github.hook.sends("issues", said(bot, "edited", title=f"Title {number}"))
    answer = bot.github.hook.answer
    first = bot.github.hook.attempts[0].id
    bot.github.hook.answer = lambda asked: (200, []) if asked.path.endswith(f"/{first}") else answer(asked)
    bot.forward(minutes=5)
    assert all("[] is not of type" in finding for finding in github_openapi.take_findings())
    assert 2 == found_gaps(bot)[0].recovered

    bot.github.hook.answer = answer
    for _ in range(3):
        bot.forward(minutes=5)
    assert 3 == found_gaps(bot)[0].recovered


def test_a_limit_ends_the_look_for_now(bot):
    """GitHub asks us to slow down; what is left comes later."""
    for _ in range(3):
        bot.github.hook.sends("issues", said(bot))
    bot.clock.forward(minutes=5)
    bot.bot.schedule.tick_recovery()
    answer, told = bot.github.hook.answer, []

    def once(asked):
        if asked.path != "/app/hook/deliveries" and not told:
            told.append(asked)
            bot.github.next_fault(429, headers={"Retry-After": "60"}, body={"message": "slow down"})
        return answer(asked)

    bot.github.hook.answer = once
    bot.settle()
    assert 2 == fetched(bot)

    bot.forward(minutes=5)
    bot.forward(minutes=5)
    assert 3 == sum(gap.recovered for gap in found_gaps(bot))


def test_a_long_outage_is_worked_off_in_parts(bot, monkeypatch):
    """One look keeps nobody busy for long; the next goes on where it ended."""
    monkeypatch.setattr(recovery, "AT_ONCE", 2)
    for number in range(5):
        bot.clock.forward(minutes=1)
        bot.github.hook.sends("issues", said(bot, "edited", title=f"Title {number}"))
    recovered = []
    for _ in range(3):
        bot.forward(minutes=5)
        recovered.append(found_gaps(bot)[0].recovered)

    assert [2, 4, 5] == recovered
    assert 1 == len(found_gaps(bot))


def test_a_restart_asks_again_from_where_it_was(bot):
    """The mark of the last look is in the database."""
    bot.github.hook.sends("issues", said(bot))
    bot.restart()
    bot.forward(minutes=5)

    assert "closed" == state_of(bot)


def test_the_first_look_goes_back_as_far_as_github_remembers(talk):
    """What was sent before the service was set up right counts as well."""
    bot = talk(projects=[ON_GITHUB], github=APP)
    bot.github = FakeGitHub(clock=bot.clock)
    bot.github.hook.sends("issues", said(bot), at=bot.clock().replace(day=16))
    with bot.github.running():
        bot.ticks()
        [gap] = found_gaps(bot)
        bot.bot.outside.ledgers["github"].close()
        bot.bot.outside.trackers["churn"].close()

    assert (1, None) == (gap.recovered, gap.blind_until)


def test_with_a_token_it_is_said_once_that_nothing_is_recovered(talk):
    """GitHub tells of its deliveries to an App only."""
    bot = talk(projects=[ON_GITHUB], github={"token": "ghp_x", "webhook_secrets": [GITHUB_SECRET]})
    with structlog.testing.capture_logs() as lines:
        bot.bot.start()
        bot.bot.schedule.stop()

    assert ["GitHub App only" in each["event"] for each in lines if "recovered" in each["event"]] == [True]
    assert {} == bot.bot.outside.ledgers
    bot.bot.outside.trackers["churn"].close()


def test_an_app_that_is_no_longer_configured_is_not_asked(bot):
    """A tick of before the change asks for nothing any more."""
    object.__setattr__(bot.bot.outside, "ledgers", {})
    before = len(bot.github.requests)
    bot.forward(minutes=5)

    assert [] == [call for call in bot.github.calls()[before:] if "hook" in call]


def delivery_ids(bot):
    """The ids of GitHub's deliveries that came in, in order."""
    with bot.bot.database.read() as connection:
        query = text("SELECT delivery_id FROM deliveries WHERE source = 'github' ORDER BY id")
        return list(connection.execute(query).scalars())


def bodies(bot):
    """The bodies of GitHub's deliveries that came in, in order."""
    with bot.bot.database.read() as connection:
        lines = delivery_log.list_page(connection, DeliveryFilter(source="github")).lines
        return [delivery_log.find_details(connection, line.number).body for line in reversed(lines)]
