"""Apps of the fake GitHub: the form that takes a manifest, the exchange of its code, and what an App is told.

The form goes by the rules that GitHub's own error messages state: an event needs a permission that covers it,
and events of installations cannot be asked for.
"""

import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from fakes.github.keys import make_pem
from fakes.github.state import App, Refused

FORM = "/settings/apps/new"
COVERED_BY = {
    "check_run": {"checks"},
    "deployment": {"deployments"},
    "deployment_protection_rule": {"deployments"},
    "deployment_review": {"deployments"},
    "deployment_status": {"deployments"},
    "issue_comment": {"issues"},
    "issues": {"issues"},
    "label": {"metadata"},
    "merge_group": {"merge_queues"},
    "milestone": {"issues", "pull_requests"},
    "pull_request": {"pull_requests"},
    "repository": {"metadata"},
    "status": {"statuses"},
    "sub_issues": {"issues"},
    "workflow_run": {"actions"},
}


@dataclass
class Registry:
    """Codes that were given out, and the App that signs in, with its hook.

    `organizations` are the accounts that are no people; `codes` are taken once.
    """

    hub: object
    organizations: set[str] = field(default_factory=lambda: {"acme"})
    codes: dict[str, dict] = field(default_factory=dict)
    name: str = "Trainboard"
    permissions: dict[str, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    hook: dict | None = None
    installed: bool = True
    granted: dict[str, str] | None = None
    suspended_at: str | None = None
    secret: str = "the-webhook-secret"
    page: str = "https://github.com"

    def submit(self, path, manifest, state):
        """Somebody sends a form, and confirms the name: the address that GitHub sends the browser to.

        Raises:
            Refused: the manifest is not as GitHub wants it; the form says so, and nobody comes back.
        """
        read = json.loads(manifest)
        self._check(read)
        code = secrets.token_hex(20)
        self.codes[code] = read | {"owner": path.split("/")[2] if path.startswith("/organizations/") else ""}
        return f"{read['redirect_url']}?{urlencode({'code': code, 'state': state})}"

    def answer_form(self, request):
        """As `submit`, for a request that comes from a browser."""
        url, body = urlsplit(request.url), request.body
        fields = dict(parse_qsl(body.decode() if isinstance(body, bytes) else body))
        try:
            location = self.submit(url.path, fields["manifest"], dict(parse_qsl(url.query))["state"])
        except Refused as refused:
            return refused.status, {"Content-Type": "text/html"}, refused.body["message"]
        return 302, {"Location": location}, ""

    def _check(self, manifest):
        events, permissions = manifest["default_events"], manifest["default_permissions"]
        bare = [event for event in events if not COVERED_BY.get(event, set()) & permissions.keys()]
        if bare:
            raise Refused(422, f"Default events are not supported by permissions: {', '.join(bare)}")
        if urlsplit(manifest["hook_attributes"]["url"]).hostname in {"localhost", "127.0.0.1"}:
            raise Refused(422, "Hook url is not supported because it isn't reachable over the Internet")

    def convert(self, code):
        """The App that a code stands for, with its key."""
        manifest = self.codes.pop(code, None)
        if manifest is None:
            raise Refused(404, "Not Found")
        self.hub.app = App(4712, manifest["name"].lower())
        self.name, self.installed = manifest["name"], False
        self.permissions, self.events = manifest["default_permissions"], manifest["default_events"]
        self.hub.granted = dict(self.permissions)
        self.hook = {
            "url": manifest["hook_attributes"]["url"],
            "content_type": "json",
            "secret": "********",
            "insecure_ssl": "0",
        }
        secrets_of_app = {"client_secret": "c" * 40, "webhook_secret": self.secret, "pem": make_pem()}
        return self.render() | secrets_of_app

    def render(self):
        """The App as it is shown to itself."""
        app = self.hub.app
        return self.hub.shapes.app(app) | {
            "name": self.name,
            "html_url": f"{self.page}/apps/{app.slug}",
            "owner": self.hub.shapes.user("acme")
            | {"type": "Organization" if "acme" in self.organizations else "User"},
            "permissions": self.permissions,
            "events": self.events,
        }

    def answer(self, asked):
        """Status and value for a request about Apps, None for any other."""
        if asked.path.startswith("/app-manifests/"):
            return 201, self.convert(asked.path.split("/")[2])
        if asked.path.startswith("/users/"):
            login = asked.path.split("/")[2]
            kind = "Organization" if login in self.organizations else "User"
            return 200, self.hub.shapes.profile(login, 1) | {"type": kind}
        if asked.path not in {"/app", "/app/installations", "/app/hook/config"}:
            return None
        if asked.actor is None or asked.actor.login != self.hub.app.slug:
            raise Refused(401, "A JSON web token could not be decoded")
        if asked.path == "/app":
            return 200, self.render()
        if asked.path == "/app/installations":
            return 200, self._list_installations()
        if self.hook is None:
            raise Refused(404, "Not Found")
        return 200, self.hook

    def _list_installations(self):
        if not self.installed:
            return []
        granted = self.hub.granted if self.granted is None else self.granted
        shape = self.hub.shapes.installation(self.hub.app, self.hub.churn, granted)
        # The description of this list asks for what users have and for what enterprises have.
        enterprise = {"name": "Acme", "slug": "acme", "created_at": None, "updated_at": None}
        return [shape | {"account": shape["account"] | enterprise, "suspended_at": self.suspended_at}]
