"""How a call knows its lane."""

import threading

from trainboard.budgets import Lane, current_lane, in_lane


def test_without_a_lane_it_is_chatter():
    """What names no lane can take nothing from what does."""
    assert Lane.CHATTER is current_lane()


def test_inside_a_lane():
    """The lane holds inside the block, also if that fails, and no longer."""
    with in_lane(Lane.EDIT):
        seen = current_lane()
    assert (Lane.EDIT, Lane.CHATTER) == (seen, current_lane())


def test_lanes_in_lanes():
    """The more urgent one counts: a command's edit is a command, chatter's creation is a creation."""
    with in_lane(Lane.COMMAND), in_lane(Lane.EDIT):
        command = current_lane()
    with in_lane(Lane.CHATTER), in_lane(Lane.CREATE):
        creation = current_lane()
    assert (Lane.COMMAND, Lane.CREATE) == (command, creation)


def test_another_thread_has_its_own():
    """Workers do not change each other's lanes."""
    seen = []
    with in_lane(Lane.COMMAND):
        thread = threading.Thread(target=lambda: seen.append(current_lane()))
        thread.start()
        thread.join()
    assert [Lane.CHATTER] == seen
