"""Names that mean no setting, and what was probably meant by them.

Knows every key, its table and its names in the source documents; knows no file.
"""

from collections.abc import Iterator

from kiosk_appliance.settings.declarations import DECLARATIONS, TABLES
from kiosk_appliance.settings.declaring import Declaration, TableDeclaration
from kiosk_appliance.settings.kinds import nearest

# Settings of the source documents that have no home here, and why.
_GONE = {
    "SECRET_KEY": "no longer needed: a random key is made at the first start",
    "ALGORITHM": "no longer needed: tokens are always signed with HS256",
    "REDIS_URL": "no longer needed: the outbox is a table of the database",
    "REDIS_QUEUE_NAME": "no longer needed: the outbox is a table of the database",
}
_SOURCES = {name: one for one in DECLARATIONS.values() for name in one.terms.sources}


def names_in(table: TableDeclaration) -> Iterator[tuple[str, Declaration]]:
    """Yield every name that a table may hold, the `_file` twins of secrets too."""
    for declaration in table.keys:
        if not declaration.terms.only_as_file:
            yield declaration.name, declaration
        if declaration.secret:
            yield f"{declaration.name}_file", declaration


def meant_by(name: str, table: TableDeclaration | None) -> str:
    """Return what to say about an unknown name in a table, or outside of all; perhaps nothing."""
    source = name.upper()
    if source in _GONE:
        return _GONE[source]
    if source in _SOURCES:
        return f"this is now {_home(_SOURCES[source])}"
    if table is not None:
        meant = nearest(name, [one for one, _ in names_in(table)])
        if meant:
            return f"did you mean {meant}?"
    homes: dict[str, list[str]] = {}
    for each in TABLES.values():
        for one, _ in names_in(each):
            homes.setdefault(one, []).append(f"[{each.name}]")
    if name in homes:
        return f"this key belongs in {' or '.join(homes[name])}"
    meant = nearest(name, list(homes))
    return f"did you mean {meant} in {' or '.join(homes[meant])}?" if meant else ""


def _home(declaration: Declaration) -> str:
    tail = "_file" if declaration.terms.only_as_file else ""
    return f"[{declaration.table}] {declaration.name}{tail}"
