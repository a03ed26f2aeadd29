"""What holds for every test: no network, and what is said to and by the platforms is judged."""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings
from pytest_socket import disable_socket, socket_allow_hosts

from judges import azure_devops_shapes, github_openapi
from peers.emulate import emulate_server
from peers.postgresql import postgresql_server, postgresql_url

__all__ = ["emulate_server", "postgresql_server", "postgresql_url"]

settings.register_profile("anywhere", deadline=None)  # a busy machine is no fault of the code
settings.register_profile("ci", settings.get_profile("anywhere"), derandomize=True, print_blob=True)
# what CI finds, everybody finds again
settings.register_profile("long", settings.get_profile("anywhere"), max_examples=3000)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "anywhere")

UNIT = Path(__file__).parent / "unit"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What a worker covered is written now: xdist kills one that takes ten seconds to end."""
    measured = Coverage.current()
    if measured is not None and "PYTEST_XDIST_WORKER" in os.environ:
        with warnings.catch_warnings(action="ignore"):
            measured.save()


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> None:
    """Unit tests open no sockets, the others reach this machine only; pytest-socket undoes it after each."""
    if UNIT in request.path.parents:
        disable_socket(allow_unix_socket=True)
    else:
        socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def listening_judge() -> Iterator[None]:
    """The judge hears every request, also of fixtures that live longer than a test."""
    with github_openapi.listening():
        yield


@pytest.fixture(autouse=True)
def judged_github(listening_judge: None) -> Iterator[None]:
    """A request that GitHub would not understand fails the test that sent it."""
    yield
    if findings := github_openapi.take_findings():
        pytest.fail("GitHub would not understand:\n" + "\n".join(findings), pytrace=False)


@pytest.fixture(autouse=True)
def judged_azure_devops() -> Iterator[None]:
    """An answer of our stand-in that lacks what every recorded answer of Azure DevOps has fails its test."""
    yield
    if findings := azure_devops_shapes.take_findings():
        pytest.fail("Azure DevOps would not answer so:\n" + "\n".join(findings), pytrace=False)
