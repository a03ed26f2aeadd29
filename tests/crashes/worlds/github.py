"""Our own GitHub, in memory."""

from crashes.clock import SharedClock
from fakes.teams import on_github


class GitHubWorld:
    """Issues, code and deployments of acme/churn."""

    is_here = True
    make_clock = SharedClock
    opened = staticmethod(on_github)

    def look(self, team, _connection):
        """What people see there."""
        churn = team.github.churn
        issues = churn.issues.values()
        return {
            "items": [_show(each, churn) for each in issues],
            "comments": [
                (issue.number, each.author.login, each.reactions, each.body)
                for issue in issues
                for each in issue.comments
            ],
            "milestones": [(each.title, each.state) for each in churn.milestones.values()],
            "checks": [(each.name, each.status, each.conclusion, each.output) for each in churn.check_runs],
            "answers": [(each.environment.name, each.state, each.comment) for each in churn.held],
            "pipeline runs": [(each.workflow.file, each.inputs) for each in churn.runs],
        }


def _show(issue, churn):
    milestone = churn.milestones[issue.milestone].title if issue.milestone else None
    state = (issue.state, issue.reason, milestone, sorted(issue.labels), sorted(issue.assignees))
    return issue.number, issue.title, *state, issue.body
