"""Reading kiosk.toml: where it is looked for, secrets, and the report of every kind of mistake."""

from datetime import time
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.errors import SettingsInvalid
from kiosk_appliance.settings import Address, Loaded, MistakesFound, load, summary

_SWIFT = """\
[storage]
channel = "swift"
auth_url = "https://auth.example/v3"
username = "u"
tenant_name = "t"
region = "GRA"
container = "c"
"""


def _read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Loaded:
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ or {})


def _mistakes(folder: Path, text: str, environ: dict[str, str] | None = None) -> MistakesFound:
    with pytest.raises(MistakesFound) as caught:
        _read(folder, text, environ)
    assert isinstance(caught.value, SettingsInvalid)
    return caught.value


def _report(folder: Path, text: str) -> str:
    return _mistakes(folder, text).detail.replace(f"{folder}/", "")


def _secret(folder: Path, name: str, text: str = "s3cret\n") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


# Where the file is found ------------------------------------------------------------------------


def test_the_named_file_wins_over_the_environment(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[kiosk]\nname = "a"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('[kiosk]\nname = "b"\n', encoding="utf-8")
    environ = {"KIOSK_CONFIG": str(tmp_path / "b.toml")}
    assert load(tmp_path / "a.toml", environ).settings.kiosk.name == "a"
    loaded = load(None, environ)
    assert loaded.settings.kiosk.name == "b"
    assert loaded.source == tmp_path / "b.toml"


def test_a_named_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    for path, environ in (
        (tmp_path / "no.toml", {}),
        (None, {"KIOSK_CONFIG": str(tmp_path / "no.toml")}),
    ):
        with pytest.raises(MistakesFound) as caught:
            load(path, environ)
        assert caught.value.detail == f"{tmp_path}/no.toml: there is no such file\n\n1 mistake"


def test_relative_paths_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = _read(tmp_path, '[log]\nfile = "logs/kiosk.log"\n').settings
    assert settings.log.file == tmp_path / "logs/kiosk.log"
    assert settings.kiosk.data_dir == tmp_path / "var"


def test_windows_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_bytes(b'\xef\xbb\xbf[kiosk]\r\nname = "a"\r\n')
    assert load(file, {}).settings.kiosk.name == "a"
    file.write_bytes(b'[kiosk]\nname = "\xe9t\xe9"\n')
    with pytest.raises(MistakesFound, match=r"not UTF-8 \(line 2\)"):
        load(file, {})


def test_values_are_normalised(tmp_path: Path) -> None:
    loaded = _read(
        tmp_path,
        'listen = { guest = "[::1]:8001", unlimited = ["10.0.0.0/8"] }\n'
        '[sms]\nquiet_hours = "22:00-08:00"\nexpires_after = "2 jours"\ncountries = ["fr", "BE"]\n'
        '[links]\nbase_url = "https://s.example/"\n[backup]\nat = 04:15:00\n'
        '[photo]\nmax_size = "2 Mo"\nformats = ["PNG"]\n',
    )
    settings = loaded.settings
    assert settings.listen.guest == Address("::1", 8001)
    assert settings.listen.unlimited == (ip_network("10.0.0.0/8"),)
    assert settings.sms.quiet_hours is not None
    assert settings.sms.quiet_hours.covers(time(23))
    assert settings.sms.quiet_hours.covers(time(7, 59))
    assert not settings.sms.quiet_hours.covers(time(8))
    assert settings.sms.expires_after == 172_800
    assert settings.sms.countries == ("FR", "BE")
    assert settings.links.base_url == "https://s.example"
    assert settings.backup.at == time(4, 15)
    assert settings.photo.max_size == 2 << 20
    assert settings.photo.formats == ("png",)
    assert loaded.origins["photo.max_size"] == "kiosk.toml"
    assert loaded.origins["photo.quality"] == "default"


# The report -------------------------------------------------------------------------------------


def test_the_report_shows_line_caret_rule_and_suggestion(tmp_path: Path) -> None:
    text = '[photo]\nmax_size = "10 XB"  # big\nqualty = 90\n\n[sms]\nexpires_after = 30\n'
    assert _report(tmp_path, text) == (
        'kiosk.toml:2:12: photo.max_size: "10 XB" is no size\n'
        '    max_size = "10 XB"  # big\n'
        "               ^^^^^^^\n"
        '    allowed: a size between 100 kB and 64 MB, such as "10 MB"\n'
        "\n"
        "kiosk.toml:3:1: photo.qualty: unknown key\n"
        "    qualty = 90\n"
        "    ^^^^^^\n"
        "    did you mean quality?\n"
        "\n"
        "kiosk.toml:6:17: sms.expires_after: 30 is no duration: the unit is missing\n"
        "    expires_after = 30\n"
        "                    ^^\n"
        '    allowed: a duration between 1 s and 30 days, such as "24 h"\n'
        '    write "30 h"\n'
        "\n"
        "3 mistakes"
    )


def test_mistakes_carry_their_parts(tmp_path: Path) -> None:
    found = _mistakes(tmp_path, '[links]\n\tbase_url = "ftp://x"\n').mistakes
    assert len(found) == 1
    assert (found[0].line, found[0].column, found[0].key) == (2, 13, "links.base_url")
    assert found[0].source_line == '\tbase_url = "ftp://x"'
    assert "\n    \t           ^^^^^^^^^\n" in str(found[0])
    assert found[0].headline.endswith('kiosk.toml:2:13: links.base_url: "ftp://x" is no http:// or'
                                      " https:// address")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ("[photo]\nquality = true", "2:11", "true is no whole number", ""),
        ('[photo]\nquality = "90"', "2:11", '"90" is no whole number', "write 90, without quotes"),
        ("[photo]\nquality = 101", "2:11", "101 is out of bounds", "between 30 and 100"),
        ('[photo]\nmax_size = "1 GB"', "2:12", '"1 GB" is out of bounds', "100 kB and 64 MB"),
        ('[photo]\nformats = ["jpg"]', "2:12", '"jpg" is not known here', 'did you mean "jpeg"?'),
        ("[photo]\nformats = []", "2:11", "the list is empty", "at least one of"),
        ('[photo]\nformats = "png"', "2:11", '"png" is no list', 'write ["png"]'),
        ("[kiosk]\nname = 5", "2:8", "5 is no text", 'write it in quotes: "5"'),
        ("[kiosk]\ndata_dir = 5", "2:12", "5 is no path", ""),
        ('[retention]\nenabled = "yes"', "2:11", '"yes" is neither', "write true, without quotes"),
        ('[retention]\nlocal_after_sync = "30"', "2:20", "the unit is missing", 'write "30 days"'),
        ('[sms]\ntext = "Bonjour"', "2:8", "{link} is missing", "with {link} in it"),
        ('[sms]\ntext = "{link} {name}"', "2:8", "{name} means nothing here", "write {link}"),
        ('[sms]\ncountries = ["FR", "XX"]', "2:20", '"XX" is no country code', ""),
        ('[sms]\ncountries = ["France"]', "2:14", "is no country code", 'did you mean "FR"?'),
        ('[sms]\nsender = "SelfieKiosks"', "2:10", "has 12 characters", '"SelfieKiosk"?'),
        ('[sms]\nsender = "Été"', "2:10", "characters that no sender may have", ""),
        ('[sms]\nquiet_hours = "22h"', "2:15", "is no span of hours", '"22:00-08:00"'),
        ('[ovh]\nendpoint = "ovh_eu"', "2:12", "is no known endpoint", 'did you mean "ovh-eu"?'),
        ('[ovh]\nendpoint = "http://api.example/1.0"', "2:12", "plain http", "https://api.example"),
        ('[links]\nbase_url = "s.example"', "2:12", "is no http://", '"https://s.example"?'),
        ('[links]\nbase_url = "https://s.example/?a=1"', "2:12", "has a query", '"https://s.exam'),
        ('[links]\nstyle = "temporay"', "2:9", "is not known here", 'did you mean "temporary"?'),
        ('[listen]\nguest = "8000"', "2:9", "is no address:port", 'write "127.0.0.1:8000"'),
        ('[listen]\nguest = "127.0.0.1:99999"', "2:9", "99999 is no port", ""),
        ('[listen]\nguest = "::1"', "2:9", "is no address:port", 'write "[::1]:8000"'),
        ('[listen]\nguest = "300.0.0.1:80"', "2:9", "is no host name or IP address", ""),
        ('[listen]\nunlimited = ["10.0.0.1/8"]', "2:14", "is no IP address", '"10.0.0.0/8"?'),
        ('[listen]\nallowed_origins = ["https://a.example/x"]', "2:20", "has a path", "a.example"),
        ('[listen]\ntls_key = "k"', "2:1", "missing: tls_key is of no use", ""),
        ('[listen]\nguest = "0.0.0.0:8000"', "2:1", "take the same port twice", ""),
        ('[backup]\nat = "25:00"', "2:6", "is no time of day", ""),
        ('[storage]\nauth_url = "https://a.example"', "2:12", "lacks /v3", '"https://a.example/v3"'),
        ('[photo]\nsender = "x"', "2:1", "unknown key", "this key belongs in [sms]"),
        ('[photo]\nqiet_hours = "x"', "2:1", "unknown key", "did you mean quiet_hours in [sms]?"),
        ("[photos]\nx = 1", "1:1", "unknown table", "did you mean [photo]?"),
        ("[[photo]]\nquality = 90", "1:1", "this table can be there only once", "write [photo]"),
        ("photo = 5", "1:1", "this is a table, not a key", ""),
        ('OVH_APPLICATION_KEY = "x"', "1:1", "unknown key", "this is now [ovh] application_key"),
        ('[storage]\nswift_auth_url = "x"', "2:1", "unknown key", "now [storage] auth_url"),
        ('ADMIN_PASSWORD = "x"', "1:1", "unknown key", "this is now [admin] password_file"),
        ('REDIS_URL = "x"', "1:1", "unknown key", "no longer needed: the outbox"),
        ("max_size = 5", "1:1", "it stands in no table", "this key belongs in [photo] or [log]"),
        ('[admin]\npassword = "x"', "2:1", "does not stand in kiosk.toml", "password_file ="),
        ('[postgres]\nurl = "mysql://u:p@h/d"', "2:7", "does not begin as it must", "postgresql://"),
        ("photo.quality = 5", "1:17", "5 is out of bounds", ""),
        ('photo = { "quality" = 5 }', "1:23", "5 is out of bounds", ""),
    ],
)  # fmt: skip
def test_each_kind_of_mistake(
    tmp_path: Path, text: str, place: str, problem: str, hint: str
) -> None:
    report = _report(tmp_path, text)
    assert report.startswith(f"kiosk.toml:{place}: ")
    assert problem in report.partition("\n")[0]
    assert hint in report
    assert report.endswith("\n\n1 mistake")


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ("[admin]\nsession = 24 h", "2:11", "text must stand in quotation", 'session = "24 h"'),
        ("[kiosk]\nname = kiosk", "2:8", "text must stand in quotation marks", 'name = "kiosk"'),
        ('[kiosk]\nname = "a', "2:8", "the closing quotation mark is missing", 'name = "a"'),
        ("[kiosk]\nname = \u201ca\u201d", "2:8", "no straight one", 'write name = "a"'),
        ('[kiosk]\nname = "a"\nname = "b"', "3:1", "this key is given twice, first on line 2", ""),
        ("[kiosk]\n[photo]\n[kiosk]", "3:1", "this table is given twice, first on line 1", ""),
        ("[photo]\nquality = 3,5", "2:11", "a decimal point, not a comma", "write quality = 3.5"),
        ("[retention]\nenabled = True", "2:11", "neither true nor false", "write enabled = true"),
        ("[kiosk]\nname =", "2:7", "the value is missing", ""),
        ('[kiosk]\nname: "a"', "2:1", "parted by =, not by a colon", 'write name = "a"'),
        ("[kiosk\nname = 'a'", "1:1", "this table header is not closed", "write [kiosk]"),
        ("[kiosk]\nrubbish", "2:1", "neither key = value nor a [table]", ""),
        ("[photo]\nformats = ['png'\nquality = 90", "2:11", "no closing ]", ""),
        ('[kiosk]\nname = """a\nb', "2:8", "never closed", ""),
        ('[kiosk]\ndata_dir = "C:\\kiosk"', "2:12", "a backslash", "data_dir = 'C:\\kiosk'"),
        ('[kiosk]\nname = "a" b', "2:8", "something after the closing quotation mark", ""),
        ("[photo]\nquality = 088", "2:11", "no leading zero", "write quality = 88"),
        ("[kiosk]\nmon nom = 'a'", "2:11", "and no blanks", ""),
    ],
)
def test_broken_toml_is_explained(
    tmp_path: Path, text: str, place: str, problem: str, hint: str
) -> None:
    report = _report(tmp_path, text)
    assert report.startswith(f"kiosk.toml:{place}: ")
    assert problem in report.partition("\n")[0]
    assert hint in report
    assert report.endswith("\n\n1 mistake")


