"""gidgethub in aiohttp, as its documentation shows it, with a handler that does nothing."""

import os

from aiohttp import web
from gidgethub import routing, sansio

SECRET = os.environ["PEER_SECRET"]
router = routing.Router()


async def ignore(event):
    """Do nothing."""


for name in os.environ["PEER_EVENTS"].split(","):
    router.add(ignore, name)


async def receive(request):
    """Verify, parse and dispatch."""
    body = await request.read()
    event = sansio.Event.from_http(request.headers, body, secret=SECRET)
    await router.dispatch(event)
    return web.Response(status=200)


app = web.Application()
app.router.add_post(os.environ["PEER_DOOR"], receive)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PEER_PORT"]), access_log=None, print=None)
