"""The job that every engine carries: it notes that it began, takes its time, and notes that it ended."""

import json
import os
import sys
import threading
import time
from pathlib import Path

import corpus

SENDERS = 8
_LOG = os.open(os.environ.get("JOB_LOG", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_SECONDS = float(os.environ.get("JOB_SECONDS", "0"))
_GATE = Path(os.environ.get("JOB_GATE", os.devnull))


def run(number):
    """Do job `number`."""
    _note("began", number)
    if _SECONDS:
        time.sleep(_SECONDS)
    _note("ended", number)


def wait_for_gate():
    """Note that this process is ready, and wait until all are."""
    _note("ready", -1)
    while not _GATE.exists():
        time.sleep(0.002)


def _note(what, number):
    os.write(_LOG, f"{time.monotonic():.6f} {os.getpid()} {what} {number}\n".encode())


def fill(store, amount, entities):
    """Call `store(number, event, body, entity)` for every job from eight threads; print the time it took.

    An entity's jobs are stored by one thread, in their order.
    """
    shares = [[] for _ in range(SENDERS)]
    for number in range(amount):
        entity = number % entities
        shares[entity % SENDERS].append((number, *corpus.delivery(number), entity))

    def store_share(share):
        for each in share:
            store(*each)

    threads = [threading.Thread(target=store_share, args=(share,)) for share in shares]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seconds": time.perf_counter() - began}))


def main(fill_all, work):
    """`fill URL AMOUNT ENTITIES` or `work URL NAME`, as the arguments say."""
    match sys.argv[1:]:
        case ["fill", url, amount, entities]:
            fill_all(url, int(amount), int(entities))
        case ["work", url, name]:
            work(url, name)
        case _:
            raise SystemExit(f"fill URL AMOUNT ENTITIES, or work URL NAME, not {sys.argv[1:]}")
