"""Write the parts of GitHub's OpenAPI description that the tests judge by: requests and webhooks.

    python tests/data/make_github_openapi.py <folder of the npm package @octokit/openapi, unpacked>

The description (MIT, its licence is copied beside the output) is cut to the paths below and to what
they refer to, without prose and examples, and its `nullable` is written as JSON Schema's type "null",
also into enumerations, where GitHub sends null without listing it. `correct` adds what GitHub takes
without saying so. Same input, same bytes.
"""

import gzip
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPOSITORY = "/repos/{owner}/{repo}"
PATHS = [
    r"/app(/(installations|hook|installation-requests).*)?",
    r"/app-manifests/.*",
    r"/apps/{app_slug}",
    r"/installation/.*",
    r"/(rate_limit|meta|user|markdown|repositories|versions)",
    r"/user/memberships/orgs/{org}",
    r"/users/{username}(/installation)?",
    r"/orgs/{org}(/(installation|repos|hooks.*|issue-types.*))?",
    r"/search/issues",
    r"/orgs/{org}/teams/{team_slug}(/memberships/{username})?",
    re.escape(REPOSITORY),
    re.escape(REPOSITORY)
    + r"/(installation|issue-types|dispatches|events|contents/{path}|git/(refs?|commits|tags)(/.*)?)",
    re.escape(REPOSITORY) + r"/(assignees|labels|milestones|issues|statuses|deployments)(/.*)?",
    re.escape(REPOSITORY) + r"/pulls(/(?!.*(codespaces|reactions|merge-async)).*)?",
    re.escape(REPOSITORY) + r"/(check-runs|check-suites|hooks|releases)(/(?!assets).*)?",
    re.escape(REPOSITORY) + r"/commits(/(?!.*comments).*)?",
    re.escape(REPOSITORY) + r"/(compare/{basehead}|tags)",
    re.escape(REPOSITORY) + r"/branches(/{branch})?",
    re.escape(REPOSITORY) + r"/collaborators(/{username}(/permission)?)?",
    re.escape(REPOSITORY) + r"/environments(/{environment_name}(/deployment_protection_rules.*)?)?",
    re.escape(REPOSITORY) + r"/actions/(runs|workflows|jobs|artifacts|variables)(/.*)?",
]
WEBHOOKS = [
    r"(ping|push|status|create|delete)",
    r"(issues|issue-comment|issue-dependencies|sub-issues|label|milestone|installation|repository)-.*",
    r"(pull-request|check-run|check-suite|deployment|workflow-run|workflow-job|release|projects-v2)-.*",
]
PROSE = frozenset(
    {"description", "example", "examples", "summary", "tags", "externalDocs", "title", "default"}
)
OPERATION_KEYS = ("operationId", "parameters", "requestBody", "responses")


def is_wanted(name: str, patterns: list[str]) -> bool:
    """Does the bot, or a test of it, use this path or webhook?"""
    return any(re.fullmatch(pattern, name) for pattern in patterns)


def trim(node: Any, *, names: bool = False) -> Any:
    """Without prose; the keys of a `names` map (such as `properties`) are names and all stay."""
    if isinstance(node, list):
        return [trim(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: value
        if key in {"enum", "required"} and not names
        else trim(value, names=is_name_map(key) and not names)
        for key, value in node.items()
        if names or not (key in PROSE or is_extension(key))
    }
    return kept if names else fold_nullable(kept)


def is_name_map(key: str) -> bool:
    """Is what stands under `key` a map from names, not a schema?"""
    return key in {"properties", "patternProperties", "headers", "responses", "content"}


def is_extension(key: str) -> bool:
    """Is this a vendor's extension without meaning for us?"""
    return key.startswith("x-") and key != "x-multi-segment"


def fold_nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0's `nullable: true` as JSON Schema says it."""
    if schema.pop("nullable", None) is not True:
        return schema
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if {"$ref", "allOf", "anyOf", "oneOf"} & schema.keys():
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def trim_operation(operation: dict[str, Any]) -> dict[str, Any]:
    """One method of one path, with JSON answers of success and the errors' names only."""
    kept = {key: trim(operation[key]) for key in OPERATION_KEYS if key in operation and key != "responses"}
    kept["responses"] = {
        status: trim(answer)
        for status, answer in sorted(operation["responses"].items())
        if status.startswith(("2", "3", "4"))
    }
    return kept


def list_refs(node: Any) -> set[str]:
    """Every `$ref` in `node`."""
    if isinstance(node, list):
        return set().union(*map(list_refs, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(list_refs, node.values()))


def collect_components(paths: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The components that `paths` need, and those that these need."""
    kept: dict[str, Any] = {}
    waiting = list_refs(paths)
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name in kept.setdefault(kind, {}):
            continue
        kept[kind][name] = trim(components[kind][name])
        waiting |= list_refs(kept[kind][name])
    return kept


def make(description: dict[str, Any], *, webhooks: bool) -> dict[str, Any]:
    """One output: the paths, or the webhooks by event and action as in `issues-opened`."""
    patterns = WEBHOOKS if webhooks else PATHS
    items = {
        name: {method: trim_operation(operation) for method, operation in item.items()}
        for name, item in description["x-webhooks" if webhooks else "paths"].items()
        if is_wanted(name, patterns)
    }
    return {
        "openapi": "3.1.0",
        "info": {key: description["info"][key] for key in ("title", "version", "license")},
        "webhooks" if webhooks else "paths": items,
        "components": collect_components(items, description["components"]),
    }


def correct(paths: dict[str, Any]) -> None:
    """Labels may be sent as a plain list: the recorded exchanges in PyGithub's tests show answers of 200."""
    labels = paths["/repos/{owner}/{repo}/issues/{issue_number}/labels"]
    for method in ("post", "put"):
        schema = labels[method]["requestBody"]["content"]["application/json"]["schema"]
        schema["oneOf"].append({"type": "array", "items": {"type": "string"}})


def write(name: str, output: dict[str, Any]) -> None:
    """One output as packed JSON beside this script."""
    text = json.dumps(output, sort_keys=True, separators=(",", ":"))
    target = HERE / name
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target}: {len(text)} bytes, {target.stat().st_size} packed")


def main(package: Path) -> None:
    """Read the package, write the trimmed descriptions and their licence."""
    source = json.loads((package / "generated" / "api.github.com.json").read_bytes())
    requests = make(source, webhooks=False)
    correct(requests["paths"])
    write("github_openapi.json.gz", requests)
    write("github_webhooks.json.gz", make(source, webhooks=True))
    shutil.copyfile(package / "LICENSE", HERE / "github_openapi.LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
