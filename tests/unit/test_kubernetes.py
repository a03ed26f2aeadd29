"""`config/kubernetes` is what Kubernetes takes, holds together, and asks for no right beyond its needs."""

import re
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from click import Context

from fakes.clock import FakeClock
from peers.kubectl import render
from trainboard import __version__
from trainboard.cli import main
from trainboard.settings import load
from trainboard.store.database import Database
from trainboard.store.migrations import upgrade
from trainboard.telemetry import Telemetry
from trainboard.web.app import create_app
from trainboard.web.health import health

pytestmark = pytest.mark.peer

FOLDER = Path(__file__).parents[2] / "config" / "kubernetes"
ADAPTER = FOLDER.parent / "prometheus" / "adapter.values.yaml"
EMBEDDED, DISTRIBUTED, UPGRADE = "overlays/embedded", "overlays/distributed", "upgrade"
ALL = (EMBEDDED, DISTRIBUTED, UPGRADE)
VERSIONS = ("1.31", "1.34", "1.37")
SECRETS = "/run/secrets/trainboard"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n"


@cache
def rendered(name):
    return render(FOLDER / name)


def objects(name, *kinds):
    return [each for each in rendered(name) if each["kind"] in kinds]


def names(name, *kinds):
    return {each["metadata"]["name"] for each in objects(name, *kinds)}


def pods(name):
    """The templates of pods, by the names of what makes them."""
    made = objects(name, "Deployment", "Job")
    return {each["metadata"]["name"]: each["spec"]["template"] for each in made}


def containers(name):
    return [one for pod in pods(name).values() for one in pod["spec"]["containers"]]


def selected(name, labels):
    """Names of what makes the pods that have these labels."""
    found = {made: pod["metadata"]["labels"] for made, pod in pods(name).items()}
    return {made for made, there in found.items() if labels.items() <= there.items()}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ALL)
def test_kubernetes_knows_every_key(name, version):
    """Its schemas say so, of the oldest version that is meant to work and of the newest."""
    for each in rendered(name):
        kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        (EMBEDDED, {"web": ["serve", "--host", "0.0.0.0"]}),
        (
            DISTRIBUTED,
            {
                "web": ["web", "--host", "0.0.0.0"],
                "worker": ["worker", "--host", "0.0.0.0", "--port", "8080"],
                "scheduler": ["scheduler", "--host", "0.0.0.0", "--port", "8080"],
            },
        ),
        (UPGRADE, {"upgrade": ["db", "upgrade"]}),
    ],
)
def test_every_part_runs_its_command(name, commands):
    """The commands exist; the image's entry point is the program."""
    found = {made: pod["spec"]["containers"][0]["args"] for made, pod in pods(name).items()}
    assert commands == found
    assert {args[0] for args in found.values()} <= set(main.list_commands(Context(main)))


@pytest.mark.parametrize("name", ALL)
def test_the_image_is_this_versions(name):
    """It is named in one file for all."""
    assert {f"registry.example.com/trainboard:{__version__}"} == {one["image"] for one in containers(name)}


