"""The darkroom's threads."""

import subprocess
import sys

_FIRST_JOB = """
import sys
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.settings import Settings
darkroom = Darkroom(Settings())
assert "cv2" not in sys.modules
print(darkroom.pool.submit(lambda: "cv2.typing" in sys.modules).result())
darkroom.close()
"""


def test_no_job_begins_before_opencv_is_loaded_whole() -> None:
    """While it loads, other threads would find half of it."""
    command = [sys.executable, "-c", _FIRST_JOB]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"
