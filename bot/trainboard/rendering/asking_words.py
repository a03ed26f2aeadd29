"""What people asked for, in words for people who ask what happened."""

from trainboard.effects import (
    AdoptPlan,
    AnnounceApproval,
    AnswerComment,
    DecideApproval,
    EditItem,
    FindComments,
    FindPlans,
    MakePart,
    ObeyComment,
    ReadPlan,
    StartPipeline,
)
from trainboard.events import CommandsGiven, CommentsDue, CommentWritten
from trainboard.facts import RecordCommand, RecordGoal, RecordPlanWord, TrackExperiment
from trainboard.triggers import Origin

EffectOfAsking = (
    StartPipeline
    | DecideApproval
    | AnnounceApproval
    | FindComments
    | FindPlans
    | ReadPlan
    | AdoptPlan
    | ObeyComment
    | AnswerComment
    | EditItem
    | MakePart
)


def say_event_of_asking(event: CommentWritten | CommandsGiven | CommentsDue) -> str:
    """What happened, as the rest of a sentence that begins with "because"."""
    match event:
        case CommentWritten(hint=hint):
            verb = "edited" if hint.is_edit else "wrote"
            return f"somebody {verb} comment {hint.comment} on {_name(hint.origin)}"
        case CommandsGiven(given=given):
            lines = ", ".join(line.text for line in given.lines) or "too much to read"
            return f"{given.person.name} wrote on {_name(given.hint.origin)}: {lines}"
        case CommentsDue():
            return f"it was time to look for comments in {event.place}"


def say_fact_of_asking(fact: RecordCommand | RecordGoal | RecordPlanWord | TrackExperiment) -> str:
    """What is noted."""
    match fact:
        case RecordCommand(obeyed=given):
            where = _name(given.origin)
            return f"the command {given.text!r} of {given.person.name} on {where} is {given.state}"
        case RecordPlanWord(word=word):
            said = f"is {word.value!r}" if word.value else "is taken back"
            named = f"{word.subject} {word.key!r}" if word.key else word.subject
            return f"the {named} of #{fact.ref} of {fact.tracker} {said}, by the word of {word.by}"
        case TrackExperiment():
            shown = "shows no experiment any more" if fact.stopped else f"shows experiment {fact.experiment}"
            return f"#{fact.ref} of {fact.tracker} {shown}, by the word of {fact.by}"
        case RecordGoal(said=goal):
            about = f"the goal of sprint {goal.number} of {fact.project}"
            said = f"is {goal.text!r}" if goal.word == "goal" else f"was {goal.word}"
            return f"{about} {said}, says {goal.by}"


def say_effect_of_asking(effect: EffectOfAsking) -> str:
    """What shall be true."""
    match effect:
        case StartPipeline():
            return f"pipeline {effect.pipeline} of {effect.project} was started once, as {effect.by} asked"
        case DecideApproval():
            word = f"that {effect.person.name} {effect.verdict} it"
            return f"approval {effect.approval} of {effect.code} was told {word}"
        case AnnounceApproval():
            item = f"the work item of {effect.experiment} in sprint {effect.number}"
            return f"{item} says who may give approval {effect.approval} of {effect.code}"
        case FindComments():
            return f"comments in {effect.place} of which nobody told are here"
        case FindPlans() | ReadPlan() | AdoptPlan():
            return _say_effect_of_plan(effect)
        case _:
            return _say_effect_of_command(effect)


def _say_effect_of_plan(effect: FindPlans | ReadPlan | AdoptPlan) -> str:
    match effect:
        case FindPlans():
            return f"plans of experiments of {effect.project} of which nobody told are read"
        case ReadPlan():
            return f"#{effect.ref} of {effect.project} is its experiment's, if it is a plan"
        case AdoptPlan():
            item = f"#{effect.ref} of {effect.project}"
            return f"{item} shows experiment {effect.experiment}, as {effect.by} planned"


def _say_effect_of_command(effect: ObeyComment | AnswerComment | EditItem | MakePart) -> str:
    match effect:
        case ObeyComment(hint=hint):
            return f"what comment {hint.comment} on {_name(hint.origin)} commands is here"
        case AnswerComment():
            return f"comment {effect.comment} on {_name(effect.origin)} is answered"
        case EditItem():
            return f"{_name(effect.origin)} is as somebody commanded"
        case MakePart():
            return f"a part {effect.title!r} stands below {_name(effect.origin)}"


def _name(origin: Origin) -> str:
    what = "pull request " if origin.is_pull_request else "#"
    return f"{what}{origin.ref} of {origin.place}"
