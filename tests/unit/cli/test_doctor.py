"""`trainboard doctor`."""

import json
from pathlib import Path

import pytest
import responses
from click.testing import CliRunner

from fakes.azure_devops import AzureDevOps, faults
from fakes.github import FakeGitHub
from trainboard.budgets import Lane, Notice, azure_devops
from trainboard.cli import main
from trainboard.github.limits import WINDOWS
from trainboard.store.budgets import StoredBudgets
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.wiring import utc_now

ON_GITHUB = '[[projects]]\nname = "churn"\ntracker = "github:acme/churn"\n'
ON_AZURE = """
[azure_devops]
organization_url = "https://dev.azure.com/acme"
token = "pat-of-the-bot"
[[projects]]
name = "churn"
tracker = "azure-boards:acme/Churn/Churn Team"
code = "github:acme/churn"
"""
TOKEN = f'[github]\ntoken = "{FakeGitHub.token}"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database(folder):
    """A database of today's schema."""
    made = Database("sqlite:///trainboard.db")
    upgrade(made)
    yield made
    made.close()


@pytest.fixture
def github():
    """A GitHub whose clock is right."""
    with FakeGitHub(clock=utc_now).running() as fake:
        yield fake


@pytest.fixture
def azure():
    """An organisation whose clock is right, beside a GitHub."""
    org = AzureDevOps(utc_now)
    org.add_project("Churn", process="Scrum", team="Churn Team")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        org.join(mock)
        FakeGitHub(clock=utc_now).join(mock)
        yield org


