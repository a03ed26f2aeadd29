"""Workspaces of Azure Machine Learning. Imported only where one is named."""

from collections.abc import Callable
from datetime import datetime

from trainboard.entra import Tokens, open_source
from trainboard.experiments.azure_ml import AzureMlReader
from trainboard.settings import AzureMlSource
from trainboard.wiring.errors import WiringError
from trainboard.workspaces import parse_workspace

_ADVICE = {
    "managed-identity": "Give the machine or container a managed identity; if the user assigned it, name it "
    "in client_id of {name}.",
    "workload-identity": "Give the pod a service account with a federated token, and check client_id and "
    "tenant_id of {name}.",
    "service-principal": "Check tenant_id, client_id and client_secret of {name}.",
}


def open_reader(name: str, source: AzureMlSource, clock: Callable[[], datetime]) -> AzureMlReader:
    """Reads as the identity that the source names.

    Its tokens are for Azure Resource Manager, as those of `azureml-mlflow` and of Microsoft's example of
    plain calls are.

    Raises:
        WiringError: azure-identity is not installed, or lacks something that the identity needs.
    """
    secret = source.client_secret.get_secret_value() if source.client_secret else None
    advice = _ADVICE[source.auth].format(name=f"the source {name}")
    try:
        tokens = Tokens(
            lambda: open_source(source.auth, source.tenant_id or None, source.client_id or None, secret),
            f"{source.resource_manager}/.default",
            advice,
        )
    except ImportError as error:
        raise WiringError(
            f"To read the source {name} needs azure-identity: pip install trainboard[entra]."
        ) from error
    except ValueError as error:
        raise WiringError(
            f'The source {name} has auth = "{source.auth}", and something is missing. {advice}'
        ) from error
    return AzureMlReader(
        name=name,
        workspace=parse_workspace(source.url),
        token=tokens,
        experiments=source.experiments,
        clock=clock,
    )
