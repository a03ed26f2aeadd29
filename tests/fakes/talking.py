"""People who command the bot in comments, on each platform."""

import json
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select

from fakes.azure_devops import faults, refusals, threads
from fakes.azure_devops.relations import PARENT
from fakes.azure_devops.state import Identity
from fakes.github import OTHER, PERSON
from fakes.github.state import Actor
from fakes.teams import FIXTURES
from trainboard.applying import polled
from trainboard.applying.finding_comments import make_delivery
from trainboard.applying.local_comments import write_comment
from trainboard.comments import find_hint
from trainboard.fingerprints import answer_key
from trainboard.store import local_board
from trainboard.store.local_models import LocalCommentRow, LocalRelationRow
from trainboard.store.trigger_models import TriggerRow
from trainboard.trackers.azure_boards.texts import to_body
from trainboard.triggers import Origin, Trigger, TriggerState
from trainboard.work_items import PART_LABEL, WorkItemChange


class Talking:
    """A team that talks to its bot; a subclass knows the platform. Ana maintains it all, Ben reads it."""

    ana = ben = None

    def __init__(self, team):
        self.team = team
        self.bot = team.bot

    def begins(self):
        """An experiment, and a pull request that belongs to it."""
        self.ref = self.team.plans("val_auc >= 0.92")
        self.team.opens("Widen the trees", f"{self.closes}{self.ref}", "src/train.py")

    def goes_by(self):
        """The bot does what is due, also what it puts off for some seconds."""
        self.team.goes_by()

    @property
    def parts(self):
        """The titles of the items below the experiment's, each with the name of its sprint."""
        tracker = self.bot.bot.outside.trackers["churn"]
        sprints = {each.ref: each.name for each in tracker.list_iterations()}
        items = tracker.list_items(label=PART_LABEL, since=self.bot.clock() - timedelta(days=1))
        return [(each.title, sprints[each.iteration]) for each in items if self._is_below(each.ref)]

    @property
    def started(self):
        """The pipelines that were started, in order."""
        outside = self.bot.bot.outside
        with outside.database.read() as connection:
            found = connection.execute(select(TriggerRow.document).order_by(TriggerRow.at)).scalars()
            known = [msgspec.json.decode(document, type=Trigger) for document in found]
        return [each.pipeline for each in known if each.state is TriggerState.STARTED]

    def answers(self, comment, in_place=""):
        """What the bot answered to it, or `in_place` of its last answer to that command, as it stands now."""
        place, ref, number = self._name(comment)
        markers = self.bot.bot.outside.markers_in(self.bot.bot.outside.conversations[place.casefold()].name)
        key = answer_key(place, ref, in_place or number)
        return [markers.inside(body) for body in self._list_ours(comment) if markers.find_key(body) == key]


