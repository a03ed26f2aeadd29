"""How many calls to a platform's API each operation takes, beside the fewest that the platform allows.

Reads, writes and searches are counted at stand-ins that answer like the platforms, after a first round in
which is learnt what is asked once.
"""

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from msgspec.structs import replace
from server import end_with_signals

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from fakes.azure_devops import AzureDevOps, faults
from fakes.clock import FakeClock
from fakes.conversation import PROJECT, Conversation, run
from fakes.github import FakeGitHub
from trainboard import events, logs
from trainboard.deliveries import Delivery
from trainboard.events import CheckReported, PullRequestChanged, WorkItemChanged
from trainboard.iterations import iteration_at
from trainboard.pull_requests import Check, CheckState
from trainboard.repositories import Gate
from trainboard.store import inbox, report_places
from trainboard.trackers.azure_boards.links import to_build, to_page
from trainboard.work_items import EXPERIMENT_LABEL, NewIteration, NewWorkItem, WorkItemChange

NAMES = (f"n{number}" for number in itertools.count())
EDIT_INTERVAL_SECONDS = 60
SWEEP_RUNS = 100
PUSHES, CHECKS = 5, 30
CHANGED_FILES = 150
GATE_NAME = "trainboard/metric-gate"
AZURE_PLACES = {"tracker": "azure-boards:acme/Churn/Churn Team", "code": "azure-repos:acme/Churn/churn"}


class Calls(NamedTuple):
    """Calls by what they do; a list of work items by a label is a search."""

    reads: int = 0
    writes: int = 0
    searches: int = 0

    def __str__(self):
        return " / ".join(map(str, self))

    def exceed(self, goal):
        """True if there are more of any kind."""
        return any(mine > most for mine, most in zip(self, goal, strict=True))

    def since(self, before):
        """Those that came after `before` was counted."""
        return Calls(*(mine - earlier for mine, earlier in zip(self, before, strict=True)))


class Platform(NamedTuple):
    """A stand-in: the settings that lead to it, what it was asked, and how its next answer gets lost.

    `open_pull` makes a pull request that changes 150 files, and answers its number; `push` adds a commit to
    one, and answers it. `links` is what a new item may be given besides, where the platform has links of its
    own.
    """

    name: str
    sections: dict
    count: Callable[[], Calls]
    lose_next_answer: Callable[[], None]
    open_pull: Callable[[], int]
    push: Callable[[int], str]
    links: tuple = ()


class Stage:
    """A bot with a project on a platform, and what the operations need."""

    def __init__(self, bot, platform):
        self.bot = bot
        self.platform = platform
        self.tracker = bot.bot.outside.trackers["churn"]
        self.repository = bot.bot.outside.repositories["churn"]

    def tell(self, *told):
        """The source of the platform tells these events."""
        with self.bot.bot.database.write() as connection:
            for event in told:
                body = events.encode(event)
                delivery = Delivery(source="poll/code", id=next(NAMES), kind="told", entity="code", body=body)
                inbox.put(connection, delivery, self.bot.clock())
        self.bot.settle()

    def make_sprint(self):
        start = date(2030, 1, 7)
        return self.tracker.create_iteration(
            NewIteration(name=next(NAMES), start=start, end=start + timedelta(days=13))
        )

    def make(self, *links, **fields):
        new = NewWorkItem(title=next(NAMES), body="text", labels=(EXPERIMENT_LABEL,), **fields)
        return self.tracker.create_item(new, *links)

    def change(self, **fields):
        ref = self.make().ref
        return lambda: self.tracker.update_item(ref, WorkItemChange(**fields))


def create(stage):
    sprint = stage.make_sprint().ref
    links = [stage.platform.links] if stage.platform.links else []
    return lambda: stage.make(*links, iteration=sprint)


def comment(stage):
    ref = stage.make().ref
    return lambda: stage.tracker.create_comment(ref, "text")


def edit_comment(stage):
    ref = stage.make().ref
    made = stage.tracker.create_comment(ref, "text").ref
    return lambda: stage.tracker.update_comment(ref, made, "other")


def move(stage):
    return stage.change(iteration=stage.make_sprint().ref)


def edit(stage):
    """A run ends whose experiment has a work item already."""
    name = f"churn-{next(NAMES)}"
    stage.bot.reports(run(next(NAMES), name))
    stage.bot.clock.forward(minutes=5)
    return lambda: stage.bot.reports(run(next(NAMES), name))


def sweep(stage):
    """Runs of one sweep end, one each second, and nothing is known of their experiment."""
    name = f"churn-{next(NAMES)}"

    def act():
        for _ in range(SWEEP_RUNS):
            stage.bot.reports(run(next(NAMES), name, run={"group": {"id": "s", "kind": "sweep"}}))
            stage.bot.clock.forward(seconds=1)
        stage.bot.clock.forward(minutes=2)
        stage.bot.settle()

    return act