def test_broken_toml_hides_no_further_mistake(tmp_path: Path) -> None:
    text = "[photo]\nquality = 101\nlong_side = 24 00\n[sms\nper_dya = 5\n"
    found = _mistakes(tmp_path, text).mistakes
    assert [(one.line, one.key) for one in found] == [
        (2, "photo.quality"), (3, ""), (4, ""), (5, "sms.per_dya"),
    ]  # fmt: skip


def test_a_channel_without_its_keys_names_each(tmp_path: Path) -> None:
    text = '[sms]\nchannel = "ovh"\n\n[storage]\nchannel = "swift"\nregion = "GRA"\n'
    found = _mistakes(tmp_path, text).mistakes
    assert {one.key: one.line for one in found} == {
        "sms.service_name": 1, "ovh.endpoint": 2, "ovh.application_key": 2,
        "ovh.application_secret": 2, "ovh.consumer_key": 2, "storage.auth_url": 4,
        "storage.username": 4, "storage.password": 4, "storage.tenant_name": 4,
        "storage.container": 4,
    }  # fmt: skip


def test_a_key_that_was_given_wrongly_is_not_called_missing(tmp_path: Path) -> None:
    found = _mistakes(tmp_path, f'{_SWIFT}password = "unclosed\n').mistakes
    assert [one.problem for one in found] == ["the closing quotation mark is missing"]
    found = _mistakes(tmp_path, f'{_SWIFT}password_file = "no"\n').mistakes
    assert [one.key for one in found] == ["storage.password_file"]


