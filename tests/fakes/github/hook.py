"""What the fake GitHub remembers of the deliveries of its App's hook."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

from fakes.github.shapes import iso
from fakes.github.state import HookDelivery, Refused

PATH = "/app/hook/deliveries"
KEPT = timedelta(days=3)


class AppHook:
    """The hook of the App `trainboard`: attempts to deliver, and the two paths that tell of them.

    Args:
        hub: the fake GitHub that it belongs to.
    """

    def __init__(self, hub):
        self._hub = hub
        self.attempts: list[HookDelivery] = []

    def sends(self, event, payload, *, guid=None, status_code=502, at=None):
        """An attempt is made and gets this answer; the same `guid` again is a redelivery."""
        attempt = HookDelivery(
            id=self._hub.new_id(),
            guid=guid or str(uuid.uuid4()),
            event=event,
            payload=payload,
            status_code=status_code,
            delivered_at=at or self._hub.now,
            redelivery=guid in {each.guid for each in self.attempts},
        )
        self.attempts.append(attempt)
        return attempt

    def answer(self, asked):
        """Status and value for a request below `/app/hook/deliveries`."""
        if asked.actor.login != self._hub.app.slug:
            raise Refused(401, "A JSON web token could not be decoded")
        if asked.path == PATH:
            kept = [each for each in self.attempts if each.delivered_at >= self._hub.now - KEPT]
            return 200, [render_item(each) for each in reversed(kept)]
        number = asked.path.removeprefix(f"{PATH}/")
        found = next((each for each in self.attempts if str(each.id) == number), None)
        if found is None or found.gone:
            raise Refused(404, "Not Found")
        return 200, render(found)

    def paginate(self, asked, found, headers):
        """The cursor is opaque; it names the first attempt of a page, so that new ones shift nothing."""
        size, cursor = int(asked.query.get("per_page", 30)), asked.query.get("cursor")
        start = 0 if cursor is None else [f"v1_{each['id']}" for each in found].index(cursor)
        if start + size < len(found):
            query = urlencode(asked.query | {"cursor": f"v1_{found[start + size]['id']}"})
            headers["Link"] = f'<{self._hub.api_url}{asked.path}?{query}>; rel="next"'
        return found[start : start + size]


def render_item(attempt):
    """An attempt as it is listed."""
    action = attempt.payload.get("action") if isinstance(attempt.payload, dict) else None
    return {
        "id": attempt.id,
        "guid": attempt.guid,
        "delivered_at": iso(attempt.delivered_at),
        "redelivery": attempt.redelivery,
        "duration": 0.27,
        "status": "OK" if attempt.status_code == 202 else "Bad Gateway",
        "status_code": attempt.status_code,
        "event": attempt.event,
        "action": action,
        "installation_id": 100,
        "repository_id": 1,
        "throttled_at": None,
    }


def render(attempt):
    """An attempt with all that is known of it."""
    headers = {"X-GitHub-Event": attempt.event, "X-GitHub-Delivery": attempt.guid, "X-GitHub-Hook-ID": "7"}
    answer = {"headers": {}, "payload": ""}
    request = {"headers": headers, "payload": attempt.payload}
    return render_item(attempt) | {"url": "", "request": request, "response": answer}
