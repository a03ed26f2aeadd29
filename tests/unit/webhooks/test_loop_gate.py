"""The gate on an event loop, apart from what it has in common with the other one."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from fakes.rsgi import Headers
from fakes.senders import NOW, SENDERS
from trainboard.deliveries import Acceptance
from trainboard_webhooks.loop_gate import LoopGate, _Headers
from trainboard_webhooks.receive import Receiver

BODY = b"{}"
SENDER = SENDERS["github"]


class Exchange:
    """A body that comes when it is let go, and the answer to it."""

    def __init__(self, body_comes=None):
        self.body_comes = body_comes
        self.status = None

    async def __call__(self):
        if self.body_comes is not None:
            await self.body_comes.wait()
        return BODY

    def response_bytes(self, status, _headers, _body):
        self.status = status


def scope(number):
    signed = SENDER.headers("push", BODY, f"delivery-{number}") | {"Content-Length": str(len(BODY))}
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    return SimpleNamespace(method="POST", path=SENDER.address, query_string="", headers=Headers(environ))


def make_gate(offer, **bounds):
    return LoopGate(Receiver({"github": [SENDER.credential]}, clock=lambda: NOW), offer, None, **bounds)


def store(together):
    for _, settle in together:
        settle(Acceptance.STORED)


def serve(offer, exchanges):
    """Let a gate answer all the exchanges side by side; their statuses."""

    async def answer_all():
        gate = make_gate(offer)
        await asyncio.gather(*(gate.__rsgi__(scope(n), it) for n, it in enumerate(exchanges)))

    asyncio.run(asyncio.wait_for(answer_all(), 10))
    return [it.status for it in exchanges]


def test_what_arrives_together_is_offered_together():
    """Eight senders cost one transaction."""
    offered = []

    def offer(together):
        offered.append([delivery.id for delivery, _ in together])
        for _, settle in together:
            settle(Acceptance.STORED)

    assert [202] * 8 == serve(offer, [Exchange() for _ in range(8)])
    assert [[f"delivery-{n}" for n in range(8)]] == offered


def test_a_slow_sender_does_not_keep_the_others():
    """Those who have sent all are answered while another one is still sending."""

    async def run():
        slow, quick = Exchange(asyncio.Event()), Exchange()
        gate = make_gate(lambda together: [settle(Acceptance.STORED) for _, settle in together])
        task = asyncio.create_task(gate.__rsgi__(scope(1), slow))
        await gate.__rsgi__(scope(2), quick)
        before = (slow.status, quick.status)
        slow.body_comes.set()
        await task
        return before, slow.status

    assert ((None, 202), 202) == asyncio.run(run())


def test_a_body_that_does_not_come_is_waited_for_no_longer():
    """Whoever sends half a body and then nothing is answered, and what they held is free again."""

    async def run():
        never, next_one = Exchange(asyncio.Event()), Exchange()
        gate = make_gate(store, body_seconds=0.01, most_bytes=len(BODY), small_bytes=0)
        await gate.__rsgi__(scope(1), never)
        await gate.__rsgi__(scope(2), next_one)
        return never.status, next_one.status

    assert (400, 202) == asyncio.run(run())


def test_bodies_have_room_together():
    """Who has proved nothing yet fills no memory: one too many is sent away before a byte is read."""

    async def run():
        first, second, third = Exchange(asyncio.Event()), Exchange(), Exchange()
        gate = make_gate(store, most_bytes=2 * len(BODY) - 1, small_bytes=0)
        task = asyncio.create_task(gate.__rsgi__(scope(1), first))
        await asyncio.sleep(0)
        await gate.__rsgi__(scope(2), second)
        first.body_comes.set()
        await task
        await gate.__rsgi__(scope(3), third)
        return first.status, second.status, third.status

    with capture_logs() as lines:
        assert (202, 503, 202) == asyncio.run(run())
    assert [] == lines


def test_a_small_body_has_room_in_any_case():
    """Whoever holds all of it with large ones does not keep out those who send as platforms do."""

    async def run():
        small = Exchange()
        await make_gate(store, most_bytes=0, small_bytes=len(BODY)).__rsgi__(scope(1), small)
        return small.status

    assert 202 == asyncio.run(run())


def test_another_thread_may_tell():
    """Whoever stored a delivery, its sender is answered."""

    def offer(together):
        threading.Thread(target=lambda: [settle(Acceptance.DUPLICATE) for _, settle in together]).start()

    assert [200, 200] == serve(offer, [Exchange(), Exchange()])


def test_a_bug_of_the_intake_sends_all_back():
    """No sender waits for ever, not even for what nobody tells."""

    def offer(together):
        together[0][1](Acceptance.STORED)
        raise RuntimeError("no disk")

    with capture_logs() as lines:
        assert [202, 503] == serve(offer, [Exchange(), Exchange()])
    assert ["delivery-1"] == [line.get("delivery") for line in lines]


def test_whoever_is_gone_is_not_told():
    """A sender that hung up while its delivery was stored is forgotten, also when the loop has ended."""
    told = []

    async def run():
        offered = asyncio.Event()
        gate = make_gate(lambda together: [told.extend(together), offered.set()])
        task = asyncio.create_task(gate.__rsgi__(scope(1), Exchange()))
        await offered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        told[0][1](Acceptance.STORED)
        await asyncio.sleep(0)

    asyncio.run(run())
    told[0][1](Acceptance.STORED)


def test_headers_are_a_mapping():
    """Those of the request, by their names in lower case."""
    headers = _Headers(Headers({"HTTP_X_GITHUB_EVENT": "push", "CONTENT_LENGTH": "2"}))
    assert ({"x-github-event": "push", "content-length": "2"}, 2) == (dict(headers), len(headers))
    assert ("push", None, "-") == (
        headers["x-github-event"],
        headers.get("missing"),
        headers.get("missing", "-"),
    )
    with pytest.raises(KeyError):
        headers["missing"]
