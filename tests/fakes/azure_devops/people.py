"""What people do at their screens, told in one line each."""

from fakes.azure_devops.comments import add_comment, change
from fakes.azure_devops.nodes import add_node, rename
from fakes.azure_devops.patches import Draft, keep
from fakes.azure_devops.processes import REQUIREMENT
from fakes.azure_devops.work_items import find_type, throw_away


class People:
    """The acts of people in an organisation; `who` is Ana unless somebody else is named."""

    def person_creates(self, project, title, *, kind=None, who=None, **fields):
        """Somebody makes a work item: of the requirement's type, unless `kind` names another.

        `fields` are named as in the patch, dots left out: `System_Tags="a; b"`.
        """
        where = self.find_project(project)
        usual = where.process.list_types(REQUIREMENT)[0].name
        draft = Draft(self, None, where, find_type(where, kind or usual))
        return self._save(draft, {"System.Title": title} | _name(fields), who)

    def person_edits(self, number, *, who=None, **fields):
        """Somebody changes fields of a work item, the state as well."""
        item = self.find_item(number)
        return self._save(Draft(self, item, item.project, item.type), _name(fields), who)

    def person_relates(self, number, rel, url, *, name="", who=None):
        """Somebody links a work item to something else."""
        item = self.find_item(number)
        draft = Draft(self, item, item.project, item.type)
        value = {"rel": rel, "url": url, "attributes": {"name": name}}
        with self.lock:
            draft.apply([{"op": "add", "path": "/relations/-", "value": value}])
            keep(self, draft, who or self.ana)
            self.announce_item(False, item)

    def _save(self, draft, fields, who):
        with self.lock:
            draft.apply([{"op": "add", "path": f"/fields/{name}", "value": fields[name]} for name in fields])
            item = keep(self, draft, who or self.ana)
            self.announce_item(draft.is_new, item)
        return item

    def announce_item(self, is_new, item):
        """A work item was made or changed."""
        subject = item if is_new else (item, item.updates[-1])
        self.announce("workitem.created" if is_new else "workitem.updated", subject)

    def person_retitles(self, number, title, *, who=None):
        return self.person_edits(number, System_Title=title, who=who)

    def person_describes(self, number, text, *, who=None):
        """Somebody replaces the description."""
        return self.person_edits(number, System_Description=text, who=who)

    def person_tags(self, number, tag, *, who=None):
        """Somebody adds a tag."""
        tags = [*self.find_item(number).tags, tag]
        return self.person_edits(number, System_Tags="; ".join(tags), who=who)

    def person_untags(self, number, tag, *, who=None):
        """Somebody takes a tag off."""
        tags = [each for each in self.find_item(number).tags if each.casefold() != tag.casefold()]
        return self.person_edits(number, System_Tags="; ".join(tags), who=who)

    def person_moves(self, number, state, *, who=None):
        """Somebody moves an item to a state."""
        return self.person_edits(number, System_State=state, who=who)

    def person_closes(self, number, *, who=None):
        """Somebody moves an item to its type's first state that means that it is done."""
        states = self.find_item(number).type.states
        done = next(state for state in states if state.category == "Completed")
        return self.person_moves(number, done.name, who=who)

    def person_removes(self, number, *, who=None):
        """Somebody moves an item to the state that means that nobody is going to do it."""
        states = self.find_item(number).type.states
        removed = next(state for state in states if state.category == "Removed")
        return self.person_moves(number, removed.name, who=who)

    def person_assigns(self, number, unique_name, *, who=None):
        return self.person_edits(number, System_AssignedTo=unique_name, who=who)

    def person_plans(self, number, path, *, who=None):
        r"""Somebody moves an item to an iteration (`Proj\Sprint 2`)."""
        return self.person_edits(number, System_IterationPath=path, who=who)

    def person_comments(self, number, text, *, kind="html", who=None):
        """Somebody comments on an item. Returns the comment."""
        with self.lock:
            item = self.find_item(number)
            draft = Draft(self, item, item.project, item.type)
            return add_comment(self, draft, text, who or self.ana, kind).comments[-1]

    def person_edits_comment(self, number, comment, text):
        """Whoever wrote a comment changes it."""
        found = next(each for each in self.find_item(number).comments if each.id == comment)
        change(found, text, self.now)

    def person_restores(self, number, *, who=None):
        """Somebody takes an item out of the recycle bin."""
        item = self.items[int(number)]
        with self.lock:
            item.deleted_by = item.deleted_at = None
            draft = Draft(self, item, item.project, item.type)
            del draft.fields["System.IsDeleted"]
            keep(self, draft, who or self.ana)
            self.announce("workitem.restored", item)

    def person_deletes(self, number, *, who=None):
        """Somebody throws an item into the recycle bin."""
        item = self.find_item(number)
        throw_away(self, item, who or self.ana)
        self.announce("workitem.deleted", item)

    def person_renames_iteration(self, project, identifier, name):
        """Somebody gives an iteration another name; its items follow."""
        where = self.find_project(project)
        node = next(node for node in where.iterations.walk() if node.identifier == identifier)
        rename(self, where, node, name)

    def person_adds_iteration(self, project, name, start=None, finish=None, *, team=None):
        """Somebody makes an iteration below the root and takes it into a team's; `team` False for none."""
        where = self.find_project(project)
        dates = {"startDate": start, "finishDate": finish} if start else {}
        node = add_node(self, where.iterations, name, dates)
        if team is not False:
            self.find_team(where, team).iterations.append(node)
        return node


def _name(fields):
    return {name.replace("_", "."): value for name, value in fields.items()}
