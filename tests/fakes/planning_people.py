"""People who plan experiments by the form, on each platform, before any run exists."""

import json

from fakes.github import OTHER, PERSON
from fakes.teams import FIXTURES
from trainboard.plan_sections import Heading
from trainboard.trackers.azure_boards.texts import to_stored_html
from trainboard.trackers.local import LocalTracker
from trainboard.work_items import EXPERIMENT_LABEL, NewWorkItem, WorkItemChange

TITLE = "[Experiment]: deeper trees"


def fill_in(experiment="churn-deep", **sections):
    """The body that GitHub makes of the form; `sections` are by the names of `Heading`."""
    said = {"EXPERIMENT": experiment, "TARGETS": "val_auc >= 0.92"} | sections
    return "\n\n".join(f"### {each}\n\n{said.get(each.name, '_No response_')}" for each in Heading)


class Planning:
    """A team whose members plan: Ana may write, Ben only reads."""

    def __init__(self, team):
        self.team, self.bot = team, team.bot
        self.bot.ticks()

    def get(self, ref):
        """The item as its tracker has it."""
        return self.bot.bot.outside.trackers["churn"].get_item(ref)

    def sprint_of(self, ref):
        """The name of its sprint, None for none."""
        names = {each.ref: each.name for each in self.bot.bot.outside.trackers["churn"].list_iterations()}
        return names.get(self.get(ref).iteration)

    def said_on(self, ref):
        """What the bot commented there."""
        said = self.bot.bot.outside.trackers["churn"].list_comments(
            ref, since=self.bot.clock().replace(year=2000)
        )
        return [each.body for each in said if each.ours]

    def looks(self):
        """The hour comes at which the bot looks for what nobody told."""
        self.bot.clock.forward(hours=1)
        self.bot.bot.schedule.tick_history()
        self.bot.settle()


class PlanningOnGitHub(Planning):
    """Issues, with their webhooks."""

    def __init__(self, team):
        super().__init__(team)
        team.github.churn.roles[PERSON.login] = "write"

    def opens(self, body, *, by_ben=False, tells=True, label=EXPERIMENT_LABEL):
        """Somebody opens it. Returns its ref."""
        issue = self.team.github.person_opens(self.team.github.churn, TITLE, body=body, labels=[label])
        issue.author = OTHER if by_ben else PERSON
        if tells:
            self.tells(str(issue.number), "opened")
        return str(issue.number)

    def edits(self, ref, body):
        """Somebody writes it anew."""
        issue = self.team.github.churn.issues[int(ref)]
        issue.body, issue.updated_at = body, self.team.github.tick()
        self.tells(ref, "edited", changes={"body": {"from": ""}})

    def tells(self, ref, action, **more):
        """GitHub sends its hook."""
        github, issue = self.team.github, self.team.github.churn.issues[int(ref)]
        payload = json.loads((FIXTURES / "issues__edited.json").read_bytes())
        payload.pop("changes", None)
        payload |= {"action": action, **more}
        payload["repository"]["full_name"] = "acme/churn"
        payload["issue"] = github.shapes.issue(github.churn, issue)
        payload["sender"] |= {"login": issue.author.login, "id": issue.author.id, "type": "User"}
        assert self.bot.github_says("issues", payload) == 202


class PlanningOnAzure(Planning):
    """Work items of Azure Boards in the web editor, with their service hooks."""

    def __init__(self, team):
        super().__init__(team)
        azure = self.azure = team.azure
        churn = azure.find_team(azure.find_project("Churn"), "Churn ML")
        churn.members.remove(azure.ben)

    def opens(self, body, *, by_ben=False, tells=True, label=EXPERIMENT_LABEL):
        """Somebody opens it. Returns its ref."""
        who = self.azure.ben if by_ben else self.azure.ana
        fields = {"System_Tags": label, "System_Description": to_stored_html(body)}
        item = self.azure.person_creates("Churn", TITLE, who=who, **fields)
        self._sends(tells=tells)
        return str(item.id)

    def edits(self, ref, body):
        """Somebody writes it anew."""
        self.azure.person_edits(ref, System_Description=to_stored_html(body))
        self._sends(tells=True)

    def tells(self, ref, _action):
        """The same event comes once more, as another notification."""
        self.azure.announce("workitem.created", self.azure.find_item(ref))
        self._sends(tells=True)

    def _sends(self, *, tells):
        if tells:
            self.azure.deliver()
        else:
            self.azure.notifications.clear()
        self.bot.settle()


class PlanningOnLocalBoard(Planning):
    """Work items of the local board, of which nobody tells: the look finds them."""

    def opens(self, body, *, by_ben=False, tells=True, label=EXPERIMENT_LABEL):
        """Somebody opens it. Returns its ref."""
        person = self._person("ben" if by_ben else "ana")
        made = person.create_item(NewWorkItem(title=TITLE, body=body, labels=(label,)))
        if tells:
            self.looks()
        return made.ref

    def edits(self, ref, body):
        """Somebody writes it anew."""
        self._person("ana").update_item(ref, WorkItemChange(body=body))
        self.looks()

    def tells(self, _ref, _action):
        """One more look."""
        self.looks()

    def _person(self, name):
        return LocalTracker(self.bot.bot.outside.database, "churn", self.bot.clock, author=name)
