"""Photo files: whole or absent, reconciled after a sudden stop, locked against a second process."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_appliance.clock import Clock
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.directory import DataDirectoryInUse, DirectoryLock, Layout
from kiosk_appliance.store.files import write_durably
from kiosk_appliance.store.photos import Photos

NOW_MS = Clock().now_ms()
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "var")
    made.create()
    return made


@pytest.fixture
def photos(layout: Layout) -> Photos:
    return Photos(layout)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_photo_is_kept_with_thumbnail_and_record_for_the_owner_only(
    photos: Photos, layout: Layout
) -> None:
    photos.keep("a", b"photo", lambda: b"small", b"{}")
    assert photos.path("a").read_bytes() == b"photo"
    assert photos.thumbnail("a").read_bytes() == b"small"
    assert layout.record("a").read_bytes() == b"{}"
    for path in (photos.path("a"), photos.thumbnail("a"), layout.record("a")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_reconcile_removes_halves_and_sets_strangers_aside(photos: Photos, layout: Layout) -> None:
    for name in ("known", "stranger"):
        photos.keep(name, b"photo", lambda: b"small", b"{}")
    (layout.photos / ".half.jpg.part").write_bytes(b"pho")
    assert photos.reconcile({"known"}, NOW_MS) == (1, [])
    assert names(layout.photos) == ["known.jpg", "known.json", "known.thumbnail.jpg"]
    assert names(layout.quarantine) == [
        "stranger.jpg",
        "stranger.json",
        "stranger.thumbnail.jpg",
    ]
    assert photos.reconcile({"known"}, NOW_MS) == (0, [])


def test_a_row_without_its_photo_is_told(photos: Photos) -> None:
    photos.keep("b", b"photo", lambda: b"small", b"{}")
    assert photos.reconcile({"c", "b", "a"}, NOW_MS) == (0, ["a", "c"])


def test_a_thumbnail_alone_is_no_photo(photos: Photos) -> None:
    photos.keep("a", b"photo", lambda: b"small", b"{}")
    photos.path("a").unlink()
    assert photos.reconcile({"a"}, NOW_MS) == (0, ["a"])


def test_a_stranger_stays_a_day_whatever_its_own_age(photos: Photos, layout: Layout) -> None:
    photos.keep("old", b"photo", lambda: b"small", b"{}")
    os.utime(photos.path("old"), (0, 0))
    photos.reconcile(set(), NOW_MS)
    for age_ms, there in ((0, True), (DAY_MS - 5_000, True), (DAY_MS + 5_000, False)):
        photos.reconcile(set(), NOW_MS + age_ms)
        assert (layout.quarantine / "old.jpg").exists() is there


def test_the_same_stranger_twice_is_no_fault(photos: Photos, layout: Layout) -> None:
    for content in (b"one", b"two"):
        photos.keep("same", content, lambda: b"small", b"{}")
        photos.reconcile(set(), NOW_MS)
    assert (layout.quarantine / "same.jpg").read_bytes() == b"two"


def test_a_rewrite_is_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_durably(path, b"first")
    write_durably(path, b"second")
    assert path.read_bytes() == b"second"
    assert names(tmp_path) == ["x"]


def test_a_second_process_is_refused_until_the_first_ends(layout: Layout) -> None:
    script = (
        "import sys; from pathlib import Path; "
        "from kiosk_appliance.store.directory import DirectoryLock, Layout; "
        "DirectoryLock(Layout(Path(sys.argv[1]))); print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(layout.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(DataDirectoryInUse) as caught:
            DirectoryLock(layout)
        assert str(layout.root.resolve()) in caught.value.detail
        other.kill()
    lock = DirectoryLock(layout)
    with pytest.raises(DataDirectoryInUse):
        DirectoryLock(layout)
    lock.release()
    DirectoryLock(layout).release()


def test_a_photo_that_does_not_fit_leaves_nothing(layout: Layout) -> None:
    """RLIMIT_FSIZE stands in for a failing disk: the write itself ends in an error."""
    script = """
import resource, signal, sys
from pathlib import Path
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.photos import Photos
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
photos = Photos(Layout(Path(sys.argv[1])))
try:
    photos.keep("big", b"x" * 5000, lambda: b"small", b"{}")
except Unavailable as error:
    print(error.status, error.code)
photos.keep("small", b"x" * 900, lambda: b"small", b"{}")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(layout.root)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "errno=EFBIG" in done.stdout
    assert done.stdout.splitlines()[-1] == "503 storage-failed"
    assert names(layout.photos) == ["small.jpg", "small.json", "small.thumbnail.jpg"]


def test_a_full_disk_is_told_apart(photos: Photos, layout: Layout) -> None:
    """/dev/full answers every write with ENOSPC."""
    (layout.photos / ".a.jpg.part").symlink_to("/dev/full")
    with pytest.raises(Unavailable) as caught:
        photos.keep("a", b"photo", lambda: b"small", b"{}")
    assert (caught.value.status, caught.value.code) == (507, "insufficient-storage")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert names(layout.photos) == []


def test_a_missing_folder_is_a_failing_disk(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        Photos(Layout(tmp_path / "nowhere")).keep("a", b"photo", lambda: b"small", b"{}")
    assert caught.value.code == "storage-failed"


def test_what_is_no_regular_file_is_left_alone(photos: Photos, layout: Layout) -> None:
    photos.keep("stranger", b"photo", lambda: b"small", b"{}")
    for folder in (layout.photos, layout.quarantine):
        for name in (".Trash-0", "lost+found", "folder.jpg"):
            (folder / name / "inside").mkdir(parents=True)
        (folder / "link").symlink_to("/nowhere")
        os.mkfifo(folder / "pipe")
        os.utime(folder / "lost+found", (0, 0))
    before = names(layout.quarantine)
    assert photos.reconcile(set(), NOW_MS) == (1, [])
    assert names(layout.photos) == [".Trash-0", "folder.jpg", "link", "lost+found", "pipe"]
    strangers = ["stranger.jpg", "stranger.json", "stranger.thumbnail.jpg"]
    assert names(layout.quarantine) == sorted([*before, *strangers])


def test_what_cannot_be_moved_stays_and_stops_nothing(photos: Photos, layout: Layout) -> None:
    """A folder of the same name in the way; another file system would answer alike."""
    for name in ("stranger", "zebra"):
        photos.keep(name, b"photo", lambda: b"small", b"{}")
    (layout.quarantine / "stranger.jpg").mkdir()
    assert photos.reconcile(set(), NOW_MS) == (1, [])
    assert names(layout.photos) == ["stranger.jpg"]
    assert names(layout.quarantine) == [
        "stranger.jpg",
        "stranger.json",
        "stranger.thumbnail.jpg",
        "zebra.jpg",
        "zebra.json",
        "zebra.thumbnail.jpg",
    ]


def test_folders_that_are_gone_stop_nothing(photos: Photos, layout: Layout) -> None:
    layout.photos.rmdir()
    layout.quarantine.rmdir()
    assert photos.reconcile({"a"}, NOW_MS) == (0, ["a"])


def test_a_folder_in_the_place_of_a_photo_is_a_missing_photo(
    photos: Photos, layout: Layout
) -> None:
    (layout.photos / "a.jpg").mkdir()
    assert photos.reconcile({"a"}, NOW_MS) == (0, ["a"])
