"""Files of repositories, at commits and on branches."""

from fakes.azure_devops import git
from fakes.azure_devops.refusals import not_found
from fakes.azure_devops.routing import Answer, route


@route("GET", "git.items")
def get_item(org, asked):
    """A file's text as it is."""
    repository, path = git.find(org, asked), asked.query.get("path", "")
    kind, version = (asked.query.get(f"versiondescriptor.{name}", "") for name in ("versiontype", "version"))
    commit = version if kind == "commit" else repository.refs.get(f"refs/heads/{version}")
    if commit not in repository.trees:
        text = (
            f"TF401175:The version descriptor <{kind}: {version} > could not be resolved to a version in the "
            f"repository {repository.name}"
        )
        raise not_found("GitUnresolvableToCommitException", text)
    found = repository.trees[commit].get(path.removeprefix("/"))
    if found is None:
        text = (
            f"TF401174: The item '{path}' could not be found in the repository '{repository.name}' at the "
            f"version specified by '<{kind}: {version} >' (resolved to commit '{commit}')"
        )
        raise not_found("GitItemNotFoundException", text)
    return Answer(found, headers={"Content-Type": "application/octet-stream"})
