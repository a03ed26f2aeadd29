"""Write the part of GitHub's GraphQL schema that the tests judge by.

    python tests/data/make_github_graphql.py <folder of the npm package @octokit/graphql-schema, unpacked>

The schema (MIT, its licence is copied beside the output) is cut to the types below and to what of their
fields needs no other type, without prose. All mutations of projects stay, also those that are never sent, so
that a test can tell that they are refused for what they do and not for a slip. Same input, same bytes.
"""

import gzip
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from graphql import (
    DocumentNode,
    ListTypeNode,
    NonNullTypeNode,
    assert_valid_schema,
    build_schema,
    parse,
    print_ast,
)

HERE = Path(__file__).parent
PROSE = re.compile(r'"""[\s\S]*?"""')
BUILT_IN = frozenset({"Int", "Float", "String", "Boolean", "ID"})
WANTED = re.compile(
    r"Query|Mutation|Node|Actor|User|Organization|Repository|RepositoryOwner|Issue|PullRequest|Milestone|Bot"
    r"|DraftIssue|OrderDirection|PageInfo|RateLimit|URI|Date|DateTime|HTML|BigInt|GitObjectID"
    r"|.*ProjectV2.*|ReportedContentClassifiers|(Unm|M)inimizeComment\w*|Minimizable"
)
ROOTS = {
    "Query": re.compile(r"id|node|nodes|organization|user|viewer|repository|repositoryOwner|rateLimit"),
    "Mutation": re.compile(r".*ProjectV2.*|(unm|m)inimizeComment"),
}


def trim(text: str) -> DocumentNode:
    """The definitions that are wanted, with the fields whose types are."""
    document = parse(PROSE.sub("", text), no_location=True)
    kept = [each for each in document.definitions if _is_kept(each)]
    known = BUILT_IN | {each.name.value for each in kept}
    return DocumentNode(definitions=tuple(_trim_definition(each, known) for each in kept))


def _trim_definition(node, known):
    """What is of a type that is not there goes, and so does what only means something to GitHub."""
    changes = {"directives": ()}
    if getattr(node, "interfaces", None):
        changes["interfaces"] = tuple(each for each in node.interfaces if each.name.value in known)
    if getattr(node, "types", None):
        changes["types"] = tuple(each for each in node.types if each.name.value in known)
    if getattr(node, "fields", None):
        pattern = ROOTS.get(node.name.value)
        stay = (each for each in node.fields if _stays(each, pattern, known))
        changes["fields"] = tuple(_trim_field(each) for each in stay)
    if getattr(node, "values", None):
        changes["values"] = tuple(replace(each, directives=()) for each in node.values)
    return replace(node, **changes)


def _trim_field(field):
    if getattr(field, "arguments", None):
        arguments = tuple(replace(each, directives=()) for each in field.arguments)
        return replace(field, directives=(), arguments=arguments)
    return replace(field, directives=())


def _stays(field, pattern, known) -> bool:
    if pattern is not None and not pattern.fullmatch(field.name.value):
        return False
    types = [field.type, *(each.type for each in getattr(field, "arguments", None) or ())]
    return all(_name(each) in known for each in types)


def _is_kept(node) -> bool:
    name = getattr(node, "name", None)
    return name is not None and node.kind != "directive_definition" and bool(WANTED.fullmatch(name.value))


def _name(node) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return node.name.value


def main(folder: Path) -> None:
    """Write the schema and its licence."""
    trimmed = trim((folder / "schema.graphql").read_text(encoding="utf-8"))
    text = print_ast(trimmed) + "\n"
    assert_valid_schema(build_schema(text))
    (HERE / "github_graphql.graphql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    shutil.copyfile(folder / "LICENSE.md", HERE / "github_graphql.LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
