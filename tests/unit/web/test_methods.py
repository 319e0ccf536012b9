"""What each path takes, and the one spelling of a path."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.web.methods import Methods, normal

METHODS = Methods(
    [
        ("/", {"GET"}),
        ("/api/capture", {"POST"}),
        ("/api/download/{key:str}", {"GET"}),
        ("/api/download/{token:str}", {"DELETE"}),
        ("/api/backgrounds", {"GET"}),
        ("/api/backgrounds/{background_id:str}/file", {"GET"}),
        ("/static/{path:path}", {"GET"}),
        ("/admin/{x:str}", {"GET"}),
        ("/admin/{x:str}", {"PUT", "DELETE"}),
    ]
)


def taken(path: str) -> set[str]:
    known = METHODS.of(path)
    return set(known.methods) if known else set()


def test_methods_of_several_handlers_are_one_set() -> None:
    assert taken("/admin/config") == {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}


def test_head_goes_with_get_and_options_with_all() -> None:
    assert taken("/") == {"GET", "HEAD", "OPTIONS"}
    assert taken("/api/capture") == {"POST", "OPTIONS"}


def test_parameters_take_one_segment_and_paths_all() -> None:
    assert taken("/api/backgrounds/x/file")
    assert not taken("/api/backgrounds/x/y/file")
    assert not taken("/api/backgrounds/x")
    assert taken("/static/guest/deep/file.js")


def test_unknown_paths_and_templates_take_nothing() -> None:
    for path in ("/nothing", "/api", "/api/capture/x", "/api/download/{key:str}/x", "", "*"):
        assert not taken(path), path


def test_templates_bear_names_only() -> None:
    known = METHODS.of("/api/backgrounds/x/file")
    assert known is not None
    assert known.template == "/api/backgrounds/{background_id}/file"


@given(st.text(st.sampled_from("/ab"), max_size=20))
def test_normal_paths_have_single_slashes_and_stay(path: str) -> None:
    found = normal(path)
    assert "//" not in found
    assert found == "/" or not found.endswith("/")
    assert normal(found) == found
    assert found.replace("/", "") == path.replace("/", "")