def settle_doubt(stage):
    """The answer to the call that makes an item is lost; the bot looks whether it was made."""
    name = f"churn-{next(NAMES)}"

    def act():
        stage.platform.lose_next_answer()
        stage.bot.reports(run(next(NAMES), name))
        stage.bot.clock.forward(minutes=5)
        stage.bot.settle()

    return act


def comment_on_pull(stage):
    number = stage.platform.open_pull()
    return lambda: stage.repository.create_comment(number, "text")


def list_files(stage):
    number = stage.platform.open_pull()
    return lambda: stage.repository.list_files(number)


def set_gate(*states):
    """The gate goes through `states`; counted is the last step."""

    def prepare(stage):
        number = stage.platform.open_pull()
        commit = stage.repository.get_pull_request(number).head
        gates = [Gate(name=GATE_NAME, commit=commit, state=state, title=state) for state in states]
        for gate in gates[:-1]:
            stage.repository.set_gate(number, gate)
        return lambda: stage.repository.set_gate(number, gates[-1])

    return prepare


def follow(stage):
    """A pull request is pushed to, and after each push all checks begin, and end one each second."""
    opened = stage.repository.get_pull_request(stage.platform.open_pull())

    def act():
        for _ in range(PUSHES):
            head = stage.platform.push(opened.number)
            pushed = replace(opened, head=head, at=stage.bot.clock())
            stage.tell(PullRequestChanged(pull_request=pushed, action="synchronize"))
            stage.tell(*(say(pushed, number, CheckState.QUEUED) for number in range(CHECKS)))
            for number in range(CHECKS):
                stage.bot.clock.forward(seconds=1)
                stage.tell(say(replace(pushed, at=stage.bot.clock()), number, CheckState.PASSED))
            stage.bot.clock.forward(minutes=5)
            stage.bot.settle()

    return act


def say(pull, number, state):
    check = Check(code=pull.code, commit=pull.head, name=f"check {number}", state=state, at=pull.at)
    return CheckReported(check=check)


def edit_report(stage):
    """The report of a sprint is due again, and the platform told of the bot's last edit alone."""
    schedule, database = stage.bot.bot.schedule, stage.bot.bot.database
    schedule.tick_history()
    schedule.tick_reports()
    stage.bot.settle()
    stage.bot.clock.forward(hours=1)
    schedule.tick_reports()
    stage.bot.settle()
    sprint = iteration_at(stage.bot.bot.outside.projects["churn"].sprint, stage.bot.clock())
    with database.read() as connection:
        place = report_places.find(connection, "churn", sprint.number, "tracker")
    stage.tell(
        WorkItemChanged(
            tracker=place.place,
            ref=place.ref,
            action="edited",
            title="",
            state="open",
            at=stage.bot.clock(),
            actor="bot",
            by_bot=True,
            fields=("body",),
        )
    )
    stage.bot.clock.forward(hours=1)

    def act():
        schedule.tick_reports()
        stage.bot.settle()

    return act


ONE_WRITE = Calls(writes=1)
OPERATIONS = {
    "make an item, complete": (create, ONE_WRITE, ONE_WRITE),
    "change its text": (lambda stage: stage.change(body="new"), ONE_WRITE, ONE_WRITE),
    "change its text and add a label": (
        lambda stage: stage.change(body="new", add_labels=("x",)),
        Calls(writes=2),
        ONE_WRITE,
    ),
    "close it": (lambda stage: stage.change(state="closed"), ONE_WRITE, ONE_WRITE),
    "move it to another sprint": (move, ONE_WRITE, ONE_WRITE),
    "comment": (comment, ONE_WRITE, ONE_WRITE),
    "change a comment": (edit_comment, ONE_WRITE, ONE_WRITE),
    "make a sprint": (lambda stage: stage.make_sprint, ONE_WRITE, Calls(1, 2)),
    "show one more run": (edit, Calls(1, 1), Calls(1, 1)),
    f"show a sweep of {SWEEP_RUNS} runs": (sweep, Calls(2, 3), Calls(2, 3)),
    "settle a doubt": (settle_doubt, Calls(1, 1, 1), Calls(2, 1, 1)),
    "write a sprint's report anew": (edit_report, ONE_WRITE, ONE_WRITE),
    "comment on a pull request": (comment_on_pull, ONE_WRITE, ONE_WRITE),
    f"list the {CHANGED_FILES} files that it changes": (list_files, Calls(2), Calls(2)),
    "set a gate on it": (set_gate("waiting"), Calls(1, 1), Calls(2, 1)),
    "set its verdict": (set_gate("waiting", "success"), Calls(1, 1), Calls(2, 1)),
    "set the same verdict again": (set_gate("success", "success"), Calls(1), Calls(2)),
    f"show {PUSHES} pushes to it with {CHECKS} checks each": (follow, Calls(15, 11), Calls(20, 11)),
}


