"""The clients of the package, made when they are first needed, with what is unsafe in them turned off."""

import threading
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Protocol
from weakref import WeakSet

import msgspec
import requests
from azure.devops.client import Client
from azure.devops.client_configuration import ClientConfiguration
from azure.devops.version import VERSION
from msrest.authentication import Authentication
from msrest.pipeline.universal import UserAgentPolicy
from msrest.service_client import ServiceClient
from msrest.universal_http import ClientRequest

from trainboard import __version__
from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.explaining import explain_impossible
from trainboard.azure_devops.line import Line

CONNECT_SECONDS = 5
READ_SECONDS = 30
SPOKEN_VERSION = 7.1
MISLEADING = {"", ".", ".."}


class Collection(msgspec.Struct, frozen=True):
    """How a list comes: an empty one of a server may have no `value`."""

    value: list[Any] | None
    count: int | None = None

    def __post_init__(self) -> None:
        if self.value is None and self.count != 0:
            raise ValueError("a list without its things")


class Locations(Protocol):
    """Where the resources of an organisation are."""

    def find_home(self, area_id: str | None, clients: "Clients") -> str:
        """The URL below which an area's resources are."""
        ...

    def find_location(self, client: "HardenedClient", location_id: str) -> Any:
        """The package's ApiResourceLocation, None if it is not offered there."""
        ...


class HardenedClient(Client):  # type: ignore[misc]
    """What all our clients do otherwise than the package."""

    line: Line
    locations: Locations

    def get_locations(self) -> dict[str, Any]:
        """What the server offers below this client's URL, by id; asked anew."""
        with self.line.about(Call(doing=f"learn what {self.config.base_url} offers")):
            request = ClientRequest("OPTIONS", f"{self.config.base_url}/_apis")
            response = self._send_request(request, headers={"Accept": "application/json"})
            found = self._base_deserialize("[ApiResourceLocation]", self._unwrap_collection(response))
        return {each.id.lower(): each for each in found}

    def _send_request(
        self,
        request: ClientRequest,
        headers: Mapping[str, str] | None = None,
        content: object = None,
        media_type: str | None = None,  # noqa: ARG002  the package's signature
        **options: object,
    ) -> requests.Response:
        return self.line.carry(
            lambda: self._client.send(request=request, headers=headers, content=content, **options)
        )

    def _get_resource_location(self, url: str, location_id: str) -> Any:  # noqa: ARG002
        location = self.locations.find_location(self, location_id)
        if location is None:
            raise explain_impossible(self.line.call, f"{self.config.base_url} is too old to offer this")
        if location.min_version > SPOKEN_VERSION:
            raise explain_impossible(self.line.call, f"{self.config.base_url} is too new for us")
        return location

    def _create_request_message(
        self, http_method: str, location_id: str, route_values: Any = None, query_parameters: Any = None
    ) -> ClientRequest:
        """A name that is empty, or made of dots, would lead to another address than the one meant."""
        if any(value in MISLEADING for value in (route_values or {}).values()):
            raise explain_impossible(self.line.call, "a name in its address is empty, or made of dots")
        args = (http_method, location_id, route_values, query_parameters)
        return super()._create_request_message(*args)  # type: ignore[no-any-return]

    def _unwrap_collection(self, response: requests.Response) -> list[Any]:
        """The things in a list; the package would take a list that is not there for an empty one."""
        content = response.content.removeprefix(BOM_UTF8)
        return msgspec.json.decode(content, type=Collection).value or []


class Area:
    """The client of an area, which is imported and made when it is first asked for.

    Args:
        client: its class.
        module: where that is; by default in the package, by the name that the area has in `Clients`.
    """

    def __init__(self, client: str, module: str = "") -> None:
        self._client = client
        self._module = module

    def __set_name__(self, owner: type, name: str) -> None:
        self._module = self._module or f"azure.devops.v7_1.{name}"

    def __get__(self, clients: "Clients", owner: type) -> Any:
        return clients.open(getattr(import_module(self._module), self._client))


