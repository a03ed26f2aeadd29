"""What is sent: each document is one operation."""

_LAYOUT = """
fragment Layout on ProjectV2 {
  id title url closed viewerCanUpdate
  fields(first: 100) {
    nodes {
      ... on ProjectV2FieldCommon { id name }
      ... on ProjectV2IterationField {
        configuration {
          iterations { id title startDate duration }
          completedIterations { id title startDate duration }
        }
      }
      ... on ProjectV2SingleSelectField { options { id name } }
    }
  }
}
"""

LAYOUT = f"""
query Board($owner: String!, $number: Int!) {{
  owner: repositoryOwner(login: $owner) {{
    ... on ProjectV2Owner {{ projectV2(number: $number) {{ ...Layout }} }}
  }}
}}
{_LAYOUT}"""

LOOK = f"""
query BoardAndItem(
  $owner: String!, $number: Int!, $iteration: String!, $status: String!,
  $repositoryOwner: String!, $repository: String!, $issue: Int!
) {{
  owner: repositoryOwner(login: $owner) {{
    ... on ProjectV2Owner {{ projectV2(number: $number) {{ ...Layout }} }}
  }}
  repository(owner: $repositoryOwner, name: $repository) {{
    issue(number: $issue) {{
      id
      projectItems(first: 100, includeArchived: true) {{
        nodes {{
          id
          isArchived
          project {{ id }}
          iteration: fieldValueByName(name: $iteration) {{
            ... on ProjectV2ItemFieldIterationValue {{ iterationId }}
          }}
          status: fieldValueByName(name: $status) {{
            ... on ProjectV2ItemFieldSingleSelectValue {{ optionId }}
          }}
        }}
      }}
    }}
  }}
}}
{_LAYOUT}"""

ADD = """
mutation AddCard($input: AddProjectV2ItemByIdInput!) {
  added: addProjectV2ItemById(input: $input) { item { id } }
}
"""

SET_ONE = """
mutation SetValue($first: UpdateProjectV2ItemFieldValueInput!) {
  first: updateProjectV2ItemFieldValue(input: $first) { projectV2Item { id } }
}
"""

SET_TWO = """
mutation SetValues(
  $first: UpdateProjectV2ItemFieldValueInput!, $second: UpdateProjectV2ItemFieldValueInput!
) {
  first: updateProjectV2ItemFieldValue(input: $first) { projectV2Item { id } }
  second: updateProjectV2ItemFieldValue(input: $second) { projectV2Item { id } }
}
"""

ALL = (LAYOUT, LOOK, ADD, SET_ONE, SET_TWO)
