"""What the places that show a report know of Markdown.

Source: GitHub Docs, "Creating diagrams"; Microsoft Learn, "Markdown guidance for Azure DevOps". A wiki of
Azure DevOps draws Mermaid's pies and no line charts, a work item there draws nothing.
"""

import msgspec


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """How Markdown is written for one kind of place.

    `folds` tells that it knows `<details>`, `fence` are the lines around a Mermaid diagram, None where it
    draws none, and `plots` tells that it draws Mermaid's `xychart-beta`.
    """

    name: str
    folds: bool = False
    fence: tuple[str, str] | None = None
    plots: bool = False


PLAIN = Dialect(name="plain")
GITHUB = Dialect(name="github", folds=True, fence=("```mermaid", "```"), plots=True)
AZURE_BOARDS = Dialect(name="azure-boards", folds=True)
AZURE_WIKI = Dialect(name="azure-wiki", folds=True, fence=("::: mermaid", ":::"))
DIALECTS = {each.name: each for each in (PLAIN, GITHUB, AZURE_BOARDS, AZURE_WIKI)}


def dialect_of(tracker: str) -> Dialect:
    """What work items of the tracker of that full name show, such as `github:acme/churn`."""
    return DIALECTS.get(tracker.partition(":")[0], PLAIN)
