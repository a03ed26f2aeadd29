"""A JSON patch on a work item: read into a draft, checked, and kept as a new revision."""

import re

from fakes.azure_devops import fields, relations
from fakes.azure_devops.fields import SILENT, VSTS, check, find_field
from fakes.azure_devops.refusals import (
    Refused,
    bad_argument,
    empty_value,
    failed_test,
    too_many_revisions,
)
from fakes.azure_devops.state import Revision, Update, WorkItem

PATCH_KIND = "application/json-patch+json"


class Draft:
    """A work item on its way to its next revision.

    Args:
        org: the organisation.
        item: as it is; None for a new one.
        project: where it is.
        item_type: what it is.
    """

    def __init__(self, org, item, project, item_type):
        self.org, self.item, self.project, self.type = org, item, project, item_type
        self.is_new = item is None
        self.number = item.id if item else None
        self.before = dict(item.fields) if item else {}
        self.fields = {name: value for name, value in self.before.items() if name != "System.History"}
        self.formats = dict(item.revisions[-1].formats) if item else {}
        self.formats.pop("System.History", None)
        self.added, self.removed = [], []

    def apply(self, operations):
        """Do what the patch says, in its order."""
        for operation in operations:
            self._apply(operation["op"].lower(), operation["path"], operation.get("value"))

    def _apply(self, verb, path, value):
        if verb not in {"add", "replace", "remove", "test"}:
            raise bad_argument(f"The operation '{verb}' is not supported.", "PatchOperationFailedException")
        if path.lower() == "/rev" and verb == "test":
            self._test(path, self.item.rev if self.item else 0, value)
        elif match := re.fullmatch(r"/fields/(.+)", path):
            self._apply_field(verb, path, match[1], value)
        elif match := re.fullmatch(r"/relations/(-|\d+)", path):
            self._apply_relation(verb, match[1], value)
        elif match := re.fullmatch(r"/multilineFieldsFormat/(.+)", path):
            self._apply_format(match[1], value)
        elif path.lower() == "/id" and verb == "add":
            return  # new items may carry a number of the sender's own, which means nothing
        else:
            raise bad_argument(f"The path '{path}' is not valid.", "InvalidPatchFieldNameException")

    def _test(self, path, held, wanted):
        if str(held) != str(wanted):
            raise failed_test(path, held, wanted)

    def _apply_field(self, verb, path, name, value):
        field = find_field(name, self.type)
        known = field.reference_name
        if verb == "test":
            self._test(path, fields.render_value(self.org, self.fields.get(known)), value)
        elif not (self.is_new and known in SILENT):
            kept = check(self.org, self, field, None if verb == "remove" else value)
            self.fields.pop(known, None) if kept is None else self.fields.update({known: kept})

    def _apply_format(self, name, value):
        """Once a field is Markdown it stays so."""
        field = find_field(name, self.type).reference_name
        if not self.org.edition.knows_markdown:
            raise bad_argument(
                f"The path '/multilineFieldsFormat/{name}' is not valid.", "InvalidPatchFieldNameException"
            )
        if self.formats.get(field) == "markdown" and value.lower() != "markdown":
            raise bad_argument(f"The format of field '{field}' cannot be changed back from Markdown.")
        self.formats[field] = value.lower()

    def _apply_relation(self, verb, place, value):
        held = self.item.relations if self.item else []
        if verb == "add" and place == "-":
            self.added.append(relations.check(self, value))
        elif verb == "remove" and place.isdigit() and int(place) < len(held):
            self.removed.append(held[int(place)])
        elif verb == "replace" and place.isdigit() and int(place) < len(held):
            held[int(place)].attributes |= value.get("attributes", {})
        else:
            raise bad_argument(f"Relation index {place} does not exist.", "PatchOperationFailedException")

    def finish(self, who):
        """Fill in what the process sets by itself, and look whether something is missing."""
        if not self.fields.get("System.Title"):
            raise empty_value("System.Title", "Title")
        now = self.org.now
        if self.is_new:
            self._fill(who, now)
        if self.fields["System.State"] != self.before.get("System.State"):
            self._change_state(who, now)
        self.fields |= {"System.ChangedDate": now, "System.ChangedBy": who}

    def _fill(self, who, now):
        defaults = {
            "System.AreaPath": self.project.areas.path,
            "System.IterationPath": self.project.iterations.path,
            "System.State": self.type.states[0].name,
            f"{VSTS}.Priority": 2,
        }
        self.fields = {
            "System.TeamProject": self.project.name,
            "System.WorkItemType": self.type.name,
            "System.CreatedDate": now,
            "System.CreatedBy": who,
            "System.CommentCount": 0,
            **defaults,
            **self.fields,
        }

    def _change_state(self, who, now):
        state = self.type.find_state(self.fields["System.State"])
        reason = "Added to backlog" if self.is_new else f"Moved to state {state.name}"
        if self.fields.get("System.Reason") == self.before.get("System.Reason"):
            self.fields["System.Reason"] = reason
        self.fields[f"{VSTS}.StateChangeDate"] = now
        for name, value in ((f"{VSTS}.ClosedDate", now), (f"{VSTS}.ClosedBy", who)):
            if state.category == "Completed":
                self.fields[name] = value
            else:
                self.fields.pop(name, None)


