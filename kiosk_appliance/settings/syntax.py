"""TOML that may be broken: what can be read of it, and a plain sentence about each break.

A broken statement is reported and left out, and the rest is read on, so that one run shows all
mistakes. Knows no setting.
"""

import re
import tomllib
from dataclasses import dataclass, field

from kiosk_appliance.settings.locator import Route, line_and_column, locate

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_ASSIGNMENT = re.compile(r"""(\s*)([\w."'-]+(?:[ \t]+[\w-]+)*)\s*=\s*(.*?)\s*$""")
_HEADER = re.compile(r"\s*(\[{1,2})\s*([\w.-]+)")
_STATEMENT = re.compile(r"""\s*(?:\[{1,2}\s*[A-Za-z_]|[\w."'-]+\s*=)""")
_LONG_VALUE = re.compile(r"""[^=]*=\s*(?:\[|\{|\"{3}|'{3})""")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]")
_WORDS = {"yes": "true", "oui": "true", "on": "true", "true": "true"}
_WORDS |= {"no": "false", "non": "false", "off": "false", "false": "false"}
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Break:
    """Why a statement can't be read. Line and column count from 1."""

    line: int
    column: int
    width: int
    problem: str
    suggestion: str = ""


@dataclass(slots=True)
class Parsed:
    """What could be read; `text` has the broken statements blanked, line for line.

    `lost` names the keys that stood in them, so that nobody calls those missing.
    """

    document: dict[str, object]
    text: str
    breaks: list[Break] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


def parse(text: str) -> Parsed:
    """Return what can be read of a text with plain line ends; raises nothing."""
    parsed = Parsed({}, text)
    lines = text.split("\n")
    for _ in range(_ROUNDS):
        parsed.text = "\n".join(lines)
        try:
            parsed.document = tomllib.loads(parsed.text)
        except RecursionError:
            parsed.breaks.append(Break(1, 1, 1, "lists are nested too deeply to be read"))
            break
        except tomllib.TOMLDecodeError as error:
            line, column = _place(str(error), lines)
            first = _first_line(lines, line)
            parsed.breaks.append(_explained(str(error), lines, first, line, column))
            _leave_out(lines, first, line, parsed.lost)
        else:
            return parsed
    parsed.text = ""
    return parsed


def _place(message: str, lines: list[str]) -> tuple[int, int]:
    match = _PLACE.search(message)
    if match is None or match[1] is None:
        return len(lines), len(lines[-1]) + 1
    return int(match[1]), int(match[2])


def _first_line(lines: list[str], line: int) -> int:
    """Return the line on which the statement begins that broke on `line`."""
    return next((first for first in range(line, 1, -1) if _parses(lines[: first - 1])), 1)


