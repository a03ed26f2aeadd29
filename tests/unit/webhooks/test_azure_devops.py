"""Azure DevOps: what a notification is about, and which tell of one event.

The fixtures' events are in the contract suite.
"""

import json

import pytest

from fakes.azure_fixtures import FIXTURES, fixture, parsed, put
from trainboard.errors import PayloadError
from trainboard_webhooks import Credential
from trainboard_webhooks.azure_devops import SECRET_HEADER, identify, parse, verify
from trainboard_webhooks.azure_devops.shapes import SHAPES
from trainboard_webhooks.passwords import basic_authorization

KNOWN_BY_ID = [
    *(stem for stem in FIXTURES if stem.startswith("git.pullrequest.updated__")),
    "ms.vss-boards.kind_of_tomorrow__any",
    "ms.vss-pipelinechecks-events.check-updated-event__accepted",
    "ms.vss-pipelines.run-state-changed-event__succeeded",
    "ms.vss-release.deployment-completed-event__succeeded",
    "workitem.deleted__minimal_without_containers",
    "workitem.updated__minimal",
]
KNOWN_BY_CONTENT = [
    stem
    for stem in FIXTURES
    if stem not in {*KNOWN_BY_ID, "build.complete__xaml_at_1_0"} and not stem.endswith("__test")
]
OTHER_SUBSCRIPTION = "34343434-5656-4565-8787-787878787878"
CREDENTIAL = Credential("", ("password", "old password"), "hooks", frozenset({OTHER_SUBSCRIPTION}))


def about(document):
    return identify({}, json.dumps(document).encode())


def read(document):
    [event] = parsed(document)
    return event


class TestSender:
    """Who is believed."""

    @pytest.mark.parametrize("password", CREDENTIAL.secrets)
    def test_basic_authentication_or_the_secret_header_proves_it(self, password):
        """With either of the passwords."""
        basic = {"authorization": basic_authorization("hooks", password)}
        header = {SECRET_HEADER.lower(): password}
        both = {**header, "authorization": "Basic wrong"}
        for headers in (basic, header, both):
            assert CREDENTIAL == verify(headers, b"", [Credential("", ("other",)), CREDENTIAL], 0)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": basic_authorization("", "password")},
            {"authorization": basic_authorization("hooks", "Password")},
            {"authorization": "Bearer password"},
            {"x-trainboard-secret": "hooks:password"},
        ],
    )
    def test_nothing_else_does(self, headers):
        """The user belongs to basic authentication, and to that only."""
        assert verify(headers, b"", [CREDENTIAL], 0) is None


