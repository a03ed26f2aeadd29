"""What is kept no longer goes, and nothing that something else needs."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from sqlalchemy import func, insert, select, update

from fakes.alerts import TOLD
from fakes.code import CODE, HEAD, approval, check, deployment, move, pull_request, serving
from trainboard import effects
from trainboard.deliveries import Acceptance, Delivery, Token
from trainboard.effects import EnsureExperimentItem, EnsureIteration, ReadRuns
from trainboard.facts import (
    RecordAlias,
    RecordApproval,
    RecordCheck,
    RecordDeployment,
    RecordLinks,
    RecordPullRequest,
    RecordQueued,
    RecordServing,
    RecordWaiver,
)
from trainboard.notebooks import (
    ChangedNotebook,
    NotebookReview,
    Review,
)
from trainboard.policy import Keep
from trainboard.pull_requests import DeploymentState
from trainboard.store import (
    contained_commits,
    delivery_log,
    gaps,
    inbox,
    item_links,
    mailboxes,
    notebook_reviews,
    outbox,
    problems,
    pull_request_status,
    pull_requests,
    servings,
    spent_tokens,
    waivers,
)
from trainboard.store.alert_models import EpisodeRow, ProblemRow
from trainboard.store.database import Database
from trainboard.store.gaps import Fate, Missed
from trainboard.store.migrations import upgrade
from trainboard.store.models import (
    DeliveryBodyRow,
    DeliveryRow,
    EffectCauseRow,
    EffectRow,
    GapRow,
    MailboxRow,
    MissedDeliveryRow,
    SpentTokenRow,
)
from trainboard.store.pull_request_models import (
    ApprovalRow,
    CheckRow,
    DeploymentRow,
    NotebookReviewRow,
    PullRequestLinksRow,
    PullRequestRow,
    PullRequestStatusRow,
    WaiverRow,
)
from trainboard.store.pull_request_status import Shown
from trainboard.store.retention import list_heaps

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
KEEP = Keep()
SHOW = EnsureExperimentItem(project="churn", experiment="xgb", number=1)
READ = ReadRuns(door="mlflow/prod")
REVIEW = NotebookReview(notebook=ChangedNotebook(path="a.ipynb", blob="1"), base="main", review=Review())


def came(connection, ago, *, source="runs/ci", state="done", name=None):
    """A delivery that was received, and came to its end, so long ago; its number."""
    at = NOW - ago
    number = (connection.execute(select(func.max(DeliveryRow.id))).scalar() or 0) + 1
    delivery = Delivery(source=source, id=name or f"d{number}", kind="run", entity=f"e{number}", body=b"{}")
    assert inbox.put(connection, delivery, at) is Acceptance.STORED
    number = connection.execute(select(func.max(DeliveryRow.id))).scalar_one()
    ended = {"state": state, "finished_at": None if state == "waiting" else at}
    connection.execute(update(DeliveryRow).where(DeliveryRow.id == number).values(ended))
    return number


def asked(connection, delivery, effect=SHOW, *, ago=timedelta(0), state="applied"):
    """An effect that the delivery asked for, and that came to its end so long ago; its number."""
    values = {
        "key": effect.key,
        "mailbox": f"out:{effect.mailbox}",
        "kind": type(effect).__name__,
        "document": effects.encode(effect),
        "state": state,
        "created_at": NOW - ago,
        "run_at": NOW - ago,
        "applied_at": None if state == "pending" else NOW - ago,
        "delivery": delivery,
    }
    number = connection.execute(insert(EffectRow).values(values)).inserted_primary_key[0]
    connection.execute(insert(EffectCauseRow).values(effect=number, delivery=delivery, version=0))
    return number


def sweep(connection, keep=KEEP, now=NOW):
    """Remove all that is old, two rows at a time; how many of each heap."""
    removed = {}
    for heap in list_heaps(keep, now):
        last = None
        while keys := heap.list_keys(connection, last, 2):
            removed[heap.name] = removed.get(heap.name, 0) + heap.remove(connection, keys)
            last = keys[-1]
    return removed


def left(connection, column):
    """The values of a column that are left, in order."""
    return list(connection.execute(select(column).order_by(column)).scalars())


def days(number):
    return timedelta(days=number)


@pytest.mark.parametrize(
    ("state", "ago", "stays"),
    [
        ("done", days(89), True),
        ("done", days(91), False),
        ("dead", days(364), True),
        ("dead", days(366), False),
        ("waiting", days(999), True),
    ],
)
def test_deliveries_stay_for_their_time(write, state, ago, stays):
    """What waits stays however long; what was given up stays longer than what is done."""
    number = came(write, ago, state=state)
    sweep(write)

    assert ([number] if stays else []) == left(write, DeliveryRow.id)


@pytest.mark.parametrize(
    ("state", "ago", "stays"),
    [
        ("done", days(13), True),
        ("done", days(15), False),
        ("dead", days(300), True),
        ("waiting", days(300), True),
    ],
)
def test_bodies_go_before_their_deliveries(write, state, ago, stays):
    """Those of dead ones stay, so that they can be replayed after a bug is gone."""
    number = came(write, ago, source="github", state=state)
    other = came(write, days(1), source="github")
    sweep(write, keep=Keep(done=days(400), dead=days(400)))

    assert [*([number] if stays else []), other] == left(write, DeliveryBodyRow.delivery)


def test_a_delivery_without_its_body_is_still_known(write):
    """It may come again, and counts once."""
    came(write, days(30), name="again")
    sweep(write)
    again = Delivery(source="runs/ci", id="again", kind="run", entity="e1", body=b"{}")

    assert [] == left(write, DeliveryBodyRow.delivery)
    assert inbox.put(write, again, NOW) is Acceptance.DUPLICATE


def test_ticks_and_their_chores_go_after_a_day(write):
    """A poll every half a minute leaves thousands of rows a day, and nobody asks for yesterday's."""
    old = came(write, days(2), source="clock")
    asked(write, old, READ, ago=days(2))
    fresh = came(write, timedelta(hours=2), source="clock")
    kept = asked(write, fresh, READ, ago=timedelta(hours=2))
    outside = came(write, days(2))
    removed = sweep(write)

    assert {"chores": 1, "ticks": 1} == {name: removed.get(name) for name in ("chores", "ticks")}
    assert [fresh, outside] == left(write, DeliveryRow.id)
    assert [kept] == left(write, EffectRow.id)