class Clients:
    """One hardened client for each area that is used. They share their connections: one for each thread."""

    work_item_tracking = Area("WorkItemTrackingClient")
    """Work items, comments, queries, iterations and areas of projects."""

    work = Area("WorkClient")
    """Teams: their iterations, boards and capacity."""

    core = Area("CoreClient")
    """Projects and teams."""

    git = Area("GitClient")
    """Repositories and pull requests."""

    build = Area("BuildClient")
    """Builds and their stages."""

    pipelines = Area("PipelinesClient")
    """Pipelines and their runs."""

    approvals = Area("ApprovalsClient", "trainboard.azure_devops.approvals")
    """Approvals that runs of pipelines wait for."""

    pipelines_checks = Area("PipelinesChecksClient")
    """What is checked before a stage may use a resource."""

    test = Area("TestClient")
    """What tests found and covered."""

    task_agent = Area("TaskAgentClient")
    """Environments and what was deployed to them."""

    service_hooks = Area("ServiceHooksClient")
    """Subscriptions, and what was sent to them."""

    identity = Area("IdentityClient")
    """People and groups by id or mail."""

    location = Area("LocationClient")
    """Who we are, and where the areas are."""

    graph = Area("GraphClient")
    """Who belongs to which group."""

    security = Area("SecurityClient")
    """What may be done by whom."""

    policy = Area("PolicyClient")
    """Policies of branches."""

    wiki = Area("WikiClient")
    """Wikis and their pages."""

    def __init__(self, url: str, authentication: Authentication, line: Line, locations: Locations) -> None:
        self._url = url
        self._line = line
        self._locations = locations
        self._lock = threading.RLock()
        self._made: dict[type, Any] = {}
        self._sessions_lock = threading.Lock()
        self._sessions: WeakSet[requests.Session] = WeakSet()
        self._pipeline = ServiceClient(None, self._configure(authentication)).config.pipeline

    def open(self, kind: Any) -> Any:
        """The hardened client of that class of the package; the same for all threads."""
        with self._lock:
            if kind not in self._made:
                self._made[kind] = self._make(kind)
            return self._made[kind]

    def get_homes(self) -> dict[str, str]:
        """The URL of each area by its id, as the server says it. A server of one's own says none."""
        with self._line.about(Call(doing=f"learn where {self._url} has its areas")):
            areas = self.location.get_resource_areas()
        return {each.id.lower(): each.location_url.rstrip("/") for each in areas}

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._sessions_lock:
            for session in self._sessions:
                session.close()

    def _make(self, kind: Any) -> Any:
        home = self._locations.find_home(kind.resource_area_identifier, self)
        client = type(kind.__name__, (HardenedClient, kind), {})(home, None)
        client.line = self._line
        client.locations = self._locations
        client.config.pipeline = self._pipeline
        client.config.keep_alive = True
        return client

    def _configure(self, authentication: Authentication) -> ClientConfiguration:
        """No retries, no redirects, no wait without end: see `trainboard.engine.retry`."""
        config = ClientConfiguration(self._url)
        config.credentials = authentication
        config.user_agent_policy = UserAgentPolicy(f"trainboard/{__version__} azure-devops/{VERSION}")
        config.connection.timeout = (CONNECT_SECONDS, READ_SECONDS)
        config.redirect_policy.allow = False
        retries = config.retry_policy.policy
        retries.total, retries.connect, retries.read = 0, 0, False
        retries.status_forcelist, retries.respect_retry_after_header = frozenset(), False
        config.session_configuration_callback = self._remember
        return config

    def _remember(self, session: requests.Session, *_: object, **options: object) -> Mapping[str, object]:
        """Called before each request. msrest's own way with redirects breaks where none is followed."""
        session.resolve_redirects = _follow_none  # type: ignore[method-assign]
        with self._sessions_lock:
            self._sessions.add(session)
        return options


def _follow_none(*_: object, **__: object) -> Iterator[requests.Response]:
    return iter(())
