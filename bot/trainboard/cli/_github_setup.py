"""What `trainboard init --github` finds out, and what it does once GitHub has made the App."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click
import jwt
import msgspec

from trainboard.budgets.memory import MemoryBudgets
from trainboard.cli import _secret_files
from trainboard.errors import PermanentError, TrainboardError
from trainboard.github import manifests
from trainboard.github.apps import AppJson, Needs, get_app
from trainboard.github.calls import Call
from trainboard.github.client import Client
from trainboard.github.credentials import AppCredential
from trainboard.github.manifests import Manifest, Registration
from trainboard.settings import Finding, GitHub, Settings, SettingsError, find_file, load
from trainboard.settings.additions import Additions, Section, holds, plan
from trainboard.settings.loading import DEFAULT_FILE
from trainboard.wiring import utc_now
from trainboard.wiring.github_app import (
    WEBHOOK_PATH,
    Feature,
    list_features,
    list_repositories,
    open_anonymous,
    sum_up,
)
from trainboard.wiring.heard import is_special

KEY_FILE, SECRET_FILE = "github-app.pem", "github-webhook-secret"
_SECRETS = "TRAINBOARD_GITHUB__WEBHOOK_SECRETS"
_REPOSITORY = re.compile(r"[A-Za-z0-9-]{1,39}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_CLOUD = ("https://github.com", ".ghe.com")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says. Texts are empty where it says nothing; `asks` allows to ask for them.

    `registers` is False for an App that is there.
    """

    organization: str = ""
    repository: str = ""
    public_url: str = ""
    name: str = ""
    force: bool = False
    asks: bool = True
    registers: bool = True


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What an App is to be made for, and where what comes of it is to stand.

    `settings` are those of the file at `path`, which need not be there, with what was given or asked for;
    `server` and `project` are the sections that it lacks for that. `organization` is empty for somebody's
    own account, which is `owner` then.
    """

    settings: Settings
    path: Path
    server: tuple[Section, ...] = ()
    project: tuple[Section, ...] = ()
    owner: str
    organization: str
    name: str
    force: bool

    @property
    def features(self) -> list[Feature]:
        """What the App is for."""
        return list_features(self.settings)

    @property
    def needs(self) -> Needs:
        """What the App must be granted, and hear."""
        return sum_up(self.features)

    @property
    def web_url(self) -> str:
        """Where people find this GitHub."""
        return manifests.find_web_url(self.settings.github.api_url)

    @property
    def form_url(self) -> str:
        """GitHub's form."""
        return manifests.find_form_url(self.web_url, self.organization)

    @property
    def manifest(self) -> Manifest:
        """What GitHub is asked for."""
        public_url, needs = self.settings.server.public_url, self.needs
        return Manifest(
            name=self.name,
            url=public_url,
            webhook_url=f"{public_url}{WEBHOOK_PATH}",
            permissions=needs.permissions,
            events=needs.events,
        )

    @property
    def key_path(self) -> Path:
        """Where the private key will be."""
        return self.path.parent / KEY_FILE

    @property
    def secret_path(self) -> Path:
        """Where the webhook's secret will be."""
        return self.path.parent / SECRET_FILE

    def plan(self, app_id: int, key: str, secret: str | None) -> Additions:
        """What comes of the file of settings; `key` and `secret` are references to them."""
        keys: dict[str, str | int | tuple[str, ...]] = {}
        if self.settings.github.api_url != GitHub().api_url:
            keys["api_url"] = self.settings.github.api_url
        keys |= {"app_id": app_id, "private_key": key}
        if secret is not None:
            keys["webhook_secrets"] = (secret,)
        github = Section(header="[github]", keys=keys)
        return plan(self.path, [*self.server, github, *self.project])

    def check_writable(self) -> None:
        """That all that comes can be written, before GitHub makes anything.

        Raises:
            PermanentError: it cannot.
        """
        _secret_files.check_free([self.key_path, self.secret_path], force=self.force)
        there = self.path if self.path.exists() else self.path.parent
        if not os.access(there, os.W_OK):
            raise PermanentError(f"Could not write {self.path}: its place takes no writes from us.")

    def convert(self, code: str) -> Registration:
        """Exchange GitHub's code. Raises as `manifests.convert`."""
        client = open_anonymous(self.settings.github.api_url, utc_now, MemoryBudgets(utc_now))
        try:
            return manifests.convert(client, code)
        finally:
            client.close()

    def keep(self, app: Registration) -> Additions:
        """Write the key, the secret and the settings.

        Raises:
            PermanentError: something could not be written; GitHub shows the key no second time.
        """
        secret = f"file:{SECRET_FILE}" if app.webhook_secret else None
        additions = self.plan(app.id, f"file:{KEY_FILE}", secret)
        try:
            _secret_files.write(self.key_path, app.pem, force=self.force)
            if app.webhook_secret:
                _secret_files.write(self.secret_path, app.webhook_secret, force=self.force)
            additions.write()
        except PermanentError as error:
            raise PermanentError(
                f"{error} The App is registered: make another key for it at {app.settings_url}, then run "
                f"`trainboard init --github --app-id {app.id} --private-key FILE`."
            ) from error
        return additions