def test_a_tick_that_changed_something_stays_as_long_as_that(write):
    """Whoever asks why a sprint was made is told."""
    tick = came(write, days(30), source="clock")
    effect = asked(write, tick, EnsureIteration(project="churn", number=1), ago=days(30))
    sweep(write)
    assert ([tick], [effect]) == (left(write, DeliveryRow.id), left(write, EffectRow.id))

    sweep(write, now=NOW + days(61))
    assert ([], []) == (left(write, DeliveryRow.id), left(write, EffectRow.id))


def test_a_delivery_stays_as_long_as_its_effects(write):
    """A pending one needs it most: it is what the effect is about."""
    first, second = came(write, days(100)), came(write, days(100))
    pending = asked(write, first, state="pending", ago=days(100))
    asked(write, second, EnsureIteration(project="churn", number=1), ago=days(100))
    sweep(write)

    assert ([first], [pending]) == (left(write, DeliveryRow.id), left(write, EffectRow.id))


def test_a_failure_that_was_made_up_for_stays_made_up_for(write):
    """The dead effect is kept longer; without the later one it would be a trouble again."""
    dead = asked(write, came(write, days(200)), state="dead", ago=days(200))
    good = asked(write, came(write, days(199)), ago=days(199))
    assert 0 == delivery_log.count_failed_effects(write)
    sweep(write)

    assert [dead, good] == left(write, EffectRow.id)
    assert 0 == delivery_log.count_failed_effects(write)
    sweep(write, now=NOW + days(200))
    assert [] == left(write, EffectRow.id)


def test_what_paces_and_pauses_stays(write):
    """When a key was applied last, and when it died, is known for longer than either wait takes."""
    asked(write, came(write, days(2)), ago=timedelta(seconds=10))
    died = EnsureExperimentItem(project="churn", experiment="lgbm", number=1)
    asked(write, came(write, days(2)), died, state="dead", ago=timedelta(minutes=1))
    sweep(write)
    pace = timedelta(seconds=30)

    assert NOW + timedelta(seconds=20) == outbox.put(write, SHOW, NOW, pace=pace).due
    assert NOW + timedelta(minutes=9) == outbox.put(write, died, NOW, pace=pace).due


