"""Names that somebody may have meant."""

from collections.abc import Iterable

# Names of other bots, and of menus that the platforms' editors open: nobody mistyped ours.
FOREIGN = frozenset(
    {
        *("ai", "area", "azp", "azurepipelines", "backport", "bark", "build", "cancel", "cc", "cherry-pick"),
        *("cherrypick", "code", "copr-build", "deploy", "details", "format", "hold", "honk", "joke", "kind"),
        *(
            "lgtm",
            "lifecycle",
            "lint",
            "meow",
            "merge",
            "milestone",
            "ok-to-test",
            "override",
            "packit",
            "plan",
        ),
        *(
            "pony",
            "preview",
            "project",
            "rebase",
            "remove-label",
            "remove-lifecycle",
            "remove-priority",
            "review",
        ),
        *("retest", "retest-required", "retitle", "run", "saved-replies", "shrug", "skip", "state", "table"),
        *(
            "tableflip",
            "template",
            "test",
            "test-all",
            "tide",
            "transfer",
            "transfer-issue",
            "triage",
            "uncc",
        ),
        *("unhold", "unlgtm", "verify"),
    }
)
_SHORT, _MEDIUM = 3, 5


def list_near(name: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that are few slips from `name`, the nearest first, at most two.

    A short name allows none, one of up to five letters a single slip, a longer one two. A name of another bot
    is near nothing.
    """
    allowed = 0 if len(name) <= _SHORT else 1 if len(name) <= _MEDIUM else 2
    if name in FOREIGN or not allowed:
        return []
    slips = {each: _count_slips(name, each, allowed) for each in names}
    return sorted((each for each in slips if slips[each] <= allowed), key=lambda each: (slips[each], each))[
        :2
    ]


def _count_slips(one: str, other: str, allowed: int) -> int:
    """How many letters were left out, added, changed or swapped with the next, or more than allowed."""
    if abs(len(one) - len(other)) > allowed:
        return allowed + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if earlier and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                slips = min(slips, earlier[j - 2] + 1)
            row.append(slips)
    return row[-1]
