"""Work items on one platform, code on another or on the same: settings say which, and nothing else does."""

import base64
from dataclasses import replace

import pytest
import requests
import responses

from fakes.azure_devops import AzureDevOps, faults
from fakes.azure_devops.deliveries import deliver
from fakes.clock import FakeClock
from fakes.conversation import GITHUB_SECRET, PROJECT, run
from fakes.github import FakeGitHub
from trainboard.applying import mentions
from trainboard.effects import EnsureMention
from trainboard.work_items import EXPERIMENT_LABEL

BOARDS, ISSUES = "azure-boards:acme/Churn/Churn Team", "github:acme/churn"
REPOS = "azure-repos:acme/Churn/churn"
PASSWORD = "webhook-password"
HOOKS = "/webhooks/azure-devops"
SET_UPS = {
    "Boards, code on GitHub": (BOARDS, ISSUES),
    "GitHub issues, code in Azure Repos": (ISSUES, REPOS),
    "both on Azure": (BOARDS, REPOS),
    "both on GitHub": (ISSUES, ISSUES),
}


class SetUp:
    """A bot between both platforms, of which one holds the work items."""

    def __init__(self, talk, clock, github, azure, tracker, code):
        self.github, self.azure = github, azure
        self.is_on_azure = tracker == BOARDS
        self.bot = talk(
            clock=clock,
            projects=[PROJECT | {"tracker": tracker, "code": code}],
            github={"token": github.token, "webhook_secrets": [GITHUB_SECRET]},
            azure_devops={
                "organization_url": azure.url,
                "token": azure.token,
                "webhook_password": PASSWORD,
            },
        )
        if self.is_on_azure:
            self.subscribe("workitem.updated")
        self.bot.ticks()

    def close(self):
        """Close the connections."""
        for each in [*self.bot.bot.outside.trackers.values(), *self.bot.bot.outside.repositories.values()]:
            each.close()

    def items(self):
        """Title, text, labels and sprint of each work item, as its platform holds them."""
        churn = self.github.churn
        issues = [_of_issue(churn, each) for each in churn.issues.values() if not each.is_pull]
        return [*map(_of_boards, self.azure.items.values()), *issues]

    def writes_target(self, target):
        """Somebody writes a target into the only work item; the platform tells of it."""
        [(_, text, *_)] = self.items()
        text = text.replace("### Targets", f"### Targets\n\n- {target}", 1)
        self.bot.clock.forward(minutes=1)
        if self.is_on_azure:
            [number] = self.azure.items
            self.azure.person_describes(number, text)
            self.hears()
        else:
            [issue] = self.github.churn.issues.values()
            issue.body = text
            self.bot.github_says("issues", _webhook(self.github, issue))

    def subscribe(self, kind):
        """Have Azure DevOps tell of events of that kind."""
        document = {
            "publisherId": "tfs",
            "eventType": kind,
            "resourceVersion": "5.1-preview.3",
            "consumerId": "webHooks",
            "consumerActionId": "httpRequest",
            "publisherInputs": {"projectId": self.azure.find_project("Churn").id},
            "consumerInputs": {
                "url": f"https://trainboard.example.com{HOOKS}",
                "basicAuthUsername": "trainboard",
                "basicAuthPassword": PASSWORD,
            },
        }
        made = requests.post(
            f"{self.azure.url}/_apis/hooks/subscriptions",
            json=document,
            headers={"Accept": "application/json;api-version=7.1-preview.1"},
            auth=("", self.azure.token),
            timeout=5,
        )
        assert 200 == made.status_code, made.text

    def hears(self):
        """The bot gets what Azure DevOps has to tell."""
        assert [202] == [status for _, status in deliver(self.azure, self._post)]
        self.bot.settle()

    def _post(self, url, body, headers, auth):
        word = base64.b64encode(":".join(auth).encode()).decode()
        headers |= {"Authorization": f"Basic {word}"}
        return self.bot.http.post(url, data=body, headers=headers).status_code


def _of_boards(item):
    sprint = item.fields["System.IterationPath"].rpartition("\\")[2]
    return (item.title, item.fields["System.Description"], item.tags, sprint)


