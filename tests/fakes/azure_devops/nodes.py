"""The trees of areas and iterations."""

from datetime import UTC, datetime
from urllib.parse import quote

from fakes.azure_devops.refusals import Refused, bad_argument, missing_node
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.shapes import day, links
from fakes.azure_devops.state import Node

GROUPS = {"areas": "area", "iterations": "iteration"}
FORBIDDEN = set('\\/:*?"<>|#$&+')


def _tree(org, asked):
    project = org.project_of(asked)
    group = asked.values.get("structureGroup", "").lower()
    if group not in GROUPS:
        raise bad_argument(f"The structure group '{group}' is not valid.")
    return project, project.areas if group == "areas" else project.iterations


def find_below(root, path):
    r"""The node at a path below the root, with `/` or `\`.

    Raises:
        Refused: there is none.
    """
    node = root
    for name in filter(None, path.replace("\\", "/").split("/")):
        node = next((each for each in node.children if each.name.casefold() == name.casefold()), None)
        if node is None:
            raise missing_node(path)
    return node


def add_node(org, parent, name, attributes=None):
    """Make a node below another."""
    node = Node(org.new_id("node"), name, parent.structure, parent, scope=parent.scope)
    node.attributes = dict(attributes or {})
    parent.children.append(node)
    return node


@route("GET", "wit.rootNodes")
def get_roots(org, asked):
    """Both trees, or the nodes that `ids` names."""
    project = org.project_of(asked)
    roots, depth = [project.areas, project.iterations], asked.number("$depth", 0)
    if "ids" not in asked.query:
        return [render(org, project, root, depth) for root in roots]
    wanted = set(asked.query["ids"].split(","))
    return [
        render(org, project, node, depth) for root in roots for node in root.walk() if str(node.id) in wanted
    ]


@route("GET", "wit.nodes")
def get(org, asked):
    project, root = _tree(org, asked)
    node = find_below(root, asked.values.get("path", ""))
    return render(org, project, node, asked.number("$depth", 0))


@route("POST", "wit.nodes")
def create(org, asked):
    """Make a node below the one of the path, or move the one whose `id` the body has to there."""
    project, root = _tree(org, asked)
    parent, wanted = find_below(root, asked.values.get("path", "")), asked.json or {}
    if wanted.get("id"):
        return render(org, project, _move(root, parent, wanted["id"]), 0)
    name = _check_name(wanted.get("name"), parent)
    node = add_node(org, parent, name, _read_attributes(wanted))
    return Answer(render(org, project, node, 0), 201)


def _check_name(name, parent):
    if not name or FORBIDDEN & set(name) or len(name) > 255:
        text = f"Classification node name {name} contains invalid characters or is too long."
        raise bad_argument(text, "ClassificationNodeInvalidNameException")
    if any(each.name.casefold() == name.casefold() for each in parent.children):
        text = (
            f"VS402371: Classification node name {name} is already in use by a different child of parent "
            f"classification node {parent.identifier}. Choose a different name and try again."
        )
        raise Refused(409, "ClassificationNodeDuplicateNameException", text)
    return name


def _move(root, parent, number):
    node = next((each for each in root.walk() if each.id == number and each.parent), None)
    if node is None:
        raise missing_node(number)
    node.parent.children.remove(node)
    node.parent = parent
    parent.children.append(node)
    return node


def _read_attributes(wanted):
    given = wanted.get("attributes") or {}
    found = {name: _read_date(given.get(name)) for name in ("startDate", "finishDate")}
    if (found["startDate"] is None) != (found["finishDate"] is None):
        raise bad_argument("Both the start date and the finish date are needed, or neither.")
    if found["startDate"] and found["startDate"] > found["finishDate"]:
        raise bad_argument("The start date must be before the finish date.")
    return {name: moment for name, moment in found.items() if moment}


def _read_date(text):
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@route("PATCH", "wit.nodes")
def update(org, asked):
    project, root = _tree(org, asked)
    node, wanted = find_below(root, asked.values.get("path", "")), asked.json or {}
    if wanted.get("name") and wanted["name"] != node.name:
        rename(org, project, node, _check_name(wanted["name"], node.parent))
    if "attributes" in wanted:
        node.attributes = _read_attributes(wanted)
    return render(org, project, node, 0)


def rename(org, project, node, name):
    """Items that stand in it follow, without a revision of their own."""
    before = node.path
    node.name = name
    field = "System.AreaPath" if node.structure == "area" else "System.IterationPath"
    for item in org.items.values():
        held = item.fields[field]
        if item.project is project and (held == before or held.startswith(before + "\\")):
            item.fields[field] = node.path + held[len(before) :]


@route("DELETE", "wit.nodes")
def delete(org, asked):
    """Items that stand in it go to the node that `$reclassifyId` names."""
    project, root = _tree(org, asked)
    node = find_below(root, asked.values.get("path", ""))
    if node is root:
        raise bad_argument("The root node cannot be deleted.")
    target = next((each for each in root.walk() if each.id == asked.number("$reclassifyId", root.id)), root)
    field = "System.AreaPath" if node.structure == "area" else "System.IterationPath"
    gone = {each.path for each in node.walk()}
    for item in org.items.values():
        if item.project is project and item.fields[field] in gone:
            item.fields[field] = target.path
    node.parent.children.remove(node)
    for team in project.teams.values():
        team.iterations = [each for each in team.iterations if each.path not in gone]
    return Answer(None, 204)


def url_of(org, project, node):
    """Where a node is; names are quoted, levels parted by slashes."""
    group = "Areas" if node.structure == "area" else "Iterations"
    below = "".join(f"/{quote(name)}" for name in node.path.split("\\")[1:])
    return f"{org.url}/{project.id}/_apis/wit/classificationNodes/{group}{below}"


def render(org, project, node, depth):
    answer = {
        "id": node.id,
        "identifier": node.identifier,
        "name": node.name,
        "structureType": node.structure,
        "hasChildren": bool(node.children),
        "path": node.node_path,
        "url": url_of(org, project, node),
    }
    if node.attributes:
        answer["attributes"] = {name: day(moment) for name, moment in node.attributes.items()}
    if node.children and depth:
        answer["children"] = [render(org, project, child, depth - 1) for child in node.children]
    parent = url_of(org, project, node.parent) if node.parent else None
    return answer | {"_links": links(self=answer["url"], parent=parent)}
