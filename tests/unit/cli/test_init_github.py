"""`trainboard init --github`, as far as no browser comes into it."""

import json
import stat
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from fakes.github import FakeGitHub
from fakes.github.keys import make_pem
from trainboard.cli import main
from trainboard.wiring import utc_now

PUBLIC_URL = "https://bot.acme.example"
NEW = ["--repository", "acme/churn", "--public-url", PUBLIC_URL]
THERE = ["--app-id", "4711", "--private-key", "app.pem", "--no-wait"]
SETTINGS = f"""# ours
[server]
public_url = "{PUBLIC_URL}"

[[projects]]
name = "churn"
tracker = "github:acme/churn"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with a key."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.pem").write_text(make_pem())
    return tmp_path


@pytest.fixture
def github():
    """A GitHub on which an App is in order, and installed."""
    with FakeGitHub(clock=utc_now).running() as fake:
        run("--dry-run", "--yes", *NEW)
        manifest = json.loads(run("--dry-run", "--yes", "--json", *NEW)[1])["manifest"]
        fake.registry.permissions = fake.granted = manifest["default_permissions"]
        fake.registry.events = manifest["default_events"]
        fake.registry.hook = {
            "url": manifest["hook_attributes"]["url"],
            "content_type": "json",
            "secret": "********",
            "insecure_ssl": "0",
        }
        fake.requests.clear()
        yield fake


def run(*arguments, answers=None):
    """Exit code, standard output and standard error."""
    result = CliRunner().invoke(main, ["init", "--github", *arguments], input=answers)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.stdout, result.stderr


def left(folder):
    """The files there beside the key."""
    return sorted(each.name for each in folder.iterdir() if each.name != "app.pem")


def test_a_dry_run(github, folder):
    """The manifest, and GitHub's form filled in; one look at who the owner is, and nothing written."""
    code, out, _ = run("--dry-run", "--yes", *NEW)
    manifest, _, link = out.partition("\n\n")
    assert (0, [], ["GET /users/acme"]) == (code, left(folder), github.calls())
    assert ("trainboard-acme", f"{PUBLIC_URL}/webhooks/github", False) == (
        json.loads(manifest)["name"],
        json.loads(manifest)["hook_attributes"]["url"],
        json.loads(manifest)["public"],
    )
    assert "https://github.com/organizations/acme/settings/apps/new?name=trainboard-acme&" in link


def test_a_dry_run_on_an_enterprise_server(folder, monkeypatch):
    """Its web address follows from that of its API in the settings; a private address is fine there."""
    monkeypatch.setenv("TRAINBOARD_GITHUB__API_URL", "https://github.corp.example/api/v3")
    with FakeGitHub("https://github.corp.example/api/v3", clock=utc_now).running():
        options = ["--repository", "acme/churn", "--public-url", "http://10.1.2.3:8080"]
        code, out, _ = run("--dry-run", "--yes", "--json", *options)
    form = "https://github.corp.example/organizations/acme/settings/apps/new"
    assert (0, form) == (code, json.loads(out)["form_url"])


def test_somebodys_own_account(github):
    """GitHub says that the owner is no organisation."""
    github.registry.organizations.clear()
    _, out, _ = run("--dry-run", "--yes", "--json", *NEW)
    assert "https://github.com/settings/apps/new" == json.loads(out)["form_url"]


def test_who_the_owner_is_is_asked(github):
    """Where GitHub does not say; without questions an organisation is meant."""
    for answers, form in (("n\n", "/settings"), ("y\n", "/organizations/acme/settings"), (None, None)):
        github.next_fault(502)
        _, out, err = run("--dry-run", "--json", *NEW, *([] if answers else ["--yes"]), answers=answers)
        wanted = f"https://github.com{form or '/organizations/acme/settings'}/apps/new"
        assert (wanted, bool(answers)) == (
            json.loads(out)["form_url"],
            "Is acme an organisation?" in err,
        )