def _of_issue(repository, issue):
    return (issue.title, issue.body, list(issue.labels), repository.milestones[issue.milestone].title)


def _webhook(github, issue):
    document = {"action": "edited", "issue": github.shapes.issue(github.churn, issue)}
    return document | {
        "repository": github.shapes.repository(github.churn),
        "sender": github.shapes.user("ana", 2),
    }


@pytest.fixture
def platforms():
    """A clock, a GitHub and an Azure DevOps that answer, and nobody else."""
    clock = FakeClock()
    github, azure = FakeGitHub(clock=clock), AzureDevOps(clock)
    azure.add_project("Churn", process="Agile", team="Churn Team")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        github.join(mock)
        azure.join(mock)
        yield clock, github, azure


@pytest.fixture(params=SET_UPS.values(), ids=SET_UPS)
def set_up(request, talk, platforms):
    """Each of the set-ups."""
    made = SetUp(talk, *platforms, *request.param)
    yield made
    made.close()


@pytest.fixture
def mixed(talk, platforms):
    """Work items on Azure Boards, code on GitHub, and pull request 1 there."""
    made = SetUp(talk, *platforms, *SET_UPS["Boards, code on GitHub"])
    made.pull = made.github.person_opens(made.github.churn, "Try LightGBM", body="A try.", is_pull=True)
    yield made
    made.close()


def from_pull(run_id="r1", *, number=1, repo="acme/churn", **fields):
    """A run that came from a pull request."""
    return run(run_id, links={"repo": repo, "pr": number}, **fields)


def test_a_run_becomes_a_work_item(set_up):
    """Title, label, sprint and runs in one call, wherever work items live."""
    set_up.bot.reports(run("r1", metrics={"val_auc": 0.93}))

    [(title, text, labels, sprint)] = set_up.items()
    assert ("Experiment: churn-xgb", [EXPERIMENT_LABEL], "Sprint 1") == (title, labels, sprint)
    assert "**1 run: 1 finished**" in text


def test_more_runs_change_the_same_work_item(set_up):
    """One experiment is one work item, edited in place; what people wrote stays."""
    set_up.bot.reports(run("r1"))
    set_up.writes_target("val_auc >= 0.92")
    set_up.bot.clock.forward(minutes=1)
    set_up.bot.reports(run("r2", metrics={"val_auc": 0.95}))

    [(_, text, *_)] = set_up.items()
    assert "- val_auc >= 0.92\n" in text
    assert "**1 of 1 target met · 2 runs: 2 finished**" in text


def test_a_target_that_a_person_writes_is_judged_at_once(set_up):
    """The platform's webhook of the edit is enough: no new run is needed."""
    set_up.bot.reports(run("r1", metrics={"val_auc": 0.95}))
    set_up.writes_target("val_auc >= 0.92")

    [(_, text, *_)] = set_up.items()
    assert "✓ met" in text


def test_an_open_work_item_moves_to_the_next_sprint(set_up):
    """The sprints are made ahead, and what is open is carried over."""
    set_up.bot.reports(run("r1"))
    set_up.bot.forward(days=14)
    set_up.bot.forward(seconds=1)

    [(_, text, _, sprint)] = set_up.items()
    assert "Sprint 2" == sprint
    assert "Carried once, from Sprint 1." in text


def test_the_platform_without_work_items_is_not_asked(talk, platforms):
    """Who keeps issues on GitHub needs no rights in Azure DevOps, and the other way round."""
    for name in ("GitHub issues, code in Azure Repos", "both on Azure"):
        made = SetUp(talk, *platforms, *SET_UPS[name])
        made.bot.reports(from_pull())
        asked = made.github.requests if made.is_on_azure else made.azure.requests
        assert [] == asked
        made.close()
        made.github.requests.clear()


def test_a_pull_request_names_its_work_item(mixed):
    """Azure Boards reads its numbers in descriptions on GitHub: that of the run's work item is put there."""
    mixed.bot.reports(from_pull())

    [number] = mixed.azure.items
    assert f"\nAB#{number}\n" in mixed.pull.body
    assert mixed.pull.body.startswith("A try.\n")


