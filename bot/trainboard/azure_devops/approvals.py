"""Approvals, which the package leaves out.

Source: "Azure DevOps Services REST API Reference", "Approvals and Checks", "Approvals".
"""

from typing import Any

from azure.devops.client import Client

APPROVALS = "37794717-f36f-4d78-b2bf-4dc30d0cfbcd"
VERSION = "7.1-preview.1"


class ApprovalsClient(Client):  # type: ignore[misc]
    """Answers what JSON says, as dicts. Made by `Clients`."""

    resource_area_identifier = None

    def get_approvals(
        self, project: str, *, state: str = "pending", expand: str = "steps"
    ) -> list[dict[str, Any]]:
        """The approvals of a project in that state."""
        query = {"state": state, "$expand": expand}
        response = self._send(
            http_method="GET",
            location_id=APPROVALS,
            version=VERSION,
            route_values={"project": self._base_serialize.url("project", project, "str")},
            query_parameters={k: self._base_serialize.query(k, v, "str") for k, v in query.items()},
        )
        return self._unwrap_collection(response)  # type: ignore[no-any-return]
