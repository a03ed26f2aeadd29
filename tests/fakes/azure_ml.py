"""A workspace of Azure Machine Learning behind `responses`: MLflow's API with what Azure does differently.

Shapes and refusals are those of Microsoft's documentation and of what users pasted into issues; nobody
recorded the real service for us.
"""

import base64
import json
from dataclasses import dataclass, field

from fakes.mlflow import FakeMlflow
from trainboard.workspaces import parse_workspace

HOST = "westeurope.api.azureml.ms"
SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"
RESOURCE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ml"
    "/providers/Microsoft.MachineLearningServices/workspaces/ws-prod"
)
ADDRESS = f"azureml://{HOST}/mlflow/v1.0{RESOURCE}"
"""As `az ml workspace show` prints it; it is the workspace of the fixtures of Event Grid."""
WORKSPACE = parse_workspace(ADDRESS)


class Tokens:
    """Gives the tokens in turn, the next one whenever it is renewed, and the last one for ever."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    def get(self) -> str:
        """The one that holds now."""
        return self.tokens[0]

    def renew(self) -> None:
        """The next one."""
        if len(self.tokens) > 1:
            del self.tokens[0]


@dataclass
class FakeAzureMl(FakeMlflow):
    """A workspace. `token` is the only one that it takes; `missing` are actions that its bearer may not do.

    `untimed_first` tells where runs without a time are put among those that have one.
    """

    url: str = WORKSPACE.url
    token: str = "entra"
    missing: set[str] = field(default_factory=set)
    untimed_first: bool = False

    def _guard(self, answer):
        return lambda request: self._find_refusal(request) or answer(request)

    def _find_refusal(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refuse(401, "Bearer token not provided.", "AuthorizationError")
        action = (
            "workspaces/experiments/runs/read" if "/runs/" in request.url else "workspaces/experiments/read"
        )
        if action in self.missing:
            name = f"Microsoft.MachineLearningServices/{action}"
            return refuse(403, f"The identity does not have authorization to perform action '{name}'.")
        return None

    def _search_runs(self, request):
        question = json.loads(request.body)
        self.asked.append(("runs/search", question))
        if "attributes" in question["filter"] or question["max_results"] > 10_000:
            return refuse(400, f"Currently unsupported filter string format: {question['filter']}")
        [order] = question["order_by"]
        key, _, direction = order.partition(" ")
        assert (key in {"start_time", "end_time"}, direction) == (True, "DESC")
        found = [run for run in self.runs if run["info"]["experiment_id"] in question["experiment_ids"]]
        absent = float("inf") if self.untimed_first else 0
        found.sort(key=lambda run: (-(run["info"].get(key) or absent), run["info"]["run_id"]))
        assert question.get("page_token") != ""
        start = int(base64.b64decode(question.get("page_token", "MA==")))
        status, headers, body = self._page("runs", found, start, question["max_results"])
        page = json.loads(body)
        if "next_page_token" in page:
            page["next_page_token"] = base64.b64encode(page["next_page_token"].encode()).decode()
        return status, headers, json.dumps(page)

    @staticmethod
    def _missing():
        return refuse(404, "Resource not found.", "NotFoundError")


def refuse(status: int, message: str, inner: str = "BadArgument") -> tuple[int, dict[str, str], str]:
    """An error as the service writes it."""
    error = {
        "code": "UserError",
        "severity": None,
        "message": message,
        "details": [],
        "innerError": {"code": inner, "innerError": None},
    }
    told = {
        "error": error,
        "correlation": {"operation": "46dcf7ce223c1f7f5ff5e292da12a105", "request": "11c9d96be44eaea9"},
        "environment": "westeurope",
        "componentName": "mlflow",
    }
    return status, {}, json.dumps(told)
