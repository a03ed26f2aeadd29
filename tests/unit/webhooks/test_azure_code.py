"""Azure DevOps: what notifications tell of pull requests, of builds and of runs of pipelines.

The fixtures' events are in the contract suite.
"""

import pytest

from fakes.azure_fixtures import fixture, parsed, put
from trainboard.errors import PayloadError
from trainboard.pull_requests import CheckState
from trainboard_webhooks.azure_devops.pipelines import PIPELINE_KINDS

OPENED = "git.pullrequest.created__opened"
OF_PULL_REQUEST = "build.complete__pull_request"
HEAD = "89abcdef0123456789abcdef0123456789abcdef"
RUN = "ms.vss-pipelines.run-state-changed-event__succeeded"
APPROVAL = "ms.vss-pipelinechecks-events.approval-pending__environment"


def pull_request(document):
    [event] = parsed(document)
    return event.pull_request


def check(document):
    [event] = parsed(document)
    return event.check


class TestPullRequest:
    """How a pull request stands."""

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("resource", {"id": 8348}),
            ("resource.pullRequestId", "8348"),
            ("resource.status", "notSet"),
            ("resource.lastMergeSourceCommit", None),
            ("resource.lastMergeSourceCommit.commitId", "main"),
            ("resource.repository.name", "contoso/demo"),
            ("resource.repository.name", ".."),
            ("resource.repository.name", ""),
            ("resource.repository.project.name", "a\nb"),
            ("resourceContainers", None),
            ("createdDate", "yesterday"),
        ],
    )
    def test_half_a_pull_request_is_none(self, path, value):
        """Without its number, state, commit or repository nothing is guessed."""
        document = put(put(fixture(OPENED), "resource.url", None), path, value)
        with pytest.raises(PayloadError):
            parsed(document)

    def test_an_attempt_to_merge_does_not_merge(self):
        """Azure DevOps tries again after every push, and tells of the merge that it made for the attempt."""
        tried = put(fixture("git.pullrequest.merged__completed"), "resource.status", "active")
        [event] = parsed(tried)
        assert ("merge tried", "open", None) == (
            event.action,
            event.pull_request.state,
            event.pull_request.merged_as,
        )

    def test_a_branch_of_another_kind_keeps_its_name(self):
        """Only what all branches have in common is left out."""
        tag = put(fixture(OPENED), "resource.targetRefName", "refs/tags/v1")
        assert ("spike/demo", "refs/tags/v1") == (pull_request(tag).branch, pull_request(tag).base)

    @pytest.mark.parametrize(
        ("base", "url"),
        [
            (
                "https://ada:pw@contoso.visualstudio.com/DefaultCollection/",
                "https://contoso.visualstudio.com/DefaultCollection/Contoso%20Demo/_git/contoso-demo/pullrequest/8348",
            ),
            (
                "http://tfs:8080/tfs/Contoso",
                "http://tfs:8080/tfs/Contoso/Contoso%20Demo/_git/contoso-demo/pullrequest/8348",
            ),
            ("javascript://x/contoso", ""),
            ("https://ev il/contoso", ""),
            ("https://[x/contoso", None),
        ],
    )
    def test_its_page_is_below_the_organisation(self, base, url):
        """At its address without a password, and nowhere if that is none."""
        document = put(fixture(OPENED), "resourceContainers.collection.baseUrl", base)
        if url is None:
            with pytest.raises(PayloadError, match="which organisation"):
                parsed(document)
        else:
            assert url == pull_request(document).url

    def test_whoever_made_it_may_be_unknown(self):
        """Then nobody is named."""
        [event] = parsed(put(fixture(OPENED), "resource.createdBy", None))
        assert ("", False) == (event.pull_request.author, event.by_bot)


