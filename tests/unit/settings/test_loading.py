"""Settings from files and the environment, and everything that can be wrong with them."""

import os
from pathlib import Path

import pytest

from trainboard.settings import SettingsError, find_file, load

RUNS_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PROJECT = '[[projects]]\nname = "churn"\n'
MLFLOW = '[[sources]]\nkind = "mlflow"\nname = "prod"\nproject = "churn"\nurl = "http://mlflow:5000"\n'
RUNS = f'[[sources]]\nkind = "runs"\nname = "ci"\nproject = "churn"\nsecrets = ["{RUNS_SECRET}"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text, **environ):
    """The settings of a file in the working folder."""
    Path("trainboard.toml").write_text(text, encoding="utf-8")
    return load(None, environ)


def complaints(text, **environ):
    """What is said of a file in the working folder."""
    with pytest.raises(SettingsError) as caught:
        read(text, **environ)
    return str(caught.value).splitlines()


def complaint(text, **environ):
    """The one thing that is said of a file in the working folder."""
    (only,) = complaints(text, **environ)
    return only


def test_without_a_file_the_embedded_default_is_meant():
    """SQLite, the local board, one project and no sources need no file."""
    settings = load(None, {})
    assert ("sqlite:///trainboard.db", ["default"], ["local"], ()) == (
        settings.server.database.get_secret_value(),
        [project.name for project in settings.projects],
        [project.tracker for project in settings.projects],
        settings.sources,
    )


def test_the_file_is_looked_for_in_order(folder):
    """An argument wins over TRAINBOARD_CONFIG, which wins over trainboard.toml; an empty one is not set."""
    assert find_file(None, {"TRAINBOARD_CONFIG": ""}) is None
    here = folder / "trainboard.toml"
    here.touch()
    named = {"TRAINBOARD_CONFIG": "other.toml"}
    assert [Path("given.toml"), Path("other.toml"), Path("trainboard.toml")] == [
        find_file(Path("given.toml"), named),
        find_file(None, named),
        find_file(None, {}),
    ]


def test_the_process_environment_is_the_default(monkeypatch):
    """Without another mapping the variables of the process count."""
    monkeypatch.setenv("TRAINBOARD_SERVER__PORT", "9000")
    assert 9000 == load().server.port


