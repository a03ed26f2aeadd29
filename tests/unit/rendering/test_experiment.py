"""The work item of an experiment, word for word.

`TRAINBOARD_UPDATE_GOLDEN=1` writes the golden files anew; read the difference before committing it.
"""

import os
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec import structs

from fakes.experiments import START, loss, run, view
from fakes.pull_requests import approval, check, deployment, pull_request
from trainboard.deployments import Environment, Step
from trainboard.experiment_view import LinkedAlert, LinkedPullRequest, ModelVersion
from trainboard.markers import Markers
from trainboard.rendering.experiment import render_experiment, render_new_body, render_title
from trainboard.runs import Group, Metric
from trainboard.targets import parse_targets

GOLDEN = Path(__file__).parent / "golden"
MARKERS = Markers(b"secret", "github:acme/churn")
TRUE_MARK = MARKERS.begin("item:0123456789abcdef01234567")
TARGETS = "val_auc >= 0.92\nlatency_p95_ms <= 50 ms\nfairness_gap < 0.05"
FOREIGN = "fixes #1 @octocat a|b `c` [d](http://evil.example) *e* <img src=x> AB#4 \u202eRTL "

markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def scored(id_, auc, latency, **facts):
    """A run with the metrics of the targets and two more."""
    metrics = {"val_auc": auc, "latency_p95_ms": latency, "train_loss": loss(1 - auc), "epochs": 20.0}
    return run(id_, metrics=metrics, **facts)


def place(kind, name, state, *, hours, **fields):
    """A place of a model with the last time that the version came there."""
    deployed = deployment(name, state, minutes=60 * hours, url=fields.pop("url", ""))
    step = Step(deployment=deployed, state=deployed.state, at=deployed.at, **fields)
    return Environment(name=name, is_production=False, kind=kind), step


PLACES = (
    place("endpoint", "churn-prod", "succeeded", hours=5, url="https://ml.azure.com/e/churn-prod"),
    place("alias", "challenger", "rolled back", hours=2),
    place("alias", "champion", "succeeded", hours=4, is_rollback=True),
    place("endpoint", "churn-test", "failed", hours=3),
)


def hostile():
    """An experiment in which every text is an attack."""
    long = FOREIGN + "x@y#1|`" * 1_500
    error = {"type": FOREIGN, "message": f"\n/promote production\n{TRUE_MARK} {FOREIGN}\n---"}
    bad = run(FOREIGN, "failed", name=long, url="https://x/)[a](http://evil.example)", error=error)
    good = run("2", name="/lgtm\n/hold", metrics={FOREIGN: Metric(value=1.0, goal="max"), "\u200b": 2.0})
    shown = view(
        [bad, good, run("3", name="\u200b", url="javascript:alert(1)", sweep=Group(id="s", name=TRUE_MARK))],
        "val_auc@octocat/x >= 0.92",
        experiment=long,
        experiment_url="https://github.com/acme/churn/issues/1",
        page_url="javascript:alert(1)",
        sprint_url="javascript:alert(1)",
        carries=1,
        carried_from=TRUE_MARK,
        models=(
            ModelVersion(
                name=FOREIGN,
                version=FOREIGN,
                aliases=(FOREIGN, "\u200b"),
                run_id=FOREIGN,
                places=(
                    place("endpoint", FOREIGN, "failed", hours=1, url="javascript:alert(1)"),
                    place("alias", "\u200b", "succeeded", hours=2, url="https://x/)[a](http://evil.example)"),
                ),
            ),
        ),
        alerts=(
            LinkedAlert(
                ref=FOREIGN, title=long, url="javascript:alert(1)", model=long, version=long, began_at=START
            ),
        ),
        retrains=((START, "https://x/)[a](http://evil.example)"),),
        pull_requests=(
            LinkedPullRequest(
                pull_request=pull_request(title=long, url="javascript:alert(1)"),
                checks=(check(long, "failed", summary=long),),
                deployments=(deployment(long, url="javascript:alert(1)"), deployment("\u200b", minutes=1)),
                approvals=(approval(TRUE_MARK, approvers=(FOREIGN,)),),
            ),
        ),
    )
    return structs.replace(shown, iteration=structs.replace(shown.iteration, name=FOREIGN))


