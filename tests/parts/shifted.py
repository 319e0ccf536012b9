"""A system clock that a test sets for one process: the preloaded library of shift.c."""

import shutil
import subprocess
from pathlib import Path

from tests.parts.requirements import need

_SOURCE = Path(__file__).with_name("shift.c")


class ShiftedClock:
    """The clock of the processes started with `environ`; `set` moves it while they run."""

    def __init__(self, folder: Path, *, synchronised: bool = False) -> None:
        compiler = shutil.which("gcc") or shutil.which("cc")
        need(compiler, "the clock shim needs a C compiler")
        self.file = folder / "shift"
        self.set(0)
        library = folder / "shift.so"
        build = [str(compiler), "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(build, check=True, capture_output=True)
        self.environ = {"LD_PRELOAD": str(library), "SHIFT_FILE": str(self.file)}
        if synchronised:
            self.environ["SHIFT_SYNCHRONISED"] = "1"

    def set(self, seconds: int) -> None:
        """Put the clock so many seconds ahead of the machine's own."""
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self.file)