def test_a_byte_order_mark_is_no_key():
    """Editors of Windows put one at the start."""
    assert 9000 == read("\ufeff[server]\nport = 9000\n").server.port


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f'{PROJECT}[projects.sprint]\ntimezone = "Europe/Berln"',
            (
                'trainboard.toml:4: "timezone" in [projects.sprint] must be the name of an IANA time zone, '
                'like Europe/Berlin; did you mean "Europe/Berlin"?'
            ),
        ),
        (
            f'{PROJECT}[projects.sprint]\ncarry_over = "some"',
            'trainboard.toml:4: "carry_over" in [projects.sprint] must be "experiments", "all" or "none"',
        ),
        (
            f"{PROJECT}refactor_above = 0",
            'trainboard.toml:3: "refactor_above" in [[projects]] must be 1 or more',
        ),
        ('[server]\nhots = "x"', 'trainboard.toml:2: unknown key "hots" in [server]; did you mean "host"?'),
        ("[servr]", 'trainboard.toml:1: unknown section or key "servr" at the top; did you mean "server"?'),
        ("[jira]", 'trainboard.toml:1: unknown section or key "jira" at the top'),
        (
            PROJECT + "[projects.sprint]\nlenght_days = 7",
            'trainboard.toml:4: unknown key "lenght_days" in [projects.sprint]; did you mean "length_days"?',
        ),
        (
            PROJECT + RUNS + 'url = "x"',
            'trainboard.toml:8: unknown key "url" in [[sources]] of kind "runs"',
        ),
        ("[server]\nport = true", 'trainboard.toml:2: "port" in [server] must be a whole number'),
        ('[server]\nport = "x"', 'trainboard.toml:2: "port" in [server] must be a whole number'),
        ("[server]\nport = 1.5", 'trainboard.toml:2: "port" in [server] must be a whole number'),
        ("[server]\nport = 65536", 'trainboard.toml:2: "port" in [server] must be 65535 or less'),
        ("[server]\nport = -1", 'trainboard.toml:2: "port" in [server] must be 0 or more'),
        ("[server]\nport = inf", 'trainboard.toml:2: "port" in [server] must be a whole number'),
        (
            f'[server]\nport = "{"9" * 5000}"',
            (
                'trainboard.toml:2: "port" in [server] cannot be used: Unable to parse input string as an '
                "integer, exceeded maximum size"
            ),
        ),
        ("[server]\nhost = 5", 'trainboard.toml:2: "host" in [server] must be text'),
        ('[server]\nhost = ""', 'trainboard.toml:2: "host" in [server] must not be empty'),
        ("server = 5", "trainboard.toml:1: [server] must be a table"),
        (
            '[server]\nlog_format = "xml"',
            'trainboard.toml:2: "log_format" in [server] must be "console" or "json"',
        ),
        (
            '[server]\ndatabase = "mysql://x"',
            (
                'trainboard.toml:2: "database" in [server] must begin with "sqlite:///" (and a file) or '
                '"postgresql+psycopg://" (and a host)'
            ),
        ),
        ("[github]\ntoken = 5", 'trainboard.toml:2: "token" in [github] must be text'),
        ("[github]\nwebhook_secrets = 5", 'trainboard.toml:2: "webhook_secrets" in [github] must be a list'),
        (
            '[github]\nwebhook_secrets = [\n"a",\n""]',
            'trainboard.toml:4: entry 2 of "webhook_secrets" in [github] must not be empty',
        ),
        (
            '[github]\nwebhook_secrets = ["1", "2", "3", "4", "5", "6"]',
            'trainboard.toml:2: "webhook_secrets" in [github] must have at most 5 entries',
        ),
        (
            '[github]\ntoken = "t"\napp_id = 3\nprivate_key = "k"',
            (
                'trainboard.toml:2: "token" in [github] stands next to a GitHub App (app_id, private_key); '
                "choose one"
            ),
        ),
        ("[github]\napp_id = 3", 'trainboard.toml:2: "app_id" in [github] needs "private_key" too'),
        ('[github]\nprivate_key = "k"', 'trainboard.toml:2: "private_key" in [github] needs "app_id" too'),
        ("projects = []", "trainboard.toml:1: [projects] must have at least 1 entry"),
        ("[projects]", "trainboard.toml:1: [projects] must be a list of tables: write [[projects]]"),
        ("projects = [3]", "trainboard.toml:1: [[projects]] must be a table"),
        ("[[projects]]", 'trainboard.toml:1: "name" is missing in [[projects]]'),
        (
            PROJECT + 'tracker = "gitlab:a/b"',
            (
                'trainboard.toml:3: "tracker" in [[projects]] must be "local", "github:owner/repository" or '
                '"azure-boards:organisation/project/team"'
            ),
        ),
        (PROJECT + "sprint = 3", 'trainboard.toml:3: "sprint" in [[projects]] must be a table'),
        (
            PROJECT + PROJECT,
            'trainboard.toml:4: "name" in [[projects]] is "churn", which is taken by one before it',
        ),
        (
            PROJECT + "[projects.sprint]\nfirst_start = 2026-01-05T07:00:00",
            'trainboard.toml:4: "first_start" in [projects.sprint] must be a date without a time of day',
        ),
        (
            PROJECT + '[projects.sprint]\nworking_days = ["mon", "tues"]',
            (
                'trainboard.toml:4: entry 2 of "working_days" in [projects.sprint] must be "mon", "tue", '
                '"wed", "thu", "fri", "sat" or "sun"'
            ),
        ),
        (
            PROJECT + MLFLOW + MLFLOW,
            'trainboard.toml:10: "name" in [[sources]] is "prod", which is taken by one before it',
        ),
        (
            PROJECT + MLFLOW.replace("churn", "chrun"),
            (
                'trainboard.toml:6: "project" in [[sources]] is "chrun", which is no project; '
                'did you mean "churn"?'
            ),
        ),
        (
            PROJECT + RUNS.replace(RUNS_SECRET, "whsec_abc"),
            (
                'trainboard.toml:7: entry 1 of "secrets" in [[sources]] must be whsec_ and the base64 of '
                '24 to 64 random bytes; make one with: echo "whsec_$(openssl rand -base64 32)"'
            ),
        ),
        (
            PROJECT + RUNS.replace(f'"{RUNS_SECRET}"', ""),
            (
                'trainboard.toml:5: "name" in [[sources]] needs "secrets", or "github_repository_ids" and '
                '"github_owner_id", or "entra_tenant", "entra_audience" and "entra_principals"'
            ),
        ),
        ('[[sources]]\nname = "x"', 'trainboard.toml:1: "kind" is missing in [[sources]]'),
        (
            '[[sources]]\nkind = "sacred"',
            (
                'trainboard.toml:2: "kind" in [[sources]] must be one of "mlflow", "runs", "artifacts", '
                '"dvclive", "wandb", "azure-ml", "alertmanager", "grafana", "azure-monitor", "event-grid", '
                '"evidently", "cloudevents"'
            ),
        ),
        (
            PROJECT + MLFLOW + 'token = "t"\nusername = "u"\npassword = "p"',
            'trainboard.toml:8: "token" in [[sources]] stands next to "username"; choose one',
        ),
        (
            PROJECT + MLFLOW + 'username = "u"',
            'trainboard.toml:8: "username" in [[sources]] needs "password" too',
        ),
        (
            PROJECT + MLFLOW + 'password = "p"',
            'trainboard.toml:8: "password" in [[sources]] needs "username" too',
        ),
        ("[server]\nport = ", "trainboard.toml:2: is not TOML: Invalid value (at end of document)"),
        (
            "[server]\nport = 1\nport = 2\n",
            "trainboard.toml:3: is not TOML: Cannot overwrite a value (at line 3, column 9)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, expected):
    """One sentence with file, line, key and what to do."""
    assert expected == complaint(text)


def test_all_findings_come_at_once():
    """Whoever mends a file need not start it for each of its faults; they come in the file's order."""
    text = PROJECT + 'trackr = "local"\n' + MLFLOW + "token = 1\n[server]\nport = 0.5\n"
    assert [3, 9, 11] == [int(line.split(":")[1]) for line in complaints(text)]


def test_a_wrong_entry_does_not_make_the_list_too_short():
    """Only what must be mended is said."""
    assert 1 == len(complaints(PROJECT + "trackr = 1\n"))
    assert 1 == len(complaints(PROJECT + RUNS.replace(RUNS_SECRET, "short")))


def test_a_file_that_is_not_there_is_said(folder):
    """A file that was named must exist and be text."""
    (folder / "latin.toml").write_bytes(b"# \xe4")
    for name, expected in {
        "no.toml": "no.toml: cannot be read: No such file or directory",
        "latin.toml": "latin.toml: is not UTF-8 text",
    }.items():
        with pytest.raises(SettingsError) as caught:
            load(Path(name), {})
        assert expected == str(caught.value)


def test_secrets_come_from_the_environment_and_from_files(folder):
    """env: and file: are read at once; a path counts from the folder of the file, line ends at the end go."""
    (folder / "etc").mkdir()
    (folder / "etc" / "key.pem").write_text("BEGIN\nEND\n", encoding="utf-8")
    file = folder / "etc" / "trainboard.toml"
    file.write_text(
        '[server]\ndatabase = "env:DB"\n'
        '[github]\napp_id = 1\nprivate_key = "file:key.pem"\ntoken = ""\n'
        'webhook_secrets = ["env:A", "plain"]\n',
        encoding="utf-8",
    )
    settings = load(file, {"DB": "postgresql+psycopg://u:p@db/t", "A": "s1"})
    assert ("postgresql+psycopg://u:p@db/t", "BEGIN\nEND", None, ["s1", "plain"]) == (
        settings.server.database.get_secret_value(),
        settings.github.private_key.get_secret_value(),
        settings.github.token,
        [secret.get_secret_value() for secret in settings.github.webhook_secrets],
    )


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("env:NOT_SET", "refers to the environment variable NOT_SET, which is not set"),
        ("env:EMPTY", "refers to the environment variable EMPTY, which is empty"),
        ("file:no", 'refers to the file "no", which cannot be read: No such file or directory'),
        ("file:empty", 'refers to the file "empty", which is empty'),
        ("file:latin", 'refers to the file "latin", which is not UTF-8 text'),
    ],
)
def test_a_missing_secret_is_said(folder, reference, expected):
    """A secret that was meant to be there is never left out silently."""
    (folder / "empty").write_text("\n", encoding="utf-8")
    (folder / "latin").write_bytes(b"\xe4")
    said = complaint(f'[github]\ntoken = "{reference}"\n', EMPTY="")
    assert f'trainboard.toml:2: "token" in [github] {expected}' == said