# Secrets ----------------------------------------------------------------------------------------


def test_a_secret_from_a_file_loses_its_line_end(tmp_path: Path) -> None:
    _secret(tmp_path, "pw", "s3cret\r\n")
    loaded = _read(tmp_path, f'{_SWIFT}password_file = "pw"\n')
    assert loaded.settings.storage.password is not None
    assert loaded.settings.storage.password.reveal() == "s3cret"
    assert loaded.notes == []


def test_a_secret_that_everybody_can_read_is_a_note(tmp_path: Path) -> None:
    _secret(tmp_path, "pw").chmod(0o644)
    (note,) = _read(tmp_path, f'{_SWIFT}password_file = "pw"\n').notes
    assert (
        note
        == f"{tmp_path}/pw (storage.password) can be read by everybody: chmod 600 {tmp_path}/pw"
    )


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda _: None, "there is no file"),
        (lambda path: path.write_text("\n"), "is empty"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "holds no text"),
        (lambda path: path.write_text("a\nb\n"), "line break"),
        (lambda path: path.write_bytes(b"a" * 70_000), "too large"),
    ],
)
def test_a_bad_secret_file_is_a_mistake(tmp_path: Path, make: object, problem: str) -> None:
    assert callable(make)
    make(tmp_path / "pw")
    report = _report(tmp_path, f'{_SWIFT}password_file = "pw"\n')
    assert report.startswith("kiosk.toml:8:17: storage.password_file: ")
    assert problem in report.partition("\n")[0]


