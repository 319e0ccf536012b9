"""Every suite, a few files of tests at a time, and a second look at what waits for a machine.

A page or a process may be late because the tests beside it have the processors: what fails in
`tests/browser` or `tests/integration` is run once more, alone, and fails for good if it fails
there too. What passes alone is named as unsteady: a bug of the test or of the product, to be
mended at its cause. A power cut, a season or a property that found something has found it: units
and fault suites get no second look, nor does a run in which more than a few tests failed.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

SUITES: Final = ("tests/faults", "tests/browser", "tests/integration", "tests/unit")
MAY_BE_LATE: Final = ("tests/browser/", "tests/integration/")
AT_MOST: Final = 3
_FAILED: Final = Path(".pytest_cache/v/cache/lastfailed")


def _pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, check=False).returncode


def worth_a_second_look(failed: list[str]) -> bool:
    """Whether tests of these ids may have failed for want of a processor."""
    return 0 < len(failed) <= AT_MOST and all(one.startswith(MAY_BE_LATE) for one in failed)


def main(at_once: str) -> int:
    """Run all suites, `at_once` files of tests at a time; return pytest's exit code."""
    abreast = ("-n", at_once, "--dist", "loadfile", "--no-loadscope-reorder", "--durations=15")
    ended = _pytest("--cache-clear", *abreast, *SUITES)
    if ended != pytest.ExitCode.TESTS_FAILED:
        return ended
    failed = sorted(json.loads(_FAILED.read_text(encoding="utf-8")))
    if not worth_a_second_look(failed):
        return ended
    print(f"test: once more, alone: {', '.join(failed)}", flush=True)
    again = _pytest(*failed)
    if again == pytest.ExitCode.OK:
        print("test: UNSTEADY: failed beside others, passed alone; mend what is above", flush=True)
    return again


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