class TestIdentity:
    """What a notification is about."""

    @pytest.mark.parametrize(
        ("stem", "entity"),
        [
            ("workitem.created__at_5_1", "azure-boards:contoso#15546"),
            ("workitem.created__containers_without_addresses", "azure-boards:contoso#15546"),
            ("workitem.created__on_a_server", "azure-boards:defaultcollection#15546"),
            ("workitem.deleted__minimal_without_containers", "azure-boards:contoso#15546"),
            ("workitem.updated__state_at_5_1", "azure-boards:contoso#15545"),
            ("workitem.updated__comment_at_1_0", "azure-boards:contoso#15545"),
            ("workitem.updated__minimal", "azure-boards:contoso#15545"),
            ("workitem.commented__at_1_0", "azure-boards:contoso#15545"),
            ("git.push__to_main", "azure-repos:contoso/ffffffff-6666-4666-8666-ffffffffffff"),
            ("git.pullrequest.created__opened", "azure-repos:contoso#8348"),
            ("git.pullrequest.merged__succeeded", "azure-repos:contoso#8348"),
            ("ms.vss-code.git-pullrequest-comment-event__command", "azure-repos:contoso#8348"),
            ("build.complete__failed", "azure-pipelines:contoso#20163"),
            ("ms.vss-pipelines.run-state-changed-event__succeeded", "azure-pipelines:contoso#20163"),
            ("ms.vss-pipelines.stage-state-changed-event__running", "azure-pipelines:contoso#20163"),
            ("ms.vss-pipelines.job-state-changed-event__failed", "azure-pipelines:contoso#20163"),
            (
                "ms.vss-pipelinechecks-events.approval-pending__environment",
                "azure-pipelines:contoso#20163",
            ),
            (
                "ms.vss-pipelinechecks-events.approval-pending__without_a_run",
                "azure-pipelines:contoso#44444444-eeee-4eee-8eee-444444444444",
            ),
            ("ms.vss-release.deployment-completed-event__succeeded", "azure-devops:contoso"),
            ("ms.vss-boards.kind_of_tomorrow__any", "azure-devops:contoso"),
        ],
    )
    def test_entity_is_what_is_worked_on_in_order(self, stem, entity):
        """A work item, a pull request, a repository, or a run with its stages, jobs and approvals."""
        assert entity == about(fixture(stem)).entity

    @pytest.mark.parametrize("kind", sorted(SHAPES))
    def test_every_shape_has_a_fixture_that_fits(self, kind):
        """No kind that is known falls back to the organisation."""
        bodies = [body for stem, body in FIXTURES.items() if stem.split("__")[0] == kind]
        entities = {found.entity for body in bodies for found in [_find(body)] if found is not None}
        assert entities
        assert not [entity for entity in entities if entity.startswith("azure-devops:")]

    def test_id_is_the_notification_of_the_subscription(self):
        """Which also is the hook."""
        document = put(fixture("git.push__to_main"), "subscriptionId", OTHER_SUBSCRIPTION.upper())
        found = about(document | {"notificationId": 9})
        assert (f"{OTHER_SUBSCRIPTION}/9", OTHER_SUBSCRIPTION) == (found.id, found.hook)

    @pytest.mark.parametrize(
        ("base", "organization"),
        [
            ("https://dev.azure.com/Contoso/", "contoso"),
            ("https://vsrm.dev.azure.com/contoso", "contoso"),
            ("https://contoso.visualstudio.com/", "contoso"),
            ("https://contoso.visualstudio.com/DefaultCollection/", "contoso"),
            ("https://contoso.vsrm.visualstudio.com/", "contoso"),
            ("https://tfs.example.com/tfs/My%20Collection/", "my collection"),
            ("https://dev.azure.com/", "?"),
            ("", "?"),
            ("https://[::1/contoso", "?"),
            ("https://dev.azure.com/con%00toso", "?"),
            ("https://dev.azure.com/con#toso", "con"),
            ("https://dev.azure.com/%7B0%7D", "?"),
            ("https://dev.azure.com/" + "x" * 101, "?"),
        ],
    )
    def test_organisation_is_that_of_the_collection(self, base, organization):
        """However its address is written; one that is none tells nothing."""
        document = put(fixture("git.push__to_main"), "resourceContainers.collection.baseUrl", base)
        expected = f"azure-repos:{organization}/ffffffff-6666-4666-8666-ffffffffffff"
        assert expected == about(document).entity

    @pytest.mark.parametrize(
        ("url", "organization"),
        [
            ("https://dev.azure.com/contoso/_apis/wit/workItems/5", "contoso"),
            (
                "https://dev.azure.com/contoso/eeeeeeee-5555-4555-8555-eeeeeeeeeeee/_apis/wit/workItems/5",
                "contoso",
            ),
            ("https://tfs.example.com/tfs/Main/_apis/wit/workItems/5", "main"),
            ("https://dev.azure.com/contoso/", "?"),
            (None, "?"),
        ],
    )
    def test_without_containers_the_resource_tells_the_organisation(self, url, organization):
        """By the part of its address that stands before the API."""
        document = put(fixture("workitem.created__at_5_1"), "resourceContainers", None)
        found = about(put(document, "resource.url", url))
        assert f"azure-boards:{organization}#15546" == found.entity

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("subscriptionId", ...),
            ("subscriptionId", ""),
            ("subscriptionId", "12121212-3434-4343-8787-56565656565"),
            ("subscriptionId", 12),
            ("notificationId", ...),
            ("notificationId", "17"),
            ("notificationId", 2**70),
            ("eventType", ...),
            ("eventType", ""),
            ("eventType", "git push"),
            ("eventType", "x" * 129),
        ],
    )
    def test_a_notification_must_name_itself(self, path, value):
        """Its subscription, its number in it and its kind."""
        with pytest.raises(PayloadError):
            about(put(fixture("git.push__to_main"), path, value))

    @pytest.mark.parametrize("stem", [stem for stem in FIXTURES if stem.endswith("__test")])
    def test_the_sample_is_a_greeting(self, stem):
        """Of a subscription that is not made yet, and of one that is."""
        assert about(fixture(stem)) is None

    def test_a_project_called_fabrikam_is_no_sample(self):
        """Samples are known by ids that nobody has, not by names that somebody may have."""
        document = put(
            fixture("git.push__to_main"),
            "resourceContainers.collection.baseUrl",
            "https://dev.azure.com/fabrikam/",
        )
        assert about(document | {"notificationId": 1}) is not None

    @pytest.mark.parametrize("version", ["1.0", "1.0-preview.1"])
    def test_a_build_of_the_old_shape_is_not_taken(self, version):
        """It is of another kind of builds; the sentence says what to set."""
        document = put(fixture("build.complete__failed"), "resourceVersion", version)
        with pytest.raises(PayloadError, match="set the subscription's resource version"):
            about(document)

    @pytest.mark.parametrize("kind", sorted(SHAPES))
    def test_without_its_number_it_is_about_the_organisation(self, kind):
        """A notification that leaves out the resource is stored all the same."""
        document = fixture("git.push__to_main") | {"eventType": kind, "resource": None, "resourceVersion": ""}
        assert "azure-devops:contoso" == about(document).entity

    def test_entity_is_short(self):
        """Whatever stands for a number."""
        document = put(fixture("git.push__to_main"), "resource.repository.id", "x" * 5000)
        assert 200 == len(about(document).entity)


