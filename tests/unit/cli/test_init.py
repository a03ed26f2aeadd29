"""`trainboard init --azure`."""

import json
import tomllib

import pytest
from click.testing import CliRunner

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.faults import Fault
from trainboard.azure_devops.hook_events import HOOK_EVENTS, RELEASE
from trainboard.cli import main
from trainboard.plan_sections import Heading, list_names
from trainboard.plans import make_plan
from trainboard.trackers.azure_boards.texts import to_body
from trainboard.wiring import utc_now

NEEDED = sum(event.publisher != RELEASE for event in HOOK_EVENTS)
PUBLIC_URL = "https://bot.acme.example"
ORGANIZATION = "https://dev.azure.com/acme"
PASSWORD = "AZURE_DEVOPS_WEBHOOK_PASSWORD"
GIVEN = ["--organization", ORGANIZATION, "--project", "Churn", "--public-url", PUBLIC_URL]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder, and a token in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AZURE_DEVOPS_TOKEN", AzureDevOps.token)
    return tmp_path


@pytest.fixture
def azure():
    """An organisation with a project that has no hooks."""
    fake = AzureDevOps(utc_now)
    fake.add_project("Churn")
    with fake.running():
        yield fake


def run(*arguments, answers=None):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, ["init", *arguments], input=answers)
    return result.exit_code, result.stdout, result.stderr


def made(azure):
    """How many subscriptions there are, and their passwords."""
    passwords = {each.consumer_inputs["basicAuthPassword"] for each in azure.subscriptions.values()}
    return len(azure.subscriptions), passwords


def test_hooks_are_made(azure):
    """A line for each, and what to put into the settings and the environment."""
    code, out, err = run("--azure", "--yes", *GIVEN)
    assert 0 == code
    assert f"{ORGANIZATION} knows us as Trainboard Bot." == err.splitlines()[0]
    assert f"{NEEDED} to do, 0 left as they are." in err.splitlines()
    assert f"[{NEEDED}/{NEEDED}] Churn: " in err.splitlines()[-1]
    amount, [password] = made(azure)
    assert (NEEDED, f"# {PASSWORD}={password}") == (amount, out.splitlines()[-1])
    assert 43 == len(password)
    assert {
        "server": {"public_url": PUBLIC_URL},
        "azure_devops": {
            "organization_url": ORGANIZATION,
            "token": "env:AZURE_DEVOPS_TOKEN",
            "webhook_user": "trainboard",
            "webhook_password": f"env:{PASSWORD}",
        },
    } == tomllib.loads(out)


@pytest.fixture
def settled(azure, folder, monkeypatch):
    """Hooks were made, and what to put into the settings was put there."""
    _, out, _ = run("--azure", "--yes", *GIVEN)
    project = '[[projects]]\nname = "churn"\ntracker = "azure-boards:acme/Churn/Churn Team"\n'
    (folder / "trainboard.toml").write_text(out + "\n" + project)
    monkeypatch.setenv(PASSWORD, out.splitlines()[-1].partition("=")[2])
    run("--azure", "--yes")
    azure.requests.clear()
    return azure


def test_a_second_time_makes_nothing(settled):
    """Nothing is asked, and nothing is written."""
    code, out, err = run("--azure")
    assert (0, NEEDED) == (code, made(settled)[0])
    assert f"0 to do, {NEEDED + 1} left as they are." in err.splitlines()
    assert [] == [asked for asked in settled.requests if asked.method != "GET"]
    assert {"azure_devops": {}} == tomllib.loads(out)


def test_what_is_missing_or_wrong_is_put_right(settled):
    """And only that; what people switched off, and what others made, stays as it is."""
    gone, wrong, off, theirs, *_ = settled.subscriptions.values()
    del settled.subscriptions[gone.id]
    wrong.version = "1.0"
    off.status = "disabledByUser"
    theirs.consumer_inputs["url"] = "https://hooks.slack.example/azure"
    code, _, err = run("--azure", "--yes")
    assert (0, NEEDED + 1) == (code, made(settled)[0])
    assert ("5.1-preview.3", "disabledByUser") == (wrong.version, off.status)
    lines = err.splitlines()
    assert f"create  Churn: {gone.event}" in lines
    wrong_line = (
        f"change  Churn: {wrong.event}  It asks for version 1.0 of the resource and not for 5.1-preview.3."
    )
    assert wrong_line in lines
    assert f"leave   Churn: {off.event}  Its status is disabledByUser." in lines
    assert f"3 to do, {NEEDED - 2} left as they are." in lines


