"""Webhooks, as their senders see them: do they work, and do deliveries arrive."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from trainboard.diagnosis import Examinable, Finding, failing, note
from trainboard.doctor import Subject
from trainboard.hooks import Hook, HookState

FIXES = {
    HookState.FAILING: "Look at the log for what it was answered. The service mends it, and fetches what it "
    "did not tell, within ten minutes; `trainboard init --azure` does so at once.",
    HookState.STOPPED: "Is the account active that made it? The service enables it within ten minutes; "
    "`trainboard init --azure` does so at once.",
    HookState.WRONG: "The service corrects it within ten minutes; `trainboard init --azure` does so at once.",
    HookState.MISSING: "Run `trainboard init --azure`, which makes what is missing and nothing twice.",
    HookState.SWITCHED_OFF: "Somebody switched it off. Switch it on, or live without what it tells of.",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Hooks of each place that do not work, and what each sender tells of its deliveries."""
    if subject.obstacle_to_hooks:
        yield note(subject.obstacle_to_hooks, "Until then nobody sees to it that what happens there is told.")
    hooks = subject.hooks()
    for each in hooks.values():
        for _, some in groupby(each.list_all(), key=lambda hook: hook.place):
            yield from _judge(list(some))
    senders = [sender for sender in subject.senders() if isinstance(sender, Examinable)]
    for sender in senders:
        yield from sender.examine()
    if not hooks and not senders and not subject.obstacle_to_hooks:
        yield Finding(message="No sender of webhooks tells how they are doing.")


def _judge(hooks: Sequence[Hook]) -> Iterator[Finding]:
    working = [hook for hook in hooks if hook.state is HookState.WORKING]
    yield Finding(message=f"{hooks[0].place}: {len(working)} of {len(hooks)} hooks work.")
    if all(hook.state is HookState.MISSING for hook in hooks):
        yield failing(f"{hooks[0].place} has no hooks that feed us.", FIXES[HookState.MISSING])
        return
    for hook in hooks:
        if hook.state is not HookState.WORKING:
            grade = note if hook.state is HookState.SWITCHED_OFF else failing
            yield grade(f"{hook.place}, {hook.name}: {hook.state}. {hook.detail}", FIXES[hook.state])
