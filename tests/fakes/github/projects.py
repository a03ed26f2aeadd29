"""Projects, asked by GraphQL: documents are executed against GitHub's own schema.

To write the iterations of a field does here what it does there: all of them get new ids, and every item
loses its iteration.
"""

from dataclasses import dataclass, field
from datetime import date

from graphql import GraphQLError, graphql_sync

from judges.github_graphql import schema

PATH = "/graphql"


@dataclass
class Card:
    """An item of a project; `values` are refs of iterations and options by fields."""

    id: str
    content: str
    values: dict[str, str] = field(default_factory=dict)
    archived: bool = False


@dataclass
class Field:
    """A field: of iterations, of options, or of neither."""

    id: str
    name: str
    iterations: list[dict] | None = None
    options: list[dict] | None = None


@dataclass
class Project:
    """A project; `owner` is in the letters of its name there."""

    id: str
    owner: str
    number: int
    title: str
    fields: list[Field]
    cards: list[Card] = field(default_factory=list)
    closed: bool = False
    writable: bool = True

    def field(self, name):
        """The field of that name."""
        return next(each for each in self.fields if each.name == name)

    def card_of(self, issue):
        """The card of an issue, None where there is none."""
        return next((card for card in self.cards if card.content == node_id(issue)), None)

    def shown(self, issue):
        """What people see on the issue's card: title of the iteration, name of the option."""
        card = self.card_of(issue)
        if card is None:
            return None
        return tuple(self._title(each, card.values.get(each.id)) for each in self.fields[1:3])

    def move(self, issue, name, value):
        """A person gives the issue's card another value of a field, by its title."""
        held = self.field(name)
        entries = held.iterations if held.iterations is not None else held.options
        self.card_of(issue).values[held.id] = next(
            e["id"] for e in entries if e.get("title", e.get("name")) == value
        )

    def _title(self, held, ref):
        entries = held.iterations if held.iterations is not None else held.options or []
        found = next((each for each in entries if each["id"] == ref), None)
        return found and found.get("title", found.get("name"))


def node_id(issue):
    """The id of an issue in GraphQL."""
    return f"I_{issue.id}"


def add_project(hub, name="acme/12", *, iterations=("Sprint 1", "Sprint 2"), first=date(2026, 11, 9)):
    """Make a project with the fields Title, Iteration and Status; each iteration has 14 days."""
    owner, _, number = name.partition("/")
    fields = [
        Field(f"PVTF_{hub.new_id()}", "Title"),
        Field(f"PVTIF_{hub.new_id()}", "Iteration", iterations=[]),
        Field(f"PVTSSF_{hub.new_id()}", "Status", options=[]),
    ]
    project = Project(f"PVT_{hub.new_id()}", owner, int(number), "Plan", fields)
    for place, title in enumerate(iterations):
        add_iteration(hub, project, title, date.fromordinal(first.toordinal() + 14 * place))
    for option in ("Todo", "In Progress", "Done"):
        fields[2].options.append({"id": f"{hub.new_id():x}", "name": option})
    hub.projects[owner.casefold(), int(number)] = project
    return project


def add_iteration(hub, project, title, start):
    """A person adds an iteration in the browser, which leaves all others as they are."""
    made = {"id": f"{hub.new_id():x}", "title": title, "startDate": start.isoformat(), "duration": 14}
    project.fields[1].iterations.append(made)


def answer(hub, asked):
    """Execute a document. What went wrong stands beside the data, with 200."""
    found = graphql_sync(
        schema(),
        asked.json["query"],
        root_value=_Root(hub, asked),
        variable_values=asked.json.get("variables"),
    )
    errors = [
        {"type": error.extensions["type"], "message": error.message, "path": error.path}
        for error in found.errors or ()
    ]
    return 200, {"data": found.data} | ({"errors": errors} if errors else {})