class TestEventKey:
    """When two notifications tell of one event."""

    @pytest.mark.parametrize("stem", KNOWN_BY_CONTENT)
    def test_another_subscription_tells_of_the_same_event(self, stem):
        """It has ids and a time of its own, and the same key."""
        document = fixture(stem)
        other = document | {"id": "another event", "createdDate": "2026-09-13T16:00:00Z"}
        first, second = about(document), about(other | {"subscriptionId": OTHER_SUBSCRIPTION})
        assert first.event_key == second.event_key
        assert first.hook != second.hook
        assert first.id != second.id

    @pytest.mark.parametrize("stem", KNOWN_BY_ID)
    def test_the_event_itself_has_an_id(self, stem):
        """It is the key of what does not tell which of several events it is."""
        document = fixture(stem)
        second = about(
            document | {"subscriptionId": OTHER_SUBSCRIPTION, "createdDate": "2026-09-13T16:00:00Z"}
        )
        assert about(document).event_key == second.event_key
        assert second.event_key != about(document | {"id": "another event"}).event_key

    @pytest.mark.parametrize(
        ("stem", "path", "value"),
        [
            ("workitem.created__at_5_1", "resource.id", 15547),
            ("workitem.updated__state_at_5_1", "resource.rev", 13),
            ("workitem.updated__comment_at_5_1", "resource.revision.commentVersionRef.commentId", 5),
            ("workitem.updated__comment_at_5_1", "resource.revision.commentVersionRef.version", 2),
            ("git.push__to_main", "resource.pushId", 272),
            ("git.pullrequest.merged__succeeded", "resource.mergeId", "another attempt"),
            ("git.pullrequest.updated__completed", "id", "another event"),
            ("ms.vss-code.git-pullrequest-comment-event__command", "resource.comment.isDeleted", True),
            (
                "ms.vss-code.git-pullrequest-comment-event__command",
                "resource.comment._links.threads.href",
                "https://dev.azure.com/contoso/another/thread",
            ),
            (
                "ms.vss-code.git-pullrequest-comment-event__command",
                "resource.comment.lastContentUpdatedDate",
                "2026-09-13T17:00:00Z",
            ),
            ("build.complete__failed", "resource.finishTime", "2026-09-13T16:51:30Z"),
            (
                "ms.vss-pipelines.run-state-changed-event__failed",
                "resource.run.finishedDate",
                "2026-09-14T15:51:30Z",
            ),
            ("ms.vss-pipelines.stage-state-changed-event__running", "resource.stage.attempt", 2),
            ("ms.vss-pipelines.job-state-changed-event__failed", "resource.job.result", "succeeded"),
            (
                "ms.vss-pipelinechecks-events.approval-pending__environment",
                "resource.approval.status",
                "approved",
            ),
            ("ms.vss-boards.kind_of_tomorrow__any", "id", "another event"),
            ("git.push__to_main", "eventType", "git.repo.created"),
            ("git.push__to_main", "resourceContainers.collection.baseUrl", "https://dev.azure.com/acme/"),
        ],
    )
    def test_another_event_has_another_key(self, stem, path, value):
        """About another thing, of another revision, attempt or state, or in another organisation."""
        assert about(fixture(stem)).event_key != about(put(fixture(stem), path, value)).event_key

    def test_a_comment_is_told_twice_and_counts_once(self):
        """As a comment and as an update of the fields that a comment changes."""
        updated = fixture("workitem.updated__comment_at_5_1")
        commented = put(fixture("workitem.commented__at_5_1"), "resource.commentVersionRef.commentId", 4)
        assert about(updated).event_key == about(commented).event_key

    def test_an_update_with_a_comment_is_more_than_the_comment(self):
        """Whoever closes an item with a comment changes it twice: the state must not get lost."""
        both = fixture("workitem.updated__comment_and_state")
        commented = put(fixture("workitem.commented__at_5_1"), "resource.commentVersionRef.commentId", 4)
        assert about(both).event_key != about(commented).event_key
        assert ("edited", "commented") == (read(both).action, parsed(commented)[0].action)

    def test_a_comment_without_its_number_is_known_by_the_revision(self):
        """As any other change of the item."""
        bare = put(fixture("workitem.commented__at_1_0"), "resource.commentVersionRef", ...)
        assert about(bare).event_key != about(put(bare, "resource.rev", 14)).event_key

    def test_nothing_in_it_leaves_no_key(self):
        """Without the event's id, and of a kind of tomorrow, it is known by its notification only."""
        assert about(put(fixture("ms.vss-boards.kind_of_tomorrow__any"), "id", None)).event_key is None


