"""`python -m tests.parts.swift`: serve a cloud until Ctrl-C, and print the settings for it."""

import signal
import sys

from tests.parts.swift.cloud import Cloud

SNIPPET = """\
[storage]
channel = "swift"
auth_url = "{0.auth_url}"
username = "{0.username}"
password = "{0.password}"
tenant_name = "{0.tenant_name}"
region = "{0.region}"
container = "{0.container}"
# Photos are public under {0.container_url}/
"""


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    ending = {signal.SIGINT, signal.SIGTERM}
    with Cloud() as cloud:
        print(SNIPPET.format(cloud), flush=True)
        print("Serving; Ctrl-C ends it.", file=sys.stderr)
        # Children start before the block: they must keep their own signals.
        signal.pthread_sigmask(signal.SIG_BLOCK, ending)
        signal.sigwait(ending)


if __name__ == "__main__":
    main()
