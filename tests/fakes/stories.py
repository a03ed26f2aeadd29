"""A bot with one pull request, to which events are told as its sources would."""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from fakes.conversation import PROJECT, Conversation
from fakes.conversation import run as reported
from fakes.pull_requests import CODE, HEAD, pull_request
from fakes.troubled_repository import TroubledRepository
from trainboard import events
from trainboard.deliveries import Delivery
from trainboard.engine.facts import record
from trainboard.engine.leases import LEASE
from trainboard.events import PullRequestChanged
from trainboard.handlers.pull_requests import show_status
from trainboard.store import history, inbox, mailboxes, outbox
from trainboard.store.models import EffectRow
from trainboard.work_items import WorkItemChange

NEW_HEAD = "bead567" + "0" * 33


class Story(Conversation):
    """The local board, and a repository in memory."""

    def __init__(self, database_url):
        super().__init__(database_url, projects=[PROJECT | {"code": CODE}])
        self.repository = TroubledRepository(HEAD, NEW_HEAD, clock=self.clock)
        self.bot.outside.repositories["churn"] = self.repository

    def restart(self):
        """The process ends, and another one finds the repository as it stands."""
        super().restart()
        self.bot.outside.repositories["churn"] = self.repository

    def hears(self, *told, seconds=61):
        """Sources told these events; then time goes by, and the bot does what is due."""
        for event in told:
            self.says(event)
        self.forward(seconds=seconds)

    def says(self, event, entity="told"):
        """A source told this event, and nobody did anything yet."""
        body = events.encode(event)
        name = hashlib.sha256(body).hexdigest()
        delivery = Delivery(source="poll/test", id=name, kind="told", entity=entity, body=body)
        with self.bot.database.write() as connection:
            inbox.put(connection, delivery, self.clock())

    def notes(self, fact):
        """Somebody's word is noted, and the pull request shown anew."""
        shown = show_status(CODE, 7, [self.bot.outside.projects["churn"]])
        with self.bot.database.write() as connection:
            record(connection, fact, self.clock())
            outbox.put(connection, shown, self.clock(), pace=timedelta(0))
        self.hears()

    def lease_and_drain(self, worker):
        """Another process does what came in."""
        with self.bot.database.write() as connection:
            names = mailboxes.claim(connection, worker.means.owner, self.clock(), LEASE)
        worker.drain(names)

    def count_effects(self):
        """How many effects were asked for to show the pull request."""
        with self.bot.database.read() as connection:
            key = f"ensure-pull-request-status:{CODE}#7"
            return len(connection.execute(select(EffectRow.id).where(EffectRow.key == key)).all())

    def opens(self, **fields):
        """Somebody opened the pull request, or changed it."""
        self.hears(PullRequestChanged(pull_request=pull_request(**fields), action="edited"))

    def plans(self, targets="val_auc >= 0.92"):
        """An experiment runs, gets its work item, and somebody writes targets there."""
        self.reports(reported("r0", "churn-xgb", metrics={"val_auc": 0.9}))
        self.forward(seconds=61)
        self.writes(targets)

    def writes(self, targets):
        """Somebody writes targets into the work item, which the bot sees at the next run."""
        tracker, [item] = self.bot.outside.trackers["churn"], self.items()
        tracker.update_item(item.ref, WorkItemChange(body=f"{targets}\n{item.body}"))
        self.reports(reported(f"seen {targets}", "churn-xgb", metrics={"other": 1.0}))
        self.forward(seconds=61)

    def aims(self, bound, new_bound):
        """Somebody changes the target, which the bot sees at the next run."""
        tracker, [item] = self.bot.outside.trackers["churn"], self.items()
        tracker.update_item(item.ref, WorkItemChange(body=item.body.replace(bound, new_bound)))
        self.reports(reported(f"seen {new_bound}", "churn-xgb", "running"))
        self.forward(seconds=61)

    def trains(self, run_id, commit=HEAD, **metrics):
        """A job trains at that commit."""
        self.reports(reported(run_id, "churn-xgb", metrics=metrics, links={"commit": commit}))
        self.forward(seconds=61)

    @property
    def comment(self):
        """The one comment."""
        [comment] = self.repository.pull.comments
        return comment.body

    @property
    def gates(self):
        """Commit and state of the gates, in the order they were set."""
        return [(gate.commit[:7], gate.state) for gate in self.repository.pull.gates]

    @property
    def standing(self):
        """What became of the last wish to show the pull request."""
        with self.bot.database.read() as connection:
            return history.find_standing(connection, f"ensure-pull-request-status:{CODE}#7").state
