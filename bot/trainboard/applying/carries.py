"""An experiment that its sprint left unfinished stands in the next one."""

import msgspec

from trainboard.applying import Outside
from trainboard.applying.board_asking import show_on_board
from trainboard.applying.ended_iterations import require_read
from trainboard.applying.experiment_items import find_standing, iteration_ref, write
from trainboard.effects import CarryExperimentItem
from trainboard.iterations import iteration
from trainboard.store import items, iterations

APPLIES = CarryExperimentItem


def apply(effect: CarryExperimentItem, outside: Outside) -> None:
    """Move the item if its tracker still says that it is open; the tracker is asked before.

    One that somebody put elsewhere stays there.

    Raises:
        NotYetError: its old sprint has not been read for the history, or the new one is not made.
    """
    with outside.database.read() as connection:
        known = items.find(connection, effect.project, effect.experiment, effect.origin)
    if known is None or known.item.number >= effect.number or known.item.state == items.GONE:
        return
    origin_ref = require_read(effect.project, known.item.number, outside)
    ref = iteration_ref(effect.project, effect.number, outside)
    item = find_standing(known, outside)
    if item is None:
        return
    if item.state != "open":
        with outside.database.write() as connection:
            items.update_seen(connection, known, item, known.judgements, outside.clock())
        return
    policy = outside.projects[effect.project].sprint
    with outside.database.read() as connection:
        name = iterations.find_name(connection, effect.project, known.item.number)
    origin = name or iteration(policy, known.item.number).name
    carried = msgspec.structs.replace(
        known,
        item=msgspec.structs.replace(known.item, number=effect.number, carries=known.item.carries + 1),
        sprints=(*known.sprints, effect.number),
        carried_from=origin,
    )
    is_where_it_was = item.iteration == origin_ref
    write(carried, item, outside, iteration=ref if is_where_it_was else None)
    with outside.database.write() as connection:
        items.carry(connection, known, effect.number, origin, outside.clock())
    show_on_board(effect.project, item.ref, outside)
