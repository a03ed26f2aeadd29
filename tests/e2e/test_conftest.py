"""Other tests reach this machine only."""

import socket

import pytest


def test_other_machines_are_refused():
    """A connection that would leave the machine fails before it starts."""
    with pytest.raises(Warning, match=r'with host "192\.0\.2\.1"'):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_this_machine_is_reached():
    """Servers that a test starts on the loopback address can be talked to."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname(), timeout=1) as connection,
    ):
        assert listener.getsockname() == connection.getpeername()
