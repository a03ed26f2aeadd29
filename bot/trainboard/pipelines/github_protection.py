"""Rules by which an App of ours holds deployments back until somebody lets them through.

GitHub asks the App, and tells it of nobody who may answer. So those answer whom the environment lists: its
required reviewers, and the administrators of the repository where it lets them bypass its rules. Required
reviewers themselves are asked by GitHub, and only they can answer that.

Source: GitHub Docs, "Creating custom deployment protection rules"; "REST API endpoints for workflow runs",
"Review custom deployment protection rules for a workflow run"; "REST API endpoints for deployment
environments"; "REST API endpoints for collaborators".
"""

from urllib.parse import quote

import msgspec

from trainboard.approvals import Person, Standing, Verdict
from trainboard.errors import MissingError, PermanentError
from trainboard.github.client import API_URL, Clock
from trainboard.github.credentials import Credential, Place, open_client
from trainboard.github.repository import Repository
from trainboard.github.teams import is_member
from trainboard.pull_requests import Approval, ApprovalState

PERMISSIONS = {"actions": "read", "deployments": "write", "metadata": "read"}
_ADMIN = "admin"
_REVIEWERS = "required_reviewers"


class AccountJson(msgspec.Struct, frozen=True):
    """A person or a team; a person has a `login`, a team a `slug`."""

    id: int
    login: str = ""
    slug: str = ""


class ReviewerJson(msgspec.Struct, frozen=True):
    """Somebody who may review deployments."""

    type: str
    reviewer: AccountJson


class RuleJson(msgspec.Struct, frozen=True):
    """A rule of an environment."""

    type: str = ""
    reviewers: list[ReviewerJson] = []
    prevent_self_review: bool = False


class EnvironmentJson(msgspec.Struct, frozen=True):
    """An environment. Where GitHub does not tell that administrators may bypass its rules, they may not."""

    protection_rules: list[RuleJson] = []
    can_admins_bypass: bool = False

    @property
    def reviewers(self) -> list[ReviewerJson]:
        """All who are required to review."""
        return [each for rule in self.protection_rules if rule.type == _REVIEWERS for each in rule.reviewers]


class RunJson(msgspec.Struct, frozen=True):
    """A run of a workflow; `triggering_actor` is whoever started it last."""

    head_sha: str
    status: str | None = None
    triggering_actor: AccountJson | None = None


class NameJson(msgspec.Struct, frozen=True):
    """The name of an environment."""

    name: str = ""


class PendingJson(msgspec.Struct, frozen=True):
    """An environment that a run waits for."""

    environment: NameJson


class RoleJson(msgspec.Struct, frozen=True):
    """What somebody may do in the repository."""

    permission: str = ""
    user: AccountJson | None = None


