"""What `kiosk-appliance check` says about settings that hold: the file, and what differs.

Shows no secret. Knows no TOML text.
"""

from kiosk_appliance.settings.declarations import DECLARATIONS
from kiosk_appliance.settings.reading import DEFAULT, Loaded


def summary(loaded: Loaded) -> str:
    """Return the file, each key that is not at its default with its origin, and the notes."""
    head = "no kiosk.toml: embedded defaults" if loaded.source is None else f"{loaded.source}: good"
    rows = []
    for key, declaration in DECLARATIONS.items():
        value = getattr(getattr(loaded.settings, declaration.table), declaration.name)
        origin = loaded.origins[key]
        if origin != DEFAULT and value != declaration.terms.default:
            waits = "; a change takes a restart" if declaration.terms.needs_restart else ""
            rows.append((f"{key} = {declaration.terms.kind.show(value)}", f"{origin}{waits}"))
    width = max((len(shown) for shown, _ in rows), default=0)
    lines = [f"  {shown:<{width}}  ({origin})" for shown, origin in rows]
    notes = [f"note: {note}" for note in (*loaded.notes, *loaded.pending)]
    return "\n".join([head, *(lines or ["  every setting is at its default"]), *notes])
