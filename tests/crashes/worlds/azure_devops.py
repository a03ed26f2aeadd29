"""Our stand-in for Azure DevOps, in memory."""

from crashes.clock import SharedClock
from fakes.teams import on_azure_devops

_SHOWN = ("WorkItemType", "Title", "State", "Reason", "IterationPath", "Tags", "Description")


class AzureDevOpsWorld:
    """Boards, code and pipelines of project Churn."""

    is_here = True
    make_clock = SharedClock
    opened = staticmethod(on_azure_devops)

    def look(self, team, _connection):
        """What people see there."""
        project = team.azure.find_project("Churn")
        items = team.azure.items.values()
        pulls = [pull for code in project.repositories.values() for pull in code.pulls.values()]
        return {
            "items": [_show(each) for each in items],
            "comments": [_show_comment(item, each) for item in items for each in item.comments],
            "threads": [_show_thread(pull, each) for pull in pulls for each in pull.threads],
            "gates": [
                (pull.id, each["iterationId"], each["state"], each["description"])
                for pull in pulls
                for each in pull.statuses
            ],
            "sprints": [each.path for each in project.iterations.walk()],
            "answers": [
                (each.status, [(step.status, step.comment) for step in each.steps])
                for each in project.approvals.values()
            ],
            "pipeline runs": [each.definition.name for each in project.builds.values()],
        }


def _show(item):
    return item.id, *(item.fields.get(f"System.{name}") for name in _SHOWN)


def _show_comment(item, comment):
    reactions = sorted(kind for kind, who in comment.reactions.items() if who)
    return item.id, comment.by.unique_name, reactions, comment.is_deleted, comment.text


def _show_thread(pull, thread):
    said = [(each.by.unique_name, each.content, sorted(each.likes)) for each in thread.comments]
    return pull.id, thread.status, said
