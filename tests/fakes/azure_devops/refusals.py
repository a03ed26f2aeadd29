"""What Azure DevOps answers instead of doing it.

A sentence with a code (`TF…`, `VS…`) is the real one, as people who met it quote it. One without a code is of
our own making, where nobody published the real one.
"""

from http import HTTPStatus

WIT = "Microsoft.TeamFoundation.WorkItemTracking.Server"
VSS = "Microsoft.VisualStudio.Services.Common"
EVENT = 3200


class Refused(Exception):  # noqa: N818  it is an answer, no failure
    """A refusal with the body that every service of Azure DevOps gives.

    Args:
        status: the HTTP status.
        type_key: the name of the server's exception, which clients tell refusals apart by.
        message: the sentence for people, with its code where the real one has one.
        assembly: where the server defines the exception.
        custom: `customProperties`, of rule violations.
    """

    def __init__(self, status, type_key, message, *, assembly=WIT, custom=None):
        super().__init__(message)
        self.status = status
        self.body = {
            "$id": "1",
            **({"customProperties": custom} if custom else {}),
            "innerException": None,
            "message": message,
            "typeName": f"{assembly}.{type_key}, {assembly}",
            "typeKey": type_key,
            "errorCode": 0,
            "eventId": EVENT if assembly == WIT else 3000,
        }


def bad_argument(message, type_key="ArgumentException"):
    return Refused(HTTPStatus.BAD_REQUEST, type_key, message, assembly=VSS)


def missing_work_item(number):
    """The same for one that is not there and one that may not be read."""
    text = f"TF401232: Work item {number} does not exist, or you do not have permissions to read it."
    return Refused(HTTPStatus.NOT_FOUND, "WorkItemUnauthorizedAccessException", text)


def missing_project(name):
    text = (
        f"TF200016: The following project does not exist: {name}. Verify that the name of the project is "
        "correct and that the project exists on the specified Azure DevOps Server."
    )
    return Refused(
        HTTPStatus.NOT_FOUND,
        "ProjectDoesNotExistWithNameException",
        text,
        assembly="Microsoft.TeamFoundation.Core.WebApi",
    )


def missing_team(name):
    text = f"The team with id '{name}' does not exist."
    return Refused(
        HTTPStatus.NOT_FOUND, "TeamNotFoundException", text, assembly="Microsoft.Azure.Devops.Teams.Service"
    )


def missing_type(name, project):
    text = (
        f"VS402323: Work item type {name} does not exist in project {project} or you do not have permission "
        "to access it."
    )
    return Refused(HTTPStatus.NOT_FOUND, "WorkItemTypeNotFoundException", text)


def missing_comment(number):
    text = f"Comment with ID {number} does not exist or you do not have permission to read it."
    return Refused(HTTPStatus.NOT_FOUND, "CommentNotFoundException", text)


def missing_node(path):
    text = f"VS402485: The area/iteration node '{path}' is not recognized as a valid node."
    return Refused(HTTPStatus.NOT_FOUND, "WorkItemTrackingTreeNodeNotFoundException", text)


def unknown_field(name):
    text = f"TF51535: Cannot find field {name}."
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemTrackingFieldDefinitionNotFoundException", text)


def read_only_field(name):
    text = f"TF401326: Invalid field status 'ReadOnly' for field '{name}'."
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemFieldInvalidException", text)


def broken_rule(field, name, message, flags):
    """A rule of the process is violated by a field's value."""
    error = {
        "fieldReferenceName": field,
        "fieldStatusFlags": flags,
        "errorMessage": message,
        "fieldStatusCode": 524420,
        "ruleValidationErrors": None,
    }
    custom = {
        "ErrorMessage": message,
        "FieldReferenceName": field,
        "FieldStatusFlags": flags,
        "RuleValidationErrors": [error],
        "FieldName": name,
    }
    return Refused(HTTPStatus.BAD_REQUEST, "RuleValidationException", message, custom=custom)


def invalid_value(field, name, value):
    message = f"The field '{name}' contains the value '{value}' that is not in the list of supported values"
    return broken_rule(
        field, name, message, "required, hasValues, limitedToValues, setByRule, invalidListValue"
    )


def empty_value(field, name):
    return broken_rule(
        field, name, f"TF401320: Rule Error for field {name}. Error code: Required, InvalidEmpty.", "required"
    )


def unknown_person(field, name, value):
    message = f"The identity value '{value}' for field '{name}' is an unknown identity."
    return broken_rule(field, name, message, "hasValues, limitedToValues, invalidListValue")


def invalid_path(field, number):
    text = f"TF401347: Invalid tree name given for work item {number}, field '{field}'."
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemFieldInvalidTreeNameException", text)


def failed_test(path, held, wanted):
    text = (
        f"VS403351: Test Operation for path {path} failed, value {held} was not equal to test value {wanted}."
    )
    return Refused(HTTPStatus.PRECONDITION_FAILED, "TestPatchOperationFailedException", text, assembly=VSS)


def second_parent(child, parent):
    text = (
        f"TF201036: You cannot add a Parent link between work items {child} and {parent} because a work item "
        "can have only one Parent link."
    )
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemLinkAddExtraParentException", text)


def circle(child, parent):
    text = (
        f"TF201035: You cannot add a Parent link between work items {child} and {parent} because it would "
        "create a circular relationship."
    )
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemLinkCircularException", text)


def known_relation():
    return Refused(HTTPStatus.BAD_REQUEST, "RelationAlreadyExistsException", "Relation already exists.")


def too_many_tags(number, limit):
    text = f"Work item {number} cannot have more than {limit} tags."
    return Refused(HTTPStatus.BAD_REQUEST, "WorkItemTagLimitExceededException", text)


def too_many_revisions(number, held, limit):
    text = (
        f"Work item {number} has {held} revisions, but currently, when updating via the API, only work items "
        f"with up to {limit} revisions are supported."
    )
    return Refused(HTTPStatus.BAD_REQUEST, "VssServiceException", text)


def too_many_results(limit):
    text = (
        f"VS402337: The number of work items returned exceeds the size limit of {limit}. Change the query to "
        "return fewer items."
    )
    key = "WorkItemTrackingQueryResultSizeLimitExceededException"
    return Refused(HTTPStatus.BAD_REQUEST, key, text)


def bad_query(message):
    return Refused(HTTPStatus.BAD_REQUEST, "SyntaxException", f"TF51006: {message}")


def no_backlog_iteration():
    text = "TF400497: The backlog iteration path that you specified is no longer valid."
    return bad_team_settings(text)


def bad_team_settings(text):
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "InvalidTeamSettingsException",
        text,
        assembly="Microsoft.TeamFoundation.Agile.Server",
    )


def forbidden(message):
    return Refused(HTTPStatus.FORBIDDEN, "AccessCheckException", message, assembly=VSS)


def not_found(type_key, message):
    return Refused(HTTPStatus.NOT_FOUND, type_key, message, assembly=VSS)
