"""The two ways in: the gate of WSGI servers, and the one on an event loop; both as WSGI applications."""

from fakes.rsgi import OverRsgi
from trainboard.web.threads import PagesInThreads
from trainboard_webhooks.gate import Gate
from trainboard_webhooks.loop_gate import LoopGate


def on_loop(receiver, accept, app):
    """A gate on a loop of which the intake takes one delivery after the other."""

    def offer(together):
        for delivery, settle in together:
            try:
                settle(accept(delivery))
            except Exception as error:  # noqa: BLE001  the gate passes it on
                settle(error)

    return OverRsgi(LoopGate(receiver, offer, PagesInThreads(app)).__rsgi__)


GATES = {"wsgi": Gate, "event loop": on_loop}
