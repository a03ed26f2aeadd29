"""The options of `trainboard init --github`, as one value."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from trainboard.cli._github_flow import Import, Manner
    from trainboard.cli._github_setup import Given

_OPTIONS = (
    click.option("--repository", default="", help="GitHub: owner/name of a project that the settings lack."),
    click.option("--name", default="", help="GitHub: name of the App; default trainboard-OWNER."),
    click.option("--app-id", type=click.IntRange(min=1), help="GitHub: number of an App that is there."),
    click.option(
        "--private-key", type=click.Path(path_type=Path), help="GitHub: file with a private key of that App."
    ),
    click.option(
        "--webhook-secret", default="", help="GitHub: where that App's secret is, env:NAME or file:PATH."
    ),
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=0,
        help="GitHub: port of the page; default any.",
    ),
    click.option("--no-browser", is_flag=True, help="GitHub: open no browser, tell what to open."),
    click.option("--no-wait", is_flag=True, help="GitHub: do not wait until the App is installed."),
)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the options say."""

    repository: str = ""
    name: str = ""
    app_id: int | None = None
    private_key: Path | None = None
    webhook_secret: str = ""
    port: int = 0
    no_browser: bool = False
    no_wait: bool = False

    def to_given(self, organization: str, public_url: str, *, force: bool, asks: bool) -> "Given":
        """What is known before anything is asked."""
        from trainboard.cli._github_setup import Given

        return Given(
            organization=organization,
            repository=self.repository,
            public_url=public_url,
            name=self.name,
            force=force,
            asks=asks,
            registers=self.app_id is None,
        )

    def to_manner(self, *, as_json: bool) -> "Manner":
        """How it is gone about."""
        from trainboard.cli._github_flow import Manner

        return Manner(port=self.port, opens=not self.no_browser, waits=not self.no_wait, as_json=as_json)

    def to_import(self) -> "Import | None":
        """The App that is there, None to register one.

        Raises:
            UsageError: only a part of it is named.
        """
        from trainboard.cli._github_flow import Import

        if self.app_id is None and self.private_key is None:
            if self.webhook_secret:
                raise click.UsageError("--webhook-secret is that of an App that is there: give --app-id too.")
            return None
        if self.app_id is None or self.private_key is None:
            raise click.UsageError("An App that is there is taken by --app-id and --private-key together.")
        return Import(app_id=self.app_id, private_key=self.private_key, webhook_secret=self.webhook_secret)


def github_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it gets them as `wish`, and must have `--github`."""

    @wraps(command)
    def collected(**values: Any) -> Any:
        fields = {name: values.pop(name) for name in Wish.__struct_fields__}
        wish = Wish(**fields)
        if wish != Wish() and not values["github"]:
            raise click.UsageError("The options of a GitHub App go with --github.")
        return command(wish=wish, **values)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected
