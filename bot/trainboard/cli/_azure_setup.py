"""What `trainboard init --azure` finds out, plans and does."""

import os
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import click
import msgspec

from trainboard.azure_devops import hook_calls
from trainboard.azure_devops.service_hooks import ServiceHooks
from trainboard.budgets.memory import MemoryBudgets
from trainboard.cli._azure_text import TOKEN
from trainboard.hooks import REPAIRABLE, Hook, HookState
from trainboard.settings import Finding, Settings, SettingsError, load
from trainboard.settings.places import find_azure_place
from trainboard.trackers.azure_boards.plan_template import KnownTemplate, PlanTemplate
from trainboard.wiring import utc_now
from trainboard.wiring.azure_devops import boards, open_organization
from trainboard.wiring.azure_hooks import open_hooks
from trainboard.wiring.heard import find_obstacle, list_heard

SECRET_BYTES = 32

_VARIABLES = {
    "organization_url": "TRAINBOARD_AZURE_DEVOPS__ORGANIZATION_URL",
    "token": "TRAINBOARD_AZURE_DEVOPS__TOKEN",
    "webhook_password": "TRAINBOARD_AZURE_DEVOPS__WEBHOOK_PASSWORD",
    "public_url": "TRAINBOARD_SERVER__PUBLIC_URL",
}
"""By which the environment overrides a key of the settings."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says. Texts are empty where it says nothing; `asks` allows to ask for them."""

    organization: str = ""
    projects: tuple[str, ...] = ()
    public_url: str = ""
    rewrite: bool = False
    asks: bool = True


class Action(StrEnum):
    """What is done to a hook."""

    CREATE = "create"
    CHANGE = "change"
    LEAVE = "leave"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done to one hook, and why."""

    hook: Hook
    action: Action
    reason: str = ""

    @property
    def is_work(self) -> bool:
        """False if the hook is left as it is."""
        return self.action is not Action.LEAVE


class TemplateStep(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done to a team's template of an experiment."""

    template: PlanTemplate
    known: KnownTemplate

    @property
    def action(self) -> Action:
        """A template that differs is written anew."""
        if self.known.id is None:
            return Action.CREATE
        return Action.LEAVE if self.known.is_right else Action.CHANGE

    @property
    def is_work(self) -> bool:
        """False if the template is left as it is."""
        return self.action is not Action.LEAVE

    def do(self) -> None:
        """Carry it out."""
        self.template.write(self.known)


class Setup:
    """A set-up that may be planned and carried out.

    Args:
        settings: those of the file, with what was given or asked for.
        hooks: those of the projects.
        account: who the organisation says that we are.
        templates: those of the teams whose boards the settings name.
        added: keys that the settings of the file lack, with their values.
        rewrite: True if working hooks are to get the password too.
    """

    def __init__(
        self,
        settings: Settings,
        hooks: ServiceHooks,
        account: str,
        templates: Sequence[PlanTemplate],
        added: Mapping[str, str],
        *,
        rewrite: bool,
    ) -> None:
        self.url = settings.azure_devops.organization_url
        self.user = settings.azure_devops.webhook_user
        self.pinned = settings.azure_devops.subscriptions
        self.account = account
        self._templates = templates
        self.added = added
        self._hooks = hooks
        self._rewrites = rewrite or "webhook_password" in added

    @property
    def new_password(self) -> str | None:
        """The one that was made for the hooks, None if the settings have one."""
        return self.added.get("webhook_password")

    def plan(self) -> list[Step]:
        """What is to be done to each hook."""
        return [self._judge(hook) for hook in self._hooks.list_all()]

    def plan_templates(self) -> list[TemplateStep]:
        """What is to be done to each team's template."""
        return [TemplateStep(template=each, known=each.find()) for each in self._templates]

    def do(self, step: Step) -> Hook:
        """Carry a step out; the hook as it stands then."""
        return self._hooks.repair(step.hook)

    def _judge(self, hook: Hook) -> Step:
        if hook.state is HookState.MISSING:
            return Step(hook=hook, action=Action.CREATE)
        if hook.state in REPAIRABLE:
            return Step(hook=hook, action=Action.CHANGE, reason=hook.detail)
        if hook.state is HookState.WORKING and self._rewrites:
            return Step(hook=hook, action=Action.CHANGE, reason="It gets the password.")
        return Step(hook=hook, action=Action.LEAVE, reason=hook.detail)


def prepare(config: Path | None, given: Given) -> Setup:
    """Find out what is needed, and whether we are let in.

    Raises:
        SettingsError: something is missing, or not as it must be.
        TrainboardError: we are not let in.
    """
    added = _list_given(given)
    added |= _ask(_load(config, added), given)
    settings = _load(config, added)
    if settings.azure_devops.webhook_password is None:
        added["webhook_password"] = secrets.token_urlsafe(SECRET_BYTES)
        settings = _load(config, added)
    if obstacle := find_obstacle(settings.server.public_url):
        raise SettingsError(Finding("server.public_url", None, obstacle))
    heard = list_heard(settings.projects)
    if given.projects or not heard:
        named = given.projects or (_ask_for("Project", given, "--project"),)
        heard = {name: heard.get(name, ()) for name in named}
    budgets = MemoryBudgets(utc_now)
    organization = open_organization(settings.azure_devops, utc_now, budgets)
    account = hook_calls.get_account(organization)
    hooks = open_hooks(settings, heard, utc_now, budgets, pinned=False)
    templates = _open_templates(settings, budgets)
    return Setup(settings, hooks, account, templates, added, rewrite=given.rewrite)


def _open_templates(settings: Settings, budgets: MemoryBudgets) -> list[PlanTemplate]:
    """Those of the teams in this organisation that the settings plan with."""
    trackers = dict.fromkeys(project.tracker for project in settings.projects)
    places = {each: place for each in trackers if (place := find_azure_place(each)) is not None}
    return [each.plan_template for each in boards(settings.azure_devops, places, utc_now, budgets).values()]


def _load(config: Path | None, added: Mapping[str, str]) -> Settings:
    return load(config, {**os.environ, **{_VARIABLES[key]: value for key, value in added.items()}})


def _list_given(given: Given) -> dict[str, str]:
    said = {"organization_url": given.organization.rstrip("/"), "public_url": given.public_url.rstrip("/")}
    return {key: value for key, value in said.items() if value}


def _ask(settings: Settings, given: Given) -> dict[str, str]:
    """What the settings lack."""
    azure_devops = settings.azure_devops
    found: dict[str, str] = {}
    if not azure_devops.organization_url:
        address = _ask_for("Address of the organisation", given, "--organization")
        found["organization_url"] = address.rstrip("/")
    if not settings.server.public_url:
        address = _ask_for("Public address of this server", given, "--public-url")
        found["public_url"] = address.rstrip("/")
    if azure_devops.token is None and azure_devops.auth == "token":
        found["token"] = os.environ.get(TOKEN) or _ask_for("Token", given, TOKEN, hidden=True)
    return found


def _ask_for(what: str, given: Given, where: str, *, hidden: bool = False) -> str:
    if not given.asks:
        raise SettingsError(Finding(where, None, f"is needed: {what[0].lower()}{what[1:]}"))
    answer: str = click.prompt(what, hide_input=hidden, err=True)
    return answer.strip()
