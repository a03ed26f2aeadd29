"""Permissions: what is granted to whom, by namespace and token.

Source: "Security namespace and permission reference".
"""

from fakes.azure_devops.identities import describe
from fakes.azure_devops.routing import route

NAMESPACES = {
    "83e28ad4-2d72-4ceb-97b0-c7726d5502c3": (
        "CSS",
        {"GENERIC_READ": 1, "WORK_ITEM_READ": 16, "WORK_ITEM_WRITE": 32, "WORK_ITEM_SAVE_COMMENT": 512},
    ),
    "52d39943-cb85-4d7f-8fa8-c6baac873819": (
        "Project",
        {"GENERIC_READ": 1, "GENERIC_WRITE": 2, "START_BUILD": 32},
    ),
    "33344d9c-fc72-4d6f-aba5-fa317101a7e9": ("Build", {"ViewBuilds": 1, "QueueBuilds": 128}),
    "83d4c2e6-e57d-4d6e-892b-b87222b7ad20": (
        "Environment",
        {"View": 1, "Manage": 2, "Administer": 8, "Use": 16},
    ),
    "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87": (
        "Git Repositories",
        {"GenericRead": 2, "GenericContribute": 4, "PullRequestContribute": 16384},
    ),
    "cb594ebe-87dd-4fc9-ac2c-6a10a4c92046": (
        "ServiceHooks",
        {"ViewSubscriptions": 1, "EditSubscriptions": 2, "DeleteSubscriptions": 4, "PublishEvents": 8},
    ),
}


@route("GET", "security.namespaces")
def get_namespaces(org, asked):
    wanted = asked.values.get("securityNamespaceId")
    return [_render(number, *NAMESPACES[number]) for number in NAMESPACES if wanted in {None, number}]


def _render(number, name, actions):
    return {
        "namespaceId": number,
        "name": name,
        "displayName": name,
        "separatorValue": "/",
        "elementLength": -1,
        "writePermission": 1,
        "readPermission": 1,
        "dataspaceCategory": "Default",
        "structureValue": 1,
        "extensionType": "",
        "isRemotable": True,
        "useTokenTranslator": False,
        "systemBitMask": 0,
        "actions": [
            {"bit": bit, "name": action, "displayName": action, "namespaceId": number}
            for action, bit in actions.items()
        ],
    }


def _granted(org, namespace, token, who):
    """The bits that somebody has; of a token that is longer than the one granted, too."""
    return sum(
        bits
        for (space, place, number), bits in org.grants.items()
        if space == namespace and number == who.id and token.startswith(place)
    )


@route("GET", "security.acls")
def get_acls(org, asked):
    """What each of the named has; nothing is said of somebody without any grant."""
    namespace, token = asked.values["securityNamespaceId"].lower(), asked.query.get("token", "")
    known = {describe(each): each for each in org.identities.values()}
    wanted = asked.query.get("descriptors", "")
    people = {name: known[name] for name in wanted.split(",") if name in known} if wanted else known
    entries = {name: _render_entry(org, namespace, token, name, who) for name, who in people.items()}
    return [{"inheritPermissions": True, "token": token, "acesDictionary": entries}]


def _render_entry(org, namespace, token, name, who):
    bits = _granted(org, namespace, token, who)
    effective = {"effectiveAllow": bits} if bits else {}
    return {"descriptor": name, "allow": bits, "deny": 0, "extendedInfo": effective}


@route("GET", "security.permissions")
def get_permissions(org, asked):
    """Whether the caller has all of the permissions, for each token."""
    namespace, bits = asked.values["securityNamespaceId"].lower(), int(asked.values.get("permissions", 0))
    tokens = asked.query.get("tokens", "").split(asked.query.get("delimiter") or ",")
    return [_granted(org, namespace, token, asked.who) & bits == bits for token in tokens]
