"""What the bot does for itself, in words for people who ask what happened."""

from trainboard.effects import (
    FindContained,
    FindVersion,
    KeepHooks,
    ReadAlerts,
    ReadChanges,
    ReadModelTags,
    ReadPipelineRun,
    ReadResults,
    ReadRun,
    ReadRuns,
    ReadSprints,
    RecoverDeliveries,
    RemoveOldRows,
)
from trainboard.rendering.code_words import SHORT, name_run

Chore = (
    ReadRuns
    | ReadRun
    | ReadAlerts
    | ReadPipelineRun
    | ReadResults
    | FindContained
    | FindVersion
    | RecoverDeliveries
    | KeepHooks
    | ReadSprints
    | ReadChanges
    | ReadModelTags
    | RemoveOldRows
)


def say_chore(effect: Chore) -> str:
    """What shall be known, or gone."""
    match effect:
        case ReadAlerts():
            said = f"the alerts of {effect.door} are here"
        case ReadRuns() | ReadRun():
            said = _say_reading(effect)
        case ReadResults():
            said = f"what {name_run(effect.run)} left is here"
        case ReadPipelineRun():
            said = f"what {effect.pipelines} know of run {effect.run} is here"
        case FindContained() | FindVersion() | ReadModelTags():
            said = f"it is known {_say_what_is_sought(effect)}"
        case RecoverDeliveries():
            said = f"what {effect.source} sent and did not arrive is here"
        case KeepHooks():
            said = f"the hooks of {effect.source} work, and what they did not tell is here"
        case ReadSprints() | ReadChanges():
            said = f"what stands in the sprints of {effect.project} is in its history"
        case RemoveOldRows():
            said = "what is kept no longer is gone"
    return said


def _say_what_is_sought(effect: FindContained | FindVersion | ReadModelTags) -> str:
    if isinstance(effect, ReadModelTags):
        return f"what the tags of the code of {effect.project} tell of models"
    if isinstance(effect, FindVersion):
        return f"which run made version {effect.version} of model {effect.model}"
    return f"what lies in the history of commit {effect.within[:SHORT]} of {effect.code}"


def _say_reading(effect: ReadRuns | ReadRun) -> str:
    if isinstance(effect, ReadRun):
        return f"what {effect.door} knows of run {effect.run} is here"
    return f"{'all runs of the sprint' if effect.full else 'new runs'} of {effect.door} are here"
