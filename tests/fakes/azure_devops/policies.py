"""Branch policies and how pull requests stand to them."""

from fakes.azure_devops.refusals import bad_argument, not_found
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import identity_ref, iso, links, project_ref
from fakes.azure_devops.state import make_id
from fakes.azure_devops.threads import SETTLED

NAMES = {
    "cbdc66da-9728-4af8-aada-9a5a32e4a226": "Status",
    "0609b952-1397-4640-95ec-e00a01b2c241": "Build",
    "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd": "Minimum number of reviewers",
    "c6a1889d-b943-4856-b76f-9e46bb6b0df2": "Comment requirements",
    "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e": "Work item linking",
}
STATUS, _, REVIEWERS, COMMENTS, ITEMS = NAMES


def add_policy(org, project, kind, settings, *, is_blocking=True):
    """Put a policy on a project's repositories; `kind` is the id of its type."""
    number = org.new_id("policy")
    url = f"{org.url}/{project.id}/_apis/policy/configurations/{number}"
    policy = {
        "createdBy": identity_ref(org, org.ana),
        "createdDate": iso(org.now),
        "isEnabled": True,
        "isBlocking": is_blocking,
        "isDeleted": False,
        "isEnterpriseManaged": False,
        "settings": settings,
        "_links": links(self=url, policyType=f"{org.url}/{project.id}/_apis/policy/types/{kind}"),
        "revision": 1,
        "id": number,
        "url": url,
        "type": {
            "id": kind,
            "url": f"{org.url}/{project.id}/_apis/policy/types/{kind}",
            "displayName": NAMES[kind],
        },
    }
    project.policies.append(policy)
    return policy


@route("GET", "policy.configurations")
def get(org, asked):
    project = org.project_of(asked)
    kind = asked.query.get("policytype")
    found = [each for each in project.policies if kind in {None, each["type"]["id"]}]
    wanted = asked.values.get("configurationId")
    if wanted is None:
        return found
    chosen = [each for each in found if str(each["id"]) == wanted]
    if not chosen:
        raise not_found("PolicyConfigurationNotFoundException", f"The policy {wanted} does not exist.")
    return chosen[0]


@route("GET", "policy.evaluations")
def get_evaluations(org, asked):
    """How a pull request stands, named by its code review (not by its artifact in Git)."""
    project = org.project_of(asked)
    artifact = asked.query.get("artifactid", "")
    prefix = f"vstfs:///CodeReview/CodeReviewId/{project.id}/"
    if not artifact.startswith(prefix):
        raise bad_argument(f"The artifact id '{artifact}' is not valid.", "InvalidArtifactIdException")
    pulls = {
        str(number): pull for each in project.repositories.values() for number, pull in each.pulls.items()
    }
    pull = pulls.get(artifact.removeprefix(prefix))
    if pull is None:
        raise not_found("GitPullRequestNotFoundException", "TF401180: The pull request was not found.")
    return [_evaluate(org, project, pull, policy) for policy in project.policies]


def _evaluate(org, project, pull, policy):
    number = make_id("evaluation", pull.id, policy["id"])
    status = project.evaluations.get(number) or _judge(org, pull, policy)
    answer = {
        "evaluationId": number,
        "artifactId": f"vstfs:///CodeReview/CodeReviewId/{project_ref(org, project)['id']}/{pull.id}",
        "configuration": policy,
        "startedDate": iso(pull.created_at),
        "status": status,
        "context": {},
        "_links": links(self=f"{org.url}/{project.id}/_apis/policy/evaluations/{number}"),
    }
    return answer | ({"completedDate": iso(org.now)} if status == "approved" else {})


def _judge(org, pull, policy):
    """What a policy makes of a pull request; of a kind that nothing is known of, nothing."""
    judge = JUDGES.get(policy["type"]["id"])
    return judge(org, pull, policy["settings"]) if judge else "queued"


def _judge_status(org, pull, settings):
    """The last post counts; one that names no iteration counts for all, also after a push."""
    newest = len(pull.iterations)
    wanted = (settings.get("statusGenre"), settings["statusName"])
    states = [
        each["state"]
        for each in pull.statuses
        if (each["context"]["genre"], each["context"]["name"]) == wanted
        and each.get("iterationId", newest) == newest
    ]
    return OUTCOMES.get(states[-1], "queued") if states else "queued"


def _judge_votes(org, pull, settings):
    agreed = sum(each["vote"] > 0 for each in pull.reviewers)
    return "approved" if agreed >= settings["minimumApproverCount"] else "queued"


def _judge_threads(org, pull, settings):
    return "approved" if all(each.status in {None, *SETTLED} for each in pull.threads) else "queued"


def _judge_links(org, pull, settings):
    linked = {link.url for item in org.items.values() for link in item.relations}
    return "approved" if pull.artifact in linked else "queued"


OUTCOMES = {
    "succeeded": "approved",
    "notApplicable": "notApplicable",
    "failed": "rejected",
    "error": "rejected",
}
JUDGES = {STATUS: _judge_status, REVIEWERS: _judge_votes, COMMENTS: _judge_threads, ITEMS: _judge_links}


@route("PATCH", "policy.evaluation")
def requeue(org, asked):
    """Evaluate again; until then it is queued."""
    project = org.project_of(asked)
    number = asked.values["evaluationId"]
    for repository in project.repositories.values():
        for pull in repository.pulls.values():
            for policy in project.policies:
                if make_id("evaluation", pull.id, policy["id"]) == number:
                    project.evaluations[number] = "queued"
                    return _evaluate(org, project, pull, policy)
    raise not_found("PolicyEvaluationNotFoundException", f"The policy evaluation {number} was not found.")