class _Root:
    """The fields of `Query` and `Mutation`, as far as they are played."""

    def __init__(self, hub, asked):
        self._hub = hub
        self._asked = asked

    def repositoryOwner(self, _, login):  # noqa: N802  GitHub's name
        kind = "User" if login.casefold() in self._hub.users else "Organization"
        return {"__typename": kind, "projectV2": lambda _, number: self._project(login, number, kind)}

    def repository(self, _, owner, name, **__):
        found = self._hub.repositories.get(f"{owner}/{name}")
        found = found and self._hub.repositories.get(found.renamed_to, found)
        if found is None or not found.visible:
            raise refused("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
        return {"issue": lambda _, number: self._issue(found, number)}

    def addProjectV2ItemById(self, _, input):  # noqa: A002, N802
        project = self._writable(input["projectId"])
        card = next((each for each in project.cards if each.content == input["contentId"]), None)
        if card is None:
            card = Card(f"PVTI_{self._hub.new_id()}", input["contentId"])
            project.cards.append(card)
        return {"item": self._card(project, card)}

    def updateProjectV2ItemFieldValue(self, _, input):  # noqa: A002, N802
        project = self._writable(input["projectId"])
        card = next((each for each in project.cards if each.id == input["itemId"]), None)
        held = next((each for each in project.fields if each.id == input["fieldId"]), None)
        if card is None or held is None:
            raise lost(input["itemId"] if card is None else input["fieldId"])
        if card.archived:
            raise refused("UNPROCESSABLE", "The item is archived and cannot be updated")
        [(kind, value)] = input["value"].items()
        entries, what = {
            "iterationId": (held.iterations, "iteration"),
            "singleSelectOptionId": (held.options, "single select option"),
        }[kind]
        if value not in [each["id"] for each in entries or ()]:
            raise refused("VALIDATION", f"The {what} Id does not belong to the field")
        card.values[held.id] = value
        return {"projectV2Item": self._card(project, card)}

    def updateProjectV2Field(self, _, input):  # noqa: A002, N802
        for project in self._hub.projects.values():
            for held in project.fields:
                if held.id == input["fieldId"]:
                    rewrite(self._hub, project, held, input["iterationConfiguration"]["iterations"])
        return {"projectV2Field": None}

    def _project(self, login, number, kind):
        self._check_access("read", kind)
        found = self._hub.projects.get((login.casefold(), number))
        if found is None:
            raise refused("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")
        return {
            "id": found.id,
            "title": found.title,
            "url": f"https://github.com/orgs/{found.owner}/projects/{number}",
            "closed": found.closed,
            "viewerCanUpdate": found.writable,
            "fields": lambda *_, first, **__: {"nodes": [_field(each) for each in found.fields[:first]]},
        }

    def _check_access(self, level, kind="Organization"):
        if self._asked.actor.app is not None:
            granted = self._hub.permissions_of(self._asked).get("organization_projects", "")
            if kind == "User" or granted not in {level, "write"}:
                raise refused("FORBIDDEN", "Resource not accessible by integration")
        elif level not in self._hub.project_scopes:
            needed = "read:project" if level == "read" else "project"
            raise refused(
                "INSUFFICIENT_SCOPES", f"The field requires one of the following scopes: ['{needed}']"
            )

    def _writable(self, ref):
        self._check_access("write")
        found = next((each for each in self._hub.projects.values() if each.id == ref), None)
        if found is None:
            raise lost(ref)
        if not found.writable:
            raise refused("FORBIDDEN", "You do not have permission to update this project")
        return found

    def _issue(self, repository, number):
        issue = repository.issues.get(number)
        if issue is None or issue.gone or issue.is_pull:
            raise refused("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
        cards = [
            self._card(project, card)
            for project in self._hub.projects.values()
            for card in project.cards
            if card.content == node_id(issue)
        ]
        return {"id": node_id(issue), "projectItems": lambda *_, first, **__: {"nodes": cards[:first]}}

    def _card(self, project, card):
        return {
            "id": card.id,
            "isArchived": card.archived,
            "project": {"id": project.id},
            "fieldValueByName": lambda _, name: _value(project, card, name),
        }


def rewrite(hub, project, held, iterations):
    """Write the iterations of a field by the API."""
    held.iterations = [{"id": f"{hub.new_id():x}"} | each for each in iterations]
    for card in project.cards:
        card.values.pop(held.id, None)


def refused(kind, message):
    """An error as GitHub types them."""
    return GraphQLError(message, extensions={"type": kind})


def lost(ref):
    """The error for an id that is nobody's."""
    return refused("NOT_FOUND", f"Could not resolve to a node with the global id of '{ref}'.")


def _field(held):
    common = {"id": held.id, "name": held.name}
    if held.iterations is not None:
        iterations = {"iterations": held.iterations, "completedIterations": []}
        return common | {"__typename": "ProjectV2IterationField", "configuration": iterations}
    if held.options is not None:
        return common | {"__typename": "ProjectV2SingleSelectField", "options": held.options}
    return common | {"__typename": "ProjectV2Field"}


def _value(project, card, name):
    held = next((each for each in project.fields if each.name == name), None)
    ref = held and card.values.get(held.id)
    if ref is None:
        return None
    if held.iterations is not None:
        return {"__typename": "ProjectV2ItemFieldIterationValue", "iterationId": ref}
    return {"__typename": "ProjectV2ItemFieldSingleSelectValue", "optionId": ref}