def test_mailboxes_in_which_nothing_waits_go(write):
    """One that is due or leased stays; what comes later makes it anew."""
    for name in ("in:idle", "in:due", "in:leased"):
        mailboxes.wake(write, name, NOW)
    write.execute(update(MailboxRow).where(MailboxRow.name == "in:idle").values(wake_at=None))
    leased = {"wake_at": None, "owner": "me", "lease_until": NOW}
    write.execute(update(MailboxRow).where(MailboxRow.name == "in:leased").values(leased))
    sweep(write)
    assert ["in:due", "in:leased"] == left(write, MailboxRow.name)

    mailboxes.wake(write, "in:idle", NOW)
    assert "in:idle" in mailboxes.claim(write, "me", NOW, timedelta(minutes=1), most=9)


def test_spent_tokens_go_when_nobody_takes_them_any_more(write):
    """Not a moment before."""
    for number, until in enumerate([NOW - timedelta(seconds=1), NOW]):
        token = Token(f"t{number}", until)
        spent_tokens.spend(
            write, Delivery(source="runs/ci", id="1", kind="run", entity="e", body=b"{}", token=token)
        )
    sweep(write)
    assert ["t1"] == left(write, SpentTokenRow.token)


def test_old_gaps_go_with_what_was_missed(write):
    """They are history like the deliveries."""
    for found_at in (NOW - days(91), NOW - days(1)):
        number = gaps.open_gap(write, "github", found_at, found_at, since=None)
        missed = Missed(id=f"m{number}", kind="issues", sent_at=found_at, fate=Fate.RECOVERED)
        gaps.note(write, "github", number, missed)
    sweep(write)

    assert [number] == left(write, GapRow.id)
    assert [f"m{number}"] == left(write, MissedDeliveryRow.delivery_id)


@pytest.mark.parametrize(
    ("state", "ago", "stays"),
    [("merged", days(89), True), ("merged", days(91), False), ("closed", days(91), False)],
)
def test_closed_pull_requests_go_with_their_links(write, state, ago, stays):
    """After their time, counted from when they were told of last."""
    said = pull_request(state=state, at=NOW - ago)
    pull_requests.record(write, RecordPullRequest(pull_request=said))
    linked = RecordLinks(code=CODE, number=7, tracker="local:churn", refs=("1",), at=NOW - ago)
    pull_requests.record(write, linked)
    sweep(write)

    assert ([7] if stays else []) == left(write, PullRequestRow.number)
    assert ([("local:churn", "1")] if stays else []) == item_links.list_of(write, CODE, 7)


def test_an_open_pull_request_stays_with_all_that_counts_for_it(write):
    """Its links and the checks of its head, however old; those of another commit go."""
    at = NOW - days(300)
    pull_requests.record(write, RecordPullRequest(pull_request=pull_request(at=at)))
    pull_requests.record(write, RecordLinks(code=CODE, number=7, tracker="local:churn", refs=("1",), at=at))
    for commit in (HEAD, "b" * 40):
        pull_requests.record(write, RecordCheck(check=check(commit=commit, at=at)))
    sweep(write)

    assert [7] == left(write, PullRequestRow.number)
    assert [7] == left(write, PullRequestLinksRow.number)
    assert [HEAD] == left(write, CheckRow.commit)


def test_what_was_shown_on_a_pull_request_goes_with_it(write):
    """While it is known nothing is written twice."""
    pull_requests.record(write, RecordPullRequest(pull_request=pull_request(at=NOW)))
    for number in (7, 8):
        pull_request_status.put(write, CODE, number, Shown(comment="1"))
        notebook_reviews.put(write, CODE, number, REVIEW)
        waivers.record(
            write, RecordWaiver(code=CODE, number=number, commit=HEAD, by="ada", reason="Known.", at=NOW)
        )
    sweep(write)

    assert [7] == left(write, PullRequestStatusRow.number)
    assert [7] == left(write, NotebookReviewRow.number)
    assert [7] == left(write, WaiverRow.number)