@pytest.mark.parametrize("name", ALL)
def test_pods_are_restricted(name):
    """Pod Security Standards, "restricted", and beyond: no account, and the image is not written to."""
    for pod in pods(name).values():
        spec = pod["spec"]
        context = spec["securityContext"]
        assert (True, 10001) == (context["runAsNonRoot"], context["runAsUser"])
        assert {"type": "RuntimeDefault"} == context["seccompProfile"]
        assert (False, False) == (spec["automountServiceAccountToken"], spec["enableServiceLinks"])
        assert set() == {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert set() == {kind for volume in spec["volumes"] for kind in volume} & {"hostPath"}
    for one in containers(name):
        assert {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        } == one["securityContext"]
        assert {"cpu", "memory"} == set(one["resources"]["requests"])
        assert {"memory"} == set(one["resources"]["limits"])


@pytest.mark.parametrize("name", ALL)
def test_what_a_pod_mounts_is_there(name):
    """Only the Secret is the operator's."""
    for pod in pods(name).values():
        spec = pod["spec"]
        there = {volume["name"]: volume for volume in spec["volumes"]}
        for one in spec["containers"]:
            assert {mount["name"] for mount in one["volumeMounts"]} == set(there)
        assert {"trainboard"} == {each["secret"]["secretName"] for each in there.values() if "secret" in each}
        maps = {each["configMap"]["name"] for each in there.values() if "configMap" in each}
        assert maps <= names(name, "ConfigMap")
        claims = {
            each["persistentVolumeClaim"]["claimName"]
            for each in there.values()
            if "persistentVolumeClaim" in each
        }
        assert claims <= names(name, "PersistentVolumeClaim")
        assert {spec.get("serviceAccountName", "default")} <= names(name, "ServiceAccount") | {"default"}


@pytest.mark.parametrize("name", [EMBEDDED, DISTRIBUTED])
def test_what_is_selected_is_there(name):
    """A selector with a slip of the pen selects nothing, and says nothing."""
    [service] = objects(name, "Service")
    [port] = service["spec"]["ports"]
    [web] = pods(name)["web"]["spec"]["containers"]
    assert {"web"} == selected(name, service["spec"]["selector"])
    assert port["targetPort"] in {each["name"] for each in web["ports"]}
    for made in objects(name, "Deployment"):
        assert {made["metadata"]["name"]} == selected(name, made["spec"]["selector"]["matchLabels"])
    for budget in objects(name, "PodDisruptionBudget"):
        assert {budget["metadata"]["name"]} == selected(name, budget["spec"]["selector"]["matchLabels"])
    for scaler in objects(name, "HorizontalPodAutoscaler"):
        assert scaler["spec"]["scaleTargetRef"]["name"] in names(name, "Deployment")
    [ingress] = objects(name, "Ingress")
    for path in ingress["spec"]["rules"][0]["http"]["paths"]:
        assert (service["metadata"]["name"], {"name": port["name"]}) == (
            path["backend"]["service"]["name"],
            path["backend"]["service"]["port"],
        )


def test_only_webhooks_are_reached_from_outside():
    """The pages have no login, and metrics are nobody's business."""
    [ingress] = objects(DISTRIBUTED, "Ingress")
    paths = {path["path"] for path in ingress["spec"]["rules"][0]["http"]["paths"]}
    assert {"/webhooks", "/api/live"} == paths


def test_a_second_process_never_has_the_file():
    """One pod, which ends before the next begins, and a volume that one pod mounts."""
    [made] = objects(EMBEDDED, "Deployment")
    [volume] = objects(EMBEDDED, "PersistentVolumeClaim")
    assert (1, {"type": "Recreate"}) == (made["spec"]["replicas"], made["spec"]["strategy"])
    assert ["ReadWriteOncePod"] == volume["spec"]["accessModes"]
    assert set() == names(EMBEDDED, "HorizontalPodAutoscaler", "PodDisruptionBudget")


@pytest.mark.parametrize("name", [EMBEDDED, DISTRIBUTED])
def test_probes_are_answered(name, tmp_path):
    """Each asks for an address of the service, with a query that it knows."""
    database = Database(f"sqlite:///{tmp_path}/x.db")
    upgrade(database)
    client = create_app(health(database, Telemetry(), FakeClock())).test_client()
    for one in containers(name):
        probes = {kind: one[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
        assert {"http"} == {each["port"] for each in probes.values()}
        assert [{"name": "http", "containerPort": 8080}] == one["ports"]
        assert {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz?exclude=queue"} == {
            kind: each["path"] for kind, each in probes.items()
        }
        assert 200 == client.get(probes["readiness"]["path"]).status_code
    database.close()


def read_settings(name, folder, monkeypatch):
    """The settings of the ConfigMap, as a pod with the Secret reads them."""
    [made] = objects(name, "ConfigMap")
    written = made["data"]["trainboard.toml"]
    secrets = set(re.findall(rf"{SECRETS}/([\w.-]+)", written))
    for secret in secrets:
        value = "postgresql+psycopg://trainboard@db/trainboard" if secret == "database-url" else KEY
        (folder / secret).write_text(value)
    (folder / "trainboard.toml").write_text(written.replace(SECRETS, str(folder)))
    monkeypatch.setenv("TRAINBOARD_CONFIG", str(folder / "trainboard.toml"))
    return load(), secrets


@pytest.mark.parametrize(
    ("name", "database"),
    [
        (EMBEDDED, "sqlite:////data/trainboard.db"),
        (DISTRIBUTED, "postgresql+psycopg://trainboard@db/trainboard"),
    ],
)
def test_the_settings_can_be_used(name, database, tmp_path, monkeypatch):
    """Nobody is local to a pod, so the pages are off until somebody puts a login before them."""
    settings, secrets = read_settings(name, tmp_path, monkeypatch)
    assert database == settings.server.database.get_secret_value()
    assert ("off", "json") == (settings.server.dashboard, settings.server.log_format)
    assert {"github-app.pem", "github-webhook-secret"} <= secrets


def test_the_schema_is_upgraded_with_the_secret_alone(tmp_path, monkeypatch):
    """The variable is read, and may be a file."""
    [one] = containers(UPGRADE)
    [variable] = one["env"]
    (tmp_path / "database-url").write_text("sqlite:///x.db\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable["name"], variable["value"].replace(SECRETS, str(tmp_path)))
    assert "sqlite:///x.db" == load().server.database.get_secret_value()


def policies(name):
    return {each["metadata"]["name"]: each["spec"] for each in objects(name, "NetworkPolicy")}


def test_nothing_is_open_that_is_not_needed():
    """A scheduler reaches names and the database, a worker HTTPS too; only Prometheus reaches either."""
    found = policies(DISTRIBUTED)
    everything = {"web", "worker", "scheduler"}
    assert everything == selected(DISTRIBUTED, found["deny"]["podSelector"]["matchLabels"])
    assert ({"Ingress", "Egress"}, False) == (
        set(found["deny"]["policyTypes"]),
        bool({"ingress", "egress"} & set(found["deny"])),
    )
    for policy in ("to-dns", "to-postgresql"):
        assert everything == selected(DISTRIBUTED, found[policy]["podSelector"]["matchLabels"])
    [open_to] = found["to-https"]["podSelector"]["matchExpressions"]
    assert ("app.kubernetes.io/component", "In", ["web", "worker"]) == (
        open_to["key"],
        open_to["operator"],
        open_to["values"],
    )
    reached = found["web-from-ingress-and-prometheus"]["podSelector"]["matchLabels"]
    assert {"web"} == selected(DISTRIBUTED, reached)
    [rule] = found["parts-from-prometheus"]["ingress"]
    assert [{"kubernetes.io/metadata.name": "monitoring"}] == [
        each["namespaceSelector"]["matchLabels"] for each in rule["from"]
    ]
    assert {53, 443, 5432} == {
        port["port"]
        for policy in found.values()
        for rule in policy.get("egress", [])
        for port in rule["ports"]
    }


def test_names_are_looked_up_in_the_clusters_own_server():
    """Labels of ours on its pods would close it."""
    [[peer]] = [rule["to"] for rule in policies(EMBEDDED)["to-dns"]["egress"]]
    assert {"k8s-app": "kube-dns"} == peer["podSelector"]["matchLabels"]


def test_workers_are_scaled_by_a_metric_that_is_exported():
    """It has no label, so that every web server says the same."""
    [scaler] = objects(DISTRIBUTED, "HorizontalPodAutoscaler")
    [metric] = scaler["spec"]["metrics"]
    name = metric["external"]["metric"]["name"]
    assert 0.0 == Telemetry().registry.get_sample_value(name)
    [rule] = yaml.safe_load(ADAPTER.read_text())["rules"]["external"]
    assert (name, name) == (rule["name"]["as"], rule["seriesQuery"].partition("{")[0])
    [made] = [each for each in objects(DISTRIBUTED, "Deployment") if each["metadata"]["name"] == "worker"]
    assert "replicas" not in made["spec"]
