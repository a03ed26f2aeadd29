"""Approvals of Azure Pipelines, answered by the bot for a person whom they ask.

Azure DevOps takes an answer as that of whoever sends it: the bot must be among the approvers itself. It has
one step there, or shares that of a group, so that all whom it speaks for count once.

Source: "Azure DevOps Services REST API Reference", "Approvals - Update", "Identities - Read Identities".
"""

from collections.abc import Collection, Iterable
from functools import cached_property

import msgspec

from trainboard.approvals import Person, Standing, Verdict
from trainboard.azure_devops.approvals import Decision
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.groups import read_identities
from trainboard.azure_devops.locations import name_organization
from trainboard.azure_devops.people import read_me
from trainboard.pipelines.azure_pipelines.runs import ApprovalJson, StepJson
from trainboard.pull_requests import Approval

_OPEN = "pending"
_ANSWERS: dict[str, Verdict] = {"approved": "approved", "rejected": "rejected"}


class AzureApprovalDesk:
    """The approvals of an organisation. Keeps `trainboard.pipelines.ApprovalDesk`.

    Args:
        organization: where they are; it is not closed here.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self.name = f"azure-pipelines:{name_organization(organization.url)}"

    def list_approvers(self, approval: Approval) -> tuple[str, ...]:
        """One call."""
        return self._read(approval).approvers

    def look(self, approval: Approval, person: Person) -> Standing:
        """One call, one more where a group is asked, and once one to see who we are."""
        found = self._read(approval)
        steps = found.steps or []
        me = self._me
        groups = self._list_groups([person.id, me], steps)
        mine = [step for step in steps if _is_for(step, me, groups)]
        answers = [step for step in mine if step.actual_approver and _same(step.actual_approver.id, me)]
        return Standing(
            state=found.state,
            answer=_ANSWERS.get(answers[-1].status) if answers else None,
            objection=_object(found, person, groups) or _object_to_us(mine),
        )

    def answer(self, approval: Approval, verdict: Verdict, comment: str) -> None:
        """One call."""
        call = Call(doing=f"answer approval {approval.ref}", writes=True, thing="the approval")
        decision = Decision(approval_id=approval.ref, status=verdict, comment=comment)
        self._organization.ask(call, lambda to: to.approvals.update_approvals(approval.project, [decision]))

    def _read(self, approval: Approval) -> ApprovalJson:
        call = Call(doing=f"read approval {approval.ref}", thing="the approval")
        return self._organization.ask(
            call,
            lambda to: msgspec.convert(
                to.approvals.get_approval(approval.project, approval.ref), ApprovalJson
            ),
        )

    @cached_property
    def _me(self) -> str:
        return read_me(self._organization).id

    def _list_groups(self, people: Iterable[str], steps: Iterable[StepJson]) -> dict[str, Collection[str]]:
        """The ids of the groups that are asked and that each of the people is in, by the person's id."""
        asked = [step.assigned_approver.id for step in steps if step.assigned_approver.is_container]
        wanted = [each.casefold() for each in people]
        if not asked:
            return {}
        known = read_identities(self._organization, [*wanted, *asked])
        names = {known[each.casefold()].descriptor: each for each in asked if each.casefold() in known}
        return {
            each: [names[group] for group in known[each].member_of or () if group in names]
            for each in wanted
            if each in known
        }


def _object(found: ApprovalJson, person: Person, groups: dict[str, Collection[str]]) -> str:
    """Why the person may not answer, as Azure DevOps would tell them too."""
    if any(_same(blocked.id, person.id) for blocked in found.blocked_approvers or ()):
        return f"Azure DevOps does not let {person.name} approve this run."
    steps = found.steps or ()
    if any(step.actual_approver and _same(step.actual_approver.id, person.id) for step in steps):
        return f"{person.name} has answered it in Azure DevOps already, and counts once."
    if not any(step.status == _OPEN and _is_for(step, person.id, groups) for step in steps):
        return f"{person.name} is not among those whom Azure DevOps asks."
    return ""


def _object_to_us(mine: Collection[StepJson]) -> str:
    """The bot answers in a step of its own."""
    if not mine:
        return "The bot is not among the approvers of this environment, so Azure DevOps would not hear it."
    if not any(step.status == _OPEN for step in mine):
        return "The bot's part of it is answered already, and counts once."
    return ""


def _is_for(step: StepJson, person: str, groups: dict[str, Collection[str]]) -> bool:
    asked = step.assigned_approver
    return _same(asked.id, person) or asked.id in groups.get(person.casefold(), ())


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
