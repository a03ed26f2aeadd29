"""Bots that may start a pipeline, on each platform, and whoever asks them to."""

from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import func, select

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops import faults as azure_faults
from fakes.clock import FakeClock
from fakes.conversation import PROJECT, run
from fakes.github import FakeGitHub, read_timeout
from trainboard.run_requests import Asking, ask_for_run
from trainboard.store import outbox, triggers
from trainboard.store.local_models import LocalPipelineRunRow
from trainboard.triggers import Origin

DECLARED = {"name": "retrain", "commands": ["retrain"], "parameters": [{"name": "dataset"}]}


class Asked:
    """A bot with a work item and a pipeline that may be started from there. A subclass knows the platform."""

    bot = None
    proves = True

    def begins(self):
        """An experiment has run, so that there is a work item."""
        self.bot.reports(run())
        self.bot.forward(seconds=61)
        [self.item] = self.bot.items()

    @property
    def project(self):
        return self.bot.bot.outside.projects["churn"]

    def asks(self, key="comment-1", *, origin=None, commit=None, **given):
        """Ana asks for a run; nobody did anything yet."""
        place = self.bot.bot.outside.trackers["churn"].name
        asking = Asking(
            command="retrain",
            origin=origin or Origin(place=place, ref=self.item.ref),
            by="ana",
            key=key,
            at=self.bot.clock(),
        )
        effect = ask_for_run(self.project, "retrain", given, asking, commit=commit)
        with self.bot.bot.database.write() as connection:
            outbox.put(connection, effect, self.bot.clock(), pace=timedelta(0))
        return effect.key

    def goes_by(self, minutes=2, times=1):
        """Time goes by, and the bot does what is due."""
        for _ in range(times):
            self.bot.forward(minutes=minutes)

    def find(self, key):
        """What is known of what was asked for."""
        with self.bot.bot.database.read() as connection:
            return triggers.find(connection, key)

    @property
    def text(self):
        """What the work item says."""
        [item] = self.bot.items()
        return item.body


class AskedLocally(Asked):
    """The local board."""

    def __init__(self, talk):
        self.bot = talk(projects=[PROJECT | {"pipelines": [DECLARED | {"kind": "local"}]}])

    def count(self):
        """How many runs there are."""
        with self.bot.bot.database.read() as connection:
            return connection.execute(select(func.count()).select_from(LocalPipelineRunRow)).scalar_one()


class AskedOnGitHub(Asked):
    """A repository on GitHub with a workflow."""

    proves = False

    def __init__(self, talk, github, workflow, declared):
        self.github = github
        github.add_workflow(github.churn, "retrain.yml", **workflow)
        self.bot = talk(
            clock=github.clock,
            projects=[PROJECT | {"tracker": "github:acme/churn", "pipelines": [DECLARED | declared]}],
            github={"token": github.token, "webhook_secrets": ["github webhook secret"]},
        )

    def count(self):
        """How many runs there are."""
        return len(self.github.churn.runs)

    def lose_answer(self):
        """The next start is done, and its answer gets lost."""
        self.github.next_fault(error=read_timeout(), after_commit=True, method="POST")


class AskedOnAzure(Asked):
    """A project of Azure DevOps with a pipeline."""

    def __init__(self, talk, azure):
        self.azure = azure
        azure.add_project("Churn", process="Basic", team="Churn ML")
        self.code = azure.add_repository("Churn", "churn")
        self.definition = azure.add_definition(
            "Churn", "retrain", self.code, parameters=("dataset", "trainboard")
        )
        declared = {"kind": "azure-pipeline", "id": self.definition.id, "marker": "trainboard"}
        places = {
            "tracker": "azure-boards:acme/Churn/Churn ML",
            "code": "azure-repos:acme/Churn/churn",
        }
        self.bot = talk(
            clock=azure.clock,
            projects=[PROJECT | places | {"pipelines": [DECLARED | declared]}],
            azure_devops={"organization_url": azure.url, "token": azure.token},
        )

    def count(self):
        """How many runs there are."""
        return len(self.azure.find_project("Churn").builds)

    def lose_answer(self):
        """The next start is done, and its answer gets lost."""
        self.azure.faults.add(azure_faults.close(), method="POST", path="runs", after_work=True)


@contextmanager
def locally(talk):
    """On the local board."""
    yield AskedLocally(talk)


@contextmanager
def on_github(talk, workflow, declared):
    """On GitHub, with that workflow and that declaration."""
    clock = FakeClock()
    github = FakeGitHub(clock=clock)
    github.clock = clock
    with github.running():
        yield AskedOnGitHub(talk, github, workflow, declared)


def by_workflow(talk):
    """A workflow that shows our mark in its title."""
    workflow = {"inputs": {"dataset": False, "trainboard": False, "commit": False}, "title": "{trainboard}"}
    declared = {"kind": "workflow", "file": "retrain.yml", "marker": "trainboard", "commit": "commit"}
    return on_github(talk, workflow, declared)


def by_unmarked_workflow(talk):
    """A workflow that takes no mark."""
    declared = {"kind": "workflow", "file": "retrain.yml"}
    return on_github(talk, {"inputs": {"dataset": False}}, declared)


def by_event(talk):
    """A workflow that listens to an event, and shows our mark in its title."""
    workflow = {"event": "retrain-model", "title": "{trainboard}"}
    return on_github(talk, workflow, {"kind": "repository-dispatch", "event": "retrain-model"})


@contextmanager
def on_azure(talk):
    """On Azure DevOps."""
    azure = AzureDevOps(FakeClock())
    with azure.running():
        yield AskedOnAzure(talk, azure)


ALL = {
    "local": locally,
    "workflow": by_workflow,
    "unmarked-workflow": by_unmarked_workflow,
    "event": by_event,
    "azure": on_azure,
}
