"""The board that shows a project's work items: `[projects.board]`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, Text, matching

_PROJECT = r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[1-9][0-9]{0,8})?"

ProjectOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(_PROJECT, 'must be the owner and the number of a project on GitHub, like "acme/12"')
    ),
    Field(json_schema_extra={"pattern": f"^{_PROJECT}$"}),
]


class Board(Section):
    """A board of GitHub Projects: work items are put on it, and two of its fields set."""

    project: ProjectOrEmpty = Field(
        default="",
        description="Owner and number of the project, as they stand in its address: `acme/12`. Empty: there "
        "is no board.",
    )
    iteration_field: str = Field(
        default="Iteration",
        max_length=100,
        description="Name of the field of iterations. Empty: no iterations are set.",
    )
    status_field: str = Field(
        default="Status",
        max_length=100,
        description="Name of the field, a single select, that says how far an item is. Empty: it is not set.",
    )
    todo: Text = Field(default="Todo", description="Its option for what nobody began.")
    doing: Text = Field(default="In Progress", description="Its option for what is being worked on.")
    done: Text = Field(default="Done", description="Its option for what is closed.")
    items: Literal["ours", "all"] = Field(
        default="ours",
        description="Which work items are put on it: `ours` that the bot made, or `all` that stand in a "
        "sprint, once an hour.",
    )

    @model_validator(mode="after")
    def _sets_something(self) -> "Board":
        if not self.iteration_field and not self.status_field:
            raise MisfitError((("status_field",), 'is empty, and so is "iteration_field"'))
        return self
