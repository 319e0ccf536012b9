"""Rebuilds a disk as a power cut may have left it, at any position of its log."""

import random
from collections.abc import Iterator
from pathlib import Path

from tests.faults.write_log import Record

_SECTOR = 512
_TORN = 0.1


class Replay:
    """One log over the image that it began with; positions are asked for in rising order."""

    def __init__(self, image: Path, records: list[Record]) -> None:
        self._disk = bytearray(image.read_bytes())
        self._records = records
        self._applied = 0

    def crash_at(self, position: int, rng: random.Random) -> bytearray:
        """Return the disk when only the records before `position` have been sent.

        Whatever came before the last flush is there. Of the writes since, none, a random half or
        all are, in any order that could matter, and some of them only in part.
        """
        flushed = self._flushed_before(position)
        for record in self._records[self._applied : flushed]:
            _apply(self._disk, record)
        self._applied = flushed
        disk = bytearray(self._disk)
        share = rng.choice((0.0, 0.5, 1.0))
        for record in self._records[flushed:position]:
            if rng.random() < share:
                for piece in _torn(record, rng) if rng.random() < _TORN else (record,):
                    _apply(disk, piece)
        return disk

    def _flushed_before(self, position: int) -> int:
        for index in range(position - 1, self._applied - 1, -1):
            if self._records[index].is_flush:
                return index + 1
        return self._applied


def _apply(disk: bytearray, record: Record) -> None:
    disk[record.offset : record.offset + len(record.data)] = record.data


def _torn(record: Record, rng: random.Random) -> Iterator[Record]:
    for start in range(0, len(record.data), _SECTOR):
        if rng.random() < 0.5:
            yield Record(record.at, record.offset + start, record.data[start : start + _SECTOR])
