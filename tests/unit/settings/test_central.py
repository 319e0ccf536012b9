"""The address of the central database: what it takes, and whom it believes."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_appliance.settings import load

WITHOUT_PSYCOPG = """
import sys
sys.modules["psycopg"] = None
from kiosk_appliance.__main__ import main
sys.argv = ["kiosk-appliance", "check", "--config", sys.argv[1]]
sys.exit(main())
"""
BELIEVED = "postgres.url has no sslmode=verify-full: whoever answers there is believed"


def written(folder: Path, url: str) -> Path:
    file = folder / "kiosk.toml"
    file.write_text(f'[postgres]\nurl = "{url}"\n', encoding="utf-8")
    file.chmod(0o600)
    return file


def test_without_psycopg_a_url_is_a_mistake_that_says_what_to_install(tmp_path: Path) -> None:
    file = written(tmp_path, "postgresql://u:secret@db.example/kiosk")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PSYCOPG, str(file)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "kiosk.toml:2:1: postgres.url: it needs the package psycopg" in done.stderr + done.stdout
    assert "requirements-postgres.txt" in done.stderr + done.stdout
    assert "secret" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("url", "notes"),
    [
        ("postgresql://u:p@db.example/kiosk", [BELIEVED]),
        ("postgresql://u:p@db.example/kiosk?sslmode=require", [BELIEVED]),
        ("postgresql://u:p@db.example/kiosk?sslmode=verify-full&sslrootcert=system", []),
        ("postgresql://u:p@127.0.0.1:5432/kiosk", []),
        ("postgresql://u:p@[::1]/kiosk", []),
        ("postgresql:///kiosk?host=/run/postgresql", []),
        ("postgresql://u:p@[::1/kiosk", []),
    ],
)
def test_a_database_elsewhere_that_is_taken_at_its_word_gets_a_note(
    tmp_path: Path, url: str, notes: list[str]
) -> None:
    assert load(written(tmp_path, url), {}).notes == notes
