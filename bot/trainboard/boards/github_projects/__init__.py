"""A board of GitHub Projects, for the issues of one repository. Its fields are set and never configured.

One request for each method. GraphQL and not REST: there adding is known to answer with the card that is
there already, a look brings the board and the card together, and two values are set in one request.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from re import fullmatch

from msgspec.structs import replace

from trainboard.board_layout import BoardPolicy, Layout
from trainboard.boards import ClosedBoardError, Look
from trainboard.boards.github_projects.documents import ADD, LAYOUT, LOOK, SET_ONE, SET_TWO
from trainboard.boards.github_projects.values import AddJson, LookJson, find_card, to_layout
from trainboard.errors import MissingError, PermanentError, TrainboardError
from trainboard.github.client import API_URL, Clock
from trainboard.github.credentials import (
    Credential,
    NotGrantedError,
    Place,
    TokenCredential,
    open_graphql_client,
)
from trainboard.github.graphql import (
    FORBIDDEN,
    NOT_FOUND,
    UNSCOPED,
    Complaint,
    GraphQL,
    RefusedError,
    explain,
)
from trainboard.github.values import to_number

PERMISSIONS = {"organization_projects": "write", "issues": "read", "metadata": "read"}
PREFIX = "github-project:"
ADVICE = (
    "Check its number, and that we may see it: an App needs the organisation's permission Projects, read and "
    "write, and reaches no user's project; a classic token needs the scope project."
)


def _now() -> datetime:
    return datetime.now(UTC)


class GitHubProjectBoard:
    """Keeps `trainboard.boards.Board`. May be used from any number of threads.

    Args:
        policy: which board, and the names of its fields.
        repository: `owner/name` of the issues.
        credential: that of an App needs `PERMISSIONS`.
        api_url: as of `trainboard.trackers.github.GitHubTracker`.
        clock: the time now, aware.

    Raises:
        ValueError: the board's name is not `github-project:owner/number`.
    """

    def __init__(
        self,
        *,
        policy: BoardPolicy,
        repository: str,
        credential: Credential,
        api_url: str = API_URL,
        clock: Clock = _now,
    ) -> None:
        found = fullmatch(rf"{PREFIX}([A-Za-z0-9_-]+)/([0-9]{{1,9}})", policy.name)
        if found is None:
            raise ValueError(f"{policy.name!r} is no board of GitHub Projects; write owner/number.")
        self.name = policy.name
        self._policy = policy
        self._asked = {"owner": found[1], "number": int(found[2])}
        self._repository = repository
        self._by_role = isinstance(credential, TokenCredential)
        place = Place(api_url=api_url, repository=repository, clock=clock)
        self._client = open_graphql_client(credential, place)
        self._graphql = GraphQL(self._client)

    def close(self) -> None:
        """Close the connections. The board opens new ones if it is used again."""
        self._client.close()

    def get_layout(self) -> Layout:
        """The project's fields, iterations and options."""
        return self._read(f"read the board {self.name}", LAYOUT, {})[0]

    def look(self, ref: str) -> Look:
        """The same, and the issue with its card."""
        owner, _, name = self._repository.partition("/")
        variables = {
            "iteration": self._policy.iteration_field,
            "status": self._policy.status_field,
            "repositoryOwner": owner,
            "repository": name,
            "issue": to_number(ref, "issue"),
        }
        doing = f"look for issue {ref} of {self._repository} on the board {self.name}"
        layout, seen, errors = self._read(doing, LOOK, variables)
        issue = seen.repository.issue if seen.repository else None
        if issue is None:
            if any(each.type != NOT_FOUND for each in errors) or seen.repository is None:
                raise _judge(explain(doing, errors))
            return Look(layout=layout)
        return Look(layout=layout, content=issue.id, card=find_card(issue, layout.ref))

    def add_card(self, layout: Layout, content: str) -> str:
        """GitHub answers with the card that is there, if there is one.

        Source: GraphQL reference, "addProjectV2ItemById".
        """
        given = {"input": {"projectId": layout.ref, "contentId": content}}
        try:
            added = self._graphql.change(f"put an issue on the board {self.name}", ADD, given, AddJson)
        except TrainboardError as error:
            raise _judge(error) from error
        return added.added.item.id

    def set_values(
        self, layout: Layout, card: str, *, iteration: str | None = None, option: str | None = None
    ) -> None:
        """Both in one request; it is done one after the other there, and may be done in part.

        Source: GraphQL reference, "updateProjectV2ItemFieldValue".
        """
        wanted: list[dict[str, object]] = []
        if iteration is not None and layout.iteration_field is not None:
            wanted.append({"fieldId": layout.iteration_field.ref, "value": {"iterationId": iteration}})
        if option is not None and layout.status_field is not None:
            wanted.append({"fieldId": layout.status_field.ref, "value": {"singleSelectOptionId": option}})
        if not wanted:
            return
        inputs = [{"projectId": layout.ref, "itemId": card, **each} for each in wanted]
        variables = dict(zip(("first", "second"), inputs, strict=False))
        document = SET_TWO if len(inputs) > 1 else SET_ONE
        try:
            self._graphql.change(f"set a card of the board {self.name}", document, variables, dict)
        except TrainboardError as error:
            raise _judge(error) from error

    def _read(
        self, doing: str, document: str, variables: dict[str, object]
    ) -> tuple[Layout, LookJson, Sequence[Complaint]]:
        try:
            reply = self._graphql.ask(doing, document, {**self._asked, **variables}, LookJson)
        except MissingError as error:
            raise ClosedBoardError(f"{error} {ADVICE}") from error
        except TrainboardError as error:
            raise _judge(error) from error
        seen = reply.data
        if seen.owner is None or seen.owner.project is None:
            raise ClosedBoardError(f"{explain(doing, reply.errors)} {ADVICE}")
        layout = to_layout(seen.owner.project, self._policy)
        if not self._by_role:  # what an App was granted is checked when it signs in
            layout = replace(layout, writable=True)
        return layout, seen, reply.errors


def _judge(error: TrainboardError) -> TrainboardError:
    """A board that refuses all of us is told apart from a card that is refused."""
    unscoped = isinstance(error, RefusedError) and error.says(FORBIDDEN, UNSCOPED)
    if unscoped or isinstance(error, NotGrantedError):
        return ClosedBoardError(f"{error} {ADVICE}")
    if isinstance(error, PermanentError) and not isinstance(error, RefusedError | MissingError):
        return ClosedBoardError(str(error))
    return error
