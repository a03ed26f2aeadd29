"""The command line. Each module here with a `command` is a subcommand, read only when it is asked for."""

from importlib import import_module
from pkgutil import iter_modules

import click

from trainboard import __version__
from trainboard.errors import TrainboardError

FINDING = 1
"""Exit code of a finding or a failed operation."""

WRONG_USAGE = 2
"""Exit code of wrong usage or configuration."""


class _Modules(click.Group):
    """Subcommands are the modules of this package, with dashes for underscores."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        names = (module.name for module in iter_modules(__path__))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        command: click.Command | None = getattr(module, "command", None)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TrainboardError as error:
            click.echo(str(error), err=True)
            ctx.exit(_exit_code(error))


def _exit_code(error: TrainboardError) -> int:
    from trainboard.settings import SettingsError

    return WRONG_USAGE if isinstance(error, SettingsError) else FINDING


@click.group(cls=_Modules, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="trainboard %(version)s")
def main() -> None:
    """Keep the plan of a machine-learning team true."""
