"""Six languages, the same ones everywhere: setting, guest page, page behind the link, SMS."""

import json
from pathlib import Path

import kiosk_appliance
from kiosk_appliance.domain import sms_texts
from kiosk_appliance.settings.declarations import Settings
from kiosk_appliance.settings.declaring import tables_of

PACKAGE = Path(kiosk_appliance.__file__).parent


def test_a_kiosk_can_start_in_every_language_that_it_speaks() -> None:
    declared = {one.key: one for table in tables_of(Settings) for one in table.keys}
    spoken = set(declared["kiosk.language"].terms.kind.choices)
    pages = (PACKAGE / "web/pages/guest").glob("messages.*.js")
    assert spoken == {path.name.split(".")[1] for path in pages}
    assert spoken == set(sms_texts.LANGUAGES)
    for words in ("landing", "nothing"):
        file = PACKAGE / f"core/{words}.json"
        assert spoken == set(json.loads(file.read_text(encoding="utf-8")))
