"""The processes: which types of work items there are, their states, their fields.

Source: "About default processes and process templates", "Workflow states and state categories".
"""

from dataclasses import dataclass, field
from functools import cached_property

from fakes.azure_devops.state import make_id

COLORS = {
    "Proposed": "b2b2b2",
    "InProgress": "007acc",
    "Resolved": "ff9d00",
    "Completed": "339933",
    "Removed": "ffffff",
}
EPIC, FEATURE = "Microsoft.EpicCategory", "Microsoft.FeatureCategory"
REQUIREMENT, TASK, BUG = "Microsoft.RequirementCategory", "Microsoft.TaskCategory", "Microsoft.BugCategory"
BACKLOGS = {EPIC: "Epics", FEATURE: "Features", REQUIREMENT: "Stories", TASK: "Tasks"}
SCHEDULING = "Microsoft.VSTS.Scheduling"
POINTS, EFFORT, SIZE = f"{SCHEDULING}.StoryPoints", f"{SCHEDULING}.Effort", f"{SCHEDULING}.Size"
REMAINING = f"{SCHEDULING}.RemainingWork"


@dataclass(frozen=True)
class State:
    """A state of a type and the category that tells what it means."""

    name: str
    category: str

    def render(self):
        return {"name": self.name, "color": COLORS[self.category], "category": self.category}


@dataclass(frozen=True)
class ItemType:
    """`states` begin with the one that items are made in; `category` is empty outside the backlogs."""

    name: str
    states: tuple[State, ...]
    category: str = ""
    fields: tuple[str, ...] = ()
    is_disabled: bool = False

    @property
    def reference_name(self):
        return f"Microsoft.VSTS.WorkItemTypes.{''.join(filter(str.isalnum, self.name))}"

    def find_state(self, name):
        """The state of that name whatever its case, None where there is none."""
        return next((state for state in self.states if state.name.casefold() == name.casefold()), None)


@dataclass(frozen=True)
class Process:
    """`effort` is the field that holds the size of a requirement, empty where there is none."""

    name: str
    types: tuple[ItemType, ...]
    effort: str = ""
    is_custom: bool = False
    backlogs: dict[str, str] = field(default_factory=lambda: dict(BACKLOGS), hash=False)

    @property
    def id(self):
        return make_id("process", self.name)

    @cached_property
    def by_name(self):
        return {each.name.casefold(): each for each in self.types}

    def list_types(self, category):
        return [each for each in self.types if each.category == category]


def states(**categories):
    """`states(Proposed="New", InProgress="Active|Doing")`, in the order given."""
    return tuple(State(name, category) for category, names in categories.items() for name in names.split("|"))


TO_DO = states(Proposed="To Do", InProgress="Doing", Completed="Done")
AGILE = states(
    Proposed="New", InProgress="Active", Resolved="Resolved", Completed="Closed", Removed="Removed"
)
SCRUM = states(Proposed="New", InProgress="In Progress", Completed="Done", Removed="Removed")
BACKLOG = states(Proposed="New|Approved", InProgress="Committed", Completed="Done", Removed="Removed")
CMMI = states(Proposed="Proposed", InProgress="Active", Resolved="Resolved", Completed="Closed")
ODD = states(
    Proposed="Neu & offen",
    InProgress="In Arbeit|Wartet auf 'Kunde'",
    Resolved="Prüfung",
    Completed="Erledigt/abgenommen",
    Removed="Verworfen",
)
WORK = (REMAINING, f"{SCHEDULING}.OriginalEstimate", f"{SCHEDULING}.CompletedWork")
FAULT = (
    "Microsoft.VSTS.TCM.ReproSteps",
    "Microsoft.VSTS.TCM.SystemInfo",
    "Microsoft.VSTS.Common.Severity",
    "Microsoft.VSTS.Build.FoundIn",
    "Microsoft.VSTS.Build.IntegrationBuild",
)

PROCESSES = {
    process.name: process
    for process in (
        Process(
            "Basic",
            (
                ItemType("Epic", TO_DO, EPIC, (EFFORT,)),
                ItemType("Issue", TO_DO, REQUIREMENT, (EFFORT,)),
                ItemType("Task", TO_DO, TASK, WORK),
            ),
            EFFORT,
            backlogs={EPIC: "Epics", REQUIREMENT: "Issues", TASK: "Tasks"},
        ),
        Process(
            "Agile",
            (
                ItemType("Epic", AGILE, EPIC, (EFFORT,)),
                ItemType("Feature", AGILE, FEATURE, (EFFORT,)),
                ItemType(
                    "User Story", AGILE, REQUIREMENT, (POINTS, "Microsoft.VSTS.Common.AcceptanceCriteria")
                ),
                ItemType("Bug", AGILE[:-1], BUG, (POINTS, *WORK, *FAULT)),
                ItemType(
                    "Task",
                    states(Proposed="New", InProgress="Active", Completed="Closed", Removed="Removed"),
                    TASK,
                    WORK,
                ),
                ItemType("Issue", states(InProgress="Active", Completed="Closed")),
                ItemType("Test Case", states(Proposed="Design", InProgress="Ready", Completed="Closed")),
            ),
            POINTS,
        ),
        Process(
            "Scrum",
            (
                ItemType("Epic", SCRUM, EPIC, (EFFORT,)),
                ItemType("Feature", SCRUM, FEATURE, (EFFORT,)),
                ItemType(
                    "Product Backlog Item",
                    BACKLOG,
                    REQUIREMENT,
                    (EFFORT, "Microsoft.VSTS.Common.AcceptanceCriteria"),
                ),
                ItemType("Bug", BACKLOG, BUG, (EFFORT, REMAINING, *FAULT)),
                ItemType(
                    "Task",
                    states(Proposed="To Do", InProgress="In Progress", Completed="Done", Removed="Removed"),
                    TASK,
                    (REMAINING,),
                ),
                ItemType("Impediment", states(InProgress="Open", Completed="Closed")),
            ),
            EFFORT,
            backlogs=BACKLOGS | {REQUIREMENT: "Backlog items"},
        ),
        Process(
            "CMMI",
            (
                ItemType("Epic", CMMI, EPIC, (SIZE,)),
                ItemType("Feature", CMMI, FEATURE, (SIZE,)),
                ItemType("Requirement", CMMI, REQUIREMENT, (SIZE,)),
                ItemType("Bug", CMMI, BUG, (SIZE, *WORK, *FAULT)),
                ItemType("Task", CMMI, TASK, WORK),
                ItemType("Change Request", CMMI),
                ItemType("Risk", states(Proposed="Proposed", InProgress="Active", Completed="Closed")),
            ),
            SIZE,
            backlogs=BACKLOGS | {REQUIREMENT: "Requirements"},
        ),
        Process(
            "Custom",
            (
                ItemType("Ziel (Quartal)", ODD, EPIC),
                ItemType("Arbeitspaket / ML", ODD, REQUIREMENT),
                ItemType("Störung", ODD, BUG, FAULT),
                ItemType("Schritt", states(Proposed="offen", InProgress="läuft", Completed="fertig"), TASK),
                ItemType("Task", TO_DO, "", is_disabled=True),
            ),
            is_custom=True,
            backlogs={EPIC: "Ziele", REQUIREMENT: "Pakete", TASK: "Schritte"},
        ),
    )
}
