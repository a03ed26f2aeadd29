"""How hooks stood when they were last looked at."""

from datetime import UTC, datetime

from msgspec.structs import replace

from trainboard.hooks import Hook, HookState
from trainboard.store import hook_states

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
HOOK = Hook(place="Churn", name="workitem.updated", state=HookState.WORKING, id="s1")
MISSING = replace(HOOK, name="git.push", state=HookState.MISSING, id=None)


def test_the_last_look_counts(write):
    """What it did not find is not needed any more; other sources are others."""
    hook_states.record(write, "azure-devops", [HOOK, MISSING], NOW)
    hook_states.record(write, "other", [HOOK], NOW)
    hook_states.record(write, "azure-devops", [replace(HOOK, state=HookState.FAILING)], NOW)
    expected = {("azure-devops", "failing"): 1, ("other", "working"): 1}
    assert expected == hook_states.count_states(write)


def test_repairs_are_counted(write):
    """Over all looks; a hook that is mended works."""
    hook_states.record(write, "azure-devops", [HOOK, MISSING], NOW)
    for _ in range(2):
        hook_states.note_repair(
            write, "azure-devops", replace(MISSING, state=HookState.WORKING, id="s2"), NOW
        )
        hook_states.record(write, "azure-devops", [HOOK, MISSING], NOW)
    assert {"azure-devops": 2} == hook_states.count_repairs(write)


def test_no_hooks(write):
    """Then there is nothing to count."""
    hook_states.record(write, "azure-devops", [], NOW)
    assert ({}, {}) == (hook_states.count_states(write), hook_states.count_repairs(write))
