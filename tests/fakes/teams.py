"""Teams whose work items and code live on one platform, with their bot: one story can be told of each."""

import json
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from fakes.azure_devops import AzureDevOps
from fakes.azure_devops.artifacts import publish
from fakes.azure_devops.hooks import EVENTS, Subscription
from fakes.azure_devops.relations import PARENT, url_of
from fakes.conversation import GITHUB_SECRET, PROJECT, RUNS_SOURCE, run
from fakes.github import FakeGitHub, artifacts
from fakes.github.keys import make_pem
from fakes.github.shapes import iso
from fakes.result_files import cobertura, junit, zipped
from trainboard.work_items import WorkItemChange
from trainboard_webhooks import github
from trainboard_webhooks.passwords import basic_authorization

FIXTURES = Path(github.__file__).parent / "fixtures"
TURN = {"seconds": 61}


class Team:
    """People and their bot. A subclass knows the platform."""

    bot = None
    keeps_itself = False
    """Work items stand in the bot's own database, so that it hears of all that happens to them."""

    def plans(self, targets):
        """An experiment has run, and somebody writes targets into its work item. Returns its number."""
        self.trains("first", "0" * 40, val_auc=0.9)
        [item] = self.bot.items()
        tracker = self.bot.bot.outside.trackers["churn"]
        tracker.update_item(item.ref, WorkItemChange(body=f"{targets}\n\n{item.body}"))
        self.trains("second", "0" * 40, val_auc=0.9)
        return item.ref

    def trains(self, run_id, commit, **metrics):
        """A job trains at that commit and reports its run."""
        self.bot.reports(run(run_id, "churn-xgb", metrics=metrics, links={"commit": commit}))
        self.goes_by()

    def goes_by(self):
        """Time goes by, and the bot does what is due."""
        self.bot.forward(**TURN)

    def tells(self):
        """The platform tells of all that happened to work items, and the bot hears it."""
        self.sends()
        self.bot.settle()

    def sends(self):
        """The platform sends what it did not tell of yet."""

    @property
    def item(self):
        """The text of the experiment's work item."""
        [item] = self.bot.items()
        return item.body

    @property
    def deployments(self):
        """What the service tells of deployments: the figures, and the environments by name."""
        told = self.bot.http.get("/api/v1/deployments").get_json()
        return told["figures"], {each["name"]: each for each in told["environments"]}


