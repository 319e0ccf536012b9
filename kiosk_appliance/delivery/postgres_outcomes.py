"""What a failure at the central database means for a delivery: one pure function.

Sources: PostgreSQL's table of SQLSTATE codes, and what psycopg raises against a real server
(`tests/unit/delivery/test_postgres_outcomes.py`). Once a connection stands every failure bears a
code. Before that there is only a text, in the server's language: what is not understood of it
pauses the lane where the server has answered, and is an outage where nobody has. Reasons hold
nothing of the address, because a password is part of it.
"""

from collections.abc import Mapping

import psycopg

from kiosk_appliance.domain.delivery import (
    Blame,
    Cause,
    LanePaused,
    NotSent,
    Outcome,
    Refused,
    Transient,
)

TABLE = "kiosk_captures"


class NotConnected(Exception):
    """No connection came about; its cause is what psycopg raised."""


class NoAnswer(Exception):
    """The connection stands, but the answer did not come in time."""


class TableLacking(Exception):
    """The table is missing, or lacks a column, and the user may not change that."""


FAILURES = (psycopg.Error, UnicodeError, NotConnected, NoAnswer, TableLacking)
"""All that a network, a database or an entry's own text can raise."""


def classify(error: Exception) -> Outcome:
    """Return the outcome of a write that ended with `error` (one of FAILURES)."""
    if isinstance(error, NotConnected):
        return _not_connected(error.__cause__)
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state is None:
        return next((one for kind, one in _WITHOUT_STATE if isinstance(error, kind)), _BROKEN_OFF)
    other = Transient(f"The database is out of order ({state}).")
    return _BY_STATE.get(state) or _BY_CLASS.get(state[:2]) or other


_BROKEN_OFF = Transient("The exchange with the database broke off.")
_REFUSED = Refused("The database can't hold what is in this entry.")
_GONE = NotSent("The database is starting up or shutting down.")
_ODD_TABLE = LanePaused(f"The table {TABLE} is not the one that kiosks make: has it been changed?")
_NO_ENTRY = LanePaused(
    "The database does not let the kiosk in: check the user and her rights, and pg_hba.conf."
)
_NO_DATABASE = LanePaused(
    "The database does not exist: create it, or correct its name in [postgres] url."
)
_FULL_UP = NotSent("The database has too many connections.")

_BY_STATE: Mapping[str, Outcome] = {
    # A column of another type or length, or one more that must be filled: no entry will fit.
    "22001": _ODD_TABLE,
    "22P02": _ODD_TABLE,
    "23502": _ODD_TABLE,
    "25006": NotSent("The database can only be read: is it a standby?"),
    "3D000": _NO_DATABASE,
    "42501": LanePaused(
        f"The user may not write: grant it SELECT, INSERT and UPDATE on the table {TABLE}."
    ),
    "53100": LanePaused("The database's disk is full."),
    "53300": _FULL_UP,
    "57014": Transient("The database gave the write up: it took too long."),
    "57P01": _GONE,
    "57P02": _GONE,
    "57P03": _GONE,
    "57P04": _NO_DATABASE,
}
# Our table has no such rules: perhaps somebody's rule fits no entry at all.
_OWN_RULES = Refused("A rule of the database's own refuses this entry.", Blame.UNSURE)
_BY_CLASS: Mapping[str, Outcome] = {
    "08": _BROKEN_OFF,
    "0A": LanePaused("The database can't do what kiosks need: PostgreSQL 10 or later is needed."),
    "22": _REFUSED,
    "23": _OWN_RULES,
    "28": _NO_ENTRY,
    "3F": LanePaused("The schema does not exist: create it, or correct [postgres] url."),
    "42": _ODD_TABLE,
    "44": _OWN_RULES,
    "53": NotSent("The database has no memory or room left for now."),
    "P0": _OWN_RULES,
}
_WITHOUT_STATE: tuple[tuple[type[Exception], Outcome], ...] = (
    (
        TableLacking,
        LanePaused(
            f"The table {TABLE} is missing or too old, and the user may not change that: "
            "grant CREATE on its schema, or let the table's owner make it."
        ),
    ),
    (NoAnswer, Transient("The database did not answer in time.")),
    # psycopg itself writes no NUL and no half of a character.
    (psycopg.DataError, _REFUSED),
    (UnicodeError, _REFUSED),
)


def _not_connected(error: BaseException | None) -> Outcome:
    """Judge a connection that did not come about: nothing of the entry has left."""
    said = str(error).lower()
    # psycopg reads the address before it goes anywhere; what is wrong in it has no code.
    if isinstance(error, psycopg.ProgrammingError) or "connection is bad: invalid" in said:
        return LanePaused("[postgres] url can't be read as the address of a PostgreSQL database.")
    for words, outcome in _ANSWERS:
        if all(word in said for word in words):
            return outcome
    for word, in_words, cause in _CAUSES:
        if word in said:
            return NotSent(f"The database can't be reached: {in_words}.", cause)
    return NotSent("The database can't be reached: no connection comes about.")


_WRONG_PASSWORD = LanePaused(
    "The database refuses the log-in: check the user and the password in [postgres] url."
)
_SOMEBODY_ELSE = NotSent(
    "The database did not answer, something else did: a captive portal, or another port?",
    Cause.PORTAL,
)
# What a server says that does answer, the most telling first.
_ANSWERS: tuple[tuple[tuple[str, ...], Outcome], ...] = (
    (("password authentication failed",), _WRONG_PASSWORD),
    (("no password supplied",), _WRONG_PASSWORD),
    (("fatal:", 'role "', "does not exist"), _WRONG_PASSWORD),
    (("fatal:", 'database "', "does not exist"), _NO_DATABASE),
    (("too many clients",), _FULL_UP),
    (("too many connections",), _FULL_UP),
    (("connection slots are reserved",), _FULL_UP),
    (("fatal:", "starting up"), _GONE),
    (("fatal:", "shutting down"), _GONE),
    (("fatal:", "recovery mode"), _GONE),
    (("fatal:", "not yet accepting"), _GONE),
    (("fatal:", "terminating connection"), _GONE),
    (
        ("root certificate file",),
        LanePaused("[postgres] url asks for a certificate: add sslrootcert=system to it."),
    ),
    (
        ("does not support ssl",),
        LanePaused("[postgres] url asks for TLS, and the database has none."),
    ),
    (("fatal:",), _NO_ENTRY),
    (("invalid response to ssl negotiation",), _SOMEBODY_ELSE),
    (("expected authentication request",), _SOMEBODY_ELSE),
    (("is read-only",), NotSent("The database can only be read: is it a standby?")),
    (("in hot standby mode",), NotSent("The database can only be read: is it a standby?")),
)
_CAUSES = (
    ("failed to resolve", "its name can't be resolved", Cause.NETWORK),
    ("unreachable", "there is no way to it", Cause.NETWORK),
    ("no route to host", "there is no way to it", Cause.NETWORK),
    (
        "certificate verify failed",
        "its certificate is not accepted; a portal, or a wrong clock?",
        Cause.PORTAL,
    ),
    ("does not match host name", "its certificate is another host's; a portal?", Cause.PORTAL),
    ("ssl error", "no secure connection comes about", Cause.PROVIDER),
    ("connection refused", "the connection was refused", Cause.PROVIDER),
    ("timeout expired", "no answer in time", Cause.PROVIDER),
    ("closed the connection", "the connection was cut", Cause.PROVIDER),
    ("reset by peer", "the connection was cut", Cause.PROVIDER),
)