@contextmanager
def github(clock):
    """GitHub with a token."""
    fake = FakeGitHub(clock=clock)

    def open_pull():
        pull = fake.person_opens(fake.churn, next(NAMES), is_pull=True)
        pull.paths.extend(make_paths())
        return pull.number

    def count():
        return tally(
            "searches" if asked.path.endswith("/issues") and asked.method == "GET" else kind_of(asked.method)
            for asked in fake.requests
        )

    with fake.running():
        yield Platform(
            name="GitHub",
            sections={
                "projects": [PROJECT | {"tracker": "github:acme/churn"}],
                "github": {"token": fake.token},
            },
            count=count,
            lose_next_answer=lambda: fake.next_fault(502, after_commit=True, method="POST"),
            open_pull=open_pull,
            push=lambda number: fake.person_pushes(fake.churn.issues[number]),
        )


@contextmanager
def azure_devops(clock):
    """Azure DevOps Services, a project with the Agile process."""
    org = AzureDevOps(clock)
    org.add_project("Churn", process="Agile", team="Churn Team")
    repository = org.add_repository("Churn", "churn")

    def open_pull():
        pull = org.person_opens_pull(repository, next(NAMES), source=f"refs/heads/{next(NAMES)}")
        pull.paths.extend(make_paths())
        return pull.id

    def count():
        reads = {"wit.batch": "reads", "wit.wiql": "searches"}
        return tally(reads.get(asked.route) or kind_of(asked.method) for asked in org.requests)

    with org.running():
        yield Platform(
            name="Azure DevOps",
            sections={
                "projects": [PROJECT | AZURE_PLACES],
                "azure_devops": {"organization_url": org.url, "token": org.token},
            },
            count=count,
            lose_next_answer=lambda: org.faults.add(
                faults.close(), method="POST", path=r"workItems/\$", after_work=True
            ),
            open_pull=open_pull,
            push=lambda number: org.person_pushes(repository, repository.pulls[number].source),
            links=(to_page("https://mlflow.example.com/#/experiments/3", "Runs"), to_build("7")),
        )


def make_paths():
    return [f"src/{number}.py" for number in range(CHANGED_FILES)]


def kind_of(method):
    return "reads" if method == "GET" else "writes"


def tally(kinds):
    return Calls(**Counter(kinds))


def measure(platform, clock, folder):
    """The calls of each operation, the second time that it is done."""
    sections = platform.sections | {
        "engine": {"edit_interval_seconds": EDIT_INTERVAL_SECONDS},
        "reports": [{"project": "churn", "cron": "0 * * * *", "deliver": ["tracker"]}],
    }
    bot = Conversation(f"sqlite:///{folder}/{platform.name}.db", clock=clock, **sections)
    bot.ticks()
    stage = Stage(bot, platform)
    found = {}
    for _, (name, (prepare, *_)) in itertools.product(range(2), OPERATIONS.items()):
        act = prepare(stage)
        before = platform.count()
        act()
        found[name] = platform.count().since(before)
    bot.close()
    return found


def measure_all():
    """The calls of each operation, by the name of the platform."""
    found = {}
    with TemporaryDirectory(prefix="trainboard-bench-") as folder:
        for play in (github, azure_devops):
            clock = FakeClock()
            with play(clock) as platform:
                found[platform.name] = measure(platform, clock, folder)
    return found


def list_results(found):
    """Operation, platform, calls and goal, in the order of the table."""
    for operation, (_, *goals) in OPERATIONS.items():
        for (platform, calls), goal in zip(found.items(), goals, strict=True):
            yield operation, platform, calls[operation], goal


def render_table(found):
    """A row for each operation: what it took on each platform, and what would do."""
    head = "".join(f" {name} | goal |" for name in found)
    rows = [
        f"| {operation} |" + "".join(f" {calls} | {goal} |" for *_, calls, goal in results)
        for operation, results in itertools.groupby(list_results(found), key=itemgetter(0))
    ]
    return "\n".join([f"| reads / writes / searches |{head}", "| --- |" + " --- | --- |" * len(found), *rows])


def list_over(found):
    for operation, platform, calls, goal in list_results(found):
        if calls.exceed(goal):
            yield f"{operation}, {platform}: {calls}, and {goal} would do"


def main():
    """Print a table, and end with 1 if anything took more calls than it may."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    parser.parse_args()
    end_with_signals()
    logs.configure("console", "error")
    found = measure_all()
    print(render_table(found))
    if over := list(list_over(found)):
        raise SystemExit("\n".join(["too many calls:", *over]))


if __name__ == "__main__":
    main()
