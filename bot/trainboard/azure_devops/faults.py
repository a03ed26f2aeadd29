"""What goes wrong at Azure DevOps under a name: what it means to the engine, and what to do about it.

What an operator can mend (a token, a name, a right to see) is no end: it is tried again, so that nothing
is lost meanwhile.
"""

from re import search

import msgspec

from trainboard.azure_devops.refusals import Refusal
from trainboard.errors import PermanentError, TrainboardError, TransientError


class ConflictError(TransientError):
    """Somebody else was faster, and nothing was done: read it again, and decide again."""


class NotSignedInError(TransientError):
    """Whoever we are is not known there, or lacks the scope: nothing was done."""


class MissingTeamError(TransientError):
    """There is no team of that name, or we may not see it."""


class ExistsError(PermanentError):
    """There is one of that name or address already, and nothing was done."""


class Remedy(msgspec.Struct, frozen=True):
    """What to do about refusals of whose exception's name or message a part matches `pattern`."""

    pattern: str
    error: type[TrainboardError]
    advice: str


REMEDIES = (
    Remedy(
        r"TestPatchOperationFailed|RevisionMismatch|VS403351|TF26071",
        ConflictError,
        "Somebody else changed it first: read it again.",
    ),
    Remedy(
        r"ProjectDoesNotExist|ProjectNotFound|TF200016|VS800075",
        TransientError,
        "Check the project's name in the settings, and that we may see it.",
    ),
    Remedy(
        r"GitRepositoryNotFound|TF401019",
        TransientError,
        "Check the repository's name in the settings, and that we may see it.",
    ),
    Remedy(
        r"TeamNotFound",
        MissingTeamError,
        "Check the team's name in the settings, and that we may see it.",
    ),
    Remedy(r"TagLimitExceeded", PermanentError, "A work item holds 100 tags: take some away."),
    Remedy(
        r"RevisionLimit|up to [\d,]+ revisions",
        PermanentError,
        "It was changed too often for the API: let a new one take its place.",
    ),
    Remedy(
        r"TF401326",
        PermanentError,
        "The field is read-only, or not of this type: change the process, or leave the field alone.",
    ),
    Remedy(
        r"RuleValidation|TF401320",
        PermanentError,
        "The process has rules for the field: relax them, or give the field a default.",
    ),
    Remedy(
        r"InvalidTree(?:Name|Id)|TF401347",
        PermanentError,
        "The project has no such area or iteration: check the paths in the team's settings.",
    ),
    Remedy(
        r"WorkItemTypeNotFound|VS402323",
        PermanentError,
        "The project's process has no such type of work item.",
    ),
    Remedy(
        r"InvalidTeamSettings|TF400497",
        TransientError,
        "Give the team a backlog iteration, in the team's settings.",
    ),
    Remedy(
        r"QueryTimeout|VS402335|VS402490|VS402491",
        TransientError,
        "Azure DevOps is too busy for this query, or the project too large: it is tried again.",
    ),
    Remedy(
        r"AlreadyExists|Duplicate|already (?:exists|in use)",
        ExistsError,
        "There is one already.",
    ),
)
"""The first that fits counts.

Sources: "Work tracking, process, and project limits", "Integration best practices", and answers seen in the
field.
"""


def find_remedy(refusal: Refusal) -> Remedy | None:
    """What to do about `refusal`, None if it has no name that we know."""
    text = f"{refusal.type_key} {refusal.message}"
    return next((each for each in REMEDIES if search(each.pattern, text)), None)
