"""The darkroom's threads, and the memory that it gives back."""

import errno
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.imaging import originals
from kiosk_appliance.settings import Settings
from tests.parts.pictures import jpeg
from tests.unit.core.test_studio import BACKGROUND

_FIRST_JOB = """
import sys
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.background import Background
from kiosk_appliance.settings import Settings
darkroom = Darkroom(Settings())
assert "cv2" not in sys.modules
print(darkroom.pool.submit(lambda: "cv2.typing" in sys.modules).result())
darkroom.close()
"""

_IDLE = """
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.settings import Settings

def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

now = [0.0]
darkroom = Darkroom(Settings(), lambda: now[0])
darkroom.warm_up()
darkroom.drop_idle()
now[0] += 3600
darkroom.drop_idle()
for _ in range(2):
    blocks = [bytes(60_000) for _ in range(1000)]
    last, held = blocks[-1], resident_mb()
    del blocks
    kept = resident_mb()
    darkroom.drop_idle()
    print(round(held - kept), round(kept - resident_mb()))
darkroom.close()
"""

# The files run out as soon as the module is asked for, and come back after the first photo.
_OUT_OF_FILES = """
import resource
import sys
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.settings import Settings
photo, wanted = sys.stdin.buffer.read(), sys.argv[1]
darkroom = Darkroom(Settings())
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

def watch(event, arguments):
    if event == "import" and arguments[0] == wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))

sys.addaudithook(watch)
answers = []
for _ in range(2):
    try:
        darkroom.pool.submit(darkroom.compose, photo, None, None).result()
    except OSError as error:
        answers.append(error.errno)
    else:
        answers.append("made")
    wanted = None
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(*answers, darkroom.is_spoilt)
darkroom.close()
"""


def test_no_job_begins_before_opencv_is_loaded_whole() -> None:
    """While it loads, other threads would find half of it."""
    command = [sys.executable, "-c", _FIRST_JOB]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    ("module", "second", "is_spoilt"),
    [
        ("PIL", "made", False),
        ("cv2.load_config_py3", str(errno.EMFILE), True),
        ("cv2.version", str(errno.EMFILE), True),
        ("numpy.dtypes", str(errno.EMFILE), True),
    ],
)
def test_libraries_that_run_out_of_files_fail_as_a_disk_does(
    module: str, second: str, *, is_spoilt: bool
) -> None:
    """Loaded by half, some of them never load again: the process has to end."""
    command = [sys.executable, "-c", _OUT_OF_FILES, module]
    done = subprocess.run(
        command, input=jpeg(320, 240), capture_output=True, timeout=60, check=True
    )
    answer = done.stdout.decode().splitlines()[-1]
    assert answer == f"{errno.EMFILE} {second} {is_spoilt}"


_NOT_INSTALLED = """
import sys
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.settings import Settings
sys.modules["cv2"] = None
darkroom = Darkroom(Settings())
try:
    darkroom.pool.submit(darkroom.compose, b"", None, None).result()
except ImportError:
    print(darkroom.is_spoilt)
darkroom.close()
"""


def test_libraries_that_are_not_installed_are_not_sought_by_start_after_start() -> None:
    """What is wrong with an installation no new process mends."""
    command = [sys.executable, "-c", _NOT_INSTALLED]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"


def test_a_backdrop_stays_ready_while_its_guest_is_looked_at(tmp_path: Path) -> None:
    """She may pose for longer than a minute, and is not to wait for it then."""
    file = tmp_path / "b.webp"
    file.write_bytes((resources.files(originals) / "montagnes.webp").read_bytes())
    seconds = 0.0
    darkroom = Darkroom(Settings(), lambda: seconds)
    try:
        backdrop = replace(BACKGROUND, mode="person", media_type="image/webp")
        darkroom.compose(jpeg(320, 240), backdrop, file)
        # Her last picture was long ago, her last mask was not.
        seconds = 600.0
        darkroom.mask(jpeg(256, 256))
        darkroom.drop_idle()
        file.unlink()
        assert darkroom.compose(jpeg(320, 240), backdrop, file).cut_out is not None
    finally:
        darkroom.close()


def test_an_idle_kiosk_gives_back_what_background_work_leaves() -> None:
    command = [sys.executable, "-c", _IDLE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    first, second = done.stdout.splitlines()
    for line in (first, second):
        by_itself, when_idle = (int(word) for word in line.split())
        assert by_itself < 20
        assert when_idle > 40
