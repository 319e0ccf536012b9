"""The door of the process: keeps the imports lean, and the garbage collector at rest meanwhile.

A fifth of the start went into collecting among modules and classes that all stay. The appliance
wakes it again once guests are served; the other commands are over before it would have work.
"""

import gc
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    gc.disable()
    # Six megabytes and a tenth of a second: structlog would load it to draw tracebacks in colour.
    # The log is JSON, and Litestar wants it for its own command line only.
    sys.modules["rich"] = None  # type: ignore[assignment]
    from kiosk_appliance import commands  # noqa: PLC0415 - the import is what takes long

    return commands.main()


if __name__ == "__main__":
    sys.exit(main())
