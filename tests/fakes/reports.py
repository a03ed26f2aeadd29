"""Reports of an invented team, rich enough that each section has something to say."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from trainboard.iterations import SprintPolicy, iteration
from trainboard.report.building import History, build
from trainboard.report.happenings import Happening, Past

NUMBER = 7
POLICY = SprintPolicy(first_start=date(2026, 8, 17), timezone="Europe/Berlin")
SPRINT = iteration(POLICY, NUMBER)
TITLES = ("Clean the labels", "Train a deeper model", "Serve from the edge", "Write the model card")


def list_happenings(*, policy=POLICY, sprints=range(1, NUMBER + 1), items=4, estimated=True):
    """So many items in each sprint: three of four are done in it, the last of them is carried on."""
    told = []
    for number in sprints:
        began = iteration(policy, number).starts_at
        for place in range(items):
            name = str((number - 1) * items + place + 1)
            points = Decimal(place % 4 + 1) if estimated else None
            told.append(
                Happening(
                    item=name,
                    at=began - timedelta(days=1),
                    title=TITLES[place % 4],
                    sprint=number,
                    points=points,
                    state="open",
                    url=f"https://tracker.example.com/{name}",
                )
            )
            started = began + timedelta(days=1 + place % 4, hours=9)
            told.append(Happening(item=name, at=started, state="started"))
            if place % 4 < 3:
                told.append(Happening(item=name, at=started + timedelta(days=2), state="done"))
            elif number < sprints[-1]:
                told.append(Happening(item=name, at=began + timedelta(days=13), sprint=number + 1))
    return told


@cache
def full_report(*, is_over=False, **told):
    """The report of the seventh sprint, in the middle or after its end."""
    now = SPRINT.ends_at + timedelta(days=1) if is_over else SPRINT.starts_at + timedelta(days=8)
    past = Past(list_happenings(**told))
    history = History(project="churn", past=past, known_since=iteration(POLICY, 1).starts_at)
    return build(history, POLICY, NUMBER, now)
