"""A picture's rows in strips, done by two processors.

Strips are small: their planes lie where those before them lay, and take no memory from the system
anew. Knows nothing of what is done to them.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

ROWS = 64


def by_two(height: int, work: Callable[[slice], None]) -> None:
    """Call `work` with the rows of each strip, every other one in a thread of its own.

    It must write to its own rows only. Raises what it raises.
    """
    strips = [slice(top, min(top + ROWS, height)) for top in range(0, height, ROWS)]

    def every_other(first: int) -> None:
        for rows in strips[first::2]:
            work(rows)

    # A thread that stays would keep what it has had of memory.
    with ThreadPoolExecutor(1, "strips") as other_processor:
        others = other_processor.submit(every_other, 1)
        every_other(0)
        others.result()
