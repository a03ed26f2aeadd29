"""Where the resources are, and who is asking."""

from fakes.azure_devops.locations import AREAS, LOCATIONS
from fakes.azure_devops.routing import Answer, route
from fakes.azure_devops.state import make_id

VSSPS = {"IMS", "Graph"}


def list_locations(org, asked):
    """The answer to `OPTIONS _apis`: what there is at the host that was asked."""
    if asked.path.rstrip("/").lower() != "_apis":
        return Answer("The controller for this path was not found.", 404)
    here = [each for each in LOCATIONS.values() if asked.host == "any" or _is_at(each, asked.host)]
    return [each.render(org.edition.max_version) for each in here]


def _is_at(location, host):
    return location.host == host or location.area == "Location"


@route("GET", "location.areas")
def list_areas(org, asked):
    """Azure DevOps Server gives an empty list here."""
    if not org.knows_areas:
        return []
    return [
        {
            "id": place,
            "name": name,
            "locationUrl": f"{org.identity_url if name in VSSPS else org.url}/",
        }
        for place, name in AREAS.items()
    ]


@route("GET", "location.connection")
def get_connection_data(org, asked):
    user = render_account(org, asked.who)
    return {
        "authenticatedUser": user,
        "authorizedUser": user,
        "instanceId": make_id("instance", org.edition.path),
        "deploymentId": make_id("deployment"),
        "deploymentType": "hosted" if org.edition.knows_markdown else "onPremises",
        "locationServiceData": {
            "serviceOwner": "00025394-6065-48ca-87d9-7f5672854ef7",
            "defaultAccessMappingMoniker": "HostGuidAccessMapping",
            "lastChangeId": 7,
            "lastChangeId64": 7,
        },
    }


def render_account(org, identity):
    """An account as the location service tells of it, which is not as others do."""
    claims = f"{make_id('tenant')}\\{identity.unique_name}"
    return {
        "id": identity.id,
        "descriptor": f"Microsoft.IdentityModel.Claims.ClaimsIdentity;{claims}",
        "subjectDescriptor": identity.descriptor,
        "providerDisplayName": identity.display_name,
        "isActive": identity.is_active,
        "properties": {"Account": {"$type": "System.String", "$value": identity.unique_name}},
        "resourceVersion": 2,
        "metaTypeId": 0,
    }