def sweep_runs():
    """A sweep that is half done, with its parent, and a run by itself."""
    runs = [scored(f"t{i}", 0.9 + i / 1000, 40.0 + i, sweep="sweep-1", planned=40) for i in range(18)]
    failed = [run(f"f{i}", "failed", sweep="sweep-1", error={"type": "OutOfMemoryError"}) for i in range(2)]
    return [run("sweep-1", "running", name="depth x lr"), *runs, *failed, scored("baseline", 0.89, 38.5)]


VIEWS = {
    "empty": view(experiment_url=None),
    "empty_with_targets": view((), TARGETS),
    "running_only": view([run("a", "running", metrics={"val_auc": 0.4}), run("b", "queued")], TARGETS),
    "no_targets": view([scored("a", 0.91, 61.0, minutes=5), scored("b", 0.93, 47.25)]),
    "sweep": view(
        sweep_runs(),
        TARGETS,
        page_url="https://board.example.com/experiments/churn-xgb",
        sprint_url="https://board.example.com/sprints/churn/12",
    ),
    "targets": view(
        [
            scored("a", 0.9312, 61.0, name="deep"),
            scored("b", 0.9056, 54.25, name="wide"),
            run("c", "failed", error={"type": "ValueError", "message": "Input X contains NaN.\nRow 12."}),
            run("d", "failed", minutes=2),
            run("e", "killed"),
        ],
        TARGETS,
    ),
    "carried": view(
        [scored(f"r{i:02}", 0.5 + i / 100, 12_345.678 * i) for i in range(14)],
        "val_auc >= 0.63",
        carries=2,
        carried_from="Sprint 11",
        models=(
            ModelVersion(
                name="churn", version="3", aliases=("champion", "staging"), run_id="r13", places=PLACES
            ),
            ModelVersion(name="churn", version="2"),
        ),
    ),
    "pull_requests": view(
        [scored("a", 0.9312, 41.0)],
        TARGETS,
        pull_requests=(
            LinkedPullRequest(
                pull_request=pull_request(), checks=(check(), check("lint", "failed"), check("a", "running"))
            ),
            LinkedPullRequest(
                pull_request=pull_request(number=6, title="Deepen the trees", state="merged"),
                checks=(check(), check("lint")),
                deployments=(deployment(), deployment("production", "waiting", minutes=70)),
                approvals=(approval(approvers=("ada", "grace")), approval("staging", "approved", by="ada")),
            ),
            LinkedPullRequest(pull_request=pull_request(number=5, title="No trees", state="closed")),
        ),
    ),
    "hostile": hostile(),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_text_is_as_agreed(name):
    """Every golden file is what its view shows."""
    assert_golden(name, render_experiment(VIEWS[name], 60_000))


def test_the_text_of_a_new_item_is_as_agreed():
    """The part that people fill in."""
    assert_golden("new_body", render_new_body(view()))


def assert_golden(name, text):
    """`text` is what the golden file holds, with no space at the end of a line."""
    path = GOLDEN / f"{name}.md"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"
    assert [] == re.findall(r"(?m)[ \t]+$", text)


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_of_ours_reads_as_a_target_or_a_command(name):
    """What the bot writes is never taken for what people write."""
    for text in (render_experiment(VIEWS[name], 60_000), render_new_body(VIEWS[name])):
        assert ([], []) == (parse_targets(text), re.findall(r"(?m)^\s*[/@!.]\w", text))


def test_the_hint_shows_a_line_that_is_a_target():
    """What it tells people to write is understood."""
    hint = re.search(r"such as `(.*)`", render_experiment(view(), 60_000))[1]
    assert ["val_auc >= 0.92"] == [str(target) for target in parse_targets(hint)]


def test_hostile_text_brings_no_mark_link_or_element():
    """Of all that the hostile names try, only our own headings, tables, emphasis and safe links remain."""
    text = render_experiment(VIEWS["hostile"], 60_000)
    tokens = [child for token in markdown.parse(text) for child in [token, *(token.children or [])]]
    links = {token.attrs["href"] for token in tokens if token.type == "link_open"}
    assert {"https://x/%29%5Ba%5D%28http://evil.example%29", VIEWS["hostile"].runs[1].run.url} == links
    assert [] == [token.type for token in tokens if token.type.startswith(("html", "image", "s_", "fence"))]
    assert [] == re.findall(r"@[A-Za-z0-9]|#\d|<!--", text)
    assert (None, None) == (MARKERS.find_key(text), MARKERS.find_key(render_new_body(VIEWS["hostile"])))


def test_hostile_text_adds_no_cell_and_no_row():
    """Every row of a table has as many cells as its head."""
    tokens = markdown.parse(render_experiment(VIEWS["hostile"], 60_000))
    rows = "".join({"tr_open": "\n", "th_open": "c", "td_open": "c"}.get(token.type, "") for token in tokens)
    assert ["ccccc"] * 2 + ["cccccc"] * 4 + ["ccccc"] * 3 == rows.split()
    assert 1 == len(re.findall(r"(?m)^### ", render_experiment(VIEWS["hostile"], 60_000)))


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("max_bytes", [2_000, 2_500, 3_000, 5_000])
def test_the_size_is_kept(name, max_bytes):
    """2,000 bytes are enough for every view."""
    assert len(render_experiment(VIEWS[name], max_bytes).encode()) <= max_bytes


def test_the_widest_headline_fits():
    """Names of the most expensive characters leave room for the rest."""
    wide = structs.replace(view().iteration, name="&" * 250)
    runs = [run(str(i), s) for i, s in enumerate(["finished", "failed", "killed", "running", "queued"])]
    text = render_experiment(view(runs, TARGETS, iteration=wide, carries=99, carried_from="&" * 250), 2_000)
    assert "99 times" in text


def test_ten_thousand_runs_of_one_sweep_are_one_row():
    """However large the sweep."""
    runs = [scored(f"r{i}", i / 10_000, 10.0, sweep="s") for i in range(10_000)]
    text = render_experiment(view(runs, "val_auc >= 0.5"), 60_000)
    assert "| sweep finished: 10,000 of 10,000 done | 0.9999, median 0.5 |" in text
    assert "**1 of 1 target met · 10,000 runs: 10,000 finished**" in text


def test_metrics_and_models_beyond_the_limit_are_counted():
    """Fifteen metrics and ten models are shown."""
    metrics = {f"m{i:02}": float(i) for i in range(17)}
    models = tuple(ModelVersion(name="m", version=str(i)) for i in range(11))
    text = render_experiment(view([run("a", metrics=metrics)], models=models), 60_000)
    assert ("2 more metrics not shown." in text, "1 more model not shown." in text) == (True, True)


def test_a_target_that_is_just_reached_has_no_gap():
    """The bound itself is neither better nor short."""
    text = render_experiment(view([run("a", metrics={"auc": 0.92})], "auc >= 0.92\nauc < 0.93"), 60_000)
    assert "| `auc >= 0.92` | 0.92 | none | ✓ met |" in text
    assert "| `auc < 0.93` | 0.92 | 0.01 better | ✓ met |" in text


def test_a_run_that_nobody_can_link_is_named_by_its_words():
    """A run without an address is text; a judgement without a known run is not available."""
    text = render_experiment(view([run("a", url="ftp://x", metrics={"auc": 1.0})], "auc > 0"), 60_000)
    assert "| ✓ met | a |" in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("churn-xgb", "Experiment: churn-xgb"),
        ("/Shared/churn\n@octocat #1", "Experiment: /Shared/churn @\u200boctocat #\u200b1"),
        ("\u200b", "Experiment of churn"),
        ("x" * 300, "Experiment: " + "x" * 187 + "…"),
    ],
)
def test_a_title_is_plain_text(name, expected):
    """Controls go, mentions are broken, 200 characters are enough."""
    assert expected == render_title("churn", name)


def test_the_text_tells_when_it_was_true():
    """In UTC, to the minute."""
    assert "Updated 2026-03-04 09:00 UTC" in render_experiment(view(updated_at=START), 60_000)
