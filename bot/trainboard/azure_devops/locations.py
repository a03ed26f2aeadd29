"""Where the resources of an organisation are: known for Microsoft's own hosts, asked of any other."""

import threading
from typing import Any
from urllib.parse import unquote, urlsplit

from azure.devops._models import ApiResourceLocation

from trainboard.azure_devops.clients import Clients, HardenedClient, Locations
from trainboard.azure_devops.routes import ROUTES

CLOUD = "dev.azure.com"
CLOUD_OF_OLD = ".visualstudio.com"
IDENTITY_AREAS = {"8a3d49b8-91f0-46ef-b33d-dda338c25db3", "bb1e7ec9-e901-4b68-999a-de7012b920f8"}
NEWEST = 99


def open_locations(url: str) -> Locations:
    """Where the resources below `url` are."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host == CLOUD:
        return KnownLocations(url, f"https://vssps.{CLOUD}{parts.path}")
    if host.endswith(CLOUD_OF_OLD):
        return KnownLocations(url, f"https://{host.removesuffix(CLOUD_OF_OLD)}.vssps{CLOUD_OF_OLD}")
    return AskedLocations(url)


def name_account(url: str) -> str:
    """The key of the organisation's budget. Names of organisations and hosts ignore case."""
    parts = urlsplit(url.lower().rstrip("/"))
    host = parts.netloc.rpartition("@")[2]
    if host.endswith(CLOUD_OF_OLD):
        return f"azure-devops:{CLOUD}/{host.removesuffix(CLOUD_OF_OLD)}"
    return f"azure-devops:{host}{parts.path}"


def name_organization(url: str) -> str:
    """The organisation's name, or a collection's, in lower case as our names of places have it."""
    parts = urlsplit(url.lower())
    host = parts.hostname or ""
    if host.endswith(CLOUD_OF_OLD):
        return host.partition(".")[0]
    return unquote(parts.path.rstrip("/").rpartition("/")[2])


class AskedLocations:
    """What a server says it offers, which depends on its version; asked once.

    Args:
        url: of the collection.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.RLock()
        self._homes: dict[str, str] | None = None
        self._found: dict[str, dict[str, Any]] = {}

    def find_home(self, area_id: str | None, clients: Clients) -> str:
        """The URL below which an area's resources are: a server has them all below its own."""
        if area_id is None:
            return self._url
        with self._lock:
            if self._homes is None:
                self._homes = clients.get_homes()
            return self._homes.get(area_id.lower(), self._url)

    def find_location(self, client: HardenedClient, location_id: str) -> Any:
        """The package's ApiResourceLocation, None if it is not offered there."""
        with self._lock:
            url = client.normalized_url
            if url not in self._found:
                self._found[url] = client.get_locations()
            return self._found[url].get(location_id.lower())


class KnownLocations:
    """What Azure DevOps Services offer. What our table leaves out is asked.

    Args:
        url: of the organisation.
        identities_url: of its people and groups, which are on another host.
    """

    def __init__(self, url: str, identities_url: str) -> None:
        self._url = url
        self._identities_url = identities_url
        self._others = AskedLocations(url)

    def find_home(self, area_id: str | None, clients: Clients) -> str:  # noqa: ARG002  needs not be asked
        """The URL below which an area's resources are."""
        return self._identities_url if area_id in IDENTITY_AREAS else self._url

    def find_location(self, client: HardenedClient, location_id: str) -> Any:
        """The package's ApiResourceLocation, None if it is not offered there."""
        return _KNOWN.get(location_id) or self._others.find_location(client, location_id)


def _locate(location_id: str, route: str) -> Any:
    """A location where the package may speak its own version: the cloud is never behind it."""
    return ApiResourceLocation(
        id=location_id,
        route_template=route,
        resource_version=NEWEST,
        min_version=1.0,
        max_version=float(NEWEST),
        released_version="0.0",
    )


_KNOWN = {location_id: _locate(location_id, route) for location_id, route in ROUTES.items()}
