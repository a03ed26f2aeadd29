"""A team that plans, and a bot that looks at its sprints and reports what they come to."""

from datetime import timedelta

from fakes.conversation import run
from trainboard.store import report_claims
from trainboard.work_items import REPORT_LABEL, NewWorkItem, WorkItemChange


class Planning:
    """A team whose bot looks every hour at what stands in the sprints, and at what is due."""

    def __init__(self, team):
        self.team = team
        self.bot = team.bot
        self.bot.reports(run("r1", "churn-xgb", metrics={"val_auc": 0.9}))
        self.bot.forward(minutes=1)

    @property
    def tracker(self):
        """Where the items stand."""
        return self.bot.bot.outside.trackers["churn"]

    def find_sprint(self, number):
        """The ref of that sprint."""
        return next(each.ref for each in self.tracker.list_iterations() if each.name == f"Sprint {number}")

    def makes(self, title, sprint, points=None):
        """Somebody plans an item."""
        made = self.tracker.create_item(NewWorkItem(title=title, body="", iteration=self.find_sprint(sprint)))
        if points is not None:
            self.tracker.update_item(made.ref, WorkItemChange(estimate=points))
        return made.ref

    def changes(self, ref, **change):
        """Somebody changes the item."""
        self.tracker.update_item(ref, WorkItemChange(**change))

    def looks(self):
        """The bot looks at what stands in the sprints."""
        self.bot.bot.schedule.tick_history()
        self.bot.settle()

    def reports(self, **time):
        """Time goes by, and the bot looks at what is due alone."""
        self.bot.clock.forward(**time)
        self.bot.bot.schedule.tick_reports()
        self.bot.settle()

    def passes(self, **time):
        """Time goes by, the bot looks, and then at what is due."""
        self.bot.clock.forward(**time)
        self.looks()
        self.bot.ticks()

    def list_reports(self):
        """The work items that hold reports, oldest first."""
        since = self.bot.clock() - timedelta(days=400)
        return list(self.tracker.list_items(label=REPORT_LABEL, since=since))

    def claims(self, target="tracker"):
        """What came of the reports for the target, the oldest first, by their periods."""
        with self.bot.bot.database.read() as connection:
            found = report_claims.list_last(connection, 1000)
        mine = [each for each in reversed(found) if each.target == target]
        return [(each.key.split("/")[3], each.state) for each in sorted(mine, key=lambda each: each.due_at)]
