"""Erasing one capture, one person, and whatever has become too old."""

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from kiosk_appliance.core.identity import Caller
from kiosk_appliance.core.persons import Progress
from kiosk_appliance.domain.audit import Action
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.admin.forms import CleanedUp, ErasureOrdered, Person
from kiosk_appliance.web.contract import erasing as described_erasing
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_person = msgspec.json.Decoder(Person)


@delete("/captures/{capture_id:str}", opt=described_erasing.CAPTURE)
async def delete_capture(
    request: AnyRequest,
    capture_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    caller: NamedDependency[Caller],
) -> None:
    """Erase a capture here at once, and everywhere else as soon as possible."""
    queries.only(request, ())
    await kiosk.erasing.erase(capture_id, caller.actor, Action.DELETE)


@post("/erase", status_code=202, opt=described_erasing.PERSON)
async def erase_person(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> ErasureOrdered:
    """Erase every capture of one person, everywhere."""
    queries.only(request, ())
    person = await bodies.read_json(request, _person)
    if person.phone is not None and person.email is None:
        ordered = await kiosk.persons.erase_phone(person.phone, caller.actor)
    elif person.email is not None and person.phone is None:
        ordered = await kiosk.persons.erase_email(person.email, caller.actor)
    else:
        raise InvalidRequest.field("body", "Give exactly one of phone and email.")
    return ErasureOrdered(ordered.captures, ordered.id)


@get("/erasures/{erasure_id:str}", opt=described_erasing.PROGRESS)
async def erasure(
    request: AnyRequest, erasure_id: FromPath[str], kiosk: NamedDependency[UseCases]
) -> Progress:
    """Say how far the erasure of a person has come; nothing personal."""
    queries.only(request, ())
    return await kiosk.persons.progress(erasure_id)


@post("/cleanup", status_code=202, opt=described_erasing.CLEANUP)
async def clean_up(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> CleanedUp:
    """Erase whatever is too old now."""
    queries.only(request, ())
    erased = await kiosk.retention.clean_up()
    await kiosk.auditing.note(caller.actor, Action.CLEANUP, detail=f"{erased} captures erased")
    return CleanedUp(erased)


HANDLERS = (delete_capture, erase_person, erasure, clean_up)