def run(*arguments):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, ["doctor", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_all_is_well(database):
    """One line for each thing that was looked at; exit code 0."""
    code, out, _ = run()
    assert (0, True) == (code, "ok      inbox: Deliveries are worked on in time.\n" in out)
    assert "ok      configuration: The settings are valid: the embedded default.\n" in out


def test_nothing_is_made(folder):
    """A look at an installation that was never started leaves nothing behind."""
    assert (0, []) == (run()[0], list(folder.iterdir()))


def test_a_failing_check(database, github):
    """What to do stands below; exit code 1."""
    github.churn.push = False
    Path("trainboard.toml").write_text(ON_GITHUB + TOKEN, encoding="utf-8")
    code, out, err = run()
    fix = "        Give the user the role Write in the repository.\n"
    assert (1, True, "") == (code, f"without a word.\n{fix}" in out, err)
    assert "\nfailing trackers: The token's user has no write access" in out


def test_settings_that_do_not_suffice(database):
    """Valid each by itself: the check fails, and the others are done."""
    Path("other.toml").write_text(ON_GITHUB, encoding="utf-8")
    code, out, _ = run("--config", "other.toml")
    assert (1, True) == (code, "the settings name no way in" in out)
    assert "ok      outbox: " in out


def test_wrong_settings():
    """Nothing else can be looked at; exit code 2."""
    Path("trainboard.toml").write_text("[server]\nport = -1\n", encoding="utf-8")
    assert (2, "", 'trainboard.toml:2: "port" in [server] must be 0 or more\n') == run()


def test_a_program_reads_json(database):
    """A list of findings, each of the same shape where there is something to mend or not."""
    code, out, _ = run("--json")
    findings = json.loads(out)
    queues = {"apps", "archives", "boards", "budgets", "database", "inbox", "moves", "outbox"}
    assert (
        0,
        {
            "clock",
            "commands",
            "configuration",
            "pipelines",
            "reports",
            "repositories",
            "trackers",
            "triggers",
            "webhooks",
        }
        | queues,
    ) == (
        code,
        {each["check"] for each in findings},
    )
    assert {"check", "grade", "message", "fix"} == set().union(*findings)


def test_wrong_settings_as_json():
    """The same list, the same exit code as without."""
    Path("trainboard.toml").write_text("[server]\nport = -1\n", encoding="utf-8")
    code, out, _ = run("--json")
    message = 'trainboard.toml:2: "port" in [server] must be 0 or more'
    wanted = {"check": "configuration", "grade": "failing", "message": message, "fix": "Correct it."}
    assert (2, [wanted]) == (code, json.loads(out))


def test_the_doctor_keeps_to_a_block(database, github):
    """What GitHub told the service holds for the doctor too, who stores nothing."""
    budget = StoredBudgets(database, utc_now).of("github:api.github.com/token", WINDOWS)
    budget.note(Notice(limited=True, wait_seconds=600))
    Path("trainboard.toml").write_text(ON_GITHUB + TOKEN, encoding="utf-8")
    code, out, _ = run()
    assert (0, []) == (code, github.requests)
    assert "note    trackers: Did not sign in for acme/churn yet: the platform asked us to slow down" in out


def test_the_doctor_looks_at_github_without_a_database(github):
    """Credentials can be tried before anything was started."""
    Path("trainboard.toml").write_text(ON_GITHUB + TOKEN, encoding="utf-8")
    code, out, _ = run()
    assert (0, True) == (code, "ok      trackers: We may write issues, labels and milestones in" in out)


def test_the_doctor_looks_at_both_platforms(azure):
    """The boards, and the repository whose pull requests name what stands there."""
    Path("trainboard.toml").write_text(ON_AZURE + TOKEN, encoding="utf-8")
    code, out, _ = run()
    assert (0, True, True) == (
        code,
        "ok      trackers: Work items are made as Product Backlog Item in Churn" in out,
        "ok      repositories: We may write comments and checks of pull requests in acme/churn." in out,
    )


def test_an_expired_token_of_azure_devops(azure):
    """The page for people that comes instead of an answer becomes a sentence that says what to do."""
    azure.faults.add(faults.sign_in_page(), times=99)
    Path("trainboard.toml").write_text(ON_AZURE + TOKEN, encoding="utf-8")
    code, out, _ = run()
    assert (1, True) == (code, "azure_devops.token" in out)


def test_the_budget_of_an_organisation_is_shown(database):
    """What the service has spent there, and for how long it was asked to wait."""
    budget = StoredBudgets(database, utc_now).of("azure-devops:dev.azure.com/acme", azure_devops.WINDOWS)
    budget.admit("look", Lane.COMMAND, writes=True)
    budget.note(Notice(wait_seconds=120))
    _, out, _ = run()
    assert "budgets: azure-devops:dev.azure.com/acme asked us to slow down: nothing is sent for 1" in out
    assert "budgets: azure-devops:dev.azure.com/acme: 4 of 400 points of one minute." in out


def test_the_doctor_looks_at_teams_that_may_command(azure):
    """Those that plan, and those that rules name, on both platforms."""
    rules = '[projects.commands]\nroles = { close = ["team:acme/ml-leads", "team:Lost"] }\n'
    Path("trainboard.toml").write_text(ON_AZURE + rules + TOKEN, encoding="utf-8")
    code, out, _ = run()
    assert "ok      commands: We see who is in team Churn Team of Churn." in out
    assert "failing commands: Team acme/ml-leads, which a rule of churn names: Could not see team" in out
    assert (
        "failing commands: Team Lost, which a rule of churn names: Could not see who is in team Lost" in out
    )
    assert 1 == code


def test_a_self_test_on_github(database, github):
    """Each step stands below the checks; run twice, there is one issue, which is closed."""
    Path("trainboard.toml").write_text(ON_GITHUB + TOKEN, encoding="utf-8")
    for first in ("made: https://github.com/acme/churn/issues/1", "opened again: "):
        code, out, err = run("--self-test")
        steps = [line for line in out.splitlines() if line.startswith("ok      self-test: churn: ")]
        assert (0, "", 5, True) == (code, err, len(steps), first in steps[0])
        assert out.splitlines()[-1] == steps[-1]
    [issue] = github.churn.issues.values()
    assert ("closed", ["tb:self-test"], 1) == (issue.state, issue.labels, len(issue.comments))


def test_a_self_test_on_azure_boards(database, azure):
    """The same, for the project that is named."""
    Path("trainboard.toml").write_text(ON_AZURE, encoding="utf-8")
    _, out, _ = run("--self-test", "churn")
    steps = [line for line in out.splitlines() if "self-test: churn: " in line]
    assert (5, True) == (len(steps), steps[-1].startswith("ok      self-test: churn: closed it ("))


def test_a_self_test_of_the_local_board(database):
    """Of the embedded default, and only where it is asked for."""
    assert "self-test" not in run()[1]
    code, out, _ = run("--self-test", "--json")
    findings = [each for each in json.loads(out) if each["check"] == "self-test"]
    assert (0, 5) == (code, len(findings))


def test_a_self_test_makes_no_database(folder):
    """It says what is missing."""
    code, out, _ = run("--self-test")
    assert (0, [], True) == (code, list(folder.iterdir()), "default: there is no database yet." in out)


def test_a_self_test_that_fails(database, github):
    """Exit code 1, what failed, and that nothing was left open."""
    Path("trainboard.toml").write_text(ON_GITHUB + TOKEN, encoding="utf-8")
    github.next_fault(422, body={"message": "No."}, method="POST", path="/comments")
    code, out, _ = run("--self-test")
    [issue] = github.churn.issues.values()
    assert (1, "closed") == (code, issue.state)
    assert "GitHub answered 422 (No.)" in next(
        line for line in out.splitlines() if "failing self-test" in line
    )
    assert "ok      self-test: churn: nothing was left open." == out.splitlines()[-1]


def test_a_project_that_is_not_there():
    """What there is, is named, before anything is looked at."""
    code, out, err = run("--self-test", "churm")
    assert (2, "", True) == (code, out, "There is no project 'churm' to test, only default." in err)
