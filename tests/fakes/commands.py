"""Commands of every kind, declared as the bot's own are. They do nothing."""

from trainboard.comments import Role, Surface
from trainboard.grammar.declaration import Asking, Call, Command, Parameter, Registry
from trainboard.grammar.lines import find_command_lines
from trainboard.grammar.reading import read_lines
from trainboard.grammar.values import (
    COMMIT,
    DATE,
    DURATION,
    ENVIRONMENT,
    ITEM,
    MODEL,
    NAME,
    NUMBER,
    TARGET,
    TEXT,
    USER,
    WHOLE,
    choice,
    either,
)

ITEMS = (Surface.ISSUE, Surface.WORK_ITEM)
PULL_REQUESTS = (Surface.PULL_REQUEST,)


def run(_call: Call, _asking: Asking):
    """Nothing."""
    return iter(())


def read_comment(text, markup, surface, registry):
    """What a comment says."""
    return read_lines(find_command_lines(text, markup), surface, registry)


def reason(*, required=False):
    """Why, in the rest of the line."""
    return Parameter(name="reason", about="why", type=TEXT, required=required)


def declare(name, summary, *examples, parameters=(), **fields):
    """A command that does nothing."""
    return Command(name=name, summary=summary, examples=examples, parameters=parameters, run=run, **fields)


