"""`config/grafana/trainboard.json` shows everything that the bot exports, and nothing else."""

import re
from itertools import combinations
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from fakes import dashboards
from fakes.promql import list_labels, list_metrics
from fakes.telemetry import filled

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
HISTOGRAM = re.compile(r"_(?:bucket|count|sum|created)$")
DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def exported():
    """Names as they are asked for, each with its labels; a histogram by its buckets."""
    samples = [
        sample
        for family in text_string_to_metric_families(filled().expose().decode())
        for sample in family.samples
        if not sample.name.endswith(("_created", "_sum", "_count"))
    ]
    return {sample.name: set(sample.labels) for sample in samples}


def test_every_expression_asks_for_what_is_exported():
    """By metrics and by labels; a slip of the pen would be an empty panel."""
    known = exported()
    for query in dashboards.list_queries("trainboard"):
        metrics = list_metrics(query)
        labels = set().union(*(known[metric] for metric in metrics))
        assert list_labels(query) <= labels | {"job"}, query


def test_everything_that_is_exported_is_shown():
    """A new metric gets a panel."""
    asked = set().union(*(list_metrics(query) for query in dashboards.list_queries("trainboard")))
    assert set(exported()) == asked


def test_everything_that_is_exported_is_documented():
    """With when to look at it."""
    written = set(re.findall(r"`(trainboard_\w+)`", OPERATIONS.read_text()))
    assert {HISTOGRAM.sub("", name) for name in exported()} == written


def test_expressions_are_those_of_the_job_that_is_chosen():
    """Two installations in one Prometheus are not mixed up."""
    queries = [query for query in dashboards.list_queries("trainboard") if 'job="trainboard"' not in query]
    assert [] == queries


def test_panels_stand_beside_each_other():
    """Grafana moves those that lie over others, and no two have one number."""
    panels = dashboards.read()["panels"]
    assert len(panels) == len({panel["id"] for panel in panels})
    for one, other in combinations((panel["gridPos"] for panel in panels), 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)
    assert {24} >= {
        panel["gridPos"]["x"] + panel["gridPos"]["w"] for panel in panels if panel["type"] == "row"
    }


def test_it_goes_into_any_grafana():
    """The data source and the job are chosen there; each panel has a title and a unit."""
    told = dashboards.read()
    assert ["datasource", "job"] == [variable["name"] for variable in told["templating"]["list"]]
    shown = [panel for panel in told["panels"] if panel["type"] != "row"]
    assert {"timeseries", "stat"} == {panel["type"] for panel in shown}
    for panel in shown:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert {"uid": "${datasource}", "type": "prometheus"} == panel["datasource"]
        assert [DATA_SOURCE] * len(panel["targets"]) == [each["datasource"] for each in panel["targets"]]
        if panel["type"] == "timeseries" and len(panel["targets"]) > 1:
            assert all(each["legendFormat"] for each in panel["targets"])
