"""A small MLflow behind `responses`: experiments and runs in memory, searched as the real one searches.

What the real one does differently is for the tests against the real one to find.
"""

import json
import operator
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses

CLAUSE = re.compile(r"attributes\.(\w+) (>=|<|!=) ('\w+'|\d+)")
COMPARE = {">=": operator.ge, "<": operator.lt, "!=": operator.ne}


def a_run(run_id: str = "r1", **facts: Any) -> dict[str, Any]:
    """A run as MLflow's JSON; `tags`, `params` and `metrics` are dicts, the rest goes to `info`."""
    data = {
        kind: [{"key": key, "value": value} for key, value in facts.pop(kind, {}).items()]
        for kind in ("tags", "params", "metrics")
    }
    inputs = facts.pop("inputs", {})
    info = {
        "run_id": run_id,
        "experiment_id": "1",
        "status": "FINISHED",
        "run_name": "",
        "user_id": "",
        "lifecycle_stage": "active",
        "artifact_uri": "mlflow-artifacts:/x",
    }
    return {"info": info | facts, "data": data, "inputs": inputs, "outputs": {}}


@dataclass
class FakeMlflow:
    """What the server holds, and the questions that it was asked: path and content."""

    url: str = "http://mlflow.test"
    experiments: dict[str, str] = field(default_factory=lambda: {"1": "churn-eu"})
    hidden: dict[str, str] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    experiments_per_page: int = 1000
    models: dict[str, dict[str, str]] = field(default_factory=dict)
    models_per_page: int = 1000
    versions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def listen(self, mock: responses.RequestsMock) -> None:
        """Answer the calls that `mock` catches."""
        answers = {
            ("POST", "experiments/search"): self._search_experiments,
            ("GET", "experiments/get"): self._get_experiment,
            ("POST", "runs/search"): self._search_runs,
            ("GET", "runs/get"): self._get_run,
            ("GET", "registered-models/search"): self._search_models,
            ("GET", "model-versions/get"): self._get_version,
        }
        for (method, path), answer in answers.items():
            mock.add_callback(method, f"{self.url}/api/2.0/mlflow/{path}", self._guard(answer))

    def questions(self, path: str) -> list[dict[str, Any]]:
        """What was asked at `path`, in order."""
        return [content for where, content in self.asked if where == path]

    def _guard(self, answer):
        return answer

    def _search_experiments(self, request):
        question = json.loads(request.body)
        self.asked.append(("experiments/search", question))
        start = int(question.get("page_token") or 0)
        rows = [{"experiment_id": each, "name": name} for each, name in self.experiments.items()]
        return self._page("experiments", rows, start, self.experiments_per_page)

    def _get_experiment(self, request):
        wanted = self._note(request)["experiment_id"]
        names = self.experiments | self.hidden
        if wanted not in names:
            return self._missing()
        return 200, {}, json.dumps({"experiment": {"experiment_id": wanted, "name": names[wanted]}})

    def _search_models(self, request):
        start = int(self._note(request).get("page_token") or 0)
        rows = [
            {"name": name, "aliases": [{"alias": each, "version": where} for each, where in aliases.items()]}
            for name, aliases in self.models.items()
        ]
        return self._page("registered_models", rows, start, self.models_per_page)

    def _get_version(self, request):
        asked = self._note(request)
        found = self.versions.get((asked["name"], asked["version"]))
        return (200, {}, json.dumps({"model_version": found})) if found else self._missing()

    def _get_run(self, request):
        wanted = self._note(request)["run_id"]
        for run in self.runs:
            if run["info"]["run_id"] == wanted:
                return 200, {}, json.dumps({"run": run})
        return self._missing()

    def _search_runs(self, request):
        question = json.loads(request.body)
        self.asked.append(("runs/search", question))
        clauses = CLAUSE.findall(question["filter"])
        assert " AND ".join(f"attributes.{a} {b} {c}" for a, b, c in clauses) == question["filter"]
        found = [
            run
            for run in self.runs
            if run["info"]["experiment_id"] in question["experiment_ids"]
            and run["info"]["lifecycle_stage"] == "active"
            and all(self._holds(run["info"], *clause) for clause in clauses)
        ]
        [order] = question["order_by"]
        key = order.removeprefix("attributes.").removesuffix(" ASC")
        found.sort(key=lambda run: (run["info"].get(key, float("inf")), run["info"]["run_id"]))
        return self._page("runs", found, int(question.get("page_token") or 0), question["max_results"])

    @staticmethod
    def _holds(info, name, compare, value):
        if name not in info:
            return False
        return COMPARE[compare](info[name], value.strip("'") if "'" in value else int(value))

    def _page(self, name, rows, start, size):
        page = {name: rows[start : start + size]}
        if start + size < len(rows):
            page["next_page_token"] = str(start + size)
        return 200, self.headers, json.dumps(page)

    def _note(self, request):
        parts = urlsplit(request.url)
        params = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.asked.append((parts.path.partition("/api/2.0/mlflow/")[2], params))
        return params

    @staticmethod
    def _missing():
        return 404, {}, json.dumps({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"})
