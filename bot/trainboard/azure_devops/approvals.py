"""Approvals that runs of pipelines wait for, which the package leaves out.

Source: "Azure DevOps Services REST API Reference", "Approvals and checks", "Approvals".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from azure.devops.client import Client

LOCATION = "37794717-f36f-4d78-b2bf-4dc30d0cfbcd"
VERSION = "7.1-preview.1"

Status = Literal["approved", "rejected"]


class Decision(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What becomes of an approval. `comment` is shown to all who may see the run."""

    approval_id: str
    status: Status
    comment: str = ""


class ApprovalsClient(Client):  # type: ignore[misc]
    """Made by `Clients`. What it answers is the JSON as Python values, for there are no models."""

    resource_area_identifier = None

    def get_approvals(
        self,
        project: str,
        *,
        state: str | None = None,
        approval_ids: Sequence[str] = (),
        top: int | None = None,
    ) -> list[dict[str, Any]]:
        """The approvals of a project with their steps: all, or those in `state`, or the named ones."""
        query = {"state": state, "approvalIds": ",".join(approval_ids) or None, "top": top}
        return self._unwrap_collection(self._ask("GET", project, query=query))  # type: ignore[no-any-return]

    def get_approval(self, project: str, approval_id: str) -> dict[str, Any]:
        """One approval with its steps."""
        response = self._ask("GET", project, route={"approvalId": approval_id})
        return msgspec.json.decode(response.content, type=dict[str, Any])

    def update_approvals(self, project: str, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
        """Decide. Azure DevOps refuses who is not among the approvers, and who is blocked."""
        response = self._ask("PATCH", project, content=msgspec.to_builtins(decisions))
        return self._unwrap_collection(response)  # type: ignore[no-any-return]

    def _ask(
        self,
        method: str,
        project: str,
        *,
        route: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
        content: object = None,
    ) -> Any:
        wanted = {"$expand": "steps", **(query or {})} if method == "GET" else {}
        return self._send(
            http_method=method,
            location_id=LOCATION,
            version=VERSION,
            route_values=self._quote({"project": project, **(route or {})}),
            query_parameters=self._quote(wanted),
            content=content,
        )

    def _quote(self, values: Mapping[str, object]) -> dict[str, str]:
        return {
            name: self._base_serialize.url(name, value, "str")
            for name, value in values.items()
            if value is not None
        }