class TestWorkItem:
    """What a notification tells of a work item."""

    def test_number_of_an_update_is_not_that_of_its_item(self):
        """`id` counts the updates; without the item's number the revision has it, and then nothing does."""
        document = fixture("workitem.updated__state_at_5_1")
        assert "15545" == read(document).ref
        without = put(document, "resource.workItemId", ...)
        assert "15545" == read(without).ref
        with pytest.raises(PayloadError, match="which work item"):
            read(put(without, "resource.revision", ...))

    def test_without_an_organisation_it_is_nobodys(self):
        """A number is no name."""
        document = put(fixture("workitem.created__at_5_1"), "resourceContainers", ...)
        with pytest.raises(PayloadError, match="which organisation"):
            read(put(document, "resource.url", ...))

    @pytest.mark.parametrize(
        ("who", "expected"),
        [
            ("Ada Example <ada@example.com>", ("ada@example.com", False)),
            ("Ada Example", ("Ada Example", False)),
            ({"displayName": "Ada"}, ("Ada", False)),
            ({"id": "1"}, ("", False)),
            ({"uniqueName": "ada@example.com", "descriptor": "aad.1"}, ("ada@example.com", False)),
            ({"uniqueName": "bot", "descriptor": "aadsp.1"}, ("bot", True)),
            ({"uniqueName": "Build Service", "descriptor": "svc.1"}, ("Build Service", True)),
            (None, ("ada.example@example.com", False)),
        ],
    )
    def test_who_did_it_is_a_text_or_an_object(self, who, expected):
        """A service principal and a build service are no persons; `revisedBy` is asked before the fields."""
        event = read(put(fixture("workitem.updated__state_at_1_0"), "resource.revisedBy", who))
        assert expected == (event.actor, event.by_bot)

    @pytest.mark.parametrize(
        ("tags", "labels"), [("a", ("a",)), (" a;b ; ; c c ", ("a", "b", "c c")), ("", ()), (None, ())]
    )
    def test_tags_are_labels(self, tags, labels):
        """They come as one text."""
        document = fixture("workitem.created__at_5_1")
        document["resource"]["fields"]["System.Tags"] = tags
        assert labels == read(document).labels

    def test_date_of_the_far_future_is_no_time_of_a_change(self):
        """The latest revision is revised in the year 9999."""
        assert 2026 == read(fixture("workitem.updated__state_at_5_1")).at.year

    def test_an_update_of_bookkeeping_is_no_comment(self):
        """A link that was added changes no field but those that every update changes."""
        document = fixture("workitem.updated__comment_at_5_1")
        for name in ("System.History", "System.CommentCount"):
            del document["resource"]["fields"][name]
        assert ("edited", ()) == (read(document).action, read(document).fields)

    @pytest.mark.parametrize(
        "kind", ["git.push", "ms.vss-release.release-created-event", "a.kind.of.tomorrow"]
    )
    def test_other_kinds_are_not_even_read(self, kind):
        """A kind that means nothing to us has no events, whatever its body."""
        assert [] == list(parse("azure-devops", kind, b"no JSON"))


COMMENT = "ms.vss-code.git-pullrequest-comment-event__command"


class TestComment:
    """Comments of pull requests, which may command something."""

    @pytest.mark.parametrize(
        ("thread", "expected"), [("4821", ["4821/7"]), ("0", []), ("1234567890", []), ("x", []), ("", [])]
    )
    def test_a_comment_is_named_by_its_thread_too(self, thread, expected):
        """Which stands in a link only; without its number there is nothing to look at."""
        place = f"https://dev.azure.com/contoso/_apis/git/pullRequests/8348/threads/{thread}"
        told = parsed(put(fixture(COMMENT), "resource.comment._links.threads.href", place))
        assert expected == [event.hint.comment for event in told]


def _find(body):
    try:
        return identify({}, body)
    except PayloadError:
        return None
