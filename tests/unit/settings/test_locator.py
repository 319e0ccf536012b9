"""The locator against Python's own parser: whatever it points at must mean what the parser read."""

import tomllib
from datetime import date, datetime, time
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.settings.kinds import quoted
from kiosk_appliance.settings.locator import Route, Span, line_and_column, locate

_NAMES = st.one_of(
    st.text("abz_-09", min_size=1, max_size=4),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=4),
)


def _key(name: str, *, literal: bool) -> str:
    if name and name.isascii() and name.replace("-", "_").isidentifier():
        return name
    if literal and "'" not in name and name.isprintable():
        return f"'{name}'"
    return _basic(name)


def _basic(text: str) -> str:
    return "".join(
        f"\\u{ord(char):04x}" if (ord(char) < 32 and char != "\t") or ord(char) == 127 else char
        for char in quoted(text)
    )


_SCALARS = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.booleans().map(lambda flag: "true" if flag else "false"),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(
        [
            "1979-05-27 07:32:00",
            "1979-05-27",
            "07:32:00",
            "1979-05-27T07:32:00.5Z",
            "0xff",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")).map(_basic),
    st.sampled_from(["'a # b'", "''", "''''' '''''", '"""\n a ""] \\" x\n"""""', "'''\n[a]\n'''"]),
)
_GAPS = st.sampled_from(["", " ", "\t", "  "])
_BREAKS = st.sampled_from(["", " ", "\n", " # no ] = here\n", "\n\n\t"])


def _array(items: list[str], gaps: list[str], *, trailing: bool) -> str:
    if not items:
        return f"[{gaps[0]}]"
    comma = "," if trailing else ""
    body = ",".join(f"{gaps[i % len(gaps)]}{item}" for i, item in enumerate(items))
    return f"[{body}{gaps[-1]}{comma}{gaps[0]}]"


def _inline(items: dict[str, str], gap: str) -> str:
    pairs = (f"{gap}{_key(name, literal=True)}{gap}={gap}{value}" for name, value in items.items())
    return "{" + f"{gap},".join(pairs) + gap + "}"


_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.builds(
            _array,
            st.lists(inner, max_size=3),
            st.lists(_BREAKS, min_size=1, max_size=3),
            trailing=st.booleans(),
        ),
        st.builds(_inline, st.dictionaries(_NAMES, inner, max_size=3), _GAPS),
    ),
    max_leaves=8,
)


@st.composite
def _assignments(draw: st.DrawFn, prefix: str) -> list[str]:
    lines = []
    for name in draw(st.lists(_NAMES, unique=True, max_size=4)):
        gap = draw(_GAPS)
        dotted = _key(f"{prefix}{name}", literal=draw(st.booleans()))
        if draw(st.booleans()):
            dotted = f"{dotted}{gap}.{gap}{_key(draw(_NAMES), literal=True)}"
        comment = draw(st.sampled_from(["", "# [not] a = table", " #"]))
        lines.append(f"{gap}{dotted}{gap}={gap}{draw(_VALUES)} {comment}")
        lines.extend(draw(st.sampled_from([[], [""], ["# x = 1"]])))
    return lines


@st.composite
def _documents(draw: st.DrawFn) -> str:
    lines = draw(_assignments("top"))
    for index, name in enumerate(draw(st.lists(_NAMES, unique=True, max_size=3))):
        gap = draw(_GAPS)
        header = f"{gap}{_key(f't{index}{name}', literal=True)}{gap}"
        if draw(st.booleans()):
            lines += [f"[{header}]", *draw(_assignments(""))]
            lines += [f"[{header}.{_key(f'_sub{name}!', literal=True)}]{gap}", "x = 1"]
        else:
            for _ in range(draw(st.integers(1, 3))):
                lines += [f"[[{header}]]{gap}# y", *draw(_assignments(""))]
                lines += [f"[{header}.'_sub!']", "x = [1]"]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


def _everything(value: object, route: Route = ()) -> dict[Route, object]:
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found: dict[Route, object] = {route: value} if route else {}
    for name, child in children:
        found |= _everything(child, (*route, name))
    return found


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


@given(_documents())
def test_every_spot_means_what_the_parser_read(text: str) -> None:
    expected = _everything(tomllib.loads(text))
    spots = locate(text)
    assert set(spots) == set(expected)
    for route, spot in spots.items():
        if spot.value is not None:
            assert tomllib.loads(f"x = {_cut(text, spot.value)}")["x"] == expected[route]
        key = _cut(text, spot.key)
        if isinstance(route[-1], str) and not key.startswith("["):
            assert list(tomllib.loads(f"{key} = 1")) == [route[-1]]


def test_types_of_python_are_those_of_the_document() -> None:
    text = "a = 1979-05-27 07:32:00\nb = [1979-05-27, 07:32:00]"
    spots = locate(text)
    for route, kind in ((("a",), datetime), (("b", 0), date), (("b", 1), time)):
        value = cast("Span", spots[route].value)
        assert isinstance(tomllib.loads(f"x = {_cut(text, value)}")["x"], kind)


def test_a_value_is_found_by_line_and_column() -> None:
    text = '[photo]\n  "max_size" = "10 XB" # big\n'
    spot = locate(text)["photo", "max_size"]
    assert spot.value is not None
    assert line_and_column(text, spot.key.start) == (2, 3)
    assert line_and_column(text, spot.value.start) == (2, 16)
    assert _cut(text, spot.value) == '"10 XB"'


def test_a_table_is_shown_at_its_own_header() -> None:
    text = "[a.b]\nx = 1\n[a]\ny = 2\n"
    assert line_and_column(text, locate(text)["a",].key.start) == (3, 1)
    assert _cut(text, locate(text)["a", "b"].key) == "[a.b]"
