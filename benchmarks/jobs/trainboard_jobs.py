"""Jobs as deliveries in our inbox: carried by the embedded engine, or with JOB_ENGINE=distributed by that."""

import os
import signal
import threading
from dataclasses import replace

import job
from pydantic import SecretStr

from trainboard import logs
from trainboard.deliveries import Delivery
from trainboard.engine.work import Worker
from trainboard.settings import Settings
from trainboard.settings.model import Engine, Server
from trainboard.wiring import build

DISTRIBUTED = os.environ.get("JOB_ENGINE") == "distributed"


def make_bot(url):
    """The bot as `trainboard serve` makes it, or as `trainboard worker` does."""
    settings = Settings(
        server=Server(database=SecretStr(url), log_level="error"),
        engine=Engine(worker_threads=int(os.environ["JOB_THREADS"])),
    )
    logs.configure(settings.server.log_format, settings.server.log_level)
    if DISTRIBUTED:
        from trainboard.roles import build_part

        return build_part(settings)
    return build(settings)


def fill_all(url, amount, entities):
    """Put the jobs into the inbox by the door that webhooks use."""
    bot = make_bot(url)

    def store(number, event, body, entity):
        about = f"github:acme/churn#{entity}"
        bot.intake(Delivery(source="github", id=f"{number}", kind=event, entity=about, body=body))

    job.fill(store, amount, entities)
    bot.intake.stop()
    bot.engine.stop()
    bot.close()


def work(url, _name):
    """Work with the job in front of the source's own parser, until told to end."""
    bot = make_bot(url)
    means = bot.worker.means

    def parse(delivery):
        job.run(int(delivery.id))
        return means.parse(delivery)

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    job.wait_for_gate()
    bot.engine.run(Worker(replace(means, parse=parse)).drain)
    ended.wait()
    bot.engine.stop()


job.main(fill_all, work)