def test_who_names_ids_gets_them_all_named(settled, folder):
    """A new one would not be believed otherwise; those of another project stay."""
    other = "3f2a6c1e-5b7d-4f0a-9a51-0c8e4d2b7f60"
    gone = next(iter(settled.subscriptions))
    text = (folder / "trainboard.toml").read_text()
    named = f'[azure_devops]\nsubscriptions = ["{other}", "{gone}"]'
    (folder / "trainboard.toml").write_text(text.replace("[azure_devops]", named))
    del settled.subscriptions[gone]
    code, out, _ = run("--azure", "--yes")
    named = tomllib.loads(out)["azure_devops"]["subscriptions"]
    assert (0, [other, gone], set(settled.subscriptions)) == (code, named[:2], set(named[2:]))


def test_a_password_is_changed(settled, monkeypatch):
    """Working hooks get it only when that is asked for: nobody can see which one they have."""
    monkeypatch.setenv(PASSWORD, "another")
    assert {"another"} != made(settled)[1]
    assert 0 == run("--azure", "--yes", "--rewrite")[0]
    assert (NEEDED, {"another"}) == made(settled)


def test_a_new_password_is_told_to_all(settled, folder):
    """The settings lost it: a new one is made, and every hook gets it."""
    text = (folder / "trainboard.toml").read_text()
    (folder / "trainboard.toml").write_text(text.replace(f'webhook_password = "env:{PASSWORD}"\n', ""))
    code, out, _ = run("--azure", "--yes")
    assert (0, (NEEDED, {out.splitlines()[-1].partition("=")[2]})) == (code, made(settled))


def test_a_dry_run_shows_and_does_nothing(azure):
    """No question, no password."""
    code, out, err = run("--azure", "--dry-run", *GIVEN)
    assert (0, "", 0) == (code, out, len(azure.subscriptions))
    assert f"{NEEDED} to do, 0 left as they are." == err.splitlines()[-1]


@pytest.mark.parametrize("dry", [True, False])
def test_json(azure, dry):
    """One object on standard output, with the hooks and their ids."""
    code, out, _ = run("--azure", "--yes", "--json", *(["--dry-run"] if dry else []), *GIVEN)
    result = json.loads(out)
    assert (0, ORGANIZATION, "Trainboard Bot", dry) == (
        code,
        result["organization_url"],
        result["account"],
        result["dry_run"],
    )
    assert ({"create"}, NEEDED) == ({each["action"] for each in result["hooks"]}, len(result["hooks"]))
    ids = {each["id"] for each in result["hooks"]}
    assert ({None} if dry else set(azure.subscriptions)) == ids
    assert dry == (result["webhook_password"] is None) == (result["settings"] is None)


def test_what_is_not_given_is_asked_for(azure, monkeypatch):
    """The organisation, this server's address, a token and a project; the token is not shown."""
    monkeypatch.delenv("AZURE_DEVOPS_TOKEN")
    answers = [f"{ORGANIZATION}/", PUBLIC_URL, azure.token, "Churn", "y"]
    code, out, err = run("--azure", answers="\n".join(answers))
    assert (0, NEEDED) == (code, len(azure.subscriptions))
    asked = [line.partition(":")[0] for line in err.splitlines()[:4]]
    assert ["Address of the organisation", "Public address of this server", "Token", "Project"] == asked
    assert azure.token not in out + err


def test_who_says_no_gets_nothing(azure):
    """The plan was shown; nothing is done."""
    code, out, _ = run("--azure", *GIVEN, answers="n\n")
    assert (1, "", 0) == (code, out, len(azure.subscriptions))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("--organization", "--organization: is needed: address of the organisation"),
        ("--project", "--project: is needed: project"),
        ("--public-url", "--public-url: is needed: public address of this server"),
    ],
)
def test_with_yes_nothing_is_asked(azure, missing, said):
    """What is missing is a mistake of who calls it."""
    place = GIVEN.index(missing)
    assert (2, "", f"{said}\n") == run("--azure", "--yes", *GIVEN[:place], *GIVEN[place + 2 :])
    assert 0 == len(azure.subscriptions)


