"""Work items found by a query, by an artifact, by their tags."""

from fakes.azure_devops import wiql
from fakes.azure_devops.fields import complete, render_value
from fakes.azure_devops.iterations import find_current
from fakes.azure_devops.refusals import bad_argument, too_many_results
from fakes.azure_devops.relations import url_of
from fakes.azure_devops.routing import route
from fakes.azure_devops.shapes import iso
from fakes.azure_devops.state import make_id


@route("POST", "wit.wiql")
def query(org, asked):
    """Ids only. A project in the path does not narrow the query down; `$top` cuts it off."""
    text = (asked.json or {}).get("query")
    if not text:
        raise bad_argument("You must pass a query in the body of the request.")
    parsed = wiql.parse(text, _make_scope(org, asked))
    found = [item for item in org.items.values() if not item.deleted_by]
    found = [item for item in found if parsed.accepts(complete(item, item.revisions[-1]))]
    top = asked.number("$top")
    if len(found) > org.limits.results and not (top and top <= org.limits.results):
        raise too_many_results(org.limits.results)
    return render(org, parsed, _sort(org, parsed, found)[:top])


def _make_scope(org, asked):
    project = org.project_of(asked) if "project" in asked.values else None
    current = None
    if "team" in asked.values:
        node = find_current(org, org.find_team(project, asked.values["team"]))
        current = node and node.path
    return wiql.Scope(
        project=project and project.name,
        me=asked.who,
        now=org.now,
        iteration=current,
        has_time=asked.flag("timePrecision"),
    )


def _sort(org, parsed, found):
    for column, descending in reversed(parsed.order):
        name = column.reference_name

        def key(item, name=name):
            value = render_value(org, complete(item, item.revisions[-1]).get(name))
            return (value is not None, value["displayName"] if isinstance(value, dict) else value)

        found = sorted(found, key=key, reverse=descending)
    return found


def render(org, parsed, found):
    return {
        "queryType": "flat",
        "queryResultType": "workItem",
        "asOf": iso(org.now),
        "columns": [_render_column(org, column) for column in parsed.columns],
        "sortColumns": [
            {"field": _render_column(org, column), "descending": descending}
            for column, descending in parsed.order
        ],
        "workItems": [{"id": item.id, "url": url_of(org, item)} for item in found],
    }


def _render_column(org, column):
    url = f"{org.url}/_apis/wit/fields/{column.reference_name}"
    return {"referenceName": column.reference_name, "name": column.name, "url": url}


@route("POST", "wit.artifactUriQuery")
def query_artifacts(org, asked):
    """Which work items have a link to each of the artifacts."""
    wanted = (asked.json or {}).get("artifactUris") or []
    items = [item for item in org.items.values() if not item.deleted_by]
    return {
        "artifactUrisQueryResult": {
            uri: [{"id": item.id, "url": url_of(org, item)} for item in items if _has_link(item, uri)]
            for uri in wanted
        }
    }


def _has_link(item, uri):
    return any(each.url.casefold() == uri.casefold() for each in item.relations)


@route("GET", "wit.tags")
def get_tags(org, asked):
    project = org.project_of(asked)
    return [
        {
            "id": make_id(project.id, "tag", name),
            "name": spelling,
            "url": f"{org.url}/{project.id}/_apis/wit/tags/{make_id(project.id, 'tag', name)}",
        }
        for name, spelling in sorted(project.tags.items())
    ]


@route("GET", "wit.githubConnections")
def get_github_connections(org, asked):
    project = org.project_of(asked)
    if not project.github_connected:
        return []
    return [{"id": make_id(project.id, "github"), "name": "acme", "authorizationType": "GitHubApp"}]
