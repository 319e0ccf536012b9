"""An empty job for huey on SQLite with fsync; runs in the environment of the bench."""

import os

from huey import SqliteHuey

huey = SqliteHuey(filename=os.environ["QUEUE_FILE"], fsync=True, results=False)


@huey.task()
def nothing(number: int) -> None:
    """Do nothing."""


def enqueue(number: int) -> None:
    nothing(number)


def is_empty() -> bool:
    return len(huey) == 0
