"""What the bot says on a plan of an experiment that it does not take."""


def render_refusal(reason: str) -> str:
    """Why runs are not shown here, and what to do. `reason` is Markdown."""
    after = "Edit the text above to have it read again, or let somebody who may command `/track` here."
    return f"This plan is not taken yet, and no run is shown here. {reason}\n\n{after}"
