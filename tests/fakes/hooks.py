"""Hooks of a platform in memory."""

from msgspec.structs import replace

from trainboard.errors import TransientError
from trainboard.hooks import Hook, HookState
from trainboard.ledgers import Message, Sent


class FakeHooks:
    """Keeps `trainboard.hooks.Hooks`. `calls` counts what was asked; `refusals` are raised by name."""

    def __init__(self, *names, place="Churn"):
        self.hooks = {
            name: Hook(place=place, name=name, state=HookState.WORKING, id=f"id-{name}") for name in names
        }
        self.sent = []
        self.calls = []
        self.refusals = {}
        self.is_away = False

    def stand(self, name, state, detail=""):
        """Somebody, or the platform, did that to the hook."""
        id_ = None if state is HookState.MISSING else f"id-{name}"
        self.hooks[name] = replace(self.hooks[name], state=state, id=id_, detail=detail)

    def remembers(self, id_, at, body, kind="workitem.updated"):
        """The platform knows that it would have sent that."""
        message = Message(headers={}, body=body)
        self.sent.append(Sent(ref=id_, id=id_, kind=kind, at=at, message=message))

    def list_all(self):
        self._note("list")
        return list(self.hooks.values())

    def repair(self, hook):
        self._note(f"repair {hook.name}")
        if hook.name in self.refusals:
            raise self.refusals[hook.name]
        mended = replace(hook, state=HookState.WORKING, id=f"id-{hook.name}", detail="")
        self.hooks[hook.name] = mended
        return mended

    def list_sent(self, since):
        self._note("look back")
        return [each for each in self.sent if each.at >= since]

    def find_message(self, sent):
        return sent.message

    def _note(self, call):
        self.calls.append(call)
        if self.is_away:
            raise TransientError("The platform is away.")
