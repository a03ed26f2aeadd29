"""The same workflow, for an App."""

from contract.starter_worlds.github_token import GitHubWorld, opened
from fakes.github.keys import make_pem
from fakes.pipelines import order
from trainboard.github.credentials import AppCredential
from trainboard.pipelines.github_actions import PERMISSIONS


class GitHubAppWorld(GitHubWorld):
    """An App that loses its right to start what it sees."""

    def lose_answer(self):
        self.starter.check(self.pipeline)  # it signs in
        super().lose_answer()

    def breaks(self, how):
        if how == "forbidden":
            self.starter.start(order(self.pipeline, "before"))
            self.fake.churn.runs.clear()
            self.fake.granted["actions"] = "read"
        else:
            super().breaks(how)


def open_world(request):
    return opened(
        GitHubAppWorld, lambda fake, budgets: AppCredential(fake.app.id, make_pem(), budgets, PERMISSIONS)
    )
