"""What a sprint is for, in a sentence, and whether that was met, as people say it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

Word = Literal["goal", "met", "missed"]
Judgement = Literal["met", "missed"]


class GoalSaid(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody said of the goal of sprint `number`: what it is, or what came of it.

    `text` is the goal, or the reason of a judgement, which may be empty.
    """

    number: int
    word: Word
    text: str
    by: str
    at: datetime


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A sprint's goal; `judgement` is None while nobody judged it, and `judged_by` and `reason` are empty."""

    text: str
    by: str
    at: datetime
    judgement: Judgement | None = None
    reason: str = ""
    judged_by: str = ""


def find_goal(said: Iterable[GoalSaid], number: int, now: datetime) -> Goal | None:
    """The goal of a sprint as it stands at `now`, None where nobody set one.

    What was said last holds. A judgement is of the goal before it: another goal has none yet.

    Args:
        said: of any sprints, in the order in which it was heard.
        number: the sprint's.
        now: what was said later is not looked at.
    """
    goal: Goal | None = None
    mine = (each for each in said if each.number == number and each.at <= now)
    for each in sorted(mine, key=lambda each: each.at):
        if each.word == "goal":
            goal = Goal(text=each.text, by=each.by, at=each.at)
        elif goal is not None:
            goal = msgspec.structs.replace(goal, judgement=each.word, reason=each.text, judged_by=each.by)
    return goal
