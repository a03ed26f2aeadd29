"""What jobs publish of their tests, and how much these covered.

Source: "Azure DevOps Services REST API Reference", "Test".
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fakes.azure_devops.refusals import bad_argument, not_found
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import identity_ref, iso, page_url, project_ref


@dataclass(eq=False)
class PublishedRun:
    """Tests that a job published together; `results` are pairs of a title and an outcome."""

    id: int
    name: str
    build: object
    results: list[tuple[str, str]]
    at: datetime
    stage: str = ""
    attempt: int = 1


def find(org, asked):
    """The run of tests that a path names."""
    runs = (run for build in org.project_of(asked).builds.values() for run in build.test_runs)
    found = next((run for run in runs if run.id == int(asked.values["runId"])), None)
    if found is None:
        text = f"Test run {asked.values['runId']} cannot be found."
        raise not_found("TestObjectNotFoundException", text)
    return found


@route("GET", "test.runs")
def get_runs(org, asked):
    """Those of a build; all that is known of them only where details are asked for."""
    if "runId" in asked.values:
        return render(org, find(org, asked), detailed=True)
    uri = asked.query.get("builduri", "")
    builds = org.project_of(asked).builds.values()
    found = [run for build in builds if uri.endswith(f"/{build.id}") for run in build.test_runs]
    top = asked.number("$top", 100)
    return [render(org, run, detailed=asked.flag("includeRunDetails")) for run in found[:top]]


def render(org, run, *, detailed):
    """A run of tests."""
    amounts = Counter(outcome for _, outcome in run.results)
    url = f"{org.url}/{run.build.project.name}/_apis/test/Runs/{run.id}"
    told = {
        "id": run.id,
        "name": run.name,
        "url": url,
        "isAutomated": True,
        "owner": identity_ref(org, run.build.requested_by),
        "project": project_ref(org, run.build.project),
        "startedDate": iso(run.at),
        "completedDate": iso(run.at),
        "state": "Completed",
        "totalTests": len(run.results),
        "incompleteTests": 0,
        "notApplicableTests": amounts["NotApplicable"],
        "passedTests": amounts["Passed"],
        "unanalyzedTests": amounts["Failed"],
        "revision": 3,
        "webAccessUrl": page_url(org, run.build.project, f"_TestManagement/Runs?runId={run.id}"),
    }
    if not detailed:
        return told
    counts = [
        {"state": "Completed", "outcome": outcome, "count": count} for outcome, count in amounts.items()
    ]
    return told | {
        "runStatistics": counts,
        "build": {"id": str(run.build.id)},
        "pipelineReference": {
            "pipelineId": run.build.id,
            "stageReference": {"stageName": run.stage, "attempt": run.attempt},
            "phaseReference": {"phaseName": "Job", "attempt": 1},
            "jobReference": {"jobName": "__default", "attempt": 1},
        },
    }


@route("GET", "test.results")
def get_results(org, asked):
    """The tests of a run, those of some outcomes where these are named."""
    run = find(org, asked)
    outcomes = [each for each in asked.query.get("outcomes", "").split(",") if each]
    found = [each for each in enumerate(run.results) if not outcomes or each[1][1] in outcomes]
    return [
        {
            "id": 100000 + number,
            "outcome": outcome,
            "state": "Completed",
            "testCaseTitle": title,
            "automatedTestName": f"tests.test_model.{title}",
            "testRun": {"id": str(run.id), "name": run.name},
            "priority": 0,
            "durationInMs": 12.0,
        }
        for number, (title, outcome) in found[: asked.number("$top", 1000)]
    ]


@route("GET", "test.coverage")
def get_coverage(org, asked):
    """The sums; with flags another answer comes, of which nothing is known here."""
    if "flags" in asked.query:
        raise bad_argument("Only the sums are known.")
    number = asked.number("buildId")
    build = org.project_of(asked).builds.get(number)
    told = {"build": {"id": str(number), "url": ""}, "deltaBuild": None, "coverageData": []}
    if build is None or build.coverage is None:
        return told
    covered, total = build.coverage
    stats = [
        {"label": label, "position": place, "total": total, "covered": covered, "isDeltaAvailable": False}
        for place, label in ((4, "Lines"), (5, "Branches"))
    ]
    data = {"buildPlatform": "", "buildFlavor": "", "coverageStats": stats}
    return told | {"coverageData": [data]}
