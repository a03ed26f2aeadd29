"""W&B's GraphQL API, as far as reading needs it: plain questions, bounded answers, errors with a sentence.

W&B's own client is not used: it brings a program of its own for a few questions.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec
import requests

from trainboard.errors import PermanentError, TrainboardError, TransientError
from trainboard.experiments.wandb.answers import Envelope, OneProject, Projects, Run
from trainboard.outbound import Outbound

PATH = "/graphql"
PROJECTS_PER_PAGE = 100

_NO_API = "this is no API of W&B, check the address"
_MAX_QUOTED = 200
_FIELDS = (
    "name displayName sweepName state group commit createdAt heartbeatAt tags config summaryMetrics "
    "user { username }"
)
_PAGE_INFO = "pageInfo { endCursor hasNextPage }"
_RUNS = f"""
query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int, $order: String,
           $filters: JSONString) {{
  project(name: $project, entityName: $entity) {{
    runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {{
      edges {{ node {{ {_FIELDS} }} }}
      {_PAGE_INFO}
    }}
  }}
}}
"""
_RUN = f"""
query Run($project: String!, $entity: String!, $name: String!) {{
  project(name: $project, entityName: $entity) {{
    run(name: $name) {{ {_FIELDS} }}
  }}
}}
"""
_PROJECTS = f"""
query GetProjects($entity: String, $cursor: String, $perPage: Int) {{
  models(entityName: $entity, after: $cursor, first: $perPage) {{
    edges {{ node {{ name }} }}
    {_PAGE_INFO}
  }}
}}
"""

T = TypeVar("T")


class WandbClient:
    """Reads one entity of one W&B. Any number of threads may use it.

    Args:
        url: address of the API, `https://api.wandb.ai` or that of a server of one's own.
        entity: the team or the user whose projects are read.
        api_key: what W&B calls so.

    Raises (any method):
        PermanentError: W&B does not understand the question.
        TransientError: no answer, a refusal that somebody can lift, or no W&B.
    """

    def __init__(self, url: str, entity: str, api_key: str) -> None:
        self._http = Outbound("W&B", url, username="api", password=api_key)
        self._entity = entity

    def list_projects(self) -> Iterator[str]:
        """The names of the entity's projects."""
        cursor: str | None = None
        used: set[str | None] = {None}
        while True:
            variables = {"cursor": cursor, "perPage": PROJECTS_PER_PAGE}
            page = self.ask(_PROJECTS, variables, Projects).models
            if page is None:
                raise TransientError(
                    f"{self.where()} knows no entity {self._entity!r}: check entity and api_key"
                )
            yield from (project.name for project in page.nodes)
            cursor = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return
            self.check_circle(cursor, used)

    def list_runs(
        self, project: str, filters: Mapping[str, Any], order: str, size: int
    ) -> Iterator[list[Run]]:
        """Pages of the runs that fit; none of a project that is not there.

        Args:
            project: its name.
            filters: as MongoDB writes them, by `heartbeatAt`, `createdAt` or `state`.
            order: as in `+heartbeat_at`.
            size: how many runs a page has at most.
        """
        cursor: str | None = None
        used: set[str | None] = {None}
        while True:
            variables = {
                "project": project,
                "cursor": cursor,
                "perPage": size,
                "order": order,
                "filters": json.dumps(filters),
            }
            found = self.ask(_RUNS, variables, OneProject).project
            page = found.runs if found else None
            if page is None:
                return
            yield page.nodes
            cursor = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return
            self.check_circle(cursor, used)

    def find_run(self, project: str, name: str) -> Run | None:
        """The run; None if there is none that we may see."""
        found = self.ask(_RUN, {"project": project, "name": name}, OneProject).project
        return found.run if found else None

    def check_circle(self, cursor: str | None, used: set[str | None]) -> None:
        """Refuse a cursor that led to a page already."""
        if cursor in used:
            raise TransientError(f"{self.where()} pages in a circle: look at the server")
        used.add(cursor)

    def ask(self, query: str, variables: Mapping[str, Any], kind: type[T]) -> T:
        """What W&B answers; `entity` among the variables is ours unless they name another."""
        question = {"query": query, "variables": {"entity": self._entity, **variables}}
        answer = self._http.send("POST", PATH, json=question)
        if answer.status != requests.codes.ok:
            raise self._http.explain(PATH, answer, _NO_API)
        try:
            envelope = msgspec.json.decode(answer.body, type=Envelope)
            if envelope.errors:
                raise self._complaint(envelope)
            return msgspec.json.decode(envelope.data, type=kind)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise TransientError(f"{self.where()} did not answer as W&B does: {_NO_API} ({error})") from error

    def _complaint(self, envelope: Envelope) -> TrainboardError:
        """Source: W&B answers 200 with `errors` to what GraphQL refuses, and for what we may not see."""
        words = envelope.errors[0].message[:_MAX_QUOTED]
        line = "".join(letter if letter.isprintable() else " " for letter in words) or "it gives no reason"
        return PermanentError(f"{self.where()} refuses the question: {line}")

    def where(self) -> str:
        """Which W&B, for an error."""
        return self._http.where(PATH)