class TalkingOnGitHub(Talking):
    """On issues and pull requests of acme/churn."""

    ana, ben = PERSON, OTHER
    closes = "Closes #"
    an_app = Actor("helper[bot]", 77)
    leads, lost_team = "team:acme/ml-leads", "team:acme/lost"

    def __init__(self, team):
        super().__init__(team)
        team.github.teams["ml-leads"] = {}
        team.github.granted["members"] = "read"
        team.github.churn.roles[self.ana.login] = "maintain"

    @property
    def item(self):
        """The experiment's work item."""
        return self.team.github.churn.issues[int(self.ref)]

    @property
    def labels(self):
        """Those of the item."""
        return set(self.item.labels)

    @property
    def is_open(self):
        """Whether the item is."""
        return self.item.state == "open"

    @property
    def asked(self):
        """What the platform was asked, in order."""
        return self.team.github.requests

    @property
    def sprint(self):
        """The name of the sprint that the item is in, None for none."""
        number = self.item.milestone
        return None if number is None else self.team.github.churn.milestones[number].title

    def says(self, text, who=None, *, on_pull=False, tells=True, settles=True):
        """Somebody writes a comment, of which GitHub tells; the bot does nothing if not `settles`."""
        issue = self.team.pull if on_pull else self.item
        comment = self.team.github.person_comments(issue, text, who=who or self.ana)
        if tells:
            self.tells(comment, settles=settles)
        return comment

    def edits(self, comment, text, who=None):
        """Somebody changes the comment's text."""
        before, comment.body = comment.body, text
        comment.updated_at = self.team.github.now
        self.tells(comment, "edited", sender=who or comment.author, changes={"body": {"from": before}})

    def says_otherwise(self, told, said):
        """Something is told of a comment that says something else by the time it is read, None: is gone."""
        comment = self.says(said or told, tells=False)
        self.tells(comment, body=told, settles=False)
        if said is None:
            self.item.comments.remove(comment)
        self.bot.settle()
        return comment

    def puts_into_leads(self, who):
        """Somebody is in the team of the leads from now on."""
        self.team.github.teams["ml-leads"][who.login] = "active"

    def takes_out_of_leads(self, who):
        """They are not in it any more."""
        del self.team.github.teams["ml-leads"][who.login]

    def hides_leads(self):
        """We may not see who is in it."""
        del self.team.github.granted["members"]
        return "Members: read"

    def is_silent_of_leads(self):
        """GitHub does not answer the next question about teams."""
        self.team.github.next_fault(503, path="/teams/")

    def tells_again(self, comment):
        """The same hook comes once more."""
        self.tells(comment)

    tells_pull_again = tells_again

    def unlabels(self, label):
        """Somebody takes a label off the item."""
        self.item.labels.remove(label)

    def tells(self, comment, action="created", *, sender=None, body=None, settles=True, **changes):
        """GitHub sends its hook, with the words that the comment has or with others."""
        github, issue = self.team.github, self._issue_of(comment)
        payload = json.loads((FIXTURES / "issue_comment__created.json").read_bytes())
        payload |= {"action": action, **changes}
        payload["repository"]["full_name"] = "acme/churn"
        payload["issue"] = github.shapes.issue(github.churn, issue) | {"locked": issue.is_locked}
        payload["comment"] = github.shapes.comment(github.churn, issue, comment)
        if body is not None:
            payload["comment"]["body"] = body
        who = sender or comment.author
        payload["sender"] |= {"login": who.login, "id": who.id}
        assert self.bot.github_says("issue_comment", payload, settle=settles) == 202

    def reactions(self, comment):
        """What the bot's account reacted with, in our words, in order."""
        words = {"eyes": "seen", "+1": "done", "confused": "refused"}
        return [words[content] for login, content in comment.reactions]

    def _issue_of(self, comment):
        issues = self.team.github.churn.issues.values()
        return next(issue for issue in issues if comment in issue.comments)

    def _is_below(self, ref):
        return self.team.github.churn.issues[int(ref)].parent == self.item.number

    def _name(self, comment):
        return "github:acme/churn", str(self._issue_of(comment).number), str(comment.id)

    def _list_ours(self, comment):
        return [each.body for each in self._issue_of(comment).comments if each.author.app is not None]


