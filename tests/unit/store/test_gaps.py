"""What did not reach us, as the store knows it."""

from datetime import UTC, datetime, timedelta

from trainboard.deliveries import Delivery
from trainboard.store import gaps, inbox
from trainboard.store.gaps import Fate, Gap, Look, Missed

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def minutes(number):
    return NOW + timedelta(minutes=number)


def missed(name, at=NOW, fate=Fate.RECOVERED):
    return Missed(id=name, kind="issues", sent_at=at, fate=fate)


def test_a_sender_was_never_looked_at_before_the_first_look(write):
    """Then the mark moves on, and failures are known until one succeeds."""
    assert Look() == gaps.get_look(write, "github")

    gaps.fail(write, "github", NOW, "away")
    gaps.fail(write, "github", minutes(5), "still away")
    assert Look(unreachable_since=NOW, error="still away") == gaps.get_look(write, "github")

    gaps.advance(write, "github", minutes(9))
    assert {"github": Look(until=minutes(9))} == gaps.list_looks(write)


def test_a_failure_leaves_the_mark(write):
    """The next look begins where the last good one ended."""
    gaps.advance(write, "github", NOW)
    gaps.fail(write, "github", minutes(5), "away")

    assert NOW == gaps.get_look(write, "github").until


def test_what_came_in_or_was_missed_is_settled(write):
    """Another sender's ids are its own."""
    inbox.put(write, Delivery(source="github", id="came", kind="k", entity="e", body=b""), NOW)
    inbox.put(write, Delivery(source="runs/ci", id="theirs", kind="k", entity="e", body=b""), NOW)
    gap = gaps.open_gap(write, "github", NOW, NOW, since=None)
    gaps.note(write, "github", gap, missed("missed"))

    ids = ["came", "theirs", "missed", "new"]
    assert {"came", "missed"} == gaps.list_settled(write, "github", ids)


def test_a_gap_counts_what_became_of_each(write):
    """It ends with the last that was missing; noting one twice counts once."""
    gap = gaps.open_gap(write, "github", NOW, minutes(9), since=None, blind_until=minutes(1))
    for each in (missed("a", minutes(5)), missed("b", minutes(3), Fate.EXPIRED), missed("a", minutes(5))):
        gaps.note(write, "github", gap, each)

    expected = Gap(
        number=gap,
        source="github",
        began_at=NOW,
        ended_at=minutes(5),
        found_at=minutes(9),
        blind_until=minutes(1),
        fates={Fate.RECOVERED: 1, Fate.EXPIRED: 1},
    )
    assert expected == gaps.get_gap(write, gap)
    assert [expected] == gaps.list_latest(write, 5)
    assert (2, 1) == (expected.missing, expected.recovered)
    assert {"github": 1} == gaps.count_gaps(write)
    assert {("github", Fate.RECOVERED): 1, ("github", Fate.EXPIRED): 1} == gaps.count_missed(write)


def test_a_gap_that_the_last_look_still_found_goes_on(write):
    """One that was over by then does not; neither does another sender's."""
    first = gaps.open_gap(write, "github", NOW, minutes(5), since=None)
    other = gaps.open_gap(write, "azure", NOW, minutes(5), since=None)

    assert first == gaps.open_gap(write, "github", minutes(6), minutes(10), since=minutes(4))
    assert first == gaps.open_gap(write, "github", minutes(11), minutes(15), since=minutes(9))
    later = gaps.open_gap(write, "github", minutes(30), minutes(35), since=minutes(29))
    assert 3 == len({first, other, later})
    assert [later, other, first] == [gap.number for gap in gaps.list_latest(write, 5)]


def test_a_doubt_lasts_until_a_look_settles_it(write):
    """The earliest one counts; a failure leaves it, and a look may leave one behind."""
    gaps.doubt(write, "azure-devops", NOW)
    gaps.doubt(write, "azure-devops", minutes(5))
    gaps.fail(write, "azure-devops", minutes(6), "away")
    assert NOW == gaps.get_look(write, "azure-devops").doubtful_since

    gaps.advance(write, "azure-devops", minutes(9), doubtful_since=minutes(8))
    gaps.doubt(write, "azure-devops", minutes(9))
    expected = Look(until=minutes(9), doubtful_since=minutes(8))
    assert expected == gaps.get_look(write, "azure-devops")

    gaps.advance(write, "azure-devops", minutes(19))
    assert {"azure-devops": Look(until=minutes(19))} == gaps.list_looks(write)
