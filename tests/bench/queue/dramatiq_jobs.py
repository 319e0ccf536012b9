"""An empty job for Dramatiq on Redis; runs in the environment of the bench."""

import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

broker = RedisBroker(url=os.environ["QUEUE_REDIS"])
dramatiq.set_broker(broker)


@dramatiq.actor(queue_name="nothing")
def nothing(number: int) -> None:
    """Do nothing."""


def enqueue(number: int) -> None:
    nothing.send(number)


def is_empty() -> bool:
    # What a worker has taken and not yet acknowledged counts; a queue in memory knows none of it.
    return broker.do_qsize("nothing") == 0
