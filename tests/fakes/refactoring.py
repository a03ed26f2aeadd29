"""Teams that make scripts of notebooks, each on a platform of its own."""

from datetime import timedelta

from sqlalchemy import delete

from fakes.notebooks import code, notebook
from fakes.pull_requests import CODE, HEAD, OPENED, check, pull_request
from fakes.stories import NEW_HEAD
from trainboard.approvals import Person
from trainboard.comments import Given, Hint, Role
from trainboard.events import CheckReported, CommandsGiven, PullRequestChanged
from trainboard.grammar.lines import Markup, find_command_lines
from trainboard.store import commands
from trainboard.store.local_models import LocalItemRow
from trainboard.triggers import Origin
from trainboard.work_items import REFACTOR_LABEL, WorkItemChange

PATH = "notebooks/explore.ipynb"
LONG = notebook(code("".join(f"x{number} = {number}\n" for number in range(120))))
LONGER = notebook(code("".join(f"x{number} = {number}\n" for number in range(150))))
THIN = notebook(code("from churn import train\n\ntrain()\n"))


class Refactoring:
    """What the tests ask of all platforms; `bot` is the conversation."""

    bot = None

    @property
    def tracker(self):
        """The project's."""
        return self.bot.bot.outside.trackers["churn"]

    @property
    def tasks(self):
        """The work items of notebooks as they stand."""
        since = self.bot.clock() - timedelta(days=365)
        return [
            self.tracker.get_item(each.ref)
            for each in self.tracker.list_items(label=REFACTOR_LABEL, since=since)
        ]

    @property
    def task(self):
        """The only one."""
        [task] = self.tasks
        return task

    @property
    def sprint(self):
        """The name of the sprint that it is in."""
        names = {each.ref: each.name for each in self.tracker.list_iterations()}
        return names[self.task.iteration]

    def writes(self, old, new):
        """Somebody changes the text of the task."""
        self.tracker.update_item(self.task.ref, WorkItemChange(body=self.task.body.replace(old, new)))


class OnPlatform(Refactoring):
    """On GitHub or in Azure DevOps: their hooks tell."""

    def __init__(self, talking):
        self.talking, self.team, self.bot = talking, talking.team, talking.bot

    def opens(self, text="", files=None):
        """A pull request that leaves these notebooks."""
        self.team.opens("Explore", text, "src/train.py", files=files or {PATH: LONG})
        self.goes_by()

    def says(self, text, who=None):
        """Somebody who may, or `who`, writes a comment on the pull request."""
        comment = self.talking.says(text, who, on_pull=True)
        self.goes_by()
        return comment

    def goes_by(self):
        """The bot does what is due."""
        self.team.goes_by()

    def links(self, ref):
        """Words that link the task."""
        return f"{self.talking.closes}{ref}"

    def passes(self):
        """Unit tests of the head commit pass."""
        self.team.checks("success")

    def merges(self, files=None):
        """Somebody merges it, which leaves these notebooks on `main`."""
        for path, text in (files or {}).items():
            self.team.keeps(path, text)
        self.team.merges()
        self.goes_by()

    @property
    def comment(self):
        """The bot's one comment on the pull request."""
        return self.team.comment


class OnLocalBoard(Refactoring):
    """A local board, and a repository in memory, of which events tell."""

    def __init__(self, story):
        self.bot = story
        self.said, self.head, self.text = 0, None, ""

    def opens(self, text="", files=None):
        """A pull request that leaves these notebooks; a second time, the next push to it."""
        files = files or {PATH: LONG}
        pull = self.bot.repository.pull
        pull.files = dict(files)
        pull.paths = [*files, "src/train.py"]
        pull.trees = {HEAD: dict(files), NEW_HEAD: dict(files)}
        self.head, self.text = NEW_HEAD if self.head else HEAD, text
        self._tells()

    def says(self, text, who="ana", role=Role.WRITE, *, settles=True):
        """Somebody writes a comment on the pull request."""
        self.said += 1
        lines = tuple(find_command_lines(text, Markup.MARKDOWN))
        hint = Hint(
            origin=Origin(place=CODE, ref="7", is_pull_request=True),
            comment=str(self.said),
            at=self.bot.clock(),
            lines=tuple(each.meaning for each in lines),
        )
        person = Person(id=who, name=who)
        given = Given(hint=hint, person=person, lines=lines, created_at=self.bot.clock(), role=role)
        self.bot.says(CommandsGiven(given=given))
        if settles:
            self.goes_by()
            self.goes_by()
        return str(self.said)

    def answer(self, comment):
        """What is answered to it."""
        with self.bot.bot.database.read() as connection:
            origin = Origin(place=CODE, ref="7", is_pull_request=True)
            return [(each.state, each.said) for each in commands.list_of_comment(connection, origin, comment)]

    def goes_by(self):
        """The bot does what is due."""
        self.bot.forward(seconds=61)

    def links(self, ref):
        """Words that link the task."""
        return f"Work-Item: {ref}"

    def checks(self, **states):
        """Checks of the head commit end so, by their names."""
        at = self.bot.clock()
        told = [check(name, state, commit=self.head, at=at) for name, state in states.items()]
        self.bot.hears(*(CheckReported(check=each) for each in told))
        self.goes_by()

    def passes(self):
        """Unit tests of the head commit pass."""
        self.checks(unit_tests="passed")

    def merges(self, files=None, *, closes=False):
        """Somebody merges it, which leaves these notebooks on `main`; the platform may close the task."""
        self.bot.repository.files |= files or {}
        if closes:
            self.sets("closed")
        self._tells(state="merged", merged_as=self.head)

    def sets(self, state):
        """Somebody closes the task or opens it."""
        self.tracker.update_item(self.task.ref, WorkItemChange(state=state))

    def deletes(self):
        """Somebody deletes the task."""
        with self.bot.bot.database.write() as connection:
            connection.execute(delete(LocalItemRow).where(LocalItemRow.id == int(self.task.ref)))

    def fails_to_make(self, error, *, is_made):
        """The next call that makes a work item fails, whether it makes it or not."""
        create = self.tracker.create_item

        def fail(new):
            self.tracker.create_item = create
            if is_made:
                create(new)
            raise error

        self.tracker.create_item = fail

    @property
    def told(self):
        """The last line of the bot's part of the task."""
        markers = self.bot.bot.outside.markers("churn")
        return markers.inside(self.task.body).splitlines()[-1]

    @property
    def comments(self):
        """Those on the task."""
        return list(self.tracker.list_comments(self.task.ref, since=OPENED.replace(year=2000)))

    def _tells(self, **fields):
        at = self.bot.clock()
        told = pull_request(head=self.head, text=self.text, at=at, **fields)
        self.bot.hears(PullRequestChanged(pull_request=told, action="edited"))
        self.goes_by()
        self.goes_by()

    @property
    def comment(self):
        """The bot's one comment on the pull request."""
        return self.bot.comment
