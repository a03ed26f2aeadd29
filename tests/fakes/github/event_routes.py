"""What happened to the issues of a repository, told when somebody asks."""

from fakes.github.routes import route
from fakes.github.shapes import iso


@route("GET", "/issues/events")
def list_events(hub, repository, asked):
    """Of all issues, the latest first; those of issues that are gone are too."""
    kept = [each for each in repository.events if not each.issue.gone and each.event != "opened"]
    return 200, [render(hub, repository, each) for each in reversed(kept)]


def render(hub, repository, event):
    """As the API shows it, with the issue as it is now."""
    url = f"{hub.shapes.home(repository)}/issues/events/{event.id}"
    return {
        "id": event.id,
        "node_id": f"E_{event.id}",
        "url": url,
        "actor": hub.shapes.user(event.actor.login, event.actor.id),
        "event": event.event,
        "commit_id": None,
        "commit_url": None,
        "created_at": iso(event.at),
        **event.about,
        "performed_via_github_app": None,
        "issue": hub.shapes.issue(repository, event.issue),
    }
