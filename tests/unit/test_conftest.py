"""Unit tests have no network."""

import socket

import pytest


def test_sockets_are_refused():
    """Opening an internet socket fails with a word on why."""
    with pytest.raises(Warning, match=r"A test tried to use socket\.socket"):
        socket.socket()


def test_unix_sockets_are_allowed():
    """Event loops and PostgreSQL need sockets inside the machine."""
    with socket.socket(socket.AF_UNIX) as inner:
        assert socket.AF_UNIX == inner.family
