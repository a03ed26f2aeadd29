"""Facts and effects of reports in words."""

from trainboard.effects import EnsureReport, FreezeReport
from trainboard.facts import ClaimReport, HearOfReport


def say_fact_of_reports(fact: ClaimReport | HearOfReport) -> str:
    """What is noted."""
    match fact:
        case ClaimReport(state="watched"):
            return f"{fact.report} reports of {fact.project} are due for {fact.target} from now on"
        case ClaimReport():
            return f"the {fact.report} report of {fact.project} for {fact.target} is {fact.state}"
        case HearOfReport():
            return f"#{fact.ref} of {fact.tracker}, which holds a report, changed"


def say_effect_of_reports(effect: EnsureReport | FreezeReport) -> str:
    """What shall be true."""
    whose = f"sprint {effect.number} of {effect.project}"
    if isinstance(effect, FreezeReport):
        return f"what {whose} came to is kept"
    return f"the {effect.report} report of {whose} is at {effect.target}"