def test_an_app_that_is_there(github, folder):
    """It is looked at, and the section is added; the rest of the file stays."""
    Path("trainboard.toml").write_text(SETTINGS)
    Path("secret").write_text("s")
    code, out, err = run("--yes", "--webhook-secret", "file:secret", *THERE)
    text = Path("trainboard.toml").read_text()
    assert (0, True) == (code, text.startswith(SETTINGS))
    assert {
        "app_id": 4711,
        "private_key": "file:app.pem",
        "webhook_secrets": ["file:secret"],
    } == tomllib.loads(text)["github"]
    assert "GitHub lets us in as the App Trainboard." in err
    assert "ok      apps: The App Trainboard may do, and hears, what the settings ask for." in out


def test_an_app_that_lacks_something(github):
    """The section is written, what lacks is named with its page, and the exit code is 1."""
    Path("trainboard.toml").write_text(SETTINGS)
    github.registry.events.remove("milestone")
    code, out, _ = run("--yes", *THERE)
    assert (1, True) == (code, "app_id = 4711" in Path("trainboard.toml").read_text())
    assert "The App Trainboard is not subscribed to milestone." in out
    assert "https://github.com/organizations/acme/settings/apps/trainboard/permissions" in out


def test_an_app_without_a_known_secret(github):
    """That its deliveries are refused is said at once."""
    _, out, err = run("--yes", *NEW[:2], *THERE)
    assert "Set github.webhook_secrets to the secret of its webhook" in err
    assert "The settings name no secret of GitHub's webhook" in out


def test_for_programs(github, folder):
    """One object, in which no secret is."""
    code, out, _ = run("--yes", "--json", *NEW, *THERE)
    result = json.loads(out)
    assert (1, 4711, "trainboard") == (code, result["app_id"], result["slug"])
    assert ["[server]", "[github]", "[[projects]]"] == [each.split("\n")[0] for each in result["added"]]
    assert {"ok", "note", "failing"} >= {each["grade"] for each in result["findings"]}
    assert "PRIVATE KEY" not in out


def test_a_section_that_is_there(github, folder):
    """Its lines are told; nothing of it is changed, and nothing is said of what does not hold yet."""
    Path("trainboard.toml").write_text(f'{SETTINGS}[github]\napi_url = "https://api.github.com"\n')
    before = Path("trainboard.toml").read_text()
    code, out, err = run("--yes", *THERE)
    assert (0, "", before) == (code, out, Path("trainboard.toml").read_text())
    assert "[github]\napp_id = 4711\n" in err
    assert "Then run `trainboard doctor`." in err


def test_a_key_elsewhere(github, folder):
    """It is referred to by its whole path."""
    (folder / "conf").mkdir()
    code, *_ = run("--yes", *NEW, *THERE, "--config", "conf/bot.toml")
    found = tomllib.loads(Path("conf/bot.toml").read_text())["github"]["private_key"]
    assert (1, f"file:{(folder / 'app.pem').resolve()}") == (code, found)


def test_names_of_projects(github):
    """One that fits, from the repository's."""
    github.add_repository("acme/My.Model_2")
    run("--yes", "--public-url", PUBLIC_URL, "--repository", "acme/My.Model_2", *THERE)
    assert [{"name": "my-model-2", "tracker": "github:acme/My.Model_2"}] == tomllib.loads(
        Path("trainboard.toml").read_text()
    )["projects"]


def test_another_project_is_added(github):
    """Behind those that are there."""
    Path("trainboard.toml").write_text('[[projects]]\nname = "default"\n')
    run("--yes", *NEW, *THERE)
    names = [each["name"] for each in tomllib.loads(Path("trainboard.toml").read_text())["projects"]]
    assert ["default", "churn"] == names