class TalkingOnAzure(Talking):
    """On work items and pull requests of project Churn, both in the web editor."""

    closes = "Fixes #"
    leads, lost_team = "team:ML leads", "team:Lost"

    def __init__(self, team):
        super().__init__(team)
        azure = self.azure = team.azure
        self._leads = azure.add_team(azure.find_project("Churn"), "ML leads")
        self.ana, self.ben = azure.ana, azure.ben
        churn = azure.find_team(azure.find_project("Churn"), "Churn ML")
        churn.admins.add(self.ana.id)
        churn.members.remove(self.ben)
        self.an_app = azure.add_identity(Identity("Helper", "helper", kind="servicePrincipal"))
        churn.members.append(self.an_app)

    @property
    def item(self):
        """The experiment's work item."""
        return self.azure.find_item(self.ref)

    @property
    def labels(self):
        """Those of the item."""
        return set(self.item.tags)

    @property
    def is_open(self):
        """Whether the item is."""
        [item] = self.bot.items()
        return item.state == "open"

    @property
    def asked(self):
        """What the platform was asked, in order."""
        return self.azure.requests

    @property
    def sprint(self):
        """The name of the sprint that the item is in."""
        return self.item.fields["System.IterationPath"].rpartition("\\")[2]

    def says(self, text, who=None, *, on_pull=False, tells=True, settles=True):
        """Somebody writes a comment, of which a service hook tells; the bot does nothing if not `settles`."""
        if on_pull:
            thread = self.azure.person_comments_on_pull(self.team.pull, text, who=who or self.ana)
            comment = thread.comments[-1]
        else:
            comment = self.azure.person_comments(self.ref, _to_html(text), who=who or self.ana)
        if tells:
            self.tells(settles=settles)
        else:
            self.azure.notifications.clear()
        return comment

    def edits(self, comment, text):
        """Whoever wrote the comment on the pull request changes its text; nobody else can."""
        thread = next(each for each in self.team.pull.threads if comment in each.comments)
        comment.content, comment.changed_at = text, self.azure.now
        threads.tell(self.azure, self.team.pull, thread, comment)
        self.tells()

    def says_otherwise(self, told, said):
        """Something is told of a comment that says something else by the time it is read, None: is gone."""
        comment = self.azure.person_comments(self.ref, _to_html(told))
        self.azure.deliver()
        comment.text, comment.is_deleted = _to_html(said or told), said is None
        self.bot.settle()
        return comment

    def tells_again(self, comment):
        """The same event comes once more, as another notification."""
        del comment
        self.azure.announce("workitem.commented", self.item)
        self.tells()

    def puts_into_leads(self, who):
        """Somebody is in a group that is in the team of the leads from now on."""
        group = Identity("Seniors", "seniors", kind="group", members=frozenset([who.id]))
        self._leads.members[:] = [self.azure.add_identity(group)]

    def takes_out_of_leads(self, who):
        """They are not in it any more, the group is."""
        del who
        self.azure.add_identity(Identity("Seniors", "seniors", kind="group"))

    def hides_leads(self):
        """We may not see who is in a group."""
        self.azure.faults.add(faults.refusal(refusals.forbidden("No.")), path="Identities", times=99)
        return "vso.identity"

    def is_silent_of_leads(self):
        """Azure DevOps does not answer the next question about groups."""
        self.azure.faults.add(faults.hang(), path="Identities")

    def unlabels(self, label):
        """Somebody takes a label off the item."""
        self.azure.person_untags(self.ref, label)

    def tells_pull_again(self, comment):
        """The same event of a pull request comes once more, as another notification."""
        thread = next(each for each in self.team.pull.threads if comment in each.comments)
        threads.tell(self.azure, self.team.pull, thread, comment)
        self.tells()

    def tells(self, *, settles=True):
        """Service hooks are sent."""
        self.azure.deliver()
        if settles:
            self.bot.settle()

    def reactions(self, comment):
        """What the bot's account reacted with, in our words, in order."""
        words = {"like": "seen", "hooray": "done", "confused": "refused"}
        if hasattr(comment, "likes"):
            return ["done"] if comment.likes else []
        return [words[kind] for kind in words if comment.reactions.get(kind)]

    def _is_below(self, ref):
        parents = [each for each in self.azure.find_item(ref).relations if each.rel == PARENT]
        return [each.url.rpartition("/")[2] for each in parents] == [self.ref]

    def _name(self, comment):
        if comment in self.item.comments:
            return "azure-boards:acme/Churn", self.ref, str(comment.id)
        thread = next(each for each in self.team.pull.threads if comment in each.comments)
        return "azure-repos:acme/Churn/churn", str(self.team.pull.id), f"{thread.id}/{comment.id}"

    def _list_ours(self, comment):
        bot = self.azure.bot
        if comment in self.item.comments:
            ours = (each for each in self.item.comments if each.by == bot)
            return [to_body(each.text, is_markdown=each.format == "markdown") for each in ours]
        return [
            each.content for thread in self.team.pull.threads for each in thread.comments if each.by == bot
        ]


