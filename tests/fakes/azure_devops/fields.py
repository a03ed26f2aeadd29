"""The fields of work items: what there is, what each takes, how each is told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from fakes.azure_devops.processes import EFFORT, POINTS, SCHEDULING, SIZE, WORK
from fakes.azure_devops.refusals import (
    Refused,
    bad_argument,
    broken_rule,
    empty_value,
    invalid_path,
    invalid_value,
    read_only_field,
    too_many_tags,
    unknown_field,
    unknown_person,
)
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import identity_ref, iso
from fakes.azure_devops.state import Identity

PARENT = "System.LinkTypes.Hierarchy-Reverse"
TITLE_LENGTH = 255
TAG_LENGTH = 400
VSTS = "Microsoft.VSTS.Common"


@dataclass(frozen=True)
class Field:
    """A field; `kind` is one of Azure DevOps's: string, html, plainText, double, dateTime and others."""

    reference_name: str
    name: str
    kind: str = "string"
    is_read_only: bool = False

    def render(self, org):
        return {
            "name": self.name,
            "referenceName": self.reference_name,
            "description": None,
            "type": self.kind,
            "usage": "workItem",
            "readOnly": self.is_read_only,
            "canSortBy": True,
            "isQueryable": True,
            "supportedOperations": [],
            "isIdentity": self.is_identity,
            "isPicklist": False,
            "isPicklistSuggested": False,
            "url": f"{org.url}/_apis/wit/fields/{self.reference_name}",
        }

    @property
    def is_identity(self):
        return self.name.endswith((" By", " To", " As"))


