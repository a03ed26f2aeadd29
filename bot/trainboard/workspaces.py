"""Workspaces of Azure Machine Learning, by the addresses at which MLflow tracks in them.

Source: Microsoft, "Configure MLflow for Azure Machine Learning" and "View training jobs in studio".
"""

import re
from urllib.parse import quote

import msgspec

_ADDRESS = re.compile(
    r"(?:azureml|https)://(?P<host>[a-z0-9.-]+(?::[0-9]{1,5})?)/mlflow/v[0-9]+\.[0-9]+"
    r"/subscriptions/(?P<subscription>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"/resourceGroups/(?P<group>[\w().-]{1,90})"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<name>[\w.-]{1,33})/?",
    re.IGNORECASE | re.ASCII,
)
_STUDIOS = {".azure.us": "https://ml.azure.us", ".azure.cn": "https://studio.ml.azure.cn"}
_STUDIO = "https://ml.azure.com"


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace, and the host of its region that answers MLflow."""

    host: str
    subscription: str
    group: str
    name: str

    @property
    def source(self) -> str:
        """What reports of its runs have as their source, whoever tells of them."""
        return f"azureml:{self._resource}".lower()

    @property
    def url(self) -> str:
        """The tracking server, as the clients of MLflow 2 and 3 ask it.

        Source: `azureml-mlflow` 1.62, which asks below `/mlflow/v2.0` whatever the address says.
        """
        return f"https://{self.host}/mlflow/v2.0{self._resource}"

    def page_of_run(self, run_id: str) -> str:
        """Where people see the run."""
        return f"{self._studio}/runs/{quote(run_id, safe='')}?{self._selected}"

    def page_of_experiment(self, experiment_id: str) -> str:
        """Where people see the experiment."""
        return f"{self._studio}/experiments/id/{quote(experiment_id, safe='')}?{self._selected}"

    @property
    def _resource(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.name}"
        )

    @property
    def _studio(self) -> str:
        return next((page for end, page in _STUDIOS.items() if self.host.endswith(end)), _STUDIO)

    @property
    def _selected(self) -> str:
        return f"wsid=/subscriptions/{self.subscription}/resourcegroups/{self.group}/workspaces/{self.name}"


def parse_workspace(address: str) -> Workspace:
    """The workspace of a tracking address, `azureml://` as Azure prints it or `https://`.

    Raises:
        ValueError: it is no such address.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(
            "must be the tracking address of a workspace, as `az ml workspace show --query "
            "mlflow_tracking_uri` prints it: azureml://REGION.api.azureml.ms/mlflow/v1.0/subscriptions/..."
        )
    return Workspace(
        host=found["host"].lower(), **{name: found[name] for name in ("subscription", "group", "name")}
    )