class TalkingOnLocalBoard(Talking):
    """On work items of the local board, by the command line. Everybody may everything."""

    ana, ben, an_app = "ana", "ben", "helper"
    leads = lost_team = None

    def begins(self):
        """An experiment: there are no pull requests."""
        self.ref = self.team.plans("val_auc >= 0.92")

    @property
    def item(self):
        """The experiment's work item."""
        [item] = [each for each in self.bot.items() if each.ref == self.ref]
        return item

    @property
    def labels(self):
        """Those of the item."""
        return set(self.item.labels)

    @property
    def is_open(self):
        """Whether the item is."""
        return self.item.state == "open"

    @property
    def asked(self):
        """Nothing is asked over the network."""
        return []

    @property
    def sprint(self):
        """The name of the sprint that the item is in, None for none."""
        names = {each.ref: each.name for each in self._tracker.list_iterations()}
        return names.get(self.item.iteration)

    def says(self, text, who=None, *, on_pull=False, tells=True, settles=True):
        """Somebody writes a comment, as `trainboard comment` does; the bot does nothing if not `settles`."""
        if on_pull:
            pytest.skip("there is no code on a local board")
        if who not in {None, self.ana}:
            pytest.skip("on a local board everybody may everything")
        now = self.bot.clock()
        if tells:
            comment, _ = write_comment(self._database, {"churn"}, int(self.ref), self.ana, text, now)
        else:
            with self._database.write() as connection:
                comment = local_board.write_comment(connection, int(self.ref), self.ana, text, now)
        if tells and settles:
            self.bot.settle()
        return comment

    def says_otherwise(self, told, said):
        """Something is told of a comment that says something else by the time it is read, None: is gone."""
        comment = self.says(said or told, tells=False)
        self.tells_again(replace(comment, body=told), settles=False)
        if said is None:
            with self._database.write() as connection:
                connection.execute(delete(LocalCommentRow).where(LocalCommentRow.id == int(comment.ref)))
        self.bot.settle()
        return comment

    def tells_again(self, comment, *, settles=True):
        """The bot hears of the comment."""
        with self._database.write() as connection:
            seen = local_board.see_item(local_board.find_item(connection, int(self.ref)))
            hint = find_hint(Origin(place="local:churn", ref=self.ref), comment, seen)
            polled.put(connection, [make_delivery(hint)] if hint else [], self.bot.clock())
        if settles:
            self.bot.settle()

    def unlabels(self, label):
        """Somebody takes a label off the item."""
        self._tracker.update_item(self.ref, WorkItemChange(remove_labels=(label,)))

    def reactions(self, comment):
        """What the bot reacted with, in our words, in order."""
        with self._database.read() as connection:
            found = local_board.find_item(connection, int(self.ref))
        return next(list(each.reactions) for each in found.comments if each.number == int(comment.ref))

    @property
    def _database(self):
        return self.bot.bot.outside.database

    @property
    def _tracker(self):
        return self.bot.bot.outside.trackers["churn"]

    def _is_below(self, ref):
        query = select(LocalRelationRow.parent).where(LocalRelationRow.child == int(ref))
        with self._database.read() as connection:
            return connection.execute(query).scalar() == int(self.ref)

    def _name(self, comment):
        return "local:churn", self.ref, comment.ref

    def _list_ours(self, comment):
        del comment
        since = self.bot.clock() - timedelta(days=1)
        return [each.body for each in self._tracker.list_comments(self.ref, since=since) if each.ours]


def _to_html(text):
    return "".join(f"<div>{line}<br></div>" for line in text.split("\n") if line)
