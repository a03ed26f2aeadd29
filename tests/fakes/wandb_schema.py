"""The part of W&B's GraphQL schema that our questions use, by which the small W&B judges them.

Written after the queries and the generated types of W&B's public client; W&B publishes no schema as such.
"""

from graphql import build_schema, parse, validate

_SCHEMA = build_schema(
    """
    scalar JSONString
    scalar DateTime

    type Query {
      project(name: String, entityName: String): Project
      models(entityName: String, after: String, first: Int): ProjectConnection
    }
    type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Entity { name: String! }
    type User { username: String }
    type ProjectConnection { edges: [ProjectEdge!]! pageInfo: PageInfo! }
    type ProjectEdge { node: Project }
    type Project {
      name: String!
      entity: Entity!
      run(name: String!): Run
      runs(filters: JSONString, after: String, first: Int, order: String): RunConnection
      artifactType(name: String!): ArtifactType
      artifactCollection(name: String!): ArtifactCollection
    }
    type RunConnection { edges: [RunEdge!]! pageInfo: PageInfo! }
    type RunEdge { node: Run! }
    type Run {
      name: String!
      displayName: String
      sweepName: String
      state: String
      group: String
      commit: String
      createdAt: DateTime
      heartbeatAt: DateTime
      tags: [String!]
      config: JSONString
      summaryMetrics: JSONString
      user: User
      project: Project
    }
    type ArtifactType {
      artifactCollections(after: String, first: Int): ArtifactCollectionConnection
    }
    type ArtifactCollectionConnection { edges: [ArtifactCollectionEdge!]! pageInfo: PageInfo! }
    type ArtifactCollectionEdge { node: ArtifactCollection }
    interface ArtifactCollection {
      name: String!
      aliases(after: String, first: Int): ArtifactAliasConnection
      artifactMembership(aliasName: String!): ArtifactCollectionMembership
    }
    type ArtifactAliasConnection { edges: [ArtifactAliasEdge!]! pageInfo: PageInfo! }
    type ArtifactAliasEdge { node: ArtifactAlias }
    type ArtifactAlias { alias: String! }
    type ArtifactCollectionMembership { versionIndex: Int artifact: Artifact }
    type Artifact { createdAt: DateTime! createdBy: ArtifactCreator }
    union ArtifactCreator = Run | User
    """
)


def list_faults(question: str) -> list[str]:
    """What is wrong with a document of GraphQL; nothing if W&B can be asked so."""
    return [fault.message for fault in validate(_SCHEMA, parse(question))]