class GitHubTeam(Team):
    """Issues and code in acme/churn, told of by an App's hook."""

    def __init__(self, talk, github, *, sources=(RUNS_SOURCE,), **project):
        self.github = github
        self.bot = talk(
            sources=list(sources),
            clock=github.clock,
            projects=[PROJECT | {"tracker": "github:acme/churn"} | project],
            github={
                "app_id": github.app.id,
                "private_key": make_pem(),
                "webhook_secrets": [GITHUB_SECRET],
            },
        )
        self.pull = None
        self.run = 20900000000
        self.left = []
        self.merged_as = "d" * 40
        self.told = 0

    def sends(self):
        """Each event of an issue is a delivery of its own."""
        for each in self.github.churn.events[self.told :]:
            assert self.bot.github_says("issues", each.body, settle=False) == 202
            self.told += 1

    def tells_again(self):
        """All is delivered anew, under other ids."""
        self.told = 0
        self.tells()

    @property
    def platform(self):
        """The stand-in."""
        return self.github

    def keeps(self, path, text):
        """A file has this text on `main`."""
        self.github.churn.files[path] = text

    def opens(self, title, text, *paths, files=None):
        """Somebody opens a pull request, which leaves these texts in files."""
        self.pull = self.github.person_opens(self.github.churn, title, body=text, is_pull=True)
        self.pull.paths.extend(paths)
        if files:
            self.github.person_pushes(self.pull, files=files)
        self._tells_of_pull("opened")

    def pushes(self, files=None):
        """Somebody pushes a commit to it, which leaves these texts in files."""
        self.github.person_pushes(self.pull, files=files)
        self._tells_of_pull("synchronize")

    def merges(self):
        """Somebody merges it."""
        self.github.person_ends(self.pull, merged=True)
        self._tells_of_pull("closed")

    def checks(self, state):
        """Unit tests of the head commit run and end so."""
        number = self.github.new_id()
        for status, conclusion in (("in_progress", None), ("completed", state)):
            self._says(
                "check_run",
                "failed",
                check_run={
                    "id": number,
                    "name": "unit tests",
                    "head_sha": self.head,
                    "status": status,
                    "conclusion": conclusion,
                    "started_at": self._now,
                    "completed_at": conclusion and self._now,
                },
            )
        self.goes_by()

    def tests(self, *results, covered=None, branch="", attempt=1):
        """A run of all tests ends and leaves what they found; of a branch, or else of the pull request."""
        self.run += attempt == 1
        files = {"junit.xml": junit(results)} | ({"coverage.xml": cobertura(covered)} if covered else {})
        artifacts.leave(self.github, self.github.churn, self.run, "test-results", zipped(files))
        self.ends_run(branch=branch, attempt=attempt)

    def leaves(self, artifact, files, **more):
        """The run that goes on leaves files, or what is said to be an archive of them."""
        self.left.append((artifact, files if isinstance(files, bytes) else zipped(files), more))

    def ends_run(self, *, branch="", attempt=1, fork=False):
        """GitHub tells that the run ended, whatever it left."""
        commit = "b" * 40 if branch else self.head
        for artifact, content, more in self.left:
            left = more | {"commit": commit, "head_repository": 99 if fork else 0}
            artifacts.leave(self.github, self.github.churn, self.run, artifact, content, **left)
        self.left.clear()
        told = {
            "id": self.run,
            "head_sha": commit,
            "event": "push" if branch else "pull_request",
            "head_branch": branch or "wide",
            "run_attempt": attempt,
            "updated_at": self._now,
            **({"pull_requests": []} if fork or branch else {}),
            **({"head_repository": {"id": 99, "full_name": "eve/churn"}} if fork else {}),
        }
        self._says("workflow_run", "failed", workflow_run=told)
        self.goes_by()
        self.goes_by()

    def writes_task(self, title):
        """Somebody writes a work item of the team's own. Returns its number."""
        return str(self.github.person_opens(self.github.churn, title).number)

    def deletes(self, ref):
        """Somebody deletes a work item."""
        payload = json.loads((FIXTURES / "issues__edited.json").read_bytes()) | {"action": "deleted"}
        payload["repository"]["full_name"] = "acme/churn"
        payload["issue"] |= {"number": int(ref), "updated_at": self._now}
        del self.github.churn.issues[int(ref)]
        assert self.bot.github_says("issues", payload) == 202
        self.goes_by()

    def unarchives(self):
        """Somebody lets people write to the repository again."""
        payload = json.loads((FIXTURES / "repository__unarchived.json").read_bytes())
        payload["repository"] |= {"updated_at": self._now}
        assert self.bot.github_says("repository", payload) == 202
        self.goes_by()

    def transfers(self, ref):
        """Somebody transfers an issue to acme/plans."""
        payload = json.loads((FIXTURES / "issues__transferred.json").read_bytes())
        payload["issue"] |= {"number": int(ref), "updated_at": self._now}
        payload["changes"]["new_issue"] |= {"updated_at": self._now}
        del self.github.churn.issues[int(ref)]
        assert self.bot.github_says("issues", payload) == 202
        self.goes_by()

    def puts_below(self, task, parent):
        """Somebody puts a work item below another one; GitHub tells of it twice."""
        for action in ("sub_issue_added", "parent_issue_added"):
            payload = json.loads((FIXTURES / "sub_issues__sub_issue_added.json").read_bytes())
            payload |= {"action": action}
            payload["sub_issue"] |= {"number": int(task), "updated_at": self._now}
            payload["parent_issue"] |= {"number": int(parent), "updated_at": self._now}
            assert self.bot.github_says("sub_issues", payload) == 202
        self.goes_by()

    def reverts(self):
        """Somebody opens the pull request that undoes the merged one, and merges it."""
        undone = self.pull
        title = f'Revert "{undone.title}"'
        self.opens(title, f"Reverts acme/churn#{undone.number}")
        self.merges()

    def deploys(self, environment, state="success", *, commit=None):
        """The merge commit is deployed there, or another one."""
        sha = commit or self.merged_as
        deployment = {"id": self.github.new_id(), "sha": sha, "environment": environment}
        status = {"state": state, "environment": environment, "created_at": self._now}
        self._says("deployment_status", "success", deployment=deployment, deployment_status=status)
        self.goes_by()

    def asks_for_production(self):
        """A run that would deploy the merge commit waits for somebody."""
        self._says("deployment_review", "requested", workflow_run=self._review())
        self.goes_by()

    def approves_production(self):
        """Somebody who may lets it go on, and it is deployed."""
        self._says("deployment_review", "approved", workflow_run=self._review())
        self.deploys("production")

    def builds_on_the_merge(self):
        """Somebody commits on top of the merge commit. Returns the new commit."""
        return self.github.person_builds_on(self.github.churn, self.merged_as)

    @property
    def head(self):
        """The head commit."""
        return self.pull.commits[-1]

    @property
    def comment(self):
        """The bot's one comment that shows how the pull request stands."""
        [comment] = [each for each in self.pull.comments if "### Trainboard" in each.body]
        return comment.body

    @property
    def gates(self):
        """How the gate stands on each commit, in words of the bot."""
        words = {"success": "success", "failure": "failure", "neutral": "neutral", None: "waiting"}
        latest = {each.commit: each for each in self.github.churn.check_runs}
        return [words[latest[commit].conclusion] for commit in self.pull.commits if commit in latest]

    @property
    def writes(self):
        """Requests that changed the pull request."""
        wanted = (f"/issues/{self.pull.number}/comments", "/issues/comments/", "/check-runs")
        calls = (asked for asked in self.github.requests if asked.method in {"POST", "PATCH"})
        return [str(asked) for asked in calls if any(part in asked.path for part in wanted)]

    @property
    def files_read(self):
        """The paths of the files that were read, in order."""
        paths = (asked.path for asked in self.github.requests)
        return [unquote(path.partition("/contents/")[2]) for path in paths if "/contents/" in path]

    @property
    def _now(self):
        return iso(self.github.now)

    def _review(self):
        return {"id": 30433642, "head_sha": self.merged_as, "updated_at": self._now}

    def _tells_of_pull(self, action):
        pull = self.pull
        told = {
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "state": pull.state,
            "merged": pull.merged_at is not None,
            "merge_commit_sha": self.merged_as,
            "updated_at": iso(pull.updated_at),
            "html_url": f"https://github.com/acme/churn/pull/{pull.number}",
        }
        self._says("pull_request", "opened", action=action, pull_request=told, head={"sha": self.head})
        self.goes_by()

    def _says(self, event, case, *, head=None, **changes):
        payload = json.loads((FIXTURES / f"{event}__{case}.json").read_bytes())
        payload["repository"]["full_name"] = "acme/churn"
        for name, change in changes.items():
            payload[name] = payload[name] | change if isinstance(change, dict) else change
        if head:
            payload["pull_request"]["head"] |= head
        assert self.bot.github_says(event, payload) == 202