def test_checks_and_approvals_stay_for_their_time(write):
    """Also an approval that nobody ever gave: platforms stop waiting much earlier."""
    for ref, ago in (("1", days(91)), ("2", days(89))):
        pull_requests.record(write, RecordCheck(check=check(name=ref, at=NOW - ago)))
        pull_requests.record(write, RecordApproval(approval=approval(ref=ref, at=NOW - ago)))
    sweep(write)

    assert ["2"] == left(write, CheckRow.name)
    assert ["2"] == left(write, ApprovalRow.ref)


def test_what_is_deployed_stays(write):
    """In each environment the last one that succeeded; what it replaced goes, and what failed."""
    done, failed = DeploymentState.SUCCEEDED, DeploymentState.FAILED
    for ref, environment, state, ago in (
        ("1", "production", done, days(300)),
        ("2", "production", done, days(200)),
        ("3", "production", failed, days(100)),
        ("4", "staging", done, days(300)),
        ("5", "staging", DeploymentState.WAITING, days(200)),
        ("6", "staging", failed, days(1)),
    ):
        said = deployment(ref=ref, environment=environment, state=state, at=NOW - ago)
        pull_requests.record(write, RecordDeployment(deployment=said))
    sweep(write)

    assert ["2", "4", "6"] == left(write, DeploymentRow.ref)


def test_what_is_replayed_meanwhile_stays(write):
    """Between the look and the removal somebody asked for it once more."""
    number = came(write, days(100))
    [heap] = [each for each in list_heaps(KEEP, NOW) if each.name == "deliveries"]
    keys = heap.list_keys(write, None, 10)
    inbox.replay(write, number, NOW)

    assert ([number], 0) == (keys, heap.remove(write, keys))
    assert [number] == left(write, DeliveryRow.id)


def test_a_row_that_somebody_holds_is_passed_over(postgresql_url):
    """Whoever works on it does not wait for the removal, nor the removal for them."""
    database = Database(postgresql_url)
    upgrade(database)
    with database.write() as connection:
        for name in ("in:free", "in:held"):
            mailboxes.wake(connection, name, NOW)
        connection.execute(update(MailboxRow).values(wake_at=None))
    [heap] = [each for each in list_heaps(KEEP, NOW) if each.name == "mailboxes"]
    with database.write() as worker, database.write() as broom:
        mailboxes.wake(worker, "in:held", NOW)
        assert 1 == heap.remove(broom, ["in:free", "in:held"])
    with database.read() as connection:
        assert ["in:held"] == left(connection, MailboxRow.name)
    database.close()


def test_where_models_are_in_use_is_kept(database):
    """Moves and servings that others came after go with time, what stands now stays; so do answers."""
    old, older = NOW - timedelta(days=91), NOW - timedelta(days=92)
    with database.write() as connection:
        for version, at in (("1", older), ("2", old)):
            servings.record(connection, RecordAlias(project="churn", move=move(version, at)))
            told = serving(ref=version, version=version, at=at)
            servings.record(connection, RecordServing(project="churn", serving=told))
        failed = serving(ref="3", state=DeploymentState.FAILED, at=old)
        servings.record(connection, RecordServing(project="churn", serving=failed))
        contained_commits.note(connection, CODE, {"a", "b"}, "c", old, contained=True)
        contained_commits.note(connection, CODE, {"a"}, "d", NOW, contained=True)
        for commit, at in (("a", old), ("b", NOW)):
            queued = RecordQueued(code=CODE, number=7, commit=commit, at=at)
            pull_requests.record(connection, queued)

        expected = {"alias moves": 1, "servings": 2, "commits within others": 2, "merge queues": 1}
        assert expected == sweep(connection)
        assert {("churn", "churn-xgb", "2"): ("champion",)} == servings.list_pointers(connection, ["churn"])
        assert ["2"] == [each.ref for each in servings.list_servings(connection, "churn")]


@pytest.mark.parametrize(
    ("ago", "state", "kept"),
    [(days(366), "closed", 0), (days(366), "open", 1), (days(364), "closed", 1)],
)
def test_an_alert_that_was_never_told_to_be_over_goes_in_the_end(write, ago, state, kept):
    """With its problem, once nobody tells of that and its bug is closed."""
    told = structs.replace(TOLD, at=NOW - ago)
    problems.record(write, told)
    problems.put(write, problems.find(write, told.key), state=state)
    sweep(write)
    sweep(write)

    assert [kept, kept] == [len(left(write, column)) for column in (EpisodeRow.id, ProblemRow.id)]
