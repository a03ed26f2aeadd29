"""What W&B is asked about collections of models: their aliases, and the versions that those point at."""

from collections.abc import Iterator, Sequence

from trainboard.errors import TransientError
from trainboard.experiments.wandb.answers import PageOf
from trainboard.experiments.wandb.client import WandbClient
from trainboard.experiments.wandb.registry_answers import (
    Alias,
    Collection,
    Membership,
    OneProjectOfModels,
    Pointed,
)

COLLECTIONS_PER_PAGE = 20
ALIASES_PER_PAGE = 1000
POINTERS_PER_CALL = 25

_PAGE_INFO = "pageInfo { endCursor hasNextPage }"
_ALIASES = f"edges {{ node {{ alias }} }} {_PAGE_INFO}"
_COLLECTIONS = f"""
query ArtifactTypeArtifactCollections($entity: String!, $project: String!, $cursor: String, $perPage: Int,
                                      $aliases: Int) {{
  project(entityName: $entity, name: $project) {{
    artifactType(name: "model") {{
      artifactCollections(after: $cursor, first: $perPage) {{
        edges {{ node {{ name aliases(first: $aliases) {{ {_ALIASES} }} }} }}
        {_PAGE_INFO}
      }}
    }}
  }}
}}
"""
_MORE_ALIASES = f"""
query ArtifactCollectionAliases($entity: String!, $project: String!, $collection: String!, $cursor: String,
                                $perPage: Int) {{
  project(entityName: $entity, name: $project) {{
    artifactCollection(name: $collection) {{ aliases(after: $cursor, first: $perPage) {{ {_ALIASES} }} }}
  }}
}}
"""
_MEMBERSHIP = (
    "versionIndex artifact { createdAt createdBy { __typename "
    "... on Run { name project { name entity { name } } } } }"
)

Pointer = tuple[str, str]
"""A collection and one of its aliases."""


class CollectionReader:
    """Reads the collections of the type `model`. A project that is not there has none, unless it is needed.

    Raises (any method): what `WandbClient` raises.
    """

    def __init__(self, client: WandbClient) -> None:
        self._client = client

    def list_aliases(
        self, entity: str, project: str, *, is_needed: bool = False
    ) -> Iterator[tuple[str, list[str]]]:
        """Each collection's name, with all its aliases.

        Raises:
            TransientError: also where the project is needed and not there.
        """
        cursor: str | None = None
        used: set[str | None] = {None}
        while (page := self._ask_page(entity, project, cursor, is_needed=is_needed)) is not None:
            for node in filter(None, page.nodes):
                yield node.name, list(self._follow(entity, project, node.name, node.aliases))
            cursor = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return
            self._client.check_circle(cursor, used)

    def list_pointed(
        self, entity: str, project: str, pointers: Sequence[Pointer]
    ) -> Iterator[tuple[Pointer, Membership]]:
        """The version that each alias points at; without those that point at nothing any more."""
        for first in range(0, len(pointers), POINTERS_PER_CALL):
            some = pointers[first : first + POINTERS_PER_CALL]
            names = {f"c{number}": name for number, (name, _) in enumerate(some)}
            aliases = {f"a{number}": alias for number, (_, alias) in enumerate(some)}
            where = {"entity": entity, "project": project}
            answer = self._client.ask(_write_question(len(some)), where | names | aliases, Pointed)
            for number, pointer in enumerate(some):
                found = (answer.project or {}).get(f"p{number}")
                if found is not None and found.artifact_membership is not None:
                    yield pointer, found.artifact_membership

    def find(self, entity: str, project: str, collection: str, alias: str) -> Membership | None:
        """The version that an alias, or its own name, points at; None if there is none that we may see."""
        found = self.list_pointed(entity, project, [(collection, alias)])
        return next((membership for _, membership in found), None)

    def _ask_page(
        self, entity: str, project: str, cursor: str | None, *, is_needed: bool
    ) -> PageOf[Collection | None] | None:
        variables = {
            "entity": entity,
            "project": project,
            "cursor": cursor,
            "perPage": COLLECTIONS_PER_PAGE,
            "aliases": ALIASES_PER_PAGE,
        }
        found = self._client.ask(_COLLECTIONS, variables, OneProjectOfModels).project
        if found is None and is_needed:
            raise TransientError(
                f"{self._client.where()} knows no project {entity}/{project}: check registries, and what "
                "api_key may read"
            )
        return found.artifact_type.artifact_collections if found and found.artifact_type else None

    def _follow(
        self, entity: str, project: str, collection: str, page: PageOf[Alias | None] | None
    ) -> Iterator[str]:
        """The aliases of a page, and of those behind it."""
        used: set[str | None] = {None}
        while page is not None:
            yield from (node.alias for node in page.nodes if node)
            if not page.page_info.has_next_page:
                return
            cursor = page.page_info.end_cursor
            self._client.check_circle(cursor, used)
            variables = {
                "entity": entity,
                "project": project,
                "collection": collection,
                "cursor": cursor,
                "perPage": ALIASES_PER_PAGE,
            }
            found = self._client.ask(_MORE_ALIASES, variables, OneProjectOfModels).project
            page = found.artifact_collection.aliases if found and found.artifact_collection else None


def _write_question(count: int) -> str:
    """Asks for so many pointers at once; their names are variables, lest they are read as GraphQL."""
    declared = "".join(f", $c{number}: String!, $a{number}: String!" for number in range(count))
    asked = "\n    ".join(
        f"p{number}: artifactCollection(name: $c{number}) "
        f"{{ artifactMembership(aliasName: $a{number}) {{ {_MEMBERSHIP} }} }}"
        for number in range(count)
    )
    return f"""
query ArtifactMemberships($entity: String!, $project: String!{declared}) {{
  project(entityName: $entity, name: $project) {{
    {asked}
  }}
}}
"""
