"""Mailboxes: due work is found, and one worker has it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update

from trainboard.deliveries import Delivery
from trainboard.effects import CarryExperimentItem, EnsureExperimentItem
from trainboard.store import inbox, mailboxes, outbox
from trainboard.store.models import MailboxRow

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def test_a_mailbox_is_claimed_by_one_worker_only(write):
    """The second worker finds nothing."""
    mailboxes.wake(write, "in:a", NOW)

    assert mailboxes.claim(write, "one", NOW, LEASE) == ["in:a"]
    assert mailboxes.claim(write, "two", NOW, LEASE) == []


def test_a_lease_that_ran_out_is_taken_over(write):
    """A worker that died does not keep its mailbox."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.claim(write, "one", NOW, LEASE)
    assert mailboxes.next_due(write, NOW) is None
    end_leases(write)

    assert mailboxes.next_due(write, NOW) == NOW
    assert mailboxes.list_due(write, NOW, 10) == ["in:a"]
    assert mailboxes.claim(write, "two", NOW, LEASE) == ["in:a"]
    assert not mailboxes.renew(write, ["in:a"], "one", NOW, LEASE)
    assert mailboxes.release(write, ["in:a"], "one") is None


def end_leases(connection):
    """Let all the time of the leases go by, on whose clock ever."""
    connection.execute(update(MailboxRow).values(lease_until=datetime(2001, 1, 1, tzinfo=UTC)))


def lease_ends(connection):
    """When the lease of each mailbox ends."""
    return dict(connection.execute(select(MailboxRow.name, MailboxRow.lease_until)).all())


def test_what_the_owner_has_in_hand_is_not_leased_to_it_again(write):
    """Its lease seems to be over after the clock jumped ahead, and somebody in the process still works."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.wake(write, "in:b", NOW)
    mailboxes.claim(write, "me", NOW, LEASE, most=2)
    end_leases(write)

    assert mailboxes.claim(write, "me", NOW, LEASE, most=2, besides={"in:a"}) == ["in:b"]


def test_a_mailbox_is_claimed_by_its_name(write):
    """If it is due and nobody has it."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.wake(write, "in:b", NOW + timedelta(seconds=1))

    claimed = [
        mailboxes.claim_named(write, name, owner, NOW, LEASE)
        for name, owner in [("in:a", "one"), ("in:a", "two"), ("in:b", "one"), ("in:none", "one")]
    ]
    assert claimed == [["in:a"], [], [], []]
    end_leases(write)
    assert mailboxes.claim_named(write, "in:a", "two", NOW, LEASE) == ["in:a"]


def test_deliveries_that_are_due_come_with_the_one_that_was_named(write):
    """They share a transaction; an effect comes alone."""
    for name in ("in:a", "in:b", "in:c", "in:d", "out:x", "out:y"):
        mailboxes.wake(write, name, NOW)

    assert mailboxes.claim_named(write, "out:x", "me", NOW, LEASE, most=3) == ["out:x"]
    with_it = mailboxes.claim_named(write, "in:c", "me", NOW, LEASE, most=3, besides={"in:a"})
    assert with_it == ["in:c", "in:b", "in:d"]


def test_a_heartbeat_keeps_the_owners_leases_and_no_others(write):
    """Those of somebody else end when they end."""
    for name, owner in [("in:a", "me"), ("in:b", "you")]:
        mailboxes.wake(write, name, NOW)
        mailboxes.claim_named(write, name, owner, NOW, LEASE)
    end_leases(write)
    over = lease_ends(write)
    mailboxes.beat(write, ["in:a", "in:b"], "me", NOW, LEASE)

    kept = lease_ends(write)
    assert (kept["in:a"] > over["in:a"], kept["in:b"]) == (True, over["in:b"])


def test_leases_go_by_the_clock_that_all_share(shared_database):
    """On PostgreSQL it is the database's, however wrong the machine's is."""
    wrong = datetime(2001, 1, 1, tzinfo=UTC)
    with shared_database.write() as connection:
        mailboxes.wake(connection, "in:clock", wrong)
        mailboxes.claim_named(connection, "in:clock", "me", wrong, LEASE)
        until = lease_ends(connection)["in:clock"]
        shared = select(func.clock_timestamp())
        now = wrong if shared_database.is_sqlite else connection.execute(shared).scalar_one()
        connection.execute(delete(MailboxRow))

    assert abs(until - now - LEASE) < timedelta(seconds=5)


def test_the_mailbox_that_is_due_longest_comes_first(write):
    """Nobody starves."""
    mailboxes.wake(write, "in:late", NOW)
    mailboxes.wake(write, "in:early", NOW - timedelta(minutes=1))

    assert mailboxes.claim(write, "me", NOW, LEASE) == ["in:early"]


