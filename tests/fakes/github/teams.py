"""Teams of the organisation acme, and who is in them."""

import re

from fakes.github.shapes import iso
from fakes.github.state import Refused

PATH = re.compile(r"/orgs/([^/]+)/teams/([^/]+)(?:/memberships/([^/]+))?")
ORGANIZATION = "acme"


def answer(hub, asked):
    """A team, or whether somebody is in it. A stranger is answered as a team that is not there."""
    organization, slug, login = PATH.fullmatch(asked.path).groups()
    if asked.actor.app and "members" not in hub.permissions_of(asked):
        raise Refused(403, "Resource not accessible by integration")
    if organization.casefold() != ORGANIZATION or slug not in hub.teams:
        raise Refused(404, "Not Found")
    return 200, render(hub, slug) if login is None else get_membership(hub, asked, slug, login)


def get_membership(hub, asked, slug, login):
    """Those of teams below it are in it too."""
    within = [slug, *(child for child, parent in hub.parents_of_teams.items() if parent == slug)]
    states = [hub.teams[each][login] for each in within if login in hub.teams.get(each, ())]
    if not states:
        raise Refused(404, "Not Found")
    return {"state": states[0], "role": "member", "url": f"{hub.api_url}{asked.path}"}


def render(hub, slug):
    url = f"{hub.api_url}/organizations/1/team/77"
    home = f"{hub.api_url}/orgs/{ORGANIZATION}"
    names = ("repos", "events", "hooks", "issues")
    organization = {
        "login": ORGANIZATION,
        "id": 1,
        "node_id": "O1",
        "url": home,
        "members_url": f"{home}/members{{/member}}",
        "public_members_url": f"{home}/public_members{{/member}}",
        "avatar_url": f"{home}/avatar",
        "html_url": f"https://github.com/{ORGANIZATION}",
        "description": None,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "type": "Organization",
        "created_at": iso(hub.now),
        "updated_at": iso(hub.now),
        "archived_at": None,
    } | {f"{name}_url": f"{home}/{name}" for name in names}
    return {
        "id": 77,
        "node_id": "T77",
        "url": url,
        "html_url": f"https://github.com/orgs/{ORGANIZATION}/teams/{slug}",
        "name": slug,
        "slug": slug,
        "description": None,
        "permission": "pull",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "created_at": iso(hub.now),
        "updated_at": iso(hub.now),
        "members_count": len(hub.teams[slug]),
        "repos_count": 1,
        "organization": organization,
    }
