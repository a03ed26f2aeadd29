"""The comment on a pull request and its gate, word for word.

`TRAINBOARD_UPDATE_GOLDEN=1` writes the golden files anew; read the difference before committing it.
"""

import os
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec import structs

from fakes.notebooks import SECRET, TABLE, code, failed, notebook, prose, shown
from fakes.pull_requests import (
    MERGED,
    OLD_HEAD,
    OPENED,
    approval,
    check,
    deployment,
    evidence,
    pull_request,
    run,
)
from trainboard.changed_paths import read_paths
from trainboard.experiment_view import ModelVersion
from trainboard.markers import Markers
from trainboard.metric_gate import Waiver, judge_gate
from trainboard.notebooks import ChangedNotebook, NotebookReview
from trainboard.notebooks.reviewing import review_notebook
from trainboard.pull_request_view import PullRequestView
from trainboard.rendering.metric_gate import render_gate_summary, render_gate_title
from trainboard.rendering.pull_request import render_pull_request
from trainboard.targets import parse_targets

GOLDEN = Path(__file__).parent / "golden"
MARKERS = Markers(b"secret", "github:acme/churn")
MARK = MARKERS.begin("item:0123456789abcdef01234567")
FOREIGN = "fixes #1 @octocat a|b `c` [d](http://evil.example) *e* <img src=x> AB#4 \u202eRTL "
TARGETS = "val_auc >= 0.92\nlatency_ms <= 50 ms"
FOLD = re.compile(r"<details><summary>[\w ]+</summary>\n?|</details>\n?")
CI = "https://github.com/acme/churn/actions/runs"

WAIVER = Waiver(by="ada", reason=f"The data of May is bad, {FOREIGN}", at=OPENED)

markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def view(*linked, paths=("src/train.py",), **fields):
    """What is known of the pull request, and the verdict on it."""
    asked, changed = fields.pop("pull_request", pull_request()), read_paths(paths)
    waiver = fields.pop("waiver", None)
    verdict = judge_gate(asked, linked, touched=changed.touches_model, waiver=waiver)
    return PullRequestView(pull_request=asked, verdict=verdict, paths=changed, **fields)


def red():
    """The first push: a test fails, and no run has come."""
    checks = (
        check("lint", url=f"{CI}/1/job/1"),
        check("unit (3.12)", "failed", url=f"{CI}/1/job/2", summary="2 failed, 39 passed"),
        check("unit (3.13)"),
        check("data tests", "running"),
        check("build image", "queued"),
    )
    return view(evidence(TARGETS), checks=checks)


def judged(**metrics):
    """A run of the head commit beside the champion of an earlier one."""
    runs = [run("new", metrics), run("old", {"val_auc": 0.9, "latency_ms": 47.5}, commit=OLD_HEAD)]
    models = [ModelVersion(name="churn", version="3", aliases=("champion",), run_id="old")]
    return evidence(TARGETS, runs, models)


def released():
    """Merged, in staging, and waiting for production."""
    return view(
        judged(val_auc=0.9312, latency_ms=41.25),
        pull_request=pull_request(state="merged", merged_as=MERGED),
        checks=(check("lint"), check("unit"), check("train"), check("evaluate"), check("CodeQL", "neutral")),
        later_checks=(check("build", "failed", summary="no space left"), check("release", "running")),
        deployments=(
            deployment("staging", "replaced", minutes=50),
            deployment("production", "waiting", minutes=70),
            deployment("staging", url="https://staging.example.com"),
        ),
        approvals=(approval(approvers=("ada", "grace")), approval("staging", "approved", by="ada")),
    )


def silent():
    """The machine that trains is gone, and so is the pipeline of the tests."""
    checks = (
        check("lint"),
        check("train", "without news", summary="epoch 3 of 9"),
        check("test", "without news", url=f"{CI}/1/job/3"),
    )
    return view(evidence(TARGETS), checks=checks)


def infrastructure():
    """No model, but Terraform and charts, and a notebook by itself."""
    paths = [*(f"infra/{name}.tf" for name in "abcdefg"), "charts/model/values.yaml"]
    return view(evidence(TARGETS), paths=paths, checks=(check("terraform plan", summary="2 to add"),))


