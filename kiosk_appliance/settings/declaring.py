"""How a setting is declared: one line that reading, the example file and the messages share.

Knows no particular setting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TypeVar, cast

from kiosk_appliance.settings.kinds import Kind

T = TypeVar("T")
TableT = TypeVar("TableT")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is declared of a key besides its name; `default` is None for none."""

    kind: Kind[object]
    help: str
    default: object
    optional: bool
    sources: tuple[str, ...]
    admin_may_change: bool
    needs_restart: bool
    example: str
    only_as_file: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """One key with its place: `photo` and `max_size`."""

    table: str
    name: str
    terms: Terms

    @property
    def key(self) -> str:
        """Return `photo.max_size`."""
        return f"{self.table}.{self.name}"

    @property
    def secret(self) -> bool:
        """Say whether its value is never printed."""
        return self.terms.kind.secret

    @property
    def allowed(self) -> str:
        """Return what is allowed, with an example where the rule has none of its own."""
        rule = self.terms.kind.allowed()
        if self.secret or "such as" in rule or self.terms.kind.choices:
            return rule
        example = self.terms.example or (
            "" if self.terms.default is None else self.terms.kind.show(self.terms.default)
        )
        return f"{rule}, such as {example}" if example and len(example) < 30 else rule  # noqa: PLR2004 -- one line


@dataclass(frozen=True, slots=True)
class TableDeclaration:
    """One table of the file: its name, a line about it, its keys in order."""

    name: str
    kind: type
    intro: str
    keys: tuple[Declaration, ...]


def key(
    kind: Kind[T],
    default: object,
    help: str,  # noqa: A002 -- it is the word for it
    *,
    source: str = "",
    admin: bool = False,
    restart: bool = False,
    example: str = "",
) -> T:
    """Declare a key that always has a value; `default` as it would stand in the file.

    `source` holds the names in the source documents, `admin` says that the admin page may change
    it, `restart` that a reload does not, `example` is TOML for keys without a telling default.
    """
    value = kind.read(default)
    terms = Terms(
        cast("Kind[object]", kind), help, value, optional=False, sources=tuple(source.split()),
        admin_may_change=admin, needs_restart=restart, example=example, only_as_file=False,
    )  # fmt: skip
    # A dataclass field stands where a checker sees the value, as with every field specifier.
    return field(default=value, metadata={"terms": terms})


def unset(
    kind: Kind[T],
    help: str,  # noqa: A002 -- it is the word for it
    *,
    source: str = "",
    admin: bool = False,
    restart: bool = False,
    example: str = "",
    only_as_file: bool = False,
) -> T | None:
    """Declare a key that has no value unless somebody gives one.

    `only_as_file`: a secret that is never written into kiosk.toml itself.
    """
    terms = Terms(
        cast("Kind[object]", kind), help, None, optional=True, sources=tuple(source.split()),
        admin_may_change=admin, needs_restart=restart, example=example, only_as_file=only_as_file,
    )  # fmt: skip
    return field(default=None, metadata={"terms": terms})


def table(kind: type[TableT]) -> TableT:
    """Declare a table; its class's docstring is the line that introduces it."""
    return field(default_factory=kind)


def tables_of(settings: type) -> Iterator[TableDeclaration]:
    """Yield the tables that a settings class declares, in order."""
    for each in fields(settings):
        kind = each.type
        if not isinstance(kind, type) or not is_dataclass(kind):
            raise TypeError(f"{each.name} is no table")
        keys = (Declaration(each.name, one.name, one.metadata["terms"]) for one in fields(kind))
        intro = (kind.__doc__ or "").partition("\n")[0]
        yield TableDeclaration(each.name, kind, intro, tuple(keys))


def absolute(value: object, folder: Path) -> object:
    """Return a path made absolute from a folder; anything else as it is."""
    return folder / value if isinstance(value, Path) else value