def prepare(config: Path | None, given: Given) -> Setup:
    """Find out what is needed. One call to GitHub: whose repository it is.

    Raises:
        SettingsError: something is missing, or not as it must be.
    """
    path = find_file(config) or Path(DEFAULT_FILE)
    said: dict[str, str] = {}
    if given.public_url:
        said["TRAINBOARD_SERVER__PUBLIC_URL"] = given.public_url.rstrip("/")
    settings = _load(path, said)
    if settings.github.has_way_in and not given.force:
        raise SettingsError(_refuse_second_way_in(settings, path))
    if given.registers and not settings.server.public_url:
        url = _ask_for("Public address of this server", given, "--public-url")
        said["TRAINBOARD_SERVER__PUBLIC_URL"] = url.rstrip("/")
        settings = _load(path, said)
    settings, project = _settle_project(path, settings, said, given)
    owner, organization = list_repositories(settings)[0].split("/")[0], ""
    if given.registers:
        _check_address(settings)
        owner = _find_owner(settings)
        organization = _find_organization(settings, owner, given)
    return Setup(
        settings=settings,
        path=path,
        server=_list_server(path, settings),
        project=project,
        owner=owner,
        organization=organization,
        name=given.name or f"trainboard-{owner}"[: manifests.LONGEST_NAME].rstrip("-"),
        force=given.force,
    )


def find_app(settings: Settings, app_id: int, key: str) -> AppJson:
    """The App of that number. One call.

    Raises:
        TrainboardError: GitHub does not let us in.
    """
    client = open_as_app(settings, app_id, key)
    try:
        return get_app(client)
    finally:
        client.close()


def open_as_app(settings: Settings, app_id: int, key: str) -> Client:
    """A client that signs in as the App."""
    credential = AppCredential(app_id, key, MemoryBudgets(utc_now), {})
    return credential.sign_in_as_app(settings.github.api_url, utc_now)


def read_key(path: Path) -> str:
    """The private key in a file.

    Raises:
        SettingsError: there is none.
    """
    try:
        key = path.read_text(encoding="utf-8")
        jwt.encode({}, key, algorithm="RS256")
    except OSError as error:
        raise SettingsError(Finding("--private-key", None, f"cannot be read: {error.strerror}")) from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise SettingsError(
            Finding("--private-key", None, f"{path} holds no private key as GitHub hands it out")
        ) from None
    return key


def check_secret(reference: str, path: Path) -> None:
    """That what `env:` or `file:` refers to is there, and that it is no secret itself.

    Raises:
        SettingsError: it is not.
    """
    if not reference.startswith(("env:", "file:")):
        raise SettingsError(
            Finding("--webhook-secret", None, "must be env:NAME or file:PATH, as others see command lines")
        )
    scheme, _, rest = reference.partition(":")
    if scheme == "file":
        reference = f"file:{(path.parent / rest).resolve()}"
    try:
        _load(path, {_SECRETS: json.dumps([reference])})
    except SettingsError as error:
        mine = [Finding("--webhook-secret", None, each.message) for each in error.findings]
        raise SettingsError(*mine) from None


def refer(path: Path, config: Path) -> str:
    """A reference to the file at `path` in the settings at `config`: relative where it lies beside them."""
    absolute, folder = path.resolve(), config.parent.resolve()
    return f"file:{absolute.relative_to(folder) if absolute.is_relative_to(folder) else absolute}"