SPRINT = declare(
    "sprint",
    "put this into another sprint",
    "/sprint next",
    '/sprint "Sprint 12"',
    parameters=(
        Parameter(
            name="sprint",
            about="where it goes",
            type=choice("next", "current", "backlog", other=NAME),
            required=True,
        ),
    ),
    surfaces=ITEMS,
    role=Role.TRIAGE,
)
ASSIGN = declare(
    "assign",
    "give this to somebody",
    "/assign ada",
    "/assign ada, grace",
    parameters=(Parameter(name="user", about="whose it becomes", type=USER, required=True, many=True),),
    role=Role.TRIAGE,
)
UNASSIGN = declare(
    "unassign",
    "take this from somebody, or from you",
    "/unassign",
    "/unassign ada",
    parameters=(Parameter(name="user", about="whose it was", type=USER, many=True),),
    role=Role.TRIAGE,
)
ESTIMATE = declare(
    "estimate",
    "say how much work this is",
    "/estimate 3",
    "/estimate none",
    parameters=(
        Parameter(
            name="points",
            about="the effort in the team's unit",
            type=choice("none", other=NUMBER),
            required=True,
        ),
    ),
    surfaces=ITEMS,
)
PRIORITY = declare(
    "priority",
    "say how urgent this is",
    "/priority high",
    "/priority 1",
    parameters=(
        Parameter(
            name="priority",
            about="how urgent",
            type=choice("critical", "high", "medium", "low", other=WHOLE),
            required=True,
        ),
    ),
    surfaces=ITEMS,
)
LABEL = declare(
    "label",
    "put labels on this, or take them off",
    "/label bug area/data",
    '/label "good first issue" --remove',
    parameters=(
        Parameter(name="label", about="a label", type=NAME, required=True, many=True),
        Parameter(name="remove", about="take them off"),
    ),
    role=Role.TRIAGE,
)
BLOCK = declare(
    "block",
    "mark this as blocked",
    "/block",
    "/block by=12 the labels are not there yet",
    parameters=(
        Parameter(name="by", about="what is in the way", type=ITEM, option=True, many=True),
        reason(),
    ),
    surfaces=ITEMS,
)
UNBLOCK = declare("unblock", "mark this as no longer blocked", "/unblock", surfaces=ITEMS)
LINK = declare(
    "link",
    "link this to other work items",
    "/link 12",
    "/link 12 13",
    parameters=(Parameter(name="item", about="a work item", type=ITEM, required=True, many=True),),
)
STATUS = declare("status", "tell how this stands", "/status", role=Role.ANYONE)
WHY = declare("why", "tell why the bot did what it did here", "/why", role=Role.ANYONE)
CLOSE = declare(
    "close",
    "close this",
    "/close",
    "/close done as=duplicate",
    parameters=(
        Parameter(
            name="as", about="what it is then", type=choice("done", "not-planned", "duplicate"), option=True
        ),
        reason(),
    ),
    surfaces=ITEMS,
    role=Role.AUTHOR,
)
REOPEN = declare("reopen", "open this again", "/reopen", surfaces=ITEMS, role=Role.AUTHOR)
SNOOZE = declare(
    "snooze",
    "say nothing of this alert for a while",
    "/snooze 2h",
    "/snooze 2030-01-31 the vendor knows",
    parameters=(
        Parameter(
            name="until", about="how long, or until which day", type=either(DURATION, DATE), required=True
        ),
        reason(),
    ),
    surfaces=ITEMS,
)
ACK = declare(
    "ack",
    "say that somebody looks at this alert",
    "/ack",
    "/ack I do",
    parameters=(reason(),),
    surfaces=ITEMS,
)
PROMOTE = declare(
    "promote",
    "deploy a version of a model",
    "/promote churn@12 to=staging",
    "/promote churn@champion to=production commit=0123abc",
    parameters=(
        Parameter(name="model", about="what is deployed", type=MODEL, required=True),
        Parameter(name="to", about="where it goes", type=ENVIRONMENT, option=True, required=True),
        Parameter(name="commit", about="the commit that it was made from", type=COMMIT, option=True),
    ),
    role=Role.MAINTAIN,
    dangerous=True,
)
APPROVE = declare(
    "approve",
    "let a waiting deployment go on",
    "/approve production",
    "/approve production it was tried",
    parameters=(
        Parameter(name="environment", about="where it waits", type=ENVIRONMENT, required=True),
        reason(),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.MAINTAIN,
    dangerous=True,
)
REJECT = declare(
    "reject",
    "stop a waiting deployment",
    "/reject production too slow",
    parameters=(
        Parameter(name="environment", about="where it waits", type=ENVIRONMENT, required=True),
        reason(required=True),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.MAINTAIN,
)
WAIVE = declare(
    "waive",
    "let this pull request pass the metric gate",
    "/waive val_f1 the test set was relabelled",
    parameters=(
        Parameter(name="metric", about="the metric that is not met", type=NAME, required=True),
        reason(required=True),
    ),
    surfaces=PULL_REQUESTS,
    role=Role.MAINTAIN,
)
RETRAIN = declare(
    "retrain",
    "start a training run",
    "/retrain",
    "/retrain nightly commit=0123abc --force",
    '/retrain nightly learning_rate=0.1 note="once more"',
    parameters=(
        Parameter(name="pipeline", about="which pipeline of the project", type=NAME),
        Parameter(name="commit", about="what to train", type=COMMIT, option=True),
        Parameter(name="force", about="also if it was trained already"),
    ),
    others="values of the pipeline's parameters",
    dangerous=True,
)
ROLLBACK = declare(
    "rollback",
    "bring back what was deployed before",
    "/rollback production",
    '/rollback production to=churn@11 reason="too slow"',
    parameters=(
        Parameter(name="environment", about="where", type=ENVIRONMENT, required=True),
        Parameter(name="to", about="what is brought back", type=MODEL, option=True),
        reason(),
    ),
    role=Role.MAINTAIN,
    dangerous=True,
)
TARGET_ = declare(
    "target",
    "say what a metric must reach",
    "/target val_f1 >= 0.9",
    "/target latency < 40 ms",
    parameters=(Parameter(name="target", about="a metric and its bound", type=TARGET, required=True),),
    surfaces=ITEMS,
)
UNDO = declare("undo", "take back what the bot did last for you here", "/undo")
DRY_RUN = declare(
    "dry-run",
    "tell what a command would do",
    "/dry-run promote churn@12 to=staging",
    parameters=(Parameter(name="command", about="a command with its arguments", type=TEXT, required=True),),
    role=Role.ANYONE,
)
HELP = declare(
    "help",
    "list the commands",
    "/help",
    parameters=(Parameter(name="command", about="the name of a command", type=NAME),),
    role=Role.ANYONE,
)
EXAMPLES = Registry(tuple(value for value in list(globals().values()) if isinstance(value, Command)))
