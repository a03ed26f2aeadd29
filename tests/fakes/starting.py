"""Bots that may start a pipeline, on each platform, and whoever asks them to."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops import faults as azure_faults
from fakes.clock import FakeClock
from fakes.conversation import GITHUB_SECRET, PROJECT, run
from fakes.github import FakeGitHub, read_timeout
from fakes.github.keys import make_pem
from fakes.github.shapes import iso
from trainboard.deliveries import Delivery
from trainboard.events import PipelineRunChanged, encode
from trainboard.run_requests import Asking, ask_for_run
from trainboard.store import inbox, outbox, triggers
from trainboard.store.local_models import LocalPipelineRunRow
from trainboard.triggers import Origin
from trainboard_webhooks import github as github_source

FIXTURES = Path(github_source.__file__).parent / "fixtures"

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

    def __init__(self, talk, github, workflow, declared, way_in=None):
        self.github = github
        github.add_workflow(github.churn, "retrain.yml", **workflow)
        self.bot = talk(
            clock=github.clock,
            projects=[PROJECT | {"tracker": "github:acme/churn", "pipelines": [DECLARED | declared]}],
            github={"webhook_secrets": [GITHUB_SECRET]} | (way_in or {"token": github.token}),
        )

    def count(self):
        """How many runs there are."""
        return len(self.github.churn.runs)

    def lose_answer(self):
        """The next start is done, and its answer gets lost."""
        self.github.next_fault(error=read_timeout(), after_commit=True, method="POST")

    def tells_of(self, run, status, conclusion):
        """GitHub tells how a run stands."""
        now = iso(self.github.now)
        told = {
            "id": run.id,
            "workflow_id": run.workflow.id,
            "event": run.event,
            "status": status,
            "conclusion": conclusion,
            "head_sha": run.commit,
            "updated_at": now,
            "html_url": f"https://github.com/acme/churn/actions/runs/{run.id}",
        }
        self._says("workflow_run__requested", "workflow_run", workflow_run=told)

    def opens_pull(self):
        """Somebody opens a pull request."""
        pull = self.github.person_opens(self.github.churn, "Try LightGBM", is_pull=True)
        told = {"number": pull.number, "body": "", "updated_at": iso(pull.updated_at)}
        self._says("pull_request__opened", "pull_request", head=pull.commits[-1], pull_request=told)
        return pull

    def _says(self, case, event, *, head=None, **changes):
        payload = json.loads((FIXTURES / f"{case}.json").read_bytes())
        payload["repository"]["full_name"] = "acme/churn"
        for name, change in changes.items():
            payload[name] |= change
        if head:
            payload["pull_request"]["head"] |= {"sha": head}
        assert self.bot.github_says(event, payload) == 202


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

    def tells_of(self, build):
        """A hook says that something about a run changed."""
        project = self.azure.find_project("Churn").id
        event = PipelineRunChanged(
            pipelines="azure-pipelines:acme", project=project, run=build.id, at=self.bot.clock()
        )
        tell(self.bot, event)


def tell(bot, event):
    """A source told this event."""
    body = encode(event)
    delivery = Delivery(source="poll/test", id=f"told/{bot.clock()}", kind="told", entity="told", body=body)
    with bot.bot.database.write() as connection:
        inbox.put(connection, delivery, bot.clock())


def pull_request_origin(pull):
    """Where a pull request of `acme/churn` is."""
    return Origin(place="github:acme/churn", ref=str(pull.number), is_pull_request=True)


@contextmanager
def locally(talk):
    """On the local board."""
    yield AskedLocally(talk)


@contextmanager
def on_github(talk, workflow, declared, way_in=None):
    """On GitHub, with that workflow and that declaration, by the bot's token or another way in."""
    clock = FakeClock()
    github = FakeGitHub(clock=clock)
    github.clock = clock
    with github.running():
        yield AskedOnGitHub(talk, github, workflow, declared, way_in)


def by_workflow(talk):
    """A workflow that shows our mark in its title."""
    workflow = {"inputs": {"dataset": False, "trainboard": False, "commit": False}, "title": "{trainboard}"}
    declared = {"kind": "workflow", "file": "retrain.yml", "marker": "trainboard", "commit": "commit"}
    return on_github(talk, workflow, declared)


def by_app(talk):
    """A workflow, and an App that may not start it yet."""
    way_in = {"app_id": FakeGitHub.app.id, "private_key": make_pem()}
    declared = {"kind": "workflow", "file": "retrain.yml"}
    return on_github(talk, {"inputs": {"dataset": False}}, declared, way_in)


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