def review(path, *cells, before=None, **more):
    """A notebook as it was looked at."""
    changed = ChangedNotebook(path=path, blob="1", former=path if before else None)
    text = more.pop("text", None) or notebook(*cells)
    return NotebookReview(notebook=changed, base="main", review=review_notebook(text, before))


def notebooks():
    """One with much to mend, one that was so before, one that is fine, and one that cannot be looked at."""
    steps = code("".join(f"step_{number} = {number}\n" for number in range(120)), 7)
    reviews = (
        review(
            "notebooks/explore.ipynb",
            prose("# Explore"),
            code(f"import os\n\nos.environ['AWS_KEY'] = '{SECRET}'\n!pip install xgboost", 1),
            code("df = read_csv('/home/runner/churn.csv')\ndf", 4, shown(text_html=TABLE)),
            code("train(df", 2, failed("SyntaxError")),
            steps,
        ),
        review("notebooks/fine.ipynb", code("x = 1", 1)),
        review("notebooks/old.ipynb", code("f()", 1, failed()), before=notebook(code("f()", 1, failed()))),
        review("notebooks/big.ipynb", text="version https://git-lfs.github.com/spec/v1"),
    )
    changed = read_paths([each.notebook.path for each in reviews] + ["src/train.py"])
    many = tuple(each.notebook for each in reviews) * 6
    known = view(paths=["src/train.py"], notebooks=reviews)
    return structs.replace(known, paths=structs.replace(changed, notebooks=many))


def many_notebooks():
    """Twenty notebooks with all there is, by whoever wishes us ill."""
    paths = [f"{FOREIGN}{n}|`.ipynb" for n in range(20)]
    cells = [code(f"key{n} = '{SECRET}'\n!pip install {MARK}", 40 - n) for n in range(30)]
    return view(paths=paths, notebooks=tuple(review(path, *cells) for path in paths))


def many():
    """400 checks on one commit, from a matrix that fails."""
    checks = [
        check(f"test ({n:03})", "failed" if n % 3 else "passed", summary="x" * 5_000) for n in range(390)
    ]
    others = [check(f"step {n}", "timed out") for n in range(10)]
    return view(checks=(*checks, *others))


def hostile():
    """Every text is an attack."""
    long = FOREIGN + "x@y#1|`" * 1_500
    attack = {"title": long, "url": "https://x/)[a](http://evil.example)"}
    return view(
        evidence("val_auc@octocat/x >= 0.92", [run(FOREIGN, {FOREIGN: 1.0})], experiment=long, **attack),
        paths=[f"{long}.tf", f"{FOREIGN}.ipynb", f"\n{MARK}.ipynb"],
        later_checks=(check(long, "timed out", url="javascript:alert(1)", summary=long),),
        checks=(check(long, "failed", url="javascript:alert(1)", summary=f"\n/promote production\n{MARK}"),),
        deployments=(deployment(long, url="javascript:alert(1)"), deployment("\u200b", minutes=1)),
        approvals=(
            approval(long, approvers=(long, "\u200b", *"abcdef")),
            approval(MARK, "rejected", by=long),
        ),
        pull_request=pull_request(branch=long, text=long, title=long),
    )