def test_without_a_token(monkeypatch):
    """The variable's name is in the sentence."""
    monkeypatch.delenv("AZURE_DEVOPS_TOKEN")
    assert (2, "", "AZURE_DEVOPS_TOKEN: is needed: token\n") == run("--azure", "--yes", *GIVEN)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://localhost:8080", "sends no service hooks to localhost"),
        ("https://10.1.2.3", "sends no service hooks to 10.1.2.3"),
        ("http://bot.acme.example", "would send it in the clear"),
    ],
)
def test_an_address_that_cannot_be_reached(address, said):
    """Azure DevOps refuses it, or the password would be seen; nobody is asked."""
    code, out, err = run("--azure", "--yes", *GIVEN[:-1], address)
    assert (2, "", True) == (code, out, said in err)


def test_what_to_set_up_must_be_said():
    """One thing at a time."""
    code, _, err = run()
    assert (2, True) == (code, "Say what to set up: --github, --azure or --forms." in err)


def test_who_may_not(azure):
    """The permission is named, and who has it."""
    azure.faults.add(Fault(403, '{"message": "No."}'), method="POST", path="hooks/subscriptions")
    code, out, err = run("--azure", "--yes", *GIVEN)
    assert (1, "") == (code, out)
    assert '"View subscriptions" and "Edit subscriptions" in the project' in err.splitlines()[-1]


def test_a_project_that_is_not_there(azure):
    """Its name is in the sentence."""
    code, _, err = run("--azure", "--yes", *GIVEN[:2], "--project", "Churm", "--public-url", PUBLIC_URL)
    assert (1, True) == (code, "Churm" in err)


def test_a_token_that_is_wrong(azure, monkeypatch):
    """Nothing is planned before we are let in."""
    monkeypatch.setenv("AZURE_DEVOPS_TOKEN", "expired")
    code, out, err = run("--azure", "--yes", *GIVEN)
    assert (1, "", 1) == (code, out, len(err.splitlines()))


def templates(azure):
    """Those of the team, by their ids."""
    return azure.find_team(azure.find_project("Churn"), "Churn Team").templates


def test_a_team_gets_the_template_of_an_experiment(settled):
    """With the headings that are read, none of them filled in, and the tag that makes a plan."""
    [made] = templates(settled).values()
    assert ("Trainboard experiment", "Issue") == (made["name"], made["workItemTypeName"])
    assert "tb:experiment" == made["fields"]["System.Tags-Add"]
    body = to_body(made["fields"]["System.Description"], is_markdown=False)
    assert [f"### {each}" for each in Heading] == [line for line in body.splitlines() if line[:1] == "#"]
    assert ([], make_plan("", ())) == (list_names(body), make_plan(body, ()))


def test_a_template_that_differs_is_written_anew(settled):
    """In its place, and not where nothing is to be done."""
    [(identifier, made)] = templates(settled).items()
    right = made["fields"]
    made["fields"] = {"System.Description": "Ours"}
    code, _, err = run("--azure", "--dry-run")
    assert (0, {"System.Description": "Ours"}) == (code, made["fields"])
    assert "change  Churn/Churn Team: template Trainboard experiment" in err.splitlines()
    code, _, err = run("--azure", "--yes")
    assert (0, right) == (code, templates(settled)[identifier]["fields"])
    assert "[1/1] Churn/Churn Team: template Trainboard experiment changed" == err.splitlines()[-1]
    assert 1 == len(templates(settled))


def test_templates_are_told_to_programs(settled):
    """Beside the hooks."""
    templates(settled).clear()
    code, out, _ = run("--azure", "--dry-run", "--json")
    told = {"team": "Churn/Churn Team", "name": "Trainboard experiment", "action": "create"}
    assert (0, [told]) == (code, json.loads(out)["templates"])