def test_a_pull_request_names_it_once(mixed):
    """More runs ask GitHub nothing, and a name that somebody took out stays out."""
    mixed.bot.reports(from_pull())
    mixed.pull.body = "A try."
    asked = len(mixed.github.requests)
    mixed.bot.clock.forward(minutes=1)
    mixed.bot.reports(from_pull("r2"))

    assert ("A try.", asked) == (mixed.pull.body, len(mixed.github.requests))


def test_a_name_that_is_there_is_left_alone(mixed):
    """Whoever wrote it, nothing is written again."""
    mixed.pull.body = "Fixes AB#1."
    mixed.bot.reports(from_pull())

    assert "Fixes AB#1." == mixed.pull.body


def test_two_experiments_of_one_pull_request_are_both_named(mixed):
    """Each has a work item of its own."""
    mixed.bot.reports(from_pull())
    mixed.bot.reports(from_pull("r2", experiment="churn-lgbm"))
    mixed.bot.forward(minutes=1)

    assert {"AB#1", "AB#2"} == {line for line in mixed.pull.body.splitlines() if line.startswith("AB#")}


@pytest.mark.parametrize("elsewhere", [{"number": 404}, {"repo": "acme/other"}])
def test_a_pull_request_that_is_not_there_stops_nothing(mixed, elsewhere):
    """A run says where to look, and may be wrong: its work item is made all the same."""
    mixed.bot.reports(from_pull(**elsewhere))
    mixed.bot.forward(hours=1)

    assert ("A try.", 1) == (mixed.pull.body, len(mixed.items()))
    assert 'trainboard_outbox_effects{state="dead"} 0.0' in mixed.bot.http.get("/metrics").text


def test_the_name_waits_for_the_work_item(mixed):
    """While Azure DevOps is away there is no number to name; it is named when there is."""
    mixed.azure.is_down = True
    mixed.bot.reports(from_pull())
    assert "A try." == mixed.pull.body
    mixed.azure.is_down = False
    for _ in range(12):
        mixed.bot.forward(minutes=5)

    assert "\nAB#1\n" in mixed.pull.body


def test_a_work_item_that_is_gone_is_named_nowhere(mixed):
    """Somebody deleted it: a pull request that comes later does not speak of it."""
    mixed.bot.reports(from_pull())
    [number] = mixed.azure.items
    mixed.azure.person_deletes(number)
    later = mixed.github.person_opens(mixed.github.churn, "Once more", body="", is_pull=True)
    for run_id in ("r2", "r3"):
        mixed.bot.clock.forward(minutes=1)
        mixed.bot.reports(from_pull(run_id, number=later.number))

    assert "" == later.body


def test_a_repository_that_the_settings_name_no_more_is_left_alone(mixed):
    """What was asked for under other settings is not done any more."""
    mixed.bot.reports(run("r1"))
    asked = EnsureMention(project="churn", experiment="churn-xgb", number=1, pull_request=1)
    mentions.apply(asked, replace(mixed.bot.bot.outside, repositories={}))

    assert ("A try.", []) == (mixed.pull.body, mixed.github.requests)


def test_all_calls_to_an_organisation_pause_when_it_says_so(mixed):
    """A delay told beside a good answer holds every call back, shows in the metrics, and ends by itself."""
    account = 'account="azure-devops:dev.azure.com/acme"'
    mixed.bot.reports(run("r1"))
    mixed.bot.clock.forward(minutes=1)
    mixed.azure.faults.add(faults.delayed(mixed.bot.clock(), 120), method="PATCH")
    mixed.bot.reports(run("r2"))
    asked = len(mixed.azure.requests)
    mixed.bot.clock.forward(minutes=1)
    mixed.bot.reports(run("r3"))
    assert asked == len(mixed.azure.requests)
    shown = mixed.bot.http.get("/metrics").text
    mixed.bot.forward(minutes=5)

    assert f"trainboard_budget_blocked_seconds{{{account}}} 60.0" in shown
    assert f'trainboard_budget_window_limit{{{account},window="points_minute"}} 400.0' in shown
    assert "**3 runs: 3 finished**" in mixed.items()[0][1]
