"""What `/sprint goal` does: a sprint's goal is set, judged, or told."""

from collections.abc import Iterator
from datetime import datetime

from trainboard.effects import ShowGoal
from trainboard.facts import RecordGoal
from trainboard.goals import GoalSaid, Word, find_goal
from trainboard.grammar.declaration import Answer, Asking, CommandError, Outcome, Plan
from trainboard.handlers.iterations import ensure_iteration
from trainboard.iterations import iteration
from trainboard.rendering.goals import say_goal
from trainboard.rendering.inert import inert, inert_code

MOST_CHARACTERS = 300
_JUDGEMENTS: dict[str, Word] = {"met": "met", "missed": "missed"}


def talk_of_goal(text: str, number: int | None, asking: Asking) -> Iterator[Outcome]:
    """The goal that `text` is, the judgement that it begins with, or what is known where it is empty.

    Args:
        text: what follows the word `goal`.
        number: the sprint's; None for the current one. A judgement is of the one whose end is nearest then.
        asking: who says it.
    """
    first, _, rest = text.partition(" ")
    current = asking.read.current_iteration(asking.project.name).number
    if judgement := _JUDGEMENTS.get(first.casefold().rstrip(":,.")):
        of = _find_ending(asking) if number is None else number
        yield from _judge(judgement, rest.strip(), of, asking)
    elif text:
        yield from _set(text, current if number is None else number, asking)
    else:
        yield _tell(current if number is None else number, asking)


def _find_ending(asking: Asking) -> int:
    """In the first half of a sprint, people judge the one before."""
    sprint = asking.read.current_iteration(asking.project.name)
    middle = sprint.starts_at + (sprint.ends_at - sprint.starts_at) / 2
    return sprint.number - (asking.read.now < middle)


def _judge(judgement: Word, reason: str, number: int, asking: Asking) -> Iterator[Outcome]:
    name = _name(number, asking)
    if find_goal(asking.read.list_goals(asking.project.name), number, asking.read.now) is None:
        known = inert_code("of=")
        raise CommandError(f"{name} has no goal to be judged. Another sprint is named with {known}.")
    yield Plan(f"judge the goal of {name}: {judgement}")
    yield from _say(judgement, reason, number, asking)
    yield Answer(f"The goal of {name} counts as {judgement}.")


def _set(text: str, number: int, asking: Asking) -> Iterator[Outcome]:
    if len(text) > MOST_CHARACTERS:
        raise CommandError(f"A goal has at most {MOST_CHARACTERS} characters.")
    current = asking.read.current_iteration(asking.project.name).number
    if number < current:
        raise CommandError(f"{_name(number, asking)} is over: its goal can be judged, and not set.")
    yield Plan(f"set the goal of {_name(number, asking)}")
    yield from ensure_iteration(asking.project.name, number, asking.read)
    yield from _say("goal", text, number, asking)
    yield Answer(f"This is the goal of {_name(number, asking)}: {inert(text, MOST_CHARACTERS)}")


def _say(word: Word, text: str, number: int, asking: Asking) -> Iterator[Outcome]:
    at: datetime = asking.read.now
    said = GoalSaid(number=number, word=word, text=text, by=asking.who, at=at)
    yield RecordGoal(project=asking.project.name, key=asking.key, said=said)
    yield ShowGoal(project=asking.project.name, number=number)


def _tell(number: int, asking: Asking) -> Answer:
    read = asking.read
    goal = find_goal(read.list_goals(asking.project.name), number, read.now)
    name = _name(number, asking)
    if goal is None:
        return Answer(f"Nobody set a goal for {name}.")
    is_over = number < read.current_iteration(asking.project.name).number
    return Answer(f"{name}. {say_goal(goal, is_over=is_over)}")


def _name(number: int, asking: Asking) -> str:
    name = asking.read.find_iteration_name(asking.project.name, number)
    return inert(name or iteration(asking.project.sprint, number).name)