def test_a_secret_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    _secret(tmp_path, "pw")
    assert "can't be read" in _report(tmp_path, f'{_SWIFT}password_file = "pw/below-a-file"\n')


def test_a_secret_in_a_kiosk_toml_that_everybody_can_read_is_a_note(tmp_path: Path) -> None:
    file = _secret(tmp_path, "kiosk.toml", '[admin]\napi_key = "0123456789"\n')
    assert load(file, {}).notes == []
    file.chmod(0o644)
    assert load(file, {}).notes == [
        f"{file} (admin.api_key) can be read by everybody: chmod 600 {file}"
    ]


def test_a_secret_given_twice_is_a_mistake(tmp_path: Path) -> None:
    _secret(tmp_path, "pw")
    report = _report(tmp_path, f'{_SWIFT}password = "a"\npassword_file = "pw"\n')
    assert "only one of the two can hold" in report


def test_credentials_of_the_service_manager(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    _secret(folder, "storage.password", "swift")
    _secret(folder, "password", "correct horse battery")
    _secret(folder, "api_key", "key\n")
    _secret(folder, "consumer-key", "x")
    loaded = _read(tmp_path, _SWIFT, {"CREDENTIALS_DIRECTORY": str(folder)})
    admin, storage = loaded.settings.admin, loaded.settings.storage
    assert storage.password is not None
    assert storage.password.reveal() == "swift"
    assert admin.password is not None
    assert admin.password.reveal() == "correct horse battery"
    assert admin.api_key is not None
    assert admin.api_key.reveal() == "key"
    assert loaded.origins["admin.api_key"] == "credential"
    assert loaded.notes == [
        "the credential consumer-key is not used; did you mean ovh.consumer_key?"
    ]


def test_a_bare_credential_serves_one_key_only(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    _secret(folder, "password", "correct horse battery")
    environ = {"CREDENTIALS_DIRECTORY": str(folder)}
    swift = _read(tmp_path, _SWIFT, environ).settings
    assert swift.storage.password is not None
    assert swift.admin.password is None
    plain = _read(tmp_path, "", environ).settings
    assert plain.storage.password is None
    assert plain.admin.password is not None


def test_the_file_wins_over_a_credential(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    _secret(folder, "api_key", "other")
    environ = {"CREDENTIALS_DIRECTORY": str(folder)}
    loaded = _read(tmp_path, '[admin]\napi_key = "mine"\n', environ)
    assert loaded.settings.admin.api_key is not None
    assert loaded.settings.admin.api_key.reveal() == "mine"
    assert "the credential api_key is not used: another value comes first" in loaded.notes


@pytest.mark.parametrize(
    "text",
    [
        'OVH_APPLICATION_SECRET = "hunter2hunter2"',
        '[ovh]\naplication_secret = "hunter2hunter2"',
        '[ovh]\napplication_secret = "hunter2hunter2',
        "[ovh]\napplication_secret = hunter2hunter2",
        "[ovh]\napplication_secret = \u201chunter2hunter2\u201d",
        'ovh = { application_secret = "hunter2hunter2", endpoint = 5 }',
        'storage = { password = "hunter2hunter2", region = 5',
        '[ovh]\napplication_secret = """\nhunter2hunter2\nx"""',
        "[storage]\npassword: hunter2hunter2",
        "[storage]\npassword hunter2hunter2",
        "[links]\nbase_url = https://me:hunter2hunter2@s.example",
        '[admin]\npassword = "hunter2hunter2"',
        '[links]\nbase_url = "https://me:hunter2hunter2@s.example"',
        '[links]\nbase_url = "ftp://me:hunter2hunter2@s.example"',
        '[postgres]\nurl = "mysql://me:hunter2hunter2@db"',
        '[storage]\npassword = ["hunter2hunter2"]',
    ],
)
def test_no_report_holds_a_secret(tmp_path: Path, text: str) -> None:
    error = _mistakes(tmp_path, text)
    assert "hunter2" not in error.detail
    assert "hunter2" not in repr(error.mistakes)


# Notes and summary ------------------------------------------------------------------------------


def test_what_would_be_ignored_is_noted(tmp_path: Path) -> None:
    notes = _read(
        tmp_path,
        '[storage]\nregion = "GRA"\n[ovh]\nendpoint = "ovh-eu"\n'
        '[listen]\nguest = "0.0.0.0:9000"\n[guest]\ngoogle_review_enabled = true\n',
    ).notes
    assert notes == [
        '[storage] region not used: [storage] channel is "directory"',
        '[ovh] endpoint not used: [sms] channel is "file"',
        "listen.guest is 0.0.0.0:9000: everybody on that network can open the guest page",
        "guest.google_review_enabled does nothing without google_review_url",
    ]


def test_the_summary_shows_what_differs_and_where_from(tmp_path: Path) -> None:
    _secret(tmp_path, "key", "k" * 32)
    text = '[photo]\nquality = 90\nlong_side = 2400\n[admin]\napi_key_file = "key"\n'
    assert summary(_read(tmp_path, text)) == (
        f"{tmp_path}/kiosk.toml: good\n"
        "  admin.api_key = set (32 characters)  (kiosk.toml)\n"
        "  photo.quality = 90                   (kiosk.toml)"
    )


# Robustness -------------------------------------------------------------------------------------


def test_deep_nesting_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    assert "nested too deeply" in _report(tmp_path, f"x = {'[' * 20_000}")


_PIECES = st.sampled_from(
    ["[photo]", "[sms", "[[x]]", "quality", "text", "=", " ", "\n", '"', "'", '"""', "[", "]", "{",
     "}", ",", ".", "#", "5", "true", "é", "\t", "\\", "{link}", "password", "\x00", "\r"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_no_file_is_answered_with_anything_but_a_report(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        _read(folder, text)
    except MistakesFound as error:
        assert error.mistakes  # noqa: PT017 -- either end is good
