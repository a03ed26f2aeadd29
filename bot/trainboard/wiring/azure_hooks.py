"""The service hooks that the settings ask for. Imported only where an organisation is named."""

from collections.abc import Callable
from datetime import datetime

from trainboard.azure_devops.service_hooks import ServiceHooks
from trainboard.azure_devops.subscriptions import Target
from trainboard.budgets import Budgets
from trainboard.settings import Settings
from trainboard.wiring.azure_devops import open_organization
from trainboard.wiring.errors import WiringError
from trainboard.wiring.heard import PATH, Heard

Clock = Callable[[], datetime]


def open_hooks(
    settings: Settings, heard: Heard, clock: Clock, budgets: Budgets, *, pinned: bool
) -> ServiceHooks:
    """The hooks of those projects; if `pinned`, none is made anew. Their calls are counted in `budgets`.

    Raises:
        WiringError: the settings name no way in, or nothing that hooks could prove themselves with.
    """
    azure_devops = settings.azure_devops
    if azure_devops.webhook_password is None:
        raise WiringError(
            "Service hooks prove themselves with a password: set azure_devops.webhook_password."
        )
    return ServiceHooks(
        open_organization(azure_devops, clock, budgets),
        heard,
        Target(
            url=f"{settings.server.public_url}{PATH}",
            user=azure_devops.webhook_user,
            password=azure_devops.webhook_password.get_secret_value(),
        ),
        pinned=pinned,
    )
