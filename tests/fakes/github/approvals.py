"""Environments with the rules that hold deployments back, and who may let them through."""

from dataclasses import dataclass, field

from fakes.github.actions import need_permission
from fakes.github.artifacts import find_run
from fakes.github.routes import route
from fakes.github.shapes import iso
from fakes.github.state import Actor, Refused

ABILITIES = ("read", "triage", "write", "maintain", "admin")


@dataclass
class Environment:
    """`reviewers` are people, or teams by their slugs; `may_bypass` is whether administrators may."""

    name: str
    reviewers: list[Actor | str] = field(default_factory=list)
    may_bypass: bool = False
    prevents_self_review: bool = False


@dataclass
class Held:
    """A deployment of a run that our App's rule holds back, and what the App answered."""

    run: object
    environment: Environment
    deployment: int
    state: str = "pending"
    comment: str = ""


@route("GET", r"/actions/runs/(\d+)/pending_deployments")
def list_pending(hub, repository, asked, number):
    need_permission(hub, repository, asked, "actions", "read")
    find_run(repository, number)
    waiting = [held for held in repository.held if held.run.id == int(number) and held.state == "pending"]
    return 200, [
        {
            "environment": {"id": held.deployment, "node_id": "E", "name": held.environment.name},
            "wait_timer": 0,
            "wait_timer_started_at": None,
            "current_user_can_approve": False,
            "reviewers": [render_reviewer(hub, each) for each in held.environment.reviewers],
        }
        for held in waiting
    ]


@route("POST", r"/actions/runs/(\d+)/deployment_protection_rule")
def answer(hub, repository, asked, number):
    need_permission(hub, repository, asked, "deployments", "write")
    find_run(repository, number)
    name, state = asked.json["environment_name"], asked.json["state"]
    for held in repository.held:
        if (held.run.id, held.environment.name, held.state) == (int(number), name, "pending"):
            held.state, held.comment = state, asked.json["comment"]
            return 204, None
    raise Refused(422, "No pending deployment protection rules to approve or reject")


@route("GET", r"/environments/([^/]+)")
def get_environment(hub, repository, asked, name):
    need_permission(hub, repository, asked, "actions", "read")
    found = repository.environments.get(name)
    if found is None:
        raise Refused(404, "Not Found")
    url = f"{hub.shapes.home(repository)}/environments/{name}"
    rules = [{"id": 1, "node_id": "R1", "type": "custom_deployment_protection_rule"}]
    if found.reviewers:
        reviewers = [render_reviewer(hub, each) for each in found.reviewers]
        rule = {"id": 2, "node_id": "R2", "type": "required_reviewers", "reviewers": reviewers}
        rules.append(rule | {"prevent_self_review": found.prevents_self_review})
    return 200, {
        "id": 1,
        "node_id": "E1",
        "name": name,
        "url": url,
        "html_url": f"https://github.com/{repository.name}/deployments",
        "created_at": iso(hub.now),
        "updated_at": iso(hub.now),
        "can_admins_bypass": found.may_bypass,
        "protection_rules": rules,
        "deployment_branch_policy": None,
    }


@route("GET", r"/collaborators/([^/]+)/permission")
def get_permission(hub, repository, asked, login):
    person = next((each for each in hub.people if each.login == login), None)
    if person is None:
        raise Refused(404, "Not Found")
    role = repository.roles.get(login, "read")
    rank = ABILITIES.index(role) if role in ABILITIES else ABILITIES.index(repository.bases[role])
    may = {ability: rank >= at for at, ability in enumerate(("pull", "triage", "push", "maintain", "admin"))}
    user = hub.shapes.user(login, person.id) | {"role_name": role, "permissions": may}
    level = "admin" if may["admin"] else "write" if may["push"] else "read"
    return 200, {"permission": level, "role_name": role, "user": user}


def render_reviewer(hub, reviewer):
    if isinstance(reviewer, Actor):
        return {"type": "User", "reviewer": hub.shapes.user(reviewer.login, reviewer.id)}
    url = f"{hub.api_url}/organizations/1/team/{reviewer}"
    team = {
        "id": 77,
        "node_id": "T77",
        "url": url,
        "html_url": f"https://github.com/orgs/acme/teams/{reviewer}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "name": reviewer,
        "slug": reviewer,
        "description": None,
        "permission": "pull",
        "parent": None,
        "type": "organization",
    }
    return {"type": "Team", "reviewer": team}
