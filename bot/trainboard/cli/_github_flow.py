"""How `trainboard init --github` goes: register or import an App, wait until it is installed, look at all."""

import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from trainboard.cli import FINDING, _github_text
from trainboard.cli._output import print_json
from trainboard.diagnosis import Grade
from trainboard.errors import PermanentError, TrainboardError
from trainboard.github.apps import AppJson, list_installations
from trainboard.github.manifests import LIFETIME
from trainboard.registering.pages import Offer, Purpose, Registered
from trainboard.registering.serving import Registering
from trainboard.registering.states import States
from trainboard.wiring import utc_now

if TYPE_CHECKING:
    from trainboard.cli._github_setup import Setup
    from trainboard.diagnosis import Finding
    from trainboard.github.client import Client
    from trainboard.settings.additions import Additions

LOOK_SECONDS = 3.0
PATIENCE = timedelta(minutes=10)


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How it is gone about: `port` of the page, 0 for any; if a browser opens, and it waits at the end."""

    port: int = 0
    opens: bool = True
    waits: bool = True
    as_json: bool = False


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """An App that is there: its number, the file of its key, and where its webhook's secret is, if known."""

    app_id: int
    private_key: Path
    webhook_secret: str = ""


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    app: AppJson
    key: str
    additions: "Additions"
    files: tuple[str, ...] = ()


def show(setup: "Setup", *, as_json: bool) -> None:
    """What would be done."""
    if as_json:
        print_json(_github_text.dry_values(setup))
    else:
        click.echo(_github_text.render_dry(setup))


def register(setup: "Setup", manner: Manner) -> None:
    """Have GitHub make an App, in a browser, and go on from there.

    Raises:
        SystemExit: with 1, if the look at all of it finds something failing.
        TrainboardError: there is no App, or what came of it could not be written.
    """
    setup.check_writable()
    _say(_github_text.render_intention(setup))
    made: list[_Made] = []

    def exchange(code: str) -> Registered:
        app = setup.convert(code)
        additions = setup.keep(app)
        files = [str(setup.key_path), *([str(setup.secret_path)] if app.webhook_secret else [])]
        made.append(_Made(app=app, key=app.pem, additions=additions, files=tuple(files)))
        lines = _github_text.list_written(setup, additions, has_secret=bool(app.webhook_secret))
        return Registered(
            name=app.name,
            owner=setup.owner,
            installing_url=app.installing_url,
            lines=lines,
            todo=additions.render_todo(),
        )

    states = States(utc_now, LIFETIME)
    try:
        with Registering(_make_offer(setup), states, exchange, tell=_say, port=manner.port) as page:
            opened = manner.opens and _has_screen() and webbrowser.open(page.address)
            _say(_github_text.render_address(page.address, opened=opened))
            result = page.wait(LIFETIME)
    except KeyboardInterrupt:
        raise PermanentError(_github_text.render_end(setup, is_written=bool(made))) from None
    for line in result.lines:
        _say(line)
    _go_on(setup, made[-1], manner)


def adopt(setup: "Setup", wanted: Import, manner: Manner) -> None:
    """Take an App that is there. Raises as `register`."""
    from trainboard.cli import _github_setup

    key = _github_setup.read_key(wanted.private_key)
    if wanted.webhook_secret:
        _github_setup.check_secret(wanted.webhook_secret, setup.path)
    app = _github_setup.find_app(setup.settings, wanted.app_id, key)
    _say(f"GitHub lets us in as the App {app.name}.")
    reference = _github_setup.refer(wanted.private_key, setup.path)
    additions = setup.plan(app.id, reference, wanted.webhook_secret or None)
    additions.write()
    for line in _github_text.list_added(additions):
        _say(line)
    if not wanted.webhook_secret:
        _say("Set github.webhook_secrets to the secret of its webhook, or its deliveries are refused.")
    _go_on(setup, _Made(app=app, key=key, additions=additions), manner)


def _has_screen() -> bool:
    """False where a browser, if any, would be one that takes the terminal over."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in screens)


def _make_offer(setup: "Setup") -> Offer:
    purposes = [
        Purpose(
            name=feature.name,
            permissions=_github_text.list_permissions(feature),
            events=feature.events,
        )
        for feature in setup.features
    ]
    return Offer(
        name=setup.name,
        owner=_github_text.render_owner(setup),
        webhook_url=setup.manifest.webhook_url,
        form_url=setup.form_url,
        manifest=setup.manifest.render,
        purposes=purposes,
        files=[setup.key_path.name, setup.secret_path.name, setup.path.name],
    )


def _go_on(setup: "Setup", made: _Made, manner: Manner) -> None:
    if manner.waits:
        _wait(setup, made)
    if made.additions.todo:
        _say(_github_text.render_todo(made.additions))
        _say("Then run `trainboard doctor`.")
    findings = [] if made.additions.todo else _examine(made.additions.path)
    if manner.as_json:
        print_json(_github_text.result_values(made.app, made.additions, made.files, findings))
    else:
        _print(findings)
    if any(each.grade is Grade.FAILING for each in findings):
        raise SystemExit(FINDING)


def _wait(setup: "Setup", made: _Made) -> None:
    """Until it is installed on the owner's account; Ctrl-C and patience end it too."""
    from trainboard.cli import _github_setup

    client = _github_setup.open_as_app(setup.settings, made.app.id, made.key)
    try:
        if not _is_installed(client, setup.owner):
            _say(f"Install it on {setup.owner}: {made.app.installing_url}")
            _say("Waiting for that; Ctrl-C goes on without.")
            _look_until_installed(client, setup.owner)
        _say(f"It is installed on {setup.owner}.")
    except KeyboardInterrupt:
        _say("Going on without.")
    except TrainboardError as error:
        _say(f"{error} Going on without.")
    finally:
        client.close()


def _look_until_installed(client: "Client", owner: str) -> None:
    """Raises PermanentError if it is not in time."""
    pause = threading.Event()
    end = utc_now() + PATIENCE
    while not _is_installed(client, owner):
        if utc_now() > end:
            raise PermanentError("It is not installed yet.")
        pause.wait(LOOK_SECONDS)


def _is_installed(client: "Client", owner: str) -> bool:
    accounts = (each.account for each in list_installations(client))
    return any(account is not None and account.login.casefold() == owner.casefold() for account in accounts)


def _examine(path: Path) -> "Sequence[Finding]":
    from trainboard.cli._examining import make_subject
    from trainboard.doctor import examine
    from trainboard.settings import load

    subject = make_subject(load(path), str(path))
    try:
        return list(examine(subject))
    finally:
        subject.database.close()


def _print(findings: "Sequence[Finding]") -> None:
    from trainboard.cli._examining import print_finding

    for finding in findings:
        print_finding(finding)


def _say(text: str) -> None:
    click.echo(text, err=True)
