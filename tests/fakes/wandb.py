"""A small W&B behind `responses`: projects, runs and models in memory, asked as GraphQL asks.

It knows our questions, and filters by times; what is no GraphQL of W&B's fails the test. None can find out
what the real one does differently.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import responses

from fakes.wandb_schema import list_faults

OPERATION = re.compile(r"query (\w+)\(")


def a_run(name: str = "r1", **facts: Any) -> dict[str, Any]:
    """A run as W&B tells it; `config` and `summary` are dicts."""
    config = {key: {"value": value, "desc": None} for key, value in facts.pop("config", {}).items()}
    told = {
        "name": name,
        "displayName": name,
        "sweepName": None,
        "state": "finished",
        "group": None,
        "commit": None,
        "createdAt": "2026-11-23T08:00:00Z",
        "heartbeatAt": "2026-11-23T09:00:00Z",
        "tags": [],
        "config": json.dumps({"_wandb": {"value": {"cli_version": "0.31.0"}}} | config),
        "summaryMetrics": json.dumps({"_step": 9, "_runtime": 60, **facts.pop("summary", {})}),
        "user": {"username": "ana"},
    }
    return told | facts


@dataclass
class FakeModel:
    """A collection of models: its versions in order, and at which of them each alias points."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)

    def add(self, run: str | None, project: str = "acme/churn-eu", at: str = "2026-11-23T08:30:00") -> str:
        """Make a version by a run of a project, or by hand; its name."""
        maker: dict[str, Any] = {"__typename": "User"}
        if run is not None:
            entity, name = project.split("/")
            maker = {"__typename": "Run", "name": run, "project": {"name": name, "entity": {"name": entity}}}
        self.versions.append({"createdAt": at, "createdBy": maker})
        return f"v{len(self.versions) - 1}"

    def all_aliases(self) -> list[str]:
        """With those that W&B sets by itself."""
        own = [f"v{number}" for number in range(len(self.versions))]
        return [*own, *(["latest"] if own else []), *self.aliases]

    def membership(self, alias: str) -> dict[str, Any] | None:
        """What an alias points at."""
        pointers = {f"v{number}": number for number in range(len(self.versions))}
        pointers |= {"latest": len(self.versions) - 1} | self.aliases
        index = pointers.get(alias, -1)
        if not 0 <= index < len(self.versions):
            return None
        return {"versionIndex": index, "artifact": self.versions[index]}


@dataclass
class FakeWandb:
    """What it holds, by project, and the questions that it was asked: operation and variables."""

    url: str = "https://api.wandb.test"
    entity: str = "acme"
    projects: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"churn-eu": []})
    models: dict[tuple[str, str], dict[str, "FakeModel"]] = field(default_factory=dict)
    projects_per_page: int = 100
    aliases_per_page: int = 1000
    refuses: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def listen(self, mock: responses.RequestsMock) -> None:
        """Answer the calls that `mock` catches."""
        mock.add_callback("POST", f"{self.url}/graphql", self._answer)

    def questions(self, operation: str) -> list[dict[str, Any]]:
        """What was asked by `operation`, in order."""
        return [variables for name, variables in self.asked if name == operation]

    def put_model(self, path: str) -> "FakeModel":
        """The model `entity/project/collection`; made where it is not there."""
        entity, project, name = path.split("/")
        return self.models.setdefault((entity, project), {}).setdefault(name, FakeModel())

    def _answer(self, request):
        question = json.loads(request.body)
        assert [] == list_faults(question["query"])
        [operation] = OPERATION.findall(question["query"])
        variables = question["variables"]
        self.asked.append((operation, variables))
        if operation in self.refuses:
            return 200, {}, json.dumps({"data": None, "errors": [self.refuses[operation]]})
        if (variables["entity"], variables.get("project")) in self.models and operation.startswith(
            "Artifact"
        ):
            answer = getattr(self, f"_{operation.lower()}")(variables)
            return 200, {}, json.dumps({"data": {"project": answer}})
        if operation.startswith("Artifact") or variables["entity"] != self.entity:
            return 200, {}, json.dumps({"data": {"models": None, "project": None}})
        return 200, {}, json.dumps({"data": getattr(self, f"_{operation.lower()}")(variables)})

    def _getprojects(self, variables):
        rows = [{"node": {"name": name}} for name in self.projects]
        return {"models": self._page(rows, variables["cursor"], self.projects_per_page)}

    def _run(self, variables):
        runs = self.projects.get(variables["project"])
        if runs is None:
            return {"project": None}
        return {"project": {"run": next((run for run in runs if run["name"] == variables["name"]), None)}}

    def _artifacttypeartifactcollections(self, variables):
        models = self.models[variables["entity"], variables["project"]]
        rows = [
            {"node": {"name": name, "aliases": self._aliases(model, None, variables["aliases"])}}
            for name, model in models.items()
        ]
        return {
            "artifactType": {
                "artifactCollections": self._page(rows, variables["cursor"], variables["perPage"])
            }
        }

    def _artifactcollectionaliases(self, variables):
        model = self.models[variables["entity"], variables["project"]][variables["collection"]]
        page = self._aliases(model, variables["cursor"], variables["perPage"])
        return {"artifactCollection": {"aliases": page}}

    def _artifactmemberships(self, variables):
        models = self.models[variables["entity"], variables["project"]]
        found = {}
        for number in range(sum(key.startswith("a") for key in variables)):
            model = models.get(variables[f"c{number}"])
            told = {"artifactMembership": model.membership(variables[f"a{number}"])} if model else None
            found[f"p{number}"] = told
        return found

    def _aliases(self, model, cursor, size):
        rows = [{"node": {"alias": alias}} for alias in model.all_aliases()]
        return self._page(rows, cursor, min(size, self.aliases_per_page))

    def _runs(self, variables):
        runs = self.projects.get(variables["project"])
        if runs is None:
            return {"project": None}
        filters = json.loads(variables["filters"])
        key = {"+heartbeat_at": "heartbeatAt", "+created_at": "createdAt"}[variables["order"]]
        found = sorted(
            (run for run in runs if _holds(run, filters)), key=lambda run: (run[key] or "", run["name"])
        )
        rows = [{"node": run} for run in found]
        return {"project": {"runs": self._page(rows, variables["cursor"], variables["perPage"])}}

    @staticmethod
    def _page(rows, cursor, size):
        start = int(cursor or 0)
        more = start + size < len(rows)
        info = {"endCursor": str(start + size) if rows else None, "hasNextPage": more}
        return {"edges": rows[start : start + size], "pageInfo": info}


def _holds(run, filters):
    if "$or" in filters:
        return any(_holds(run, each) for each in filters["$or"])
    [(key, condition)] = filters.items()
    return run[key] is not None and run[key] >= condition["$gte"]