def test_waking_makes_a_mailbox_due_earlier_and_never_later(write):
    """Of two wake-ups the earlier one holds."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.wake(write, "in:a", NOW + timedelta(hours=1))
    assert mailboxes.next_due(write, NOW) == NOW

    mailboxes.wake(write, "in:a", NOW - timedelta(hours=1))
    assert mailboxes.next_due(write, NOW) == NOW - timedelta(hours=1)


def test_a_released_mailbox_is_due_when_its_next_work_is(write):
    """Work that came while the mailbox was leased is not forgotten."""
    inbox.put(write, Delivery(source="s", id="1", kind="k", entity="a", body=b""), NOW)
    mailboxes.claim(write, "me", NOW, LEASE)
    inbox.put(write, Delivery(source="s", id="2", kind="k", entity="a", body=b""), NOW)
    first, second = inbox.list_waiting(write, ["in:a"], 10, NOW)
    inbox.finish(write, {first.number: None}, NOW)
    inbox.postpone(write, second.number, NOW + timedelta(seconds=9), 1, "away", now=NOW)

    assert mailboxes.release(write, ["in:a"], "me") == NOW + timedelta(seconds=9)


def test_what_waits_behind_a_failure_is_due_with_it(write):
    """Else the mailbox would be claimed again and again for work that may not be done yet."""
    for name in ("1", "2"):
        inbox.put(write, Delivery(source="s", id=name, kind="k", entity="a", body=b""), NOW)
    mailboxes.claim(write, "me", NOW, LEASE)
    first = inbox.list_waiting(write, ["in:a"], 10, NOW)[0]
    inbox.postpone(write, first.number, NOW + timedelta(seconds=9), 1, "away", now=NOW)

    assert mailboxes.release(write, ["in:a"], "me") == NOW + timedelta(seconds=9)


def test_effects_behind_a_failed_one_are_due_with_it_and_those_before_it_by_themselves(write):
    """An effect that keeps its pace holds nobody back, one that failed does."""
    paced = EnsureExperimentItem(project="p", experiment="e", number=1)
    moved = CarryExperimentItem(project="p", experiment="e", origin=1, number=2)
    last = EnsureExperimentItem(project="p", experiment="e", number=2)
    for effect in (paced, moved, last):
        outbox.put(write, effect, NOW, pace=timedelta(0))
    mailbox = f"out:{paced.mailbox}"
    first, second, _ = outbox.list_pending(write, mailbox)
    mailboxes.claim(write, "me", NOW, LEASE)
    outbox.postpone(write, second, NOW + timedelta(seconds=9), 1, "502", now=NOW)
    assert mailboxes.release(write, [mailbox], "me") == NOW

    mailboxes.claim(write, "me", NOW, LEASE)
    outbox.finish(write, first, NOW, pace=timedelta(0))
    assert mailboxes.release(write, [mailbox], "me") == NOW + timedelta(seconds=9)


def test_a_released_mailbox_without_work_is_never_due(write):
    """Nothing waits, nobody wakes."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.claim(write, "me", NOW, LEASE)

    assert mailboxes.release(write, ["in:a"], "me") is None
    assert mailboxes.next_due(write, NOW) is None


def test_an_embedded_installation_ends_all_leases_at_its_start(write):
    """What a killed process held is free at once."""
    mailboxes.wake(write, "in:a", NOW)
    mailboxes.claim(write, "killed", NOW, LEASE)
    mailboxes.release_all(write)

    assert mailboxes.claim(write, "me", NOW, LEASE) == ["in:a"]


def test_deliveries_of_many_mailboxes_are_claimed_together(write):
    """They share a transaction; effects, which take their time, are claimed one by one."""
    for number, name in enumerate(["in:a", "in:b", "out:x", "in:c", "out:y"]):
        mailboxes.wake(write, name, NOW + timedelta(seconds=number))
    soon = NOW + timedelta(minutes=1)

    assert mailboxes.claim(write, "me", soon, LEASE, most=4) == ["in:a", "in:b", "in:c"]
    assert mailboxes.claim(write, "me", soon, LEASE, most=4) == ["out:x"]
    assert mailboxes.claim(write, "me", soon, LEASE, most=4) == ["out:y"]


def test_two_that_need_the_same_new_mailboxes_do_not_wait_for_each_other(database):
    """Whatever the order in which each of them comes to need them."""
    started = threading.Barrier(2)

    def work(names):
        for number in range(20):
            mine = [f"{name}{number}" for name in names]
            started.wait(10)
            with database.write() as connection:
                mailboxes.lock(connection, mine)
                for name in mine:
                    mailboxes.wake(connection, name, NOW)

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work, ["in:a", "in:b"]), workers.submit(work, ["in:b", "in:a"])]:
            done.result(timeout=30)
    with database.read() as connection:
        assert 40 == len(mailboxes.list_due(connection, NOW, 100))
