"""What a process holds and peaked at, in MB, as the kernel says (proc(5))."""

from pathlib import Path


def resident_mb(pid: int) -> float:
    """Return its resident memory, libraries it shares with others included."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmRSS") / 1000


def proportional_mb(pid: int) -> float:
    """Return its resident memory, shared pages counted in proportion."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss") / 1000


def peak_mb(pid: int) -> float:
    """Return the most that it has ever held."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM") / 1000


def _kilobytes(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)
