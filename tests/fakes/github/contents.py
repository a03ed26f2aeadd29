"""Files at commits and on `main`."""

from base64 import encodebytes

from fakes.blobs import name_blob
from fakes.github.routes import route
from fakes.github.state import Refused

MOST_IN_JSON = 1_000_000
MOST = 100_000_000


@route("GET", r"/contents/(.+)")
def get_contents(hub, repository, asked, path):
    """In JSON up to a megabyte, as it is up to a hundred."""
    granted = hub.permissions.get(asked.headers["Authorization"].partition(" ")[2])
    if granted is not None and "contents" not in granted:
        raise Refused(403, "Resource not accessible by integration")
    text = find_file(repository, path, asked.query.get("ref", "main").removeprefix("refs/heads/"))
    content, accept = text.encode(), asked.headers.get("Accept", "")
    if len(content) > MOST or (
        len(content) > MOST_IN_JSON and "raw" not in accept and "object" not in accept
    ):
        raise Refused(403, "This API returns blobs up to 1 MB in size.")
    return 200, text if "raw" in accept else render(hub, repository, path, content)


def find_file(repository, path, ref):
    trees = [pull.trees[ref] for pull in repository.issues.values() if ref in pull.trees]
    if not trees and ref != "main":
        raise Refused(404, f"No commit found for the ref {ref}")
    text = (repository.files | trees[0] if trees else repository.files).get(path)
    if text is None:
        raise Refused(404, "Not Found")
    return text


def render(hub, repository, path, content):
    is_small = len(content) <= MOST_IN_JSON
    url = f"{hub.shapes.home(repository)}/contents/{path}"
    sha = name_blob(content.decode())
    return {
        "type": "file",
        "encoding": "base64" if is_small else "none",
        "size": len(content),
        "name": path.rpartition("/")[2],
        "path": path,
        "content": encodebytes(content).decode() if is_small else "",
        "sha": sha,
        "url": url,
        "git_url": f"{hub.shapes.home(repository)}/git/blobs/{sha}",
        "html_url": f"https://github.com/{repository.name}/blob/main/{path}",
        "download_url": None,
        "_links": {"self": url, "git": None, "html": None},
    }
