"""What `trainboard init --forms` writes into a checkout."""

from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import msgspec

from trainboard.errors import MissingError, PermanentError
from trainboard.work_items import EXPERIMENT_LABEL

FORM = Path(".github", "ISSUE_TEMPLATE", "experiment.yml")


class Action(StrEnum):
    """What is done to a file."""

    CREATE = "create"
    CHANGE = "change"
    LEAVE = "leave"
    REFUSE = "refuse"


class FormStep(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done to the form in the checkout at `root`."""

    root: Path
    action: Action

    @property
    def path(self) -> Path:
        """Where the form stands."""
        return self.root / FORM


def plan(folder: Path, *, force: bool) -> FormStep:
    """What is to be done in the checkout that `folder` is in; `force` overwrites what people changed.

    Raises:
        MissingError: it is in none.
        PermanentError: what stands there cannot be read.
    """
    root = _find_root(folder)
    try:
        known = (root / FORM).read_bytes()
    except FileNotFoundError:
        return FormStep(root=root, action=Action.CREATE)
    except OSError as error:
        raise PermanentError(f"Could not read {root / FORM}: {error.strerror}.") from error
    if known.splitlines() == read_form().splitlines():
        return FormStep(root=root, action=Action.LEAVE)
    return FormStep(root=root, action=Action.CHANGE if force else Action.REFUSE)


def do(step: FormStep) -> None:
    """Write the form.

    Raises:
        PermanentError: it cannot be written.
    """
    try:
        step.path.parent.mkdir(parents=True, exist_ok=True)
        step.path.write_bytes(read_form())
    except OSError as error:
        raise PermanentError(f"Could not write {step.path}: {error.strerror}.") from error


def read_form() -> bytes:
    """The form as it is shipped."""
    return files("trainboard").joinpath("forms", "experiment.yml").read_bytes()


def render_step(step: FormStep) -> str:
    """What is done, in a line."""
    said = {
        Action.CREATE: "is new",
        Action.CHANGE: "differs, and is written anew",
        Action.LEAVE: "stands as it should",
        Action.REFUSE: "differs: somebody may have changed it. --force writes it anew",
    }
    return f"{step.path} {said[step.action]}."


def render_next() -> str:
    """What is left for people to do."""
    name = FORM.as_posix()
    return "\n".join(
        [
            "GitHub shows the form on the default branch only, and gives no label that does not exist:",
            f"  git add {name}",
            '  git commit -m "Add the form that plans an experiment"',
            f"  gh label create {EXPERIMENT_LABEL}",
        ]
    )


def _find_root(folder: Path) -> Path:
    here = folder.resolve()
    for each in (here, *here.parents):
        if (each / ".git").exists():
            return each
    raise MissingError(f"{folder} is in no checkout of a repository: name one, as in --forms ../churn.")