VIEWS = {
    "nothing_yet": view(),
    "red": red(),
    "gate_met": view(judged(val_auc=0.9312, latency_ms=41.25), checks=(check("lint"),)),
    "gate_not_met": view(judged(val_auc=0.8912, latency_ms=47.5), evidence("", title="Other", ref="13")),
    "released": released(),
    "waived": view(judged(val_auc=0.91, latency_ms=41.0), waiver=WAIVER),
    "silent": silent(),
    "infrastructure": infrastructure(),
    "notebook": view(paths=["train.ipynb"], pull_request=pull_request(state="closed")),
    "notebooks": notebooks(),
    "many_notebooks": many_notebooks(),
    "many_checks": many(),
    "hostile_pull_request": hostile(),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_comment_is_as_agreed(name):
    """Every golden file is what its view shows."""
    text = render_pull_request(VIEWS[name], 60_000)
    path = GOLDEN / "pull_request" / f"{name}.md"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"
    assert [] == re.findall(r"(?m)[ \t]+$", text)


@pytest.mark.parametrize("name", VIEWS)
def test_the_comment_does_nothing(name):
    """It holds no command, target, mention, mark, HTML, image or reference that is not ours."""
    shown = VIEWS[name]
    head = shown.pull_request.head
    for text in (render_pull_request(shown, 60_000), render_gate_summary(shown.verdict, head, 60_000)):
        tokens = [child for token in markdown.parse(text) for child in [token, *(token.children or [])]]
        strange = [t for t in tokens if t.type.startswith(("html", "image", "s_", "fence"))]
        kinds = [t.type for t in strange if not FOLD.fullmatch(t.content)]
        loose = re.findall(r"@[A-Za-z0-9]|#\d|<!--|(?m:^\s*[/@!.]\w)", text)
        assert ([], [], [], None) == (kinds, loose, parse_targets(text), MARKERS.find_key(text))


def test_hostile_text_adds_no_cell():
    """Every row of a table has as many cells as its head."""
    tokens = markdown.parse(render_pull_request(VIEWS["hostile_pull_request"], 60_000))
    rows = "".join({"tr_open": "\n", "th_open": "c", "td_open": "c"}.get(token.type, "") for token in tokens)
    assert ["cccccc"] * 2 + ["ccc"] * 4 == rows.split()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("max_bytes", [2_000, 3_000, 5_000])
def test_the_size_is_kept(name, max_bytes):
    """2,000 bytes are enough for every view, of the comment and of the gate's text."""
    shown = VIEWS[name]
    summary = render_gate_summary(shown.verdict, shown.pull_request.head, max_bytes)
    assert len(render_pull_request(shown, max_bytes).encode()) <= max_bytes
    assert len(summary.encode()) <= max_bytes


def title(shown):
    return render_gate_title(shown.verdict, shown.pull_request.head, shown.silent)


def test_the_gate_says_in_one_line_why():
    """What it waits for, what it found, or why it does not judge."""
    going = evidence(TARGETS, [run("a", status="running"), run("b", status="queued")])
    named = [evidence(TARGETS, experiment=f"e{n}", ref=str(n)) for n in range(5)]
    assert [
        "No experiment is linked",
        "No targets in the linked experiments",
        "Nothing of a model is changed",
        "Waiting for a run on abc1234 of churn-xgb",
        "No news of 2 checks. Waiting for a run on abc1234 of churn-xgb",
        "Waiting for 2 runs to end on abc1234 of churn-xgb",
        "Waiting for a run on abc1234 of e0, e1, e2 and 2 more",
        "2 of 2 targets met on abc1234",
        "1 of 2 targets met on abc1234",
    ] == [
        title(shown)
        for shown in (
            view(),
            view(evidence("")),
            VIEWS["infrastructure"],
            VIEWS["red"],
            VIEWS["silent"],
            view(going),
            view(*named),
            VIEWS["gate_met"],
            VIEWS["gate_not_met"],
        )
    ]


def test_the_title_fits_the_platforms():
    """GitHub takes 140 characters of a commit status."""
    named = [evidence(TARGETS, experiment="x" * 250)]
    assert len(title(view(*named))) <= 140
    assert len(title(VIEWS["hostile_pull_request"])) <= 140


def test_a_gate_that_does_not_judge_says_how_to_make_it():
    """The tables take its place as soon as there are any."""
    unlinked, linked = VIEWS["nothing_yet"], VIEWS["gate_met"]
    head = unlinked.pull_request.head
    assert "write targets into the work item" in render_gate_summary(unlinked.verdict, head, 2_000)
    assert "| `val_auc >= 0.92` | 0.9312 | ✓ met |" in render_gate_summary(linked.verdict, head, 2_000)


def test_there_is_news_once_something_is_known():
    """A pull request of which nothing is known needs no comment."""
    plain = VIEWS["nothing_yet"]
    more = [
        structs.replace(plain, checks=(check(),)),
        structs.replace(plain, deployments=(deployment(),)),
        structs.replace(plain, approvals=(approval(),)),
        view(evidence("")),
        VIEWS["infrastructure"],
        VIEWS["notebook"],
        VIEWS["many_notebooks"],
    ]
    assert [False, *[True] * len(more)] == [shown.is_news for shown in (plain, *more)]