def _spread(name):
    """`RemainingWork` as `Remaining Work`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rpartition(".")[2])


def _make(names, kind, *, is_read_only=False):
    return [Field(name, _spread(name), kind, is_read_only) for name in names]


def _name(*names):
    return [f"System.{name}" for name in names]


SILENT = _name("Id", "Rev", "CreatedDate", "CreatedBy", "ChangedBy", "Parent")
NUMBERS = _name("Id", "Rev", "Parent", "AreaId", "IterationId", "CommentCount", "PersonId", "Watermark")
DATES = _name("CreatedDate", "ChangedDate", "AuthorizedDate", "RevisedDate")
TEXTS = (
    *_name("CreatedBy", "ChangedBy", "AuthorizedAs", "NodeName", "TeamProject", "WorkItemType"),
    *_name("BoardColumn", "BoardColumnDone", "BoardLane"),
    *(f"System.{tree}Level{level}" for tree in ("Area", "Iteration") for level in range(1, 8)),
)
SYSTEM = [
    *_make(["System.Title", "System.State", "System.Reason", "System.AssignedTo"], "string"),
    *_make(["System.AreaPath", "System.IterationPath"], "treePath"),
    *_make(["System.Description"], "html"),
    *_make(["System.History"], "history"),
    *_make(["System.Tags"], "plainText"),
    *_make(NUMBERS, "integer", is_read_only=True),
    *_make(DATES, "dateTime", is_read_only=True),
    *_make(TEXTS, "string", is_read_only=True),
    *_make(["System.IsDeleted"], "boolean", is_read_only=True),
]
EVERY_TYPE = [
    *_make([f"{VSTS}.Priority"], "integer"),
    *_make([f"{VSTS}.StackRank"], "double"),
    *_make([f"{VSTS}.ValueArea"], "string"),
    *_make([f"{SCHEDULING}.StartDate", f"{SCHEDULING}.FinishDate", f"{SCHEDULING}.TargetDate"], "dateTime"),
    *_make([f"{VSTS}.StateChangeDate", f"{VSTS}.ClosedDate"], "dateTime", is_read_only=True),
    *_make([f"{VSTS}.ClosedBy"], "string", is_read_only=True),
]
SOME_TYPES = [
    *_make([EFFORT, POINTS, SIZE, *WORK], "double"),
    *_make([f"{VSTS}.AcceptanceCriteria"], "html"),
    *_make(["Microsoft.VSTS.TCM.ReproSteps", "Microsoft.VSTS.TCM.SystemInfo"], "html"),
    *_make([f"{VSTS}.Severity", "Microsoft.VSTS.Build.FoundIn"], "string"),
    *_make(["Microsoft.VSTS.Build.IntegrationBuild"], "string"),
]
FIELDS = {each.reference_name.casefold(): each for each in (*SYSTEM, *EVERY_TYPE, *SOME_TYPES)}
ANYWHERE = {each.reference_name for each in (*SYSTEM, *EVERY_TYPE)}


def find_field(name, item_type=None):
    """The field of that reference name in any case, which the type must have if one is given."""
    found = FIELDS.get(name.casefold())
    if found is None or (item_type and found.reference_name not in {*ANYWHERE, *item_type.fields}):
        raise unknown_field(name)
    return found


@route("GET", "wit.fields")
def get_fields(org, asked):
    wanted = asked.values.get("fieldNameOrRefName")
    return find_field(wanted).render(org) if wanted else [each.render(org) for each in FIELDS.values()]


def check(org, draft, field, value):
    """The value as the field keeps it, None where it is emptied.

    Raises:
        Refused: the process does not allow it.
    """
    if field.is_read_only:
        raise read_only_field(field.reference_name)
    named = {"System.Title": _check_title, "System.State": _check_state, "System.Tags": _check_tags}
    named |= dict.fromkeys(("System.AreaPath", "System.IterationPath"), _check_path)
    if checker := named.get(field.reference_name):
        return checker(org, draft, field, value)
    if value is None or value == "":
        return None
    if field.is_identity:
        return _check_person(org, field, value)
    return _check_kind(org, field, value)


def _check_title(org, draft, field, value):
    if not str(value or "").strip():
        raise empty_value(field.reference_name, field.name)
    if len(value) > TITLE_LENGTH:
        text = f"TF401320: Rule Error for field {field.name}. Error code: Required, InvalidTooLong."
        raise broken_rule(field.reference_name, field.name, text, "required, invalidTooLong")
    return value


def _check_state(org, draft, field, value):
    state = draft.type.find_state(str(value))
    if state is None or (draft.is_new and state is not draft.type.states[0]):
        raise invalid_value(field.reference_name, field.name, value)
    return state.name


def _check_tags(org, draft, field, value):
    """The first spelling of a tag stays; a comma parts tags like a semicolon."""
    spellings = {}
    for name in filter(None, (part.strip() for part in re.split("[;,]", value or ""))):
        if len(name) > TAG_LENGTH:
            raise bad_argument(f"The tag '{name[:20]}…' is too long.", "InvalidTagNameException")
        spellings.setdefault(name.casefold(), draft.project.tags.get(name.casefold(), name))
    if len(spellings) > org.limits.tags:
        raise too_many_tags(draft.number, org.limits.tags)
    return "; ".join(spellings.values()) or None


def _check_path(org, draft, field, value):
    tree = draft.project.areas if field.reference_name == "System.AreaPath" else draft.project.iterations
    node = tree.find(str(value).strip("\\"))
    if node is None:
        raise invalid_path(field.reference_name, draft.number or -1)
    return node.path


def _check_person(org, field, value):
    """A unique name, `Name <unique name>` or a name that only one has; never an id."""
    if not isinstance(value, str):
        raise bad_argument("The identity reference is not accepted.", "IdentityRefNotAcceptedException")
    inside = re.fullmatch(r".*<(.+)>", value)
    wanted = (inside[1] if inside else value).casefold()
    known = org.identities.values()
    found = [each for each in known if wanted == each.unique_name.casefold()]
    found = found or [each for each in known if wanted == each.display_name.casefold()]
    if len(found) != 1:
        raise unknown_person(field.reference_name, field.name, value)
    return found[0]


def _check_kind(org, field, value):
    if field.kind in {"html", "history", "plainText"} and len(str(value)) > org.limits.long_text:
        text = f"The text of field '{field.reference_name}' is too long."
        raise Refused(400, "WorkItemFieldInvalidException", text)
    readers = {"double": _read_number, "integer": int, "dateTime": _read_moment}
    try:
        return readers.get(field.kind, lambda same: same)(value)
    except (TypeError, ValueError):
        text = f"TF401326: Invalid field status 'InvalidType' for field '{field.reference_name}'."
        raise Refused(400, "WorkItemFieldInvalidException", text) from None


def _read_number(value):
    return int(value) if float(value).is_integer() else float(value)


def _read_moment(value):
    return datetime.fromisoformat(value).astimezone(UTC)


def render_value(org, value):
    """A field's value as it is told."""
    if isinstance(value, Identity):
        return identity_ref(org, value)
    return iso(value) if isinstance(value, datetime) else value


def complete(item, revision):
    """All fields of a revision, also those that are only told when they are asked for."""
    found = dict(revision.fields)
    area = item.project.areas.find(found["System.AreaPath"])
    iteration = item.project.iterations.find(found["System.IterationPath"])
    computed = {
        "System.Id": item.id,
        "System.Rev": revision.rev,
        "System.Watermark": revision.watermark,
        "System.AuthorizedDate": revision.at,
        "System.AuthorizedAs": revision.by,
        "System.PersonId": 1,
        "System.AreaId": area and area.id,
        "System.IterationId": iteration and iteration.id,
        "System.NodeName": area and area.name,
        "System.RevisedDate": _revised(item, revision),
    }
    if parent := next((each.target for each in item.relations if each.rel == PARENT), None):
        computed["System.Parent"] = parent
    for tree in ("Area", "Iteration"):
        for level, name in enumerate(found[f"System.{tree}Path"].split("\\"), start=1):
            computed[f"System.{tree}Level{level}"] = name
    return found | computed


def _revised(item, revision):
    later = [each.at for each in item.revisions if each.rev == revision.rev + 1]
    return later[0] if later else datetime(9999, 1, 1, tzinfo=UTC)
