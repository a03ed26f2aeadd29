"""A workflow on GitHub that listens to an event of its repository."""

from contract.starter_worlds.github_token import GitHubWorld, opened
from fakes.pipelines import pipeline
from trainboard.github.credentials import TokenCredential


class GitHubEventWorld(GitHubWorld):
    """A workflow that carries our mark, which stands in the event's payload, in its title."""

    tells_run = False

    def declare(self):
        workflow = self.fake.add_workflow(
            self.fake.churn, "retrain.yml", event="retrain-model", title="Retrain {trainboard}"
        )
        return workflow, pipeline("repository-dispatch", target="retrain-model", ref="", marker="")

    def list_started(self):
        return [
            {name: str(value).lower() for name, value in run.inputs["parameters"].items()}
            for run in self.fake.churn.runs
        ]

    def breaks(self, how):
        if how in {"gone", "disabled"}:
            raise LookupError(how)
        super().breaks(how)


def open_world(request):
    return opened(GitHubEventWorld, lambda fake, budgets: TokenCredential(fake.token, budgets))
