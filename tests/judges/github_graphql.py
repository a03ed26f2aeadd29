"""GitHub's own GraphQL schema as a judge of every document that a test sends to GitHub.

The judge of its REST API hands over what goes to GraphQL, so that no test has to ask for it. What the schema
does not hold is an error: it is a little older than the documents may be, which the tests would show.

Source: npm `@octokit/graphql-schema`, see tests/data/make_github_graphql.py.
"""

import gzip
import json
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.error import GraphQLError
from graphql.execution.values import get_variable_values

FILE = Path(__file__).parents[1] / "data" / "github_graphql.graphql.gz"


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema, read when the first document is seen."""
    return build_schema(gzip.decompress(FILE.read_bytes()).decode())


def judge(body: bytes | str) -> list[str]:
    """What GitHub would not understand in the body of a request; nothing if it is right."""
    try:
        sent = json.loads(body)
        document = parse(sent["query"])
    except (ValueError, KeyError, TypeError) as error:
        return [f"the body holds no query: {error!r}"]
    except GraphQLError as error:
        return [error.message]
    if unknown := sorted(sent.keys() - {"query", "variables", "operationName"}):
        return [f"{unknown} are unknown"]
    if errors := validate(schema(), document):
        return [error.message for error in errors]
    return _judge_variables(document, sent.get("variables") or {})


def _judge_variables(document, variables) -> list[str]:
    [operation] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    declared = {each.variable.name.value for each in operation.variable_definitions or ()}
    unknown = [f"variable {name} is not declared" for name in sorted(variables.keys() - declared)]
    found = get_variable_values(schema(), operation.variable_definitions or (), variables)
    return unknown + ([error.message for error in found] if isinstance(found, list) else [])