def _load(path: Path, said: Mapping[str, str]) -> Settings:
    return load(path if path.exists() else Path(os.devnull), {**os.environ, **said})


def _refuse_second_way_in(settings: Settings, path: Path) -> Finding:
    if settings.github.app_id is not None:
        return Finding(
            str(path),
            None,
            f"names the App {settings.github.app_id} already: look at it with `trainboard doctor`, or "
            "register another one with --force",
        )
    return Finding(
        str(path), None, "names github.token, and an App takes its place: take it out first, or use --force"
    )


def _list_server(path: Path, settings: Settings) -> tuple[Section, ...]:
    if _load(path, {}).server.public_url == settings.server.public_url:
        return ()
    return (Section(header="[server]", keys={"public_url": settings.server.public_url}),)


def _check_address(settings: Settings) -> None:
    """GitHub's own servers send to the internet alone; one's own server may send anywhere."""
    url, web_url = settings.server.public_url, manifests.find_web_url(settings.github.api_url)
    if web_url.endswith(_CLOUD) and is_special(urlsplit(url).hostname or ""):
        raise SettingsError(
            Finding(
                "server.public_url",
                None,
                f"is {url}, to which GitHub sends nothing: set it to the address under which this server is "
                "reached from the internet",
            )
        )


def _settle_project(
    path: Path, settings: Settings, said: Mapping[str, str], given: Given
) -> tuple[Settings, tuple[Section, ...]]:
    """The settings with the repository that was given or asked for, and the project that the file lacks."""
    known = list_repositories(settings)
    repository = given.repository
    if not repository and not known:
        repository = _ask_for("Repository of the work items, owner/name", given, "--repository")
    if not repository or repository.casefold() in {name.casefold() for name in known}:
        return settings, ()
    if not _REPOSITORY.fullmatch(repository):
        raise SettingsError(Finding("--repository", None, f"is {repository!r}, and must be owner/name"))
    name = re.sub(r"[^a-z0-9]+", "-", repository.split("/")[1].lower()).strip("-")[:50] or "project"
    keys = {"name": name, "tracker": f"github:{repository}"}
    number = len(settings.projects) if holds(path, "projects") else 0
    variables = {f"TRAINBOARD_PROJECTS__{number}__{key.upper()}": value for key, value in keys.items()}
    return _load(path, {**said, **variables}), (Section(header="[[projects]]", keys=keys),)


def _find_owner(settings: Settings) -> str:
    """The one account that all repositories belong to: a private App cannot be installed on another."""
    owners = list(dict.fromkeys(name.split("/")[0] for name in list_repositories(settings)))
    if len({owner.casefold() for owner in owners}) > 1:
        raise SettingsError(
            Finding(
                "projects",
                None,
                f"have repositories of {' and '.join(owners)}, and a private App is installed on the account "
                "that owns it alone: make a public one by hand, see docs/github.md",
            )
        )
    return owners[0]


def _find_organization(settings: Settings, owner: str, given: Given) -> str:
    """The owner, if GitHub says that it is an organisation; it is asked for where GitHub does not say."""
    if given.organization:
        if given.organization.casefold() != owner.casefold():
            raise SettingsError(
                Finding(
                    "--organization",
                    None,
                    f"is {given.organization}, and the repositories belong to {owner}: a private App is "
                    "installed on the account that owns it alone",
                )
            )
        return owner
    client = open_anonymous(settings.github.api_url, utc_now, MemoryBudgets(utc_now))
    try:
        found = client.get(Call(doing=f"see who {owner} is", path=f"/users/{owner}"), _Kind)
    except TrainboardError:
        if given.asks and not click.confirm(f"Is {owner} an organisation?", default=True, err=True):
            return ""
        return owner
    finally:
        client.close()
    return owner if found.type == "Organization" else ""


class _Kind(msgspec.Struct, frozen=True):
    type: str


def _ask_for(what: str, given: Given, where: str) -> str:
    if not given.asks:
        raise SettingsError(Finding(where, None, f"is needed: {what[0].lower()}{what[1:]}"))
    answer: str = click.prompt(what, err=True)
    return answer.strip()
