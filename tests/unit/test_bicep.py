"""`config/azure`: what can be said of it without Bicep's compiler, and without an Azure.

It parses, names versions and properties that Microsoft's clients know, hangs together, and holds no secret.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from fakes.bicep import list_secure, parse, resolve
from judges.azure_resources import KINDS, SCALE_RULE, find_strangers
from trainboard import __version__
from trainboard.deliveries import DeliveryState
from trainboard.settings import load
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade

FOLDER = Path(__file__).parents[2] / "config" / "azure"
MAIN = FOLDER / "main.bicep"
FILES = sorted(FOLDER.rglob("*.bicep"))
PARSED = {file.relative_to(FOLDER).as_posix(): parse(file) for file in FILES}
RESOURCES = [
    pytest.param(resource, document, id=f"{name}-{symbol}")
    for name, document in PARSED.items()
    for symbol, resource in document.get("resources", {}).items()
]
MODULES = PARSED["main.bicep"]["modules"]
SECRET = re.compile(r"password|secret$|key$", re.IGNORECASE)


@pytest.mark.parametrize(("resource", "document"), RESOURCES)
def test_a_resource_names_a_version(resource, document):
    """One that is no preview: its shape stays."""
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", resource["api_version"])


@pytest.mark.parametrize(
    ("resource", "document"), [each for each in RESOURCES if each.values[0]["type"] in KINDS]
)
def test_properties_are_those_of_microsofts_clients(resource, document):
    """A slip of the pen is otherwise seen when it is deployed."""
    assert [] == find_strangers(resource["type"], resolve(resource["config"], document))


@pytest.mark.parametrize(("name", "kind"), [("web", "http"), ("worker", "custom")])
def test_rules_are_those_of_microsofts_clients(name, kind):
    """Web servers are scaled by requests, workers by the queue; the scheduler stays alone."""
    [rule] = MODULES[name]["config"]["params"]["rules"]
    assert {"name", kind} == set(rule)
    assert [] == find_strangers(SCALE_RULE, resolve(rule, {}))
    assert ([], 1, 1) == tuple(
        MODULES["scheduler"]["config"]["params"][each] for each in ("rules", "fewest", "most")
    )


def test_the_judge_finds_what_is_wrong():
    """At any depth, in lists too."""
    app = {"properties": {"template": {"containers": [{"name": "x", "argz": []}]}, "environmentid": "x"}}
    at = "Microsoft.App/containerApps.properties"
    assert {f"{at}.template.containers[0].argz", f"{at}.environmentid"} == set(
        find_strangers("Microsoft.App/containerApps", app)
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_secrets_are_marked(file):
    """What is not stands in the log of the deployment, for all who may read it; an output always does."""
    secret = {
        name for name in PARSED[file.relative_to(FOLDER).as_posix()]["parameters"] if SECRET.search(name)
    }
    assert secret == list_secure(file.read_text())
    assert [] == [
        line for line in re.findall(r"^output .*$", file.read_text(), re.MULTILINE) if SECRET.search(line)
    ]


def test_secrets_have_no_default():
    """Nor does the example of parameters hold any: they come from the environment."""
    assert [] == re.findall(r"@secure\(\)\n(?:@.*\n)*param \w+ string =", MAIN.read_text())
    given = dict(re.findall(r"^param (\w+) = (.*)$", (FOLDER / "main.bicepparam").read_text(), re.MULTILINE))
    secret = list_secure(MAIN.read_text())
    assert secret <= set(given)
    assert [] == [
        name for name in secret if not given[name].startswith("readEnvironmentVariable('TRAINBOARD_")
    ]


def test_the_example_gives_what_is_asked_for():
    """Each parameter that it names is there, and each without a default is given."""
    given = set(re.findall(r"^param (\w+) =", (FOLDER / "main.bicepparam").read_text(), re.MULTILINE))
    asked = dict(re.findall(r"^param (\w+) \w+( =)?", MAIN.read_text(), re.MULTILINE))
    assert given <= set(asked)
    assert {name for name, default in asked.items() if not default} <= given


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_given_what_they_take(name):
    """All of it and nothing else; what is taken from another module is an output of it."""
    text_of = re.search(rf"^module {name} '(.+?)' = {{\n(.*?)^}}", MAIN.read_text(), re.MULTILINE | re.DOTALL)
    document = PARSED[text_of[1]]
    assert set(document["parameters"]) == set(re.findall(r"^    (\w+):", text_of[2], re.MULTILINE))
    for other, output in re.findall(r"(\w+)\.outputs\.(\w+)", text_of[2]):
        file = re.search(rf"^module {other} '(.+?)'", MAIN.read_text(), re.MULTILINE)[1]
        assert output in PARSED[file]["outputs"]


def test_every_module_is_used():
    """Each file is named."""
    used = set(re.findall(r"^module \w+ '(.+?)'", MAIN.read_text(), re.MULTILINE))
    assert used == set(PARSED) - {"main.bicep"}


def test_the_image_is_this_versions():
    """In the file and in the example."""
    named = re.findall(r"trainboard:(\d[\w.]*)", MAIN.read_text() + (FOLDER / "main.bicepparam").read_text())
    assert [__version__] * 2 == named


def test_the_settings_can_be_used(tmp_path, monkeypatch):
    """With the secrets that the Key Vault has, which are those that the apps read."""
    written = (FOLDER / "trainboard.toml").read_text()
    named = set(re.findall(r"/run/secrets/trainboard/([\w-]+)", written))
    vault = re.findall(
        r"name: '([a-z-]+)'\n  properties: {\n    value", (FOLDER / "modules/vault.bicep").read_text()
    )
    [mounted] = re.findall(r"^var secretNames = \[(.*)\]$", MAIN.read_text(), re.MULTILINE)
    assert named == set(re.findall(r"'([\w-]+)'", mounted))
    assert named | {"database-connection"} == set(vault)
    for secret in named:
        (tmp_path / secret).write_text("postgresql+psycopg://x" if secret == "database-url" else "x" * 40)
    (tmp_path / "trainboard.toml").write_text(written.replace("/run/secrets/trainboard", str(tmp_path)))
    monkeypatch.setenv("TRAINBOARD_CONFIG", str(tmp_path / "trainboard.toml"))
    assert ("off", "json") == (load().server.dashboard, load().server.log_format)


def test_workers_are_scaled_by_the_age_of_the_queue(postgresql_url):
    """The query says how many seconds the oldest delivery has waited, and 0 where none does."""
    query = text((FOLDER / "queue-age.sql").read_text())
    database = Database(postgresql_url)
    upgrade(database)
    put = text(
        "INSERT INTO deliveries "
        "(source, delivery_id, hook, kind, mailbox, state, attempts, received_at, run_at) "
        "VALUES ('runs/ci', :id, '', 'run', 'in:x', :state, 0, now(), now() - :age * interval '1 second')"
    )
    with database.write() as connection:
        ages = [connection.execute(query).scalar()]
        connection.execute(put, {"id": "done", "state": DeliveryState.DONE, "age": 500})
        connection.execute(put, {"id": "later", "state": DeliveryState.WAITING, "age": -60})
        ages.append(connection.execute(query).scalar())
        for age in (20, 90):
            connection.execute(put, {"id": f"d{age}", "state": DeliveryState.WAITING, "age": age})
        ages.append(connection.execute(query).scalar())
    database.close()
    assert [0, 0, 90] == ages
