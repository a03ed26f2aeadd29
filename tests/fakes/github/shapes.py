"""State as the JSON that GitHub answers with."""

from urllib.parse import quote

from fakes.github.pull_shapes import PullShapes, iso

USER_URLS = (
    "followers",
    "following",
    "gists",
    "starred",
    "subscriptions",
    "organizations",
    "repos",
    "events",
    "received_events",
)
REPOSITORY_URLS = (
    *(
        "archive",
        "assignees",
        "blobs",
        "branches",
        "collaborators",
        "comments",
        "commits",
        "compare",
        "contents",
    ),
    *("contributors", "deployments", "downloads", "events", "forks", "git_commits", "git_refs", "git_tags"),
    *(
        "hooks",
        "issue_comment",
        "issue_events",
        "issues",
        "keys",
        "labels",
        "languages",
        "merges",
        "milestones",
    ),
    *("notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags"),
    *("teams", "trees"),
)
REPOSITORY_COUNTS = (
    *("forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count", "watchers"),
    *("watchers_count", "network_count", "subscribers_count"),
)
REPOSITORY_FLAGS = (
    *(
        "private",
        "fork",
        "has_downloads",
        "has_projects",
        "has_wiki",
        "has_pages",
        "has_discussions",
        "archived",
        "disabled",
    ),
)
REPOSITORY_NULLS = ("description", "homepage", "language", "mirror_url", "license")
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


