"""How each number of a report is computed, in a few words. The table in docs/reports.md says the same."""

FORMULAS = {
    "committed": "in the sprint and open when it began, by the estimates of then",
    "added": "in the sprint at its end, and not committed",
    "removed": "committed, and not in the sprint at its end, or given up",
    "re-estimated": "by how much the estimates of what stayed grew",
    "completed": "in the sprint at its end, and done",
    "carried, or open": "in the sprint at its end, and not done",
    "completed late": "carried, and done within seven days",
    "came and went": "put into the sprint after its start and out of it before its end",
    "say/do": "share of the committed points whose items were completed, by the estimates of the start",
    "scope change": "final scope minus what was committed, by what was committed",
    "ideal": "a straight line from what was committed to nothing, on working days only",
    "velocity": "mean of the points completed in the last three sprints that are over",
    "cumulative flow": "items that are to do, under way and done at the end of each working day",
    "lead time": "from when an item was first known to its last end",
    "cycle time": "from when work on an item was first started to its last end",
    "forecast": "items done on each working day before, drawn again for the days to come, exactly",
}
"""By the name of the figure."""


def anchor_of(figure: str) -> str:
    """Where on a page its formula stands."""
    return f"how-{figure.split(',', maxsplit=1)[0].replace(' ', '-').replace('/', '-')}"
