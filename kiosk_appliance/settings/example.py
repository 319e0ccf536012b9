"""kiosk.toml.example, rendered from the declarations: every key at its default, commented out.

`python -m kiosk_appliance.settings.example` prints it. Knows no file.
"""

import sys
from collections.abc import Iterator

from kiosk_appliance.settings.declarations import TABLES
from kiosk_appliance.settings.declaring import Declaration

_HEAD = """\
# kiosk.toml: the settings of this kiosk.
#
# Every key stands here at its default. Take the "# " away before a key to change it, save, then:
#
#   kiosk-appliance check             says what is wrong, with the line
#   systemctl reload kiosk-appliance  takes the change; the log names what waits for a restart
#
# Durations and sizes have a unit: "45 s", "24 h", "30 days", "500 kB", "10 MB".
# A relative path counts from the folder of this file. A secret stands best in a file of its own,
# readable by the appliance only; `password_file = ...` says where.
"""


def render_example() -> str:
    """Return the whole file; valid TOML as it stands and with every key uncommented."""
    blocks = [_HEAD]
    for table in TABLES.values():
        lines = [f"# {table.intro}", f"[{table.name}]"]
        for declaration in table.keys:
            lines += ["", *_key(declaration)]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _key(declaration: Declaration) -> Iterator[str]:
    terms = declaration.terms
    yield f"## {terms.help}"
    remarks = [] if declaration.secret else [declaration.allowed.partition(", such as")[0]]
    if terms.optional:
        remarks.append("not set by default")
    if terms.needs_restart and declaration.table != "listen":
        remarks.append("a change needs a restart")
    if terms.admin_may_change:
        remarks.append("the admin page may change it")
    if remarks:
        yield f"## {_sentence('; '.join(remarks))}"
    yield f"# {declaration.name}{_assigned(declaration)}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _assigned(declaration: Declaration) -> str:
    if declaration.secret:
        name = f"{declaration.table}-{declaration.name.replace('_', '-')}"
        return f'_file = "/etc/kiosk-appliance/{name}"'
    terms = declaration.terms
    value = terms.example if terms.default is None else terms.kind.show(terms.default)
    return f" = {value}"


if __name__ == "__main__":
    sys.stdout.write(render_example())
