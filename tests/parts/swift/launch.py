"""What runs in a server's process: dies with the tests, then becomes the server.

usage: python -m tests.parts.swift.launch PARENT_PID keystone PORT
       python -m tests.parts.swift.launch PARENT_PID proxy|account|container|object CONF
"""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Let the kernel kill this process when `parent` ends, however that happens (Linux)."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL):
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        # It was already gone before the kernel was asked.
        sys.exit("the tests have ended")


def serve_keystone(port: int) -> None:
    """Serve Keystone's WSGI application with the server that its dependencies bring."""
    # oslo.config would read this process's arguments as its own.
    sys.argv = sys.argv[:1]
    from keystone.wsgi.api import application  # noqa: PLC0415 - reads sys.argv at import
    from werkzeug.serving import run_simple  # noqa: PLC0415

    run_simple("127.0.0.1", port, application, threaded=True)


def serve_swift(kind: str, conf: str) -> None:
    """Become one of Swift's servers, in this very process."""
    script = Path(sys.executable).parent / f"swift-{kind}-server"
    sys.argv = [str(script), conf, "-v"]
    runpy.run_path(str(script), run_name="__main__")


if __name__ == "__main__":
    parent_pid, kind, argument = sys.argv[1:]
    die_with(int(parent_pid))
    if kind == "keystone":
        serve_keystone(int(argument))
    else:
        serve_swift(kind, argument)
