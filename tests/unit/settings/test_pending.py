"""Settings that are read but do nothing yet are said so, never ignored in silence."""

from pathlib import Path

from kiosk_appliance.settings import load


def test_each_pending_key_that_is_set_gets_a_note(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(
        '[sms]\nper_day = 9\n[links]\nstyle = "temporary"\n[guest]\nprivacy_contact = "me"\n',
        encoding="utf-8",
    )
    notes = load(file, {}).pending
    assert "links.style is not in force in this version" in notes
    assert "guest.privacy_contact is not in force in this version" in notes
    assert not any("per_day" in note for note in notes)
