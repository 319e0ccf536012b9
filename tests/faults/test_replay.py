"""The model of a crash: what was flushed is there, what was not may be, sector by sector."""

import random
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.replay import Replay
from tests.faults.write_log import Record

SECTOR = 512
SECTORS = 6


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    records = []
    for number in range(1, draw(st.integers(2, 12))):
        first = draw(st.integers(0, SECTORS - 1))
        length = draw(st.integers(0, SECTORS - first))
        # No length is a flush; each write has a content of its own.
        records.append(Record(0.0, first * SECTOR, bytes([number]) * (length * SECTOR)))
    return records


def sectors(disk: bytes | bytearray) -> list[int]:
    found = [disk[start : start + SECTOR] for start in range(0, len(disk), SECTOR)]
    assert all(len(set(sector)) == 1 for sector in found)
    return [sector[0] for sector in found]


@given(logs(), st.integers())
def test_each_sector_holds_what_was_flushed_or_a_later_write(log: list[Record], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "disk.img"
        image.write_bytes(bytes(SECTORS * SECTOR))
        replay, rng = Replay(image, log), random.Random(seed)
        for position in range(len(log) + 1):
            allowed: list[set[int]] = [{0} for _ in range(SECTORS)]
            newest = [0] * SECTORS
            for record in log[:position]:
                if record.is_flush:
                    allowed = [{one} for one in newest]
                for place, one in enumerate(sectors(record.data), record.offset // SECTOR):
                    allowed[place].add(one)
                    newest[place] = one
            found = sectors(replay.crash_at(position, rng))
            assert all(one in may for one, may in zip(found, allowed, strict=True))
