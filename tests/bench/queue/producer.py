"""Enqueues empty jobs for a queue whose workers run beside; in the environment of the bench.

`python -m tests.bench.queue.producer MODULE` takes lines of JSON on standard input, each `[jobs,
producers]`, and answers each with the seconds from the first enqueue to the empty queue.
"""

import importlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from types import ModuleType

_LOOK_S = 0.005


def _measured(queue: ModuleType, jobs: int, producers: int) -> float:
    numbers, turn = iter(range(jobs)), threading.Lock()

    def of_one_producer() -> Iterator[int]:
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            yield number

    def produce() -> None:
        for number in of_one_producer():
            queue.enqueue(number)

    started = time.perf_counter()
    threads = [threading.Thread(target=produce) for _ in range(producers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while not queue.is_empty():
        time.sleep(_LOOK_S)
    return time.perf_counter() - started


def main() -> None:
    """Serve until standard input ends."""
    queue = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(_measured(queue, *json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
