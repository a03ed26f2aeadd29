"""What was told and noted of links, moves and repositories, in words for people who ask what happened."""

from trainboard.events import ParentChanged, PullRequestLinked, RepositoryChanged, WorkItemMoved
from trainboard.facts import MoveWorkItem, RecordLink, RecordParent, RecordRepository
from trainboard.item_links import LinkSource

EventOfLinks = ParentChanged | PullRequestLinked | WorkItemMoved | RepositoryChanged
FactOfLinks = RecordParent | RecordLink | MoveWorkItem | RecordRepository


def say_event_of_links(event: EventOfLinks) -> str:
    """What happened, as the rest of a sentence that begins with "because"."""
    match event:
        case ParentChanged():
            where = f"#{event.parent} of {event.parent_tracker}"
            verb = "put below" if event.linked else "taken from below"
            return f"#{event.ref} of {event.tracker} was {verb} {where}"
        case PullRequestLinked():
            verb = "linked to" if event.linked else "taken from"
            item = f"#{event.ref} of {event.tracker}"
            return f"pull request {event.number} of {event.code} was {verb} {item} there"
        case WorkItemMoved():
            old = f"#{event.old_ref} of {event.old_tracker}"
            return f"{old} was transferred: it is #{event.ref} of {event.tracker} now"
        case RepositoryChanged():
            return f"{event.code} was told to be {event.state}"


def say_fact_of_links(fact: FactOfLinks) -> str:
    """What is noted."""
    match fact:
        case RecordParent():
            verb = "is" if fact.linked else "is not"
            return f"#{fact.ref} of {fact.tracker} {verb} below #{fact.parent} of {fact.parent_tracker}"
        case RecordLink():
            said = (
                f"{fact.by or 'somebody'} says that"
                if fact.source is LinkSource.PERSON
                else "its tracker says that"
            )
            verb = "belongs" if fact.linked else "does not belong"
            item = f"#{fact.ref} of {fact.tracker}"
            return f"{said} pull request {fact.number} of {fact.code} {verb} to {item}"
        case MoveWorkItem():
            return f"#{fact.old_ref} of {fact.old_tracker} is #{fact.ref} of {fact.tracker}"
        case RecordRepository():
            return f"{fact.code} is {fact.state}"