def test_what_is_not_given_is_asked_for(github):
    """The address of the server and the repository."""
    code, _, err = run("--dry-run", answers=f"{PUBLIC_URL}/\nacme/churn\n")
    assert (0, ["Public address of this server", "Repository of the work items, owner/name"]) == (
        code,
        [part.strip().partition(":")[0] for part in err.splitlines() if ":" in part][:2],
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--public-url", PUBLIC_URL], "--repository: is needed"),
        (["--repository", "acme/churn"], "--public-url: is needed"),
        ([*NEW[:2], "--public-url", "https://localhost:8080"], "to which GitHub sends nothing"),
        ([*NEW[:2], "--public-url", "https://10.1.2.3"], "to which GitHub sends nothing"),
        ([*NEW[2:], "--repository", "acme"], "must be owner/name"),
        ([*NEW[2:], "--repository", "acme/.."], "must be owner/name"),
        ([*NEW, "--organization", "other"], "--organization: is other, and the repositories belong to acme"),
        ([*NEW, "--app-id", "1"], "--app-id and --private-key together"),
        ([*NEW, "--private-key", "app.pem"], "--app-id and --private-key together"),
        ([*NEW, "--webhook-secret", "env:X"], "give --app-id too"),
        ([*NEW, *THERE, "--webhook-secret", "hunter2"], "must be env:NAME or file:PATH"),
        ([*NEW, *THERE, "--webhook-secret", "env:NOT_THERE"], "NOT_THERE, which is not set"),
        ([*NEW, *THERE[:3], "gone.pem"], "--private-key: cannot be read"),
        ([*NEW, *THERE[:3], "trainboard.key"], "holds no private key as GitHub hands it out"),
        ([*NEW, "--azure"], "Say what to set up"),
    ],
)
def test_wrong_usage(github, folder, options, said):
    """Exit code 2, one sentence, and nothing is written."""
    Path("trainboard.key").write_text("no key")
    code, out, err = run("--yes", *options)
    assert (2, "", True, ["trainboard.key"]) == (code, out, said in err, left(folder))
    assert "hunter2" not in err


def test_repositories_of_two_owners(github):
    """A private App is installed on the account that owns it alone."""
    Path("trainboard.toml").write_text(f'{SETTINGS}[[projects]]\nname = "b"\ntracker = "github:other/b"\n')
    code, _, err = run("--yes")
    assert (2, True) == (code, "have repositories of acme and other" in err)


@pytest.mark.parametrize(
    ("github_section", "said"),
    [
        ('app_id = 1\nprivate_key = "file:app.pem"', "names the App 1 already"),
        ('token = "t"', "names github.token, and an App takes its place"),
    ],
)
def test_another_way_in(github, github_section, said):
    """It is not taken away unasked."""
    Path("trainboard.toml").write_text(f"{SETTINGS}[github]\n{github_section}\n")
    code, _, err = run("--yes", *THERE)
    assert (2, True, []) == (code, said in err, github.calls())
    code, _, err = run("--yes", "--force", *THERE)
    assert (0, True) == (code, "[github]\napp_id = 4711\n" in err)


def test_settings_that_are_wrong(github, folder):
    """They are corrected first."""
    Path("trainboard.toml").write_text("[server]\nport = -1\n")
    code, _, err = run("--yes", *NEW)
    assert (2, True, []) == (code, "trainboard.toml:2:" in err, github.calls())


def test_github_does_not_know_the_app(github, folder):
    """The number or the key is another's; nothing is written."""
    github.next_fault(401, body={"message": "A JSON web token could not be decoded"}, path="/app")
    code, out, err = run("--yes", *NEW, *THERE)
    assert (1, "", []) == (code, out, left(folder))
    assert "Check github.token, or the App's id and private key" in err


@pytest.mark.parametrize("name", ["github-app.pem", "github-webhook-secret"])
def test_a_key_that_is_there(github, folder, name):
    """It is not replaced, and nobody is sent to GitHub."""
    Path(name).write_text("OLD")
    code, _, err = run("--yes", *NEW)
    assert (1, f"{name} is there already. Move it away, or replace it with --force.\n") == (code, err)
    assert ("OLD", [name]) == (Path(name).read_text(), left(folder))


def test_a_folder_that_takes_no_files(github, folder):
    """It is said before GitHub makes anything."""
    code, _, err = run("--yes", *NEW, "--config", "gone/trainboard.toml")
    assert (1, True) == (code, "its folder takes no files from us" in err)


def test_the_key_stays_as_it_is(github, folder):
    """An App that is there keeps its file, which is not copied."""
    Path("app.pem").chmod(0o640)
    run("--yes", *NEW, *THERE)
    assert (0o640, ["trainboard.toml"]) == (stat.S_IMODE(Path("app.pem").stat().st_mode), left(folder))


@pytest.mark.parametrize("option", ["--no-wait", "--app-id=1", "--repository=acme/churn"])
def test_options_of_something_else(option):
    """They are not passed over in silence."""
    result = CliRunner().invoke(main, ["init", "--forms", option])
    assert (2, True) == (result.exit_code, "go with --github." in result.stderr)