def test_secrets_are_never_shown():
    """Neither settings nor errors, with all that they carry, hold the text of a secret."""
    settings = read('[github]\ntoken = "hush"\n[server]\ndatabase = "postgresql+psycopg://u:hush@db/t"\n')
    assert "hush" not in repr(settings) + str(settings)
    with pytest.raises(SettingsError) as caught:
        read(
            '[server]\ndatabase = "mysql://hush"\n[github]\nunknown = "hush"\n'
            'token = "hush"\nprivate_key = "hush"\nwebhook_secrets = "hush"\n'
            + RUNS.replace(RUNS_SECRET, "hush"),
            TRAINBOARD_GITHUB__WEBHOOK_SECRETS="[hush",
        )
    error = caught.value
    assert "hush" not in f"{error!r}{error}{error.findings}{error.__cause__}"
    assert error.__suppress_context__ or error.__context__ is None


def test_variables_of_others_are_left_alone():
    """What has no section in its name belongs to something else."""
    others = dict.fromkeys(("TRAINBOARD_CONFIG_DIR", "TRAINBOARD_PEERS", "TRAINBOARD_UPDATE_GOLDEN"), "x")
    assert load(None, {}) == load(None, {**others, "SERVER__PORT": "1", "TRAINBOARD_": "x"})


