"""The list of alerts of a subscription of Azure. Imported only where one is named."""

from trainboard.entra import Kind, get_token, open_source
from trainboard.monitors.azure_monitor import AzureMonitor
from trainboard.outbound import Outbound
from trainboard.settings import AzureMonitorSource
from trainboard.wiring.errors import WiringError

_ADVICE = (
    "Check reader_tenant, reader_client_id and reader_client_secret of the source, or give the machine or "
    "container a managed identity."
)


def open_monitor(source: AzureMonitorSource) -> AzureMonitor:
    """Reads as the service principal that the source names, or as the managed identity of the machine.

    Raises:
        WiringError: azure-identity is not installed.
    """
    secret = source.reader_client_secret
    kind: Kind = "service-principal" if secret else "managed-identity"
    try:
        identity = open_source(
            kind,
            source.reader_tenant or None,
            source.reader_client_id or None,
            secret.get_secret_value() if secret else None,
        )
    except ImportError as error:
        raise WiringError(
            f"Source azure-monitor/{source.name} names a subscription, and to read its alerts needs "
            "azure-identity: pip install trainboard[entra]."
        ) from error
    scope = f"{source.resource_manager.rstrip('/')}/.default"
    server = Outbound(
        "Azure Resource Manager",
        source.resource_manager,
        token=lambda: get_token(identity, scope, _ADVICE),
    )
    return AzureMonitor(
        name=f"azure-monitor/{source.name}", server=server, subscription=source.subscription.lower()
    )
