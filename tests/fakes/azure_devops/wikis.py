"""Wikis of projects, and their pages.

Source: recordings of the extension azure-devops of the Azure CLI, for pages that are made, read and missing.
"""

from dataclasses import dataclass
from http import HTTPStatus

from fakes.azure_devops.refusals import Refused, not_found
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.state import make_id


@dataclass
class WikiPage:
    """A page; `version` goes up with each change."""

    text: str
    version: int = 1


def add_wiki(project):
    """Somebody makes the project's wiki, with an empty first page."""
    project.pages = {"/": WikiPage("")}


@route("GET", "wiki.wikis")
def list_wikis(org, asked):
    project = org.project_of(asked)
    if project.pages is None:
        return []
    wiki = make_id(f"wiki of {project.name}")
    return [
        {
            "id": wiki,
            "name": f"{project.name}.wiki",
            "type": "projectWiki",
            "projectId": project.id,
            "repositoryId": wiki,
            "mappedPath": "/",
            "url": f"{org.url}/{project.id}/_apis/wiki/wikis/{wiki}",
            "remoteUrl": f"{org.url}/{project.id}/_wiki/wikis/{wiki}",
            "versions": [{"version": "wikiMaster"}],
        }
    ]


@route("GET", "wiki.pages")
def read(org, asked):
    project = org.project_of(asked)
    page = (project.pages or {}).get(asked.query["path"])
    if page is None:
        raise _missing(asked.query["path"], "WikiPageNotFoundException")
    return _answer(org, project, asked.query["path"], page, HTTPStatus.OK)


@route("PUT", "wiki.pages")
def write(org, asked):
    """Without `If-Match` a page is made, with it one is changed that still has that version."""
    project, path = org.project_of(asked), asked.query["path"]
    pages, version = project.pages, asked.headers.get("if-match")
    above = path.rpartition("/")[0] or "/"
    if version is None and path in pages:
        text = f"The page '{path}' specified in the add operation already exists in the wiki."
        raise Refused(HTTPStatus.CONFLICT, "WikiPageAlreadyExistsException", text)
    if above not in pages:
        raise _missing(above, "WikiAncestorPageNotFoundException")
    if version is not None and path not in pages:
        raise _missing(path, "WikiPageNotFoundException")
    if version is not None and version != _tag(pages[path]):
        text = "The page was changed by somebody else."
        raise Refused(HTTPStatus.PRECONDITION_FAILED, "WikiPageHasConflictsException", text)
    status = HTTPStatus.OK if path in pages else HTTPStatus.CREATED
    pages[path] = WikiPage(asked.json["content"], pages[path].version + 1 if path in pages else 1)
    return _answer(org, project, path, pages[path], status)


def _answer(org, project, path, page, status):
    value = {
        "path": path,
        "order": 0,
        "gitItemPath": f"{path}.md",
        "subPages": [],
        "content": page.text,
        "url": f"{org.url}/{project.id}/_apis/wiki/wikis/w/pages{path}",
        "remoteUrl": f"{org.url}/{project.id}/_wiki/wikis/w?pagePath={path}",
    }
    return Answer(value, status, {"ETag": _tag(page)})


def _tag(page):
    return f'"{page.version:040x}"'


def _missing(path, kind):
    return not_found(kind, f"The wiki page '{path}' could not be found.")
