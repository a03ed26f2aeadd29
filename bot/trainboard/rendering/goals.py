"""A sprint's goal, in words."""

from trainboard.goals import Goal
from trainboard.rendering.inert import inert

_CHARACTERS = 300
_NAME_CHARACTERS = 80


def say_goal(goal: Goal, *, is_over: bool) -> str:
    """The goal and its judgement, as Markdown; one of a sprint that goes on need not be judged yet."""
    said = f"Goal: {inert(goal.text, _CHARACTERS)}"
    if goal.judgement is None:
        return f"{said} (not judged)" if is_over else said
    why = f": {inert(goal.reason, _CHARACTERS)}" if goal.reason else ""
    return f"{said} ({goal.judgement}, says {inert(goal.judged_by, _NAME_CHARACTERS)}{why})"
