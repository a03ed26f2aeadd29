"""What is remembered of work items."""

from trainboard.trackers.azure_boards import remembered
from trainboard.trackers.azure_boards.remembered import Seen, Sightings


def seen(rev):
    return Seen(rev=rev, type="Task", state="New", tags=(), text=b"")


def test_later_sighting_stays():
    """An answer that comes late does not hide what a later one told."""
    sightings = Sightings()
    sightings.note(1, seen(3))
    sightings.note(1, seen(2))
    assert (3, None) == (sightings.find(1).rev, sightings.find(2))


def test_sightings_do_not_pile_up(monkeypatch):
    """The item that was touched longest ago is forgotten first."""
    monkeypatch.setattr(remembered, "MOST_ITEMS", 2)
    sightings = Sightings()
    for number in (1, 2, 1, 3):
        sightings.note(number, seen(1))
    assert [True, False, True] == [sightings.find(number) is not None for number in (1, 2, 3)]