class GitHubApprovalDesk:
    """The protection rules of our App in one repository. Keeps `trainboard.pipelines.ApprovalDesk`.

    Args:
        repository: `owner/name`.
        credential: that of an App needs `PERMISSIONS`.
        teams: that of an App needs `trainboard.github.teams.PERMISSIONS`; used only where an environment
            names a team. Without it only people who are named themselves can answer.
        api_url: the API's root; an Enterprise server's ends with `/api/v3`.
        clock: the time now, aware.

    Raises:
        ValueError: `repository` is not of that form.
    """

    def __init__(
        self,
        *,
        repository: str,
        credential: Credential,
        teams: Credential,
        api_url: str = API_URL,
        clock: Clock,
    ) -> None:
        self.name = f"github:{repository}"
        place = Place(api_url=api_url, repository=repository, clock=clock)
        self._client = open_client(credential, place)
        self._teams = open_client(teams, place)
        self._repository = Repository(repository, self._client, of_issues=False)
        self._owner = place.owner

    def close(self) -> None:
        """Close the connections. New ones are opened if it is used again."""
        self._client.close()
        self._teams.close()

    def list_approvers(self, approval: Approval) -> list[str]:
        """One call. Administrators who may bypass are not named."""
        return [self._name(each) for each in self._read_environment(approval.environment).reviewers]

    def look(self, approval: Approval, person: Person) -> Standing:
        """Four calls, and one for each team that is asked until one has the person."""
        run = self._read_run(approval)
        state = self._read_state(approval, run)
        if state != "pending":
            return Standing(state=state, commit=run.head_sha)
        return Standing(state=state, commit=run.head_sha, objection=self._object(approval, run, person))

    def answer(self, approval: Approval, verdict: Verdict, comment: str) -> None:
        """One call."""
        path = f"{_run(approval)}/deployment_protection_rule"
        body: dict[str, object] = {
            "environment_name": approval.environment,
            "state": verdict,
            "comment": comment,
        }
        doing = f"answer for {approval.environment}"
        call = self._repository.call(doing, path, method="POST", body=body, thing=_run(approval))
        self._repository.send(call, msgspec.Raw)

    def _read_run(self, approval: Approval) -> RunJson:
        path = _run(approval)
        call = self._repository.call(f"read run {approval.run}", path, thing=path)
        return self._repository.send(call, RunJson)

    def _read_state(self, approval: Approval, run: RunJson) -> ApprovalState:
        """GitHub lists what waits, and not what became of the rest."""
        path = _run(approval)
        call = self._repository.call(
            f"see what run {approval.run} waits for", f"{path}/pending_deployments", thing=path
        )
        waiting = self._repository.send(call, list[PendingJson])
        if any(each.environment.name == approval.environment for each in waiting):
            return "pending"
        return "timed out" if run.status == "completed" else "approved"

    def _read_environment(self, name: str) -> EnvironmentJson:
        path = f"/environments/{quote(name, safe='')}"
        call = self._repository.call(f"read environment {name}", path, thing=path)
        return self._repository.send(call, EnvironmentJson)

    def _object(self, approval: Approval, run: RunJson, person: Person) -> str:
        """Why the person may not answer."""
        environment = self._read_environment(approval.environment)
        role = self._read_role(person)
        if role is None:
            return f"GitHub does not know {person.name} in {self._repository.name}."
        if _reviews_own(environment, run, person):
            return f"{approval.environment} lets nobody approve a run that they started."
        if environment.can_admins_bypass and role == _ADMIN:
            return ""
        if any(self._is_among(each, person) for each in environment.reviewers):
            return ""
        return self._say_who_may(approval.environment, environment, person)

    def _say_who_may(self, name: str, environment: EnvironmentJson, person: Person) -> str:
        names = [self._name(each) for each in environment.reviewers]
        if environment.can_admins_bypass:
            names.append("administrators of the repository")
        listed = ", ".join(names) or "nobody"
        return f"{person.name} is not among those whom {name} lists: {listed}."

    def _read_role(self, person: Person) -> str | None:
        """None for a stranger, and where the name belongs to somebody else by now."""
        path = f"/collaborators/{quote(person.name, safe='')}/permission"
        call = self._repository.call(f"see what {person.name} may do", path, thing=path)
        try:
            found = self._repository.send(call, RoleJson)
        except MissingError:
            return None
        return found.permission if found.user is not None and str(found.user.id) == person.id else None

    def _is_among(self, listed: ReviewerJson, person: Person) -> bool:
        if listed.type != "Team":
            return str(listed.reviewer.id) == person.id
        try:
            return is_member(self._teams, self._name(listed), person.name)
        except PermanentError as error:
            raise PermanentError(f"{error} Or answer in GitHub.") from error

    def _name(self, listed: ReviewerJson) -> str:
        return listed.reviewer.login or f"{self._owner}/{listed.reviewer.slug}"


def _run(approval: Approval) -> str:
    return f"/actions/runs/{quote(approval.run, safe='')}"


def _reviews_own(environment: EnvironmentJson, run: RunJson, person: Person) -> bool:
    forbids = any(rule.prevent_self_review for rule in environment.protection_rules)
    return forbids and run.triggering_actor is not None and str(run.triggering_actor.id) == person.id