def _parses(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _leave_out(lines: list[str], first: int, last: int, lost: set[str]) -> None:
    """Blank a broken statement; a table header is mended, so that its keys keep their table."""
    header = _HEADER.match(lines[first - 1])
    if header and _parses([*lines[: first - 1], f"[{header[2]}]"]):
        lines[first - 1] = f"[{header[2]}]"
        return
    end = first
    if header:
        # It can't be kept, and its keys would seem to be of the table before it.
        while end < len(lines) and not _HEADER.match(lines[end]):
            end += 1
    elif last > first or _LONG_VALUE.match(lines[first - 1]):
        while end < len(lines) and not _STATEMENT.match(lines[end]):
            end += 1
    for index in range(first - 1, end):
        lost.update(re.findall(r"[\w-]+", lines[index].partition("=")[0]))
        lines[index] = ""


def _explained(message: str, lines: list[str], first: int, line: int, column: int) -> Break:
    source = lines[first - 1]
    if message.startswith(("Cannot", "Duplicate")):
        return _given_twice(lines, first)
    curly = _CURLY.search(source)
    if curly:
        straight = _CURLY.sub('"', source).strip()
        return Break(
            first,
            curly.start() + 1,
            1,
            "this quotation mark is no straight one",
            f"write {straight}",
        )
    match = _ASSIGNMENT.match(source)
    if match is None:
        return _no_assignment(source, first)
    at = match.start(3) + 1
    key, value = match[2], match[3]
    problem, suggestion = _value_problem(message, key, value)
    if problem:
        return Break(first, at, max(1, len(value)), problem, suggestion)
    if line != first:
        return Break(first, at, len(value), _unclosed(value))
    plain = _PLACE.sub("", message)
    return Break(line, column, 1, f"this is no TOML: {plain[0].lower()}{plain[1:]}")


def _value_problem(message: str, key: str, value: str) -> tuple[str, str]:
    """Return what is wrong with a value on one line and what to write; empty when unknown."""
    bare = value.partition("#")[0].strip()
    if " " in key or not key.isascii():
        return "a key has letters without accents, digits, _ and -, and no blanks", ""
    if not bare:
        return "the value is missing", ""
    if bare[0] in "\"'":
        return _string_problem(message, key, bare)
    if bare[0] in "[{":
        return (_unclosed(bare), "") if "Unclosed" in message else ("", "")
    return _bare_problem(key, bare)


def _string_problem(message: str, key: str, bare: str) -> tuple[str, str]:
    if "Unescaped" in message:
        inner = bare.strip("\"'")
        return "a backslash in double quotes needs a second one", f"write {key} = '{inner}'"
    if "Illegal character" in message or "Unterminated" in message:
        if bare.startswith(('"""', "'''")):
            return "", ""
        return "the closing quotation mark is missing", f"write {key} = {bare}{bare[0]}"
    return "there is something after the closing quotation mark", ""


def _bare_problem(key: str, bare: str) -> tuple[str, str]:
    if re.fullmatch(r"[+-]?\d+,\d+", bare):
        return (
            "a number has a decimal point, not a comma",
            f"write {key} = {bare.replace(',', '.')}",
        )
    if bare.lower() in _WORDS:
        return f"{bare} is neither true nor false", f"write {key} = {_WORDS[bare.lower()]}"
    if re.fullmatch(r"0\d+", bare):
        return "a number has no leading zero", f"write {key} = {int(bare)}"
    return "text must stand in quotation marks", f'write {key} = "{bare.strip(chr(34))}"'


def _unclosed(value: str) -> str:
    if value.startswith("["):
        return "the list has no closing ], or no comma between two entries"
    if value.startswith("{"):
        return "the braces are not closed on the same line, or a comma is missing"
    return "the text that begins here is never closed"


def _no_assignment(source: str, line: int) -> Break:
    stripped = source.strip()
    column = len(source) - len(source.lstrip()) + 1
    width = max(1, len(stripped))
    if stripped.startswith("["):
        name = stripped.strip("[] ")
        return Break(line, column, width, "this table header is not closed", f"write [{name}]")
    colon = re.match(r"([\w.-]+)\s*:\s*(.+)", stripped)
    if colon:
        problem = "a key and its value are parted by =, not by a colon"
        return Break(line, column, width, problem, f"write {colon[1]} = {colon[2]}")
    return Break(line, column, width, "this is neither key = value nor a [table]")


def _given_twice(lines: list[str], line: int) -> Break:
    before = "\n".join(lines[: line - 1])
    source = lines[line - 1]
    column = len(source) - len(source.lstrip()) + 1
    match = _ASSIGNMENT.match(source)
    what, width = ("key", len(match[2])) if match else ("table", len(source.strip()))
    spots = locate(before)
    # Where a probe lands tells the table that the statement stands in.
    table = next(route for route in locate(f"{before}\n_probe = 1") if route[-1] == "_probe")[:-1]
    route = _route(source) if what == "table" else (*table, *_route(source))
    if route not in spots:
        return Break(line, column, width, f"this {what} contradicts an earlier one")
    first, _ = line_and_column(before, spots[route].key.start)
    hint = "keep one of the two" if what == "key" else "move its keys up to the first one"
    return Break(line, column, width, f"this {what} is given twice, first on line {first}", hint)


def _route(statement: str) -> Route:
    """Return what one line names, without what stands inside its value."""
    if not _parses([statement]):
        return ()
    spots = locate(statement)
    assigned = [route for route, spot in spots.items() if spot.value is not None]
    return min(assigned, key=len) if assigned else max(spots, key=len)
