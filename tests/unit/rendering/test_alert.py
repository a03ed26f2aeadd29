"""The bug of a problem, as what real senders told and what hostile ones would tell."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from fakes.alert_traces import read_trace
from trainboard.alert_life import Problem, judge_problem, merge_alert
from trainboard.alert_policy import AlertPolicy
from trainboard.alert_view import AlertView, Remedy
from trainboard.alerts import identify_problem
from trainboard.markers import Markers
from trainboard.rendering.alert import render_alert, render_alert_title, render_return, render_severity_rise
from trainboard.targets import parse_targets
from trainboard_webhooks import alertmanager, grafana
from trainboard_webhooks.alert_groups import read_group

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
MARKERS = Markers(b"k" * 32, "local:churn")
GOLDEN = Path(__file__).parent / "golden" / "alert"
BODIES = {
    path.name.removesuffix(".json").removeprefix("alerts__"): path.read_bytes()
    for source in (alertmanager, grafana)
    for path in sorted((Path(source.__file__).parent / "fixtures").glob("alerts__*.json"))
    if not path.name.endswith(".events.json")
}
FOLD = re.compile(r"<details><summary>[\w ]+</summary>\n?|</details>\n?")
FOREIGN = (
    "@ada #12 fixes a/b#3 AB#4 </details><script>x</script> {{ 7 * 7 }} %s `|` ![i](http://evil.example/i)"
)

markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def view(body, **more):
    """The problem that the message tells of, as far as it is one."""
    event = read_group(body, "alertmanager/prod")
    first = event.alerts[0]
    problem = Problem(
        project="churn",
        door=event.door,
        key="alert:1",
        rule=first.rule,
        nature=first.nature,
        labels=identify_problem(first, event.group_labels, ()),
        began_at=NOW,
        last_seen_at=NOW,
    )
    episodes = [merge_alert(None, each, NOW) for each in event.alerts]
    stand = judge_problem(problem, episodes, AlertPolicy(), NOW + timedelta(minutes=1))
    return AlertView(problem=problem, stand=stand, updated_at=NOW, **more)


def huge(count, note):
    """So many alerts, each with as much text."""
    many = {f"l{place}": FOREIGN for place in range(300)}
    alerts = [
        {
            "status": "firing",
            "labels": {"alertname": "Drift", "model": f"m{number}"} | many,
            "annotations": {"summary": note, "runbook_url": "javascript:alert(1)"},
            "startsAt": "2026-11-23T17:07:57.493Z",
            "generatorURL": "data:text/html,x",
        }
        for number in range(count)
    ]
    return json.dumps({"version": "4", "alerts": alerts, "groupLabels": {}}).encode()


VIEWS = {name: view(body) for name, body in BODIES.items()} | {
    "huge_note": view(huge(1, FOREIGN * 10_000)),
    "many_alerts": view(huge(300, FOREIGN)),
    "remedies": view(
        BODIES["first"],
        remedies=(
            Remedy(does="retrain", pipeline=FOREIGN, url="javascript:alert(1)"),
            Remedy(does="rollback", pipeline="back", url="https://ci.example/back"),
        ),
    ),
}
GOLDENS = ("first", "one_of_two_resolved", "resolved", "mentions", "remedies")


@pytest.mark.parametrize("name", GOLDENS)
def test_the_bug_is_as_agreed(name):
    """Every golden file is what its view shows."""
    text = f"# {render_alert_title(VIEWS[name])}\n\n{render_alert(VIEWS[name], 55_000)}"
    path = GOLDEN / f"{name}.md"
    if os.environ.get("TRAINBOARD_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


def test_the_bug_leads_to_the_report_of_its_sprint():
    """Where it has a public address."""
    address = "https://bot.example.com/sprints/churn/12"
    assert f"[Its sprint's report]({address})" in render_alert(
        view(BODIES["first"], sprint_url=address), 55_000
    )
    assert "report" not in render_alert(VIEWS["first"], 55_000)


@pytest.mark.parametrize("name", VIEWS)
def test_the_bug_does_nothing(name):
    """It holds no command, target, mention, mark, HTML, image, reference or address that is not http."""
    shown = VIEWS[name]
    for text in (render_alert(shown, 55_000), render_return(shown), render_severity_rise(shown)):
        tokens = [child for token in markdown.parse(text) for child in [token, *(token.children or [])]]
        strange = [t for t in tokens if t.type.startswith(("html", "image", "s_", "fence"))]
        kinds = [t.type for t in strange if not FOLD.fullmatch(t.content)]
        loose = re.findall(r"@[A-Za-z0-9]|#\d|<!--|(?m:^\s*[/@!.]\w)", text)
        schemes = {str(t.attrs["href"]).partition(":")[0] for t in tokens if t.type == "link_open"}
        assert ([], [], []) == (kinds, loose, parse_targets(text))
        assert schemes <= {"http", "https"}
        assert None is MARKERS.find_key(text)


@pytest.mark.parametrize("name", VIEWS)
def test_the_title_is_one_plain_line(name):
    """Of a length that every tracker takes, without a mention."""
    title = render_alert_title(VIEWS[name])
    assert 0 < len(title) <= 200
    assert [] == re.findall(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]|@[A-Za-z0-9]", title)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("max_bytes", [2_000, 10_000, 55_000])
def test_the_size_is_kept(name, max_bytes):
    """Whatever is told, and however much of it."""
    assert len(render_alert(VIEWS[name], max_bytes).encode()) <= max_bytes


def test_ten_thousand_alerts_are_one_bug_that_fits():
    """A table of the first fifty, and how many more there are."""
    (_, body), *_ = read_trace("storm200_one_group")
    alert = body["alerts"][0]
    many = [
        alert | {"fingerprint": f"{number:016x}", "labels": alert["labels"] | {"n": str(number)}}
        for number in range(10_000)
    ]
    text = render_alert(view(json.dumps(body | {"alerts": many}).encode()), 55_000)
    assert "10,000 alerts firing" in text
    assert "9,950 more" in text