def test_the_environment_wins_over_the_file():
    """Single keys, lists as JSON, entries by their place and whole sections are laid over the file."""
    settings = read(
        "[server]\nport = 1\nhost = 'h'\n" + PROJECT + MLFLOW,
        TRAINBOARD_SERVER__PORT="9000",
        TRAINBOARD_SERVER__LOG_LEVEL="",
        TRAINBOARD_ENGINE='{"worker_threads": 2}',
        TRAINBOARD_GITHUB__WEBHOOK_SECRETS='["env:A"]',
        TRAINBOARD_PROJECTS__0__SPRINT__LENGTH_DAYS="7",
        TRAINBOARD_PROJECTS__0__SPRINT__WORKING_DAYS='["sat"]',
        TRAINBOARD_PROJECTS__1__NAME="fraud",
        TRAINBOARD_SOURCES__0__EXPERIMENTS='["x-*"]',
        A="s1",
    )
    assert (9000, "h", "info", 2, "s1") == (
        settings.server.port,
        settings.server.host,
        settings.server.log_level,
        settings.engine.worker_threads,
        settings.github.webhook_secrets[0].get_secret_value(),
    )
    assert [("churn", 7, ("sat",)), ("fraud", 14, ("mon", "tue", "wed", "thu", "fri"))] == [
        (project.name, project.sprint.length_days, project.sprint.working_days)
        for project in settings.projects
    ]
    assert ("x-*",) == settings.sources[0].experiments


def test_the_environment_alone_is_enough():
    """A container needs no file: the default project is changed, sources are added."""
    settings = load(
        None,
        {
            "TRAINBOARD_PROJECTS__0__TRACKER": "github:acme/churn",
            "TRAINBOARD_SOURCES__0__KIND": "runs",
            "TRAINBOARD_SOURCES__0__NAME": "ci",
            "TRAINBOARD_SOURCES__0__PROJECT": "default",
            "TRAINBOARD_SOURCES__0__SECRETS": f'["{RUNS_SECRET}"]',
        },
    )
    assert ("default", "github:acme/churn", "github:acme/churn", "ci") == (
        settings.projects[0].name,
        settings.projects[0].tracker,
        settings.projects[0].code,
        settings.sources[0].name,
    )


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("SERVER__PRT", "1", 'unknown key "prt" in [server]; did you mean "port"?'),
        ("SERVR__PORT", "1", 'there is no section "servr"; did you mean "server"?'),
        ("SERVER__PORT", "x", '"port" in [server] must be a whole number'),
        ("SERVER", "3", "[server] must be a table"),
        ("GITHUB__WEBHOOK_SECRETS", "[x", '"webhook_secrets" in [github] must be a list'),
        ("GITHUB__WEBHOOK_SECRETS", '[""]', 'entry 1 of "webhook_secrets" in [github] must not be empty'),
        ("GITHUB__APP_ID", "3", '"app_id" in [github] needs "private_key" too'),
        ("PROJECTS__0__TRACKR", "x", 'unknown key "trackr" in [[projects]]; did you mean "tracker"?'),
        ("PROJECTS__5__NAME", "x", "[projects] must be a list of tables: write [[projects]]"),
        ("PROJECTS__NAME", "x", "[projects] must be a list of tables: write [[projects]]"),
        ("SOURCES__0__NAME", "x", '"kind" is missing in [[sources]]'),
        ("SOURCES__1__NAME", "x", "[sources] must be a list of tables: write [[sources]]"),
    ],
)
def test_a_wrong_variable_is_named(variable, value, expected):
    """What comes from the environment is mended there, so the variable stands where the line would."""
    with pytest.raises(SettingsError) as caught:
        load(None, {f"TRAINBOARD_{variable}": value})
    assert f"TRAINBOARD_{variable}: {expected}" == str(caught.value)


def test_a_key_of_the_file_is_not_blamed_on_the_environment():
    """Where both speak of one section, each is told its own."""
    said = complaints("[server]\nhost = 5\n", TRAINBOARD_SERVER__PORT="x")
    assert [
        'TRAINBOARD_SERVER__PORT: "port" in [server] must be a whole number',
        'trainboard.toml:2: "host" in [server] must be text',
    ] == said


def test_a_source_without_a_known_project_list_is_not_doubted():
    """As long as the projects are wrong, nothing is said of the sources that name them."""
    said = complaints("[[projects]]\n" + MLFLOW)
    assert ['trainboard.toml:1: "name" is missing in [[projects]]'] == said


def test_the_environment_of_the_process_is_not_changed():
    """Loading reads and writes nothing."""
    before = dict(os.environ)
    load(None, {"TRAINBOARD_SERVER__PORT": "9000"})
    assert before == dict(os.environ)