class AzureTeam(Team):
    """Boards and repositories of project Churn, told of by service hooks."""

    kinds = (
        "workitem.created",
        "workitem.updated",
        "workitem.commented",
        "workitem.deleted",
        "git.pullrequest.created",
        "git.pullrequest.updated",
        "git.pullrequest.merged",
        "ms.vss-code.git-pullrequest-comment-event",
        "build.complete",
        "ms.vss-pipelines.run-state-changed-event",
        "ms.vss-pipelines.stage-state-changed-event",
        "ms.vss-pipelinechecks-events.approval-pending",
        "ms.vss-pipelinechecks-events.approval-completed",
    )
    password = "a-password-of-hooks"

    def __init__(self, talk, azure, *, sources=(RUNS_SOURCE,), **project):
        self.azure = azure
        azure.add_project("Churn", process="Basic", team="Churn ML")
        self.code = azure.add_repository("Churn", "churn")
        self.unit_tests = azure.add_definition("Churn", "unit tests", self.code)
        self.all_tests = azure.add_definition("Churn", "ci", self.code)
        self.release = azure.add_definition("Churn", "release", self.code)
        self.places = {
            name: azure.add_environment("Churn", name, [azure.ana]) for name in ("staging", "production")
        }
        self.bot = talk(
            sources=list(sources),
            clock=azure.clock,
            projects=[
                PROJECT
                | {"tracker": "azure-boards:acme/Churn/Churn ML", "code": "azure-repos:acme/Churn/churn"}
                | project
            ],
            azure_devops={
                "organization_url": azure.url,
                "token": azure.token,
                "webhook_user": "hooks",
                "webhook_password": self.password,
            },
        )
        azure.send_hook = self._post
        for kind in self.kinds:
            self._subscribe(kind)
        self.pull = None
        self.run = None
        self.left = []
        self.waiting = None

    def sends(self):
        """Service hooks tell of each change."""
        self.azure.deliver()

    def tells_again(self):
        """All is delivered anew."""
        for each in self.azure.notifications:
            each.status = "queued"
        self.tells()

    @property
    def platform(self):
        """The stand-in."""
        return self.azure

    def keeps(self, path, text):
        """A file has this text on `main`."""
        self.azure.person_pushes(self.code, files={path: text})

    def opens(self, title, text, *paths, files=None):
        """Somebody opens a pull request, which leaves these texts in files."""
        if files:
            self.azure.person_pushes(self.code, "refs/heads/wide", files=self._main | files)
        self.pull = self.azure.person_opens_pull(self.code, title, source="refs/heads/wide", description=text)
        self.pull.paths.extend((*paths, *(files or ())))
        self.goes_by()

    def pushes(self, files=None):
        """Somebody pushes a commit to it, which leaves these texts in files."""
        self.azure.person_pushes(self.code, "refs/heads/wide", files=files)
        self.goes_by()

    def merges(self):
        """Somebody completes it."""
        self.azure.person_ends_pull(self.pull)
        self.goes_by()

    def checks(self, state):
        """Unit tests of the head commit run and end so."""
        result = {"success": "succeeded", "failure": "failed"}[state]
        build = self._queue_for_pull(self.unit_tests)
        self.azure.start_stage(build, "Build")
        self.azure.finish_stage(build, "Build", result)
        self.azure.finish_stage(build, "Deploy", "skipped")
        self.azure.finish_build(build, result)
        self.goes_by()

    def tests(self, *results, covered=None, branch="", attempt=1):
        """A run of all tests ends and leaves what they found; of a branch, or else of the pull request."""
        if attempt == 1 and branch:
            self.run = self.azure.queue(self.all_tests, branch=f"refs/heads/{branch}", commit="b" * 40)
        elif attempt == 1:
            self.run = self._queue_for_pull(self.all_tests)
        self.azure.publish_tests(self.run, results, attempt=attempt, coverage=covered)
        self.azure.finish_build(self.run)
        self.goes_by()

    def leaves(self, artifact, files, **more):
        """The run that goes on leaves files, or what is said to be an archive of them."""
        self.left.append((artifact, files if isinstance(files, bytes) else zipped(files), more))

    def ends_run(self, *, branch="", attempt=1, fork=False):
        """A run ends that left this; of a branch, or else of the pull request."""
        if attempt == 1 and branch:
            self.run = self.azure.queue(self.all_tests, branch=f"refs/heads/{branch}", commit="b" * 40)
        elif attempt == 1:
            self.run = self._queue_for_pull(self.all_tests)
            self.run.trigger_info["pr.isFork"] = str(fork)
        for stage in self.run.stages:
            stage.attempt = attempt
        for artifact, content, more in self.left:
            publish(self.azure, self.run, artifact, content, **more)
        self.left.clear()
        self.azure.finish_build(self.run)
        self.goes_by()

    def writes_task(self, title):
        """Somebody writes a work item of the team's own. Returns its number."""
        return str(self.azure.person_creates("Churn", title).id)

    def puts_below(self, task, parent):
        """Somebody puts a work item below another one."""
        self.azure.person_relates(task, PARENT, url_of(self.azure, self.azure.find_item(parent)))
        self.goes_by()

    def deletes(self, ref):
        """Somebody deletes a work item."""
        self.azure.person_deletes(ref)
        self.goes_by()

    def links(self, ref):
        """Somebody links the pull request on the page of a work item."""
        code = self.code
        uri = f"vstfs:///Git/PullRequestId/{code.project.id}%2F{code.id}%2F{self.pull.id}"
        self.azure.person_relates(ref, "ArtifactLink", uri, name="Pull Request")
        self.goes_by()

    def reverts(self):
        """Somebody opens the pull request that undoes the merged one, and completes it."""
        undone = self.pull
        self.opens(f'Revert "{undone.title}"', f"Reverts !{undone.id}")
        self.merges()

    def deploys(self, environment, state="success", *, commit=None):
        """The merge commit is deployed there, or another one."""
        build = self.azure.queue(self.release, commit=commit or self.pull.merged_as)
        self.azure.start_stage(build, "Deploy", self.places[environment])
        self._finish(build, state)

    def asks_for_production(self):
        """A run that would deploy the merge commit waits for somebody."""
        build = self.azure.queue(self.release, commit=self.pull.merged_as)
        self.waiting = self.azure.wait_for_approval(
            build, "Deploy", self.places["production"], [self.azure.ana]
        )
        self.goes_by()

    def approves_production(self):
        """Somebody who may lets it go on, and it is deployed."""
        self.azure.decide(self.waiting, "approved", self.azure.ana)
        self._finish(self.waiting.build, "success")

    def goes_by(self):
        """Hooks are sent, time goes by, and the bot does what is due."""
        for _ in range(2):
            self.azure.deliver()
            self.bot.settle()
            super().goes_by()

    def builds_on_the_merge(self):
        """Somebody commits on top of the merge commit. Returns the new commit."""
        return self.azure.person_builds_on(self.code, self.pull.merged_as)

    @property
    def head(self):
        """The head commit."""
        return self.pull.iterations[-1][0]

    @property
    def comment(self):
        """The bot's one comment that shows how the pull request stands."""
        [thread] = [each for each in self.pull.threads if "### Trainboard" in each.comments[0].content]
        assert thread.status == "closed"
        [comment] = thread.comments
        return comment.content

    @property
    def gates(self):
        """How the gate stands on each commit, in words of the bot."""
        words = {
            "pending": "waiting",
            "succeeded": "success",
            "failed": "failure",
            "notApplicable": "neutral",
        }
        latest = {each["iterationId"]: words[each["state"]] for each in self.pull.statuses}
        return [latest[number] for number in sorted(latest)]

    @property
    def writes(self):
        """Requests that changed the pull request."""
        calls = (asked for asked in self.azure.requests if asked.method in {"POST", "PATCH"})
        return [str(asked) for asked in calls if "/pullRequests/" in asked.path]

    def _queue_for_pull(self, definition):
        return self.azure.queue(
            definition,
            branch=f"refs/pull/{self.pull.id}/merge",
            commit="f" * 40,
            reason="pullRequest",
            trigger_info={"pr.sourceSha": self.head},
        )

    @property
    def files_read(self):
        """The paths of the files that were read, in order."""
        return [asked.query["path"][1:] for asked in self.azure.requests if asked.route == "git.items"]

    @property
    def _main(self):
        return self.code.trees[self.code.refs["refs/heads/main"]]

    def _finish(self, build, state):
        result = {"success": "succeeded", "failure": "failed"}[state]
        self.azure.finish_stage(build, "Deploy", result)
        self.azure.finish_build(build, result)
        self.goes_by()

    def _subscribe(self, kind):
        made = Subscription(
            id=f"{len(self.azure.subscriptions):08}-0000-4000-8000-000000000000",
            event=kind,
            version=EVENTS[kind][1][-1],
            by=self.azure.ana,
            created_at=self.azure.now,
            modified_at=self.azure.now,
            publisher=EVENTS[kind][0],
            consumer_inputs={"url": "https://bot.example/", "basicAuthUsername": "hooks"},
        )
        self.azure.subscriptions[made.id] = made

    def _post(self, _url, body, _headers, _auth):
        headers = {"Authorization": basic_authorization("hooks", self.password)}
        answer = self.bot.http.post(
            "/webhooks/azure-devops", data=body, headers=headers, content_type="application/json"
        )
        return answer.status_code


@contextmanager
def on_github(talk, clock, **project):
    """A team on GitHub, with its sources and further settings of its project."""
    github = FakeGitHub(clock=clock)
    github.clock = clock
    with github.running():
        yield GitHubTeam(talk, github, **project)


@contextmanager
def on_azure_devops(talk, clock, **project):
    """A team on Azure DevOps, with its sources and further settings of its project."""
    azure = AzureDevOps(clock)
    with azure.running():
        yield AzureTeam(talk, azure, **project)


@contextmanager
def on_local_board(talk, clock, **project):
    """A team that has nothing but the bot: a local board, and no code."""
    team = Team()
    team.keeps_itself = True
    team.bot = talk(clock=clock, projects=[PROJECT | project])
    yield team
