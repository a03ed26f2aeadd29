"""Pipelines that people may start: `[[projects.pipelines]]`."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from trainboard.errors import PermanentError
from trainboard.settings.section import Section
from trainboard.settings.values import MisfitError, Positive, Slug, Text, did_you_mean, matching
from trainboard.triggers import Parameter as ParameterValue

MOST_INPUTS = 25
"""Source: "Workflow syntax for GitHub Actions", `on.workflow_dispatch.inputs`."""

_KIND = "Kind of the pipeline; it decides which other keys there are."

Name = Annotated[
    str,
    AfterValidator(
        matching(
            r"[A-Za-z_][A-Za-z0-9_-]{0,99}",
            "must be 1 to 100 letters, digits, dashes and underscores, and begin with a letter or underscore",
        )
    ),
    Field(json_schema_extra={"pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,99}$"}),
]
NameOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(r"(?:[A-Za-z_][A-Za-z0-9_-]{0,99})?", "must be the name of a parameter, or be left out")
    ),
]
Ref = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?!.*(?:\.\.|//|@\{|\.lock$))[A-Za-z0-9][A-Za-z0-9._/+@#-]{0,243}(?<![./])",
            "must be the name of a branch or tag",
        )
    ),
]
WorkflowFile = Annotated[
    str,
    AfterValidator(
        matching(
            r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.ya?ml",
            "must be the name of a file in .github/workflows, like retrain.yml",
        )
    ),
]
RepositoryOrEmpty = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100})?",
            "must be owner/repository",
        )
    ),
]


class Parameter(Section):
    """A value that whoever starts the pipeline may give."""

    name: Name = Field(description="Its name, as the pipeline declares it.")
    type: Literal["string", "boolean", "number", "choice", "environment"] = Field(
        default="string",
        description="What it may be: `string` is one line, `choice` one of `choices`, `environment` the name "
        "of an environment, or one of `choices` where there are any.",
    )
    choices: tuple[Text, ...] = Field(default=(), description="The values of a choice or an environment.")
    default: str | bool | int | float | None = Field(
        default=None, description="What stands in where nobody gives a value."
    )
    required: bool = Field(default=False, description="Whether nothing is started without it.")

    @model_validator(mode="after")
    def _fits(self) -> "Parameter":
        if self.type == "choice" and not self.choices:
            raise MisfitError((("type",), 'is "choice" and needs "choices" too'))
        if self.choices and self.type not in {"choice", "environment"}:
            raise MisfitError((("choices",), 'go with "type" "choice" or "environment" alone'))
        if self.default is not None:
            self._check_default(self.default)
        return self

    def _check_default(self, default: str | float) -> None:
        values = self.model_dump(include={"name", "type", "choices"})
        try:
            ParameterValue(**values).read(default)
        except PermanentError as error:
            raise MisfitError((("default",), f"does not fit: {error}")) from None


class _Pipeline(Section):
    name: Slug = Field(description="Name by which people call it, unique within the project.")
    commands: tuple[Slug, ...] = Field(
        default=(), description="Slash commands that may start it, like `retrain`. None: nobody can."
    )


class WorkflowPipeline(_Pipeline):
    """A workflow of GitHub Actions that runs on `workflow_dispatch`."""

    kind: Literal["workflow"] = Field(description=_KIND)
    file: WorkflowFile = Field(description="Its file in `.github/workflows`, like `retrain.yml`.")
    repository: RepositoryOrEmpty = Field(
        default="", description="`owner/repository` that it is in. Empty: that of the project's code."
    )
    ref: Ref = Field(default="main", description="Branch or tag that it runs on.")
    marker: NameOrEmpty = Field(
        default="",
        description="Input that gets a mark of ours, which the workflow puts into its `run-name`: by it a "
        "run is found again after an answer was lost. Empty: it cannot be found.",
    )
    commit: NameOrEmpty = Field(
        default="", description="Input that gets the commit to check out. Empty: no commit can be asked for."
    )
    parameters: tuple[Parameter, ...] = Field(default=(), description="Inputs that people may give.")

    @model_validator(mode="after")
    def _inputs_fit(self) -> "WorkflowPipeline":
        reserved = [name for name in (self.marker, self.commit) if name]
        _refuse_twice(self.parameters, reserved)
        if len(self.parameters) + len(reserved) > MOST_INPUTS:
            raise MisfitError((("parameters",), f"are too many: a workflow takes {MOST_INPUTS} inputs"))
        return self


class EventPipeline(_Pipeline):
    """Workflows of GitHub Actions that run on a `repository_dispatch`."""

    kind: Literal["repository-dispatch"] = Field(description=_KIND)
    event: Text = Field(max_length=100, description="Type of the event that they listen to.")
    repository: RepositoryOrEmpty = Field(
        default="", description="`owner/repository` that they are in. Empty: that of the project's code."
    )
    parameters: tuple[Parameter, ...] = Field(
        default=(), description="What people may give; it stands in `client_payload.parameters`."
    )

    @model_validator(mode="after")
    def _parameters_fit(self) -> "EventPipeline":
        _refuse_twice(self.parameters, [])
        return self


class AzurePipeline(_Pipeline):
    """A pipeline of Azure Pipelines, in the organisation of `[azure_devops]`."""

    kind: Literal["azure-pipeline"] = Field(description=_KIND)
    id: Positive = Field(description="Its number, which stands in its address as `definitionId`.")
    project: str = Field(
        default="",
        description="Project of Azure DevOps that it is in. Empty: that of the project's code, or of its "
        "boards.",
    )
    ref: Ref = Field(default="main", description="Branch that it runs on.")
    marker: NameOrEmpty = Field(
        default="",
        description="Parameter of the YAML that gets a mark of ours: by it a run is found again after an "
        "answer was lost. Empty: it cannot be found.",
    )
    stages: tuple[Text, ...] = Field(default=(), description="Stages that people may leave out.")
    parameters: tuple[Parameter, ...] = Field(default=(), description="What people may give.")
    variables: tuple[Text, ...] = Field(
        default=(),
        description="Which of `parameters` are variables of the run, settable at queue time, and no "
        "parameters of the YAML.",
    )

    @model_validator(mode="after")
    def _parameters_fit(self) -> "AzurePipeline":
        _refuse_twice(self.parameters, [self.marker] if self.marker else [])
        known = [parameter.name for parameter in self.parameters]
        lost = [
            (("variables", place), f'is "{name}", which is no parameter{did_you_mean(name, known)}')
            for place, name in enumerate(self.variables)
            if name not in known
        ]
        if lost:
            raise MisfitError(*lost)
        return self


class LocalPipeline(_Pipeline):
    """No pipeline: what was asked for is noted. For a try-out without a platform."""

    kind: Literal["local"] = Field(description=_KIND)
    parameters: tuple[Parameter, ...] = Field(default=(), description="What people may give.")

    @model_validator(mode="after")
    def _parameters_fit(self) -> "LocalPipeline":
        _refuse_twice(self.parameters, [])
        return self


Pipeline = Annotated[
    WorkflowPipeline | EventPipeline | AzurePipeline | LocalPipeline, Field(discriminator="kind")
]


def _refuse_twice(parameters: tuple[Parameter, ...], reserved: list[str]) -> None:
    names = Counter([*reserved, *(parameter.name for parameter in parameters)])
    twice = [
        (("parameters", place, "name"), f'is "{parameter.name}", which is taken')
        for place, parameter in enumerate(parameters)
        if names[parameter.name] > 1
    ]
    if twice:
        raise MisfitError(*twice[-1:])
