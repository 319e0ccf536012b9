"""What the kiosk has promised, held against what is on its disk and what it answers.

Reads the disk with sqlite3 and file calls of its own, on a copy of the database: looking must not
do the recovery that the appliance has to do.
"""

import hashlib
import io
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from PIL import Image

from tests.faults.guests import Shot


@dataclass(frozen=True)
class Fault:
    """One broken promise; `shot` is the capture it was made about, if it is about one."""

    kind: str
    detail: str
    shot: Shot | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


_LOSSES = {"row lost", "upload lost", "SMS lost", "photo lost", "photo torn", "record lost"}


@dataclass
class Findings:
    """What a suite has found: how many captures were answered, and what has become of them."""

    answered: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Return how many answered captures are gone, wholly or in part."""
        gone = (one for one in self.faults if one.shot and one.kind in _LOSSES)
        return len({id(one.shot) for one in gone})

    @property
    def listed(self) -> str:
        """Return the faults by kind, in words."""
        kinds = Counter(fault.kind for fault in self.faults)
        found = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        return f"faults: {found or 'none'}"


@dataclass
class Ledger:
    """Every capture answered on one data directory, and what a cut may have left beside them.

    `open` shots were under way at the last cut; each may have left a row, or a photo set aside. So
    may each that was refused because the disk failed: nobody can say whether its row is there.
    """

    data_dir: Path
    answered: list[Shot] = field(default_factory=list)
    open: list[Shot] = field(default_factory=list)
    set_aside_at_most: int = 0
    _ids: set[str] = field(default_factory=set)
    _refused: dict[str, int] = field(default_factory=dict)

    def add(self, answered: list[Shot], still_open: list[Shot]) -> None:
        """Note what has been answered until a cut, and what was under way then."""
        self.answered += answered
        self._ids |= {_answer(shot)["id"] for shot in answered}
        self.open = still_open
        self.set_aside_at_most += len(still_open)
        for shot in (*answered, *still_open):
            seen = self._refused.get(shot.key, 0)
            self._refused[shot.key] = max(seen, shot.refused_by_disk)

    def forget(self, faults: list[Fault]) -> None:
        """Drop what has been reported lost, so that it is counted once."""
        lost = {id(fault.shot) for fault in faults}
        self.answered = [shot for shot in self.answered if id(shot) not in lost]

    def held_against_disk(self) -> list[Fault]:
        """Compare with the files as the cut has left them; the appliance must be down."""
        if not (self.data_dir / "kiosk.db").exists():
            return [Fault("row lost", "kiosk.db is missing", shot) for shot in self.answered]
        with tempfile.TemporaryDirectory() as folder:
            for path in self.data_dir.glob("kiosk.db*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, folder)
            connection = sqlite3.connect(Path(folder) / "kiosk.db")
            try:
                connection.row_factory = sqlite3.Row
                return [*_sound(connection), *self._compare(connection)]
            finally:
                connection.close()

    def _compare(self, connection: sqlite3.Connection) -> Iterator[Fault]:
        if not _has_tables(connection):
            yield from (Fault("row lost", "no tables", shot) for shot in self.answered)
            return
        rows = {row["id"]: row for row in connection.execute("select * from captures")}
        deliveries: dict[str, list[sqlite3.Row]] = {}
        for row in connection.execute("select * from deliveries"):
            deliveries.setdefault(row["capture_id"], []).append(row)
        strange = rows.keys() - self._ids
        if len(strange) > len(self.open):
            yield Fault("captures doubled", f"{len(strange)} rows for {len(self.open)} open shots")
        for capture_id in strange:
            # Nobody was answered for these, but a row without its photo must never be.
            yield from self._photo(rows[capture_id], None)
        for shot in self.answered:
            yield from self._capture(shot, rows, deliveries)
        yield from self._uploads(rows, deliveries)
        yield from self._handsets(deliveries)

    def _capture(
        self, shot: Shot, rows: dict[str, sqlite3.Row], deliveries: dict[str, list[sqlite3.Row]]
    ) -> Iterator[Fault]:
        answer = _answer(shot)
        row = rows.get(answer["id"])
        if row is None:
            yield Fault("row lost", answer["id"], shot)
            return
        same = ("token", "file_size", "width", "height", "background_id", "download_url")
        if any(row[name] != answer[name] for name in same):
            yield Fault("row changed", answer["id"], shot)
        queued = deliveries.get(answer["id"], [])
        if [one["channel"] for one in queued].count("storage") != 1:
            yield Fault("upload lost", answer["id"], shot)
        sms = [one["id"] for one in queued if one["channel"] == "sms"]
        promised = [answer["sms_id"]] if answer["sms_id"] else []
        if sms != promised and not (shot.asking and not promised and len(sms) == 1):
            yield Fault("SMS lost", answer["id"], shot)
        yield from self._photo(row, shot)
        yield from self._record(row, sms, shot)

    def _record(self, row: sqlite3.Row, sms: list[str], shot: Shot) -> Iterator[Fault]:
        """Look whether the record beside the photo would bring everything back."""
        try:
            record = json.loads((self.data_dir / "photos" / f"{row['id']}.json").read_bytes())
        except (FileNotFoundError, ValueError) as error:
            yield Fault("record lost", f"{row['id']}: {error!r}", shot)
            return
        queued = {one["id"] for one in record["deliveries"]}
        same = all(record["capture"][name] == row[name] for name in ("id", "token", "sha256"))
        if not (same and queued.issuperset(sms)):
            yield Fault("record lost", f"{row['id']} has another", shot)

    def _photo(self, row: sqlite3.Row, shot: Shot | None) -> Iterator[Fault]:
        path = self.data_dir / "photos" / f"{row['id']}.jpg"
        try:
            jpeg = path.read_bytes()
        except FileNotFoundError:
            yield Fault("photo lost", row["id"], shot)
            return
        if len(jpeg) != row["file_size"] or _sha256(jpeg) != row["sha256"]:
            detail = f"{row['id']} has {len(jpeg)} of {row['file_size']} bytes"
            yield Fault("photo torn", detail, shot)
            return
        size = _decoded_size(jpeg)
        if size != (row["width"], row["height"]):
            yield Fault("photo torn", f"{row['id']} has {size}", shot)

    def _uploads(
        self, rows: dict[str, sqlite3.Row], deliveries: dict[str, list[sqlite3.Row]]
    ) -> Iterator[Fault]:
        """Compare what is called delivered with what lies in the folder that is the cloud."""
        for capture_id, queued in deliveries.items():
            for one in queued:
                if one["channel"] == "storage" and one["state"] == "delivered":
                    path = Path(unquote(urlsplit(one["reference"]).path))
                    if (
                        not path.exists()
                        or _sha256(path.read_bytes()) != rows[capture_id]["sha256"]
                    ):
                        yield Fault("upload torn", capture_id)

    def _handsets(self, deliveries: dict[str, list[sqlite3.Row]]) -> Iterator[Fault]:
        """Count the lines of sms.txt: one for each SMS called delivered, never two for any."""
        lines = handset_lines(self.data_dir)
        for capture_id, queued in deliveries.items():
            for one in queued:
                if one["channel"] == "sms":
                    seen = lines[(one["recipient"], one["text"])]
                    if seen > 1:
                        yield Fault("SMS twice", f"{capture_id} has {seen} lines")
                    if one["state"] == "delivered" and not seen:
                        yield Fault("SMS without a line", capture_id)

    def held_against_answers(self, client: httpx.Client, shots: list[Shot]) -> Iterator[Fault]:
        """Ask the started appliance for some captures; raises httpx.TransportError."""
        for shot in shots:
            answer = _answer(shot)
            status = client.get(f"/api/status/{answer['id']}")
            if status.status_code != 200:
                yield Fault("status", f"{answer['id']} answers {status.status_code}", shot)
                continue
            channels = {one["channel"] for one in status.json()["deliveries"]}
            if channels != {"storage"} | ({"sms"} if answer["sms_id"] else set()):
                yield Fault("status", f"{answer['id']} has {channels}", shot)
            photo = client.get(f"/api/download/{answer['token']}")
            if photo.status_code != 200 or len(photo.content) != answer["file_size"]:
                yield Fault("download", f"{answer['id']} answers {photo.status_code}", shot)

    def held_against_folders(self) -> Iterator[Fault]:
        """Look at what the start has left of half-done work."""
        photos = self.data_dir / "photos"
        parts = [path.name for path in photos.iterdir() if path.name.startswith(".")]
        if parts:
            yield Fault("half-written files stay", ", ".join(parts))
        for folder in self.data_dir.glob("destroyed-*"):
            yield Fault("sound database called destroyed", folder.name)
        aside = {path.name.split(".")[0] for path in (self.data_dir / "quarantine").iterdir()}
        at_most = self.set_aside_at_most + sum(self._refused.values())
        if len(aside) > at_most:
            yield Fault("quarantine", f"{len(aside)} photos for {at_most} shots")
        ours = {_answer(shot)["id"] for shot in self.answered}
        if aside & ours:
            yield Fault("quarantine", f"holds answered captures: {aside & ours}")


def handset_lines(data_dir: Path) -> Counter[tuple[str, str]]:
    """Count the whole lines of sms.txt by number and text."""
    path = data_dir / "sms.txt"
    lines = path.read_text("utf-8", "replace").split("\n")[:-1] if path.exists() else []
    return Counter((number, text) for _, number, text in map(_fields, lines))


def _fields(line: str) -> tuple[str, str, str]:
    parts = line.split("\t")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", line)


def _sound(connection: sqlite3.Connection) -> Iterator[Fault]:
    words = [row[0] for row in connection.execute("pragma integrity_check")]
    if words != ["ok"]:
        yield Fault("database", "; ".join(words))
    dangling = connection.execute("pragma foreign_key_check").fetchall()
    if dangling:
        yield Fault("database", f"{len(dangling)} rows refer to missing ones")


@lru_cache(4096)
def _decoded_size(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg)) as image:
        # Strict: Pillow refuses a file that ends early.
        image.load()
        return image.size


def _has_tables(connection: sqlite3.Connection) -> bool:
    # A cut in the very first start leaves a file without a schema.
    (version,) = connection.execute("pragma user_version").fetchone()
    return bool(version)


def _answer(shot: Shot) -> dict[str, Any]:
    assert shot.answer is not None
    return shot.answer


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