class TestBuild:
    """What a build says of a commit."""

    @pytest.mark.parametrize(
        ("result", "state"),
        [
            ("succeeded", CheckState.PASSED),
            ("partiallySucceeded", CheckState.PASSED),
            ("failed", CheckState.FAILED),
            ("canceled", CheckState.CANCELLED),
            ("none", CheckState.NEUTRAL),
            ("of tomorrow", CheckState.NEUTRAL),
            (None, CheckState.NEUTRAL),
        ],
    )
    def test_result_is_the_state_of_the_check(self, result, state):
        """A build that ended has ended, whatever its result is called."""
        assert state == check(put(fixture(OF_PULL_REQUEST), "resource.result", result)).state

    def test_a_build_of_a_pull_request_is_of_its_newest_commit(self):
        """The merge that it builds is on no branch."""
        assert HEAD == check(fixture(OF_PULL_REQUEST)).commit

    @pytest.mark.parametrize(
        "parameters", [None, "", "[]", "{", "{}", '{"system.pullRequest.sourceCommitId": 5}']
    )
    def test_the_merge_itself_is_said_nothing_of(self, parameters):
        """Where the newest commit is not told, the run is to be read."""
        document = put(fixture(OF_PULL_REQUEST), "resource.triggerInfo", {})
        [event] = parsed(put(document, "resource.parameters", parameters))
        assert ("azure-pipelines:contoso", 20163) == (event.pipelines, event.run)

    @pytest.mark.parametrize(
        ("repository", "code"),
        [
            (
                {"type": "TfsGit", "id": "1", "name": "other"},
                "azure-repos:contoso/Contoso Demo/other",
            ),
            ({"type": "GitHub", "id": "acme/churn"}, "github:acme/churn"),
            ({"type": "GitHub", "id": "acme"}, None),
            ({"type": "GitHub"}, None),
            ({"type": "TfsGit"}, None),
            ({"type": "Bitbucket", "id": "acme/churn"}, None),
            ({"id": "1"}, None),
            (None, None),
        ],
    )
    def test_code_lives_in_azure_repos_or_on_github(self, repository, code):
        """Of code that lives elsewhere nothing is told."""
        found = parsed(put(fixture(OF_PULL_REQUEST), "resource.repository", repository))
        assert ([code] if code else []) == [event.check.code for event in found]

    def test_a_later_build_of_the_pipeline_counts(self):
        """Its number is what tells which is the later one."""
        first = check(fixture(OF_PULL_REQUEST))
        second = check(put(fixture(OF_PULL_REQUEST), "resource.id", 20164))
        assert (first.name, first.commit, True) == (second.name, second.commit, first.run < second.run)

    def test_when_it_ended_may_be_missing(self):
        """Then it ended when it was told."""
        document = put(fixture(OF_PULL_REQUEST), "resource.finishTime", None)
        assert "2026-09-13T15:36:17.400000+00:00" == check(document).at.isoformat()


class TestRun:
    """That a run has to be read."""

    @pytest.mark.parametrize("kind", sorted(PIPELINE_KINDS))
    def test_every_change_of_a_run_names_it(self, kind):
        """By organisation, project and number."""
        document = put(fixture(RUN), "eventType", kind)
        document = put(document, "resource.approval", {"id": "44444444-EEEE-4eee-8eee-444444444444"})
        [event] = parsed(document)
        assert ("azure-pipelines:contoso", "eeeeeeee-5555-4555-8555-eeeeeeeeeeee", 20163) == (
            event.pipelines,
            event.project,
            event.run,
        )

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("resource.run.id", "twenty"),
            ("resource.run.id", "9" * 5000),
            ("resource.run.id", -1),
            ("resource.projectId", "Contoso"),
            ("resourceContainers", ...),
        ],
    )
    def test_a_run_that_cannot_be_found_is_refused(self, path, value):
        """It must say which run, of which project, of which organisation."""
        with pytest.raises(PayloadError):
            parsed(put(fixture(RUN), path, value))

    def test_its_project_may_stand_beside_it(self):
        """As in all notifications but those of approvals."""
        [event] = parsed(put(fixture(RUN), "resource.projectId", ...))
        assert "eeeeeeee-5555-4555-8555-eeeeeeeeeeee" == event.project

    def test_an_approval_tells_what_it_guards(self):
        """The stage and the environment are not told by the approval itself."""
        [event] = parsed(fixture(APPROVAL))
        assert ("Deploy", "Production", "44444444-eeee-4eee-8eee-444444444444") == (
            event.approval.stage,
            event.approval.environment,
            event.approval.ref,
        )

    def test_an_approval_must_have_an_id(self):
        """One that cannot be read is none."""
        with pytest.raises(PayloadError):
            parsed(put(fixture(APPROVAL), "resource.approval.id", "44444444"))
