"""Azure Boards of an Azure DevOps Server 2022, which knows no Markdown and is asked what it offers."""

from contextlib import contextmanager
from datetime import UTC, datetime

from contract.worlds.azure_boards import AzureBoardsWorld
from fakes.azure_devops import SERVER_2022, AzureDevOps, serving
from fakes.clock import FakeClock


@contextmanager
def open_world(request):
    clock = FakeClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with serving(AzureDevOps(clock, edition=SERVER_2022)) as azure:
        world = AzureBoardsWorld(azure, "Custom")
        yield world
        world.tracker.close()
