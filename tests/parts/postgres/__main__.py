"""`python -m tests.parts.postgres`: serve a database until Ctrl-C, and print its settings."""

import signal
import sys

from tests.parts.postgres.central import fresh
from tests.parts.postgres.server import PostgresServer


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    ending = {signal.SIGINT, signal.SIGTERM}
    with PostgresServer() as server:
        print(f'[postgres]\nurl = "{fresh(server).url}"', flush=True)
        print("Serving; Ctrl-C ends it.", file=sys.stderr)
        # The server starts before the block: it must keep its own signals.
        signal.pthread_sigmask(signal.SIG_BLOCK, ending)
        signal.sigwait(ending)


if __name__ == "__main__":
    main()