class Shapes(PullShapes):
    """Renders for one API root; links to pages go to https://github.com."""

    def __init__(self, api_url):
        self.api = api_url

    def user(self, login, number=1):
        url = f"{self.api}/users/{quote(login)}"
        return {
            "login": login,
            "id": number,
            "node_id": f"U_{number}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{number}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"https://github.com/{quote(login)}",
            **{f"{name}_url": f"{url}/{name}" for name in USER_URLS},
            "type": "Bot" if login.endswith("[bot]") else "User",
            "site_admin": False,
        }

    def profile(self, login, number):
        return {
            **self.user(login, number),
            **dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name")),
            **dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0),
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        }

    def app(self, app):
        return app and {
            "id": app.id,
            "node_id": f"A_{app.id}",
            "slug": app.slug,
            "client_id": app.client_id,
            "owner": self.user("acme"),
            "name": app.slug.title(),
            "description": None,
            "external_url": "https://acme.example",
            "html_url": f"https://github.com/apps/{app.slug}",
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
            "permissions": {"issues": "write", "metadata": "read"},
            "events": [],
        }

    def home(self, repository):
        return f"{self.api}/repos/{repository.name}"

    def repository(self, repository):
        owner, name = repository.name.split("/")
        url, page = self.home(repository), f"https://github.com/{repository.name}"
        return {
            "id": repository.id,
            "node_id": f"R_{repository.id}",
            "name": name,
            "full_name": repository.name,
            "owner": self.user(owner),
            "url": url,
            "html_url": page,
            **{f"{part}_url": f"{url}/{part}" for part in REPOSITORY_URLS},
            **{f"{part}_url": f"{page}.git" for part in ("clone", "git", "ssh", "svn")},
            **dict.fromkeys(REPOSITORY_COUNTS, 0),
            **dict.fromkeys(REPOSITORY_NULLS),
            **dict.fromkeys(REPOSITORY_FLAGS, False),
            **dict.fromkeys(("created_at", "updated_at", "pushed_at"), "2026-01-01T00:00:00Z"),
            "default_branch": "main",
            "has_issues": repository.has_issues,
            "archived": repository.archived,
            "permissions": {"admin": False, "pull": True, "push": repository.push},
        }

    def label(self, repository, name):
        label = repository.labels[name.casefold()]
        return {
            "id": label.id,
            "node_id": f"LA_{label.id}",
            "url": f"{self.home(repository)}/labels/{label.id}",
            "name": label.name,
            "description": None,
            "color": label.color,
            "default": False,
        }

    def milestone(self, repository, milestone):
        url = f"{self.home(repository)}/milestones/{milestone.number}"
        inside = [issue.state for issue in repository.issues.values() if issue.milestone == milestone.number]
        return {
            "id": milestone.id,
            "node_id": f"MI_{milestone.id}",
            "number": milestone.number,
            "title": milestone.title,
            "description": milestone.description,
            "state": milestone.state,
            "url": url,
            "html_url": f"https://github.com/{repository.name}/milestone/{milestone.number}",
            "labels_url": f"{url}/labels",
            "creator": self.user(milestone.creator.login, milestone.creator.id),
            "open_issues": inside.count("open"),
            "closed_issues": inside.count("closed"),
            "created_at": iso(milestone.created_at),
            "updated_at": iso(milestone.updated_at),
            "due_on": iso(milestone.due_on),
            "closed_at": None,
        }

    def issue(self, repository, issue):
        url = f"{self.home(repository)}/issues/{issue.number}"
        page = f"https://github.com/{repository.name}/issues/{issue.number}"
        people = [self.user(login) for login in issue.assignees]
        milestone = repository.milestones.get(issue.milestone)
        shape = {
            "id": issue.id,
            "node_id": f"I_{issue.id}",
            "url": url,
            "repository_url": self.home(repository),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": page,
            "number": issue.number,
            "title": issue.title,
            "body": issue.body,
            "user": self.user(issue.author.login, issue.author.id),
            "performed_via_github_app": self.app(issue.author.app),
            "labels": [self.label(repository, name) for name in issue.labels],
            "state": issue.state,
            "state_reason": issue.reason,
            "locked": False,
            "active_lock_reason": None,
            "assignee": people[0] if people else None,
            "assignees": people,
            "milestone": milestone and self.milestone(repository, milestone),
            "type": self.type(issue.type),
            "comments": len(issue.comments),
            "created_at": iso(issue.created_at),
            "updated_at": iso(issue.updated_at),
            "closed_at": iso(issue.closed_at),
            "author_association": "CONTRIBUTOR",
            "reactions": self.reactions(url),
        }
        if issue.is_pull:
            pull = page.replace("/issues/", "/pull/")
            shape["pull_request"] = {
                "url": url.replace("/issues/", "/pulls/"),
                "html_url": pull,
                "diff_url": f"{pull}.diff",
                "patch_url": f"{pull}.patch",
            }
        return shape

    def told(self, repository, event):
        """The webhook `issues` that tells of an event."""
        changes = {"title": {"from": event.about["rename"]["from"]}} if "rename" in event.about else None
        told = {
            "action": "edited" if changes else event.event,
            "issue": self.issue(repository, event.issue),
            "repository": self.repository(repository),
            "sender": self.user(event.actor.login, event.actor.id),
        }
        told["issue"]["updated_at"] = iso(event.at)
        about = {name: value for name, value in event.about.items() if name != "rename"}
        return told | about | ({"changes": changes} if changes else {})

    def type(self, name):
        return name and {"id": 7, "node_id": "IT_7", "name": name, "description": None, "color": "yellow"}

    def comment(self, repository, issue, comment):
        url = f"{self.home(repository)}/issues/comments/{comment.id}"
        kind = "pull" if issue.is_pull else "issues"
        page = f"https://github.com/{repository.name}/{kind}/{issue.number}"
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": url,
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{self.home(repository)}/issues/{issue.number}",
            "user": self.user(comment.author.login, comment.author.id),
            "performed_via_github_app": self.app(comment.author.app),
            "body": comment.body,
            "created_at": iso(comment.created_at),
            "updated_at": iso(comment.updated_at),
            "author_association": "CONTRIBUTOR",
            "reactions": self.reactions(url),
        }

    def reactions(self, url):
        return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(REACTIONS, 0)}

    def installation(self, app, repository, permissions):
        owner = repository.name.split("/")[0]
        return {
            "id": 100,
            "account": self.user(owner),
            "repository_selection": "selected",
            "access_tokens_url": f"{self.api}/app/installations/100/access_tokens",
            "repositories_url": f"{self.api}/installation/repositories",
            "html_url": f"https://github.com/organizations/{owner}/settings/installations/100",
            "app_id": app.id,
            "app_slug": app.slug,
            "client_id": app.client_id,
            "target_id": 1,
            "target_type": "Organization",
            "permissions": permissions,
            "events": ["issues"],
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
            "single_file_name": None,
            "suspended_by": None,
            "suspended_at": None,
        }