def read_operations(asked):
    """The operations of a patch.

    Raises:
        Refused: the body is of another media type, or no list of operations.
    """
    kind = asked.headers.get("content-type", "").partition(";")[0]
    if kind != PATCH_KIND:
        text = (
            f'The request indicated a Content-Type of "{kind}" for method type "{asked.method}" which is not '
            f"supported. Valid content types for this method are: {PATCH_KIND}."
        )
        raise Refused(415, "VssRequestContentTypeNotSupportedException", text)
    if not asked.json or not isinstance(asked.json, list):
        raise bad_argument("You must pass a valid patch document in the body of the request.")
    return asked.json


def keep(org, draft, who, comment=None):
    """Make the draft a work item's newest revision.

    Links between work items alone make none: neither the number nor the date of the item changes.
    """
    item = draft.item or WorkItem(org.new_id("item"), draft.project, draft.type)
    draft.number = item.id
    changed = _compare(draft)
    if not draft.is_new and not changed and all(each.target for each in (*draft.added, *draft.removed)):
        relations.move(org, item, draft)
        return _note(org, item, who, {}, draft)
    if len(item.revisions) >= org.limits.revisions:
        raise too_many_revisions(item.id, len(item.revisions), org.limits.revisions)
    draft.finish(who)
    org.items[item.id] = item
    relations.move(org, item, draft)
    for tag in filter(None, draft.fields.get("System.Tags", "").split("; ")):
        draft.project.tags.setdefault(tag.casefold(), tag)
    item.revisions.append(_make_revision(org, item, draft, who, comment))
    return _note(org, item, who, _compare(draft), draft)


def _make_revision(org, item, draft, who, comment):
    return Revision(
        rev=len(item.revisions) + 1,
        fields=draft.fields,
        formats=draft.formats,
        by=who,
        at=org.now,
        watermark=org.new_id("watermark"),
        relations=list(item.relations),
        comment=comment,
    )


def _compare(draft):
    """What is different from before, as old and new value."""
    names = [*draft.fields, *(name for name in draft.before if name not in draft.fields)]
    changed = {
        name: (draft.before.get(name), draft.fields.get(name))
        for name in names
        if draft.before.get(name) != draft.fields.get(name) and name != "System.History"
    }
    if "System.History" in draft.fields:
        changed["System.History"] = (None, draft.fields["System.History"])
    return changed


def _note(org, item, who, changed, draft):
    item.updates.append(
        Update(len(item.updates) + 1, item.rev, who, org.now, changed, draft.added, draft.removed)
    )
    return item
