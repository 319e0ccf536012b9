"""Trying the providers: one SMS to a number, one object into the storage and out again."""

import msgspec
from litestar import post
from litestar.di import NamedDependency

from kiosk_appliance.core.trials import Trial
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.admin.forms import TrialSms
from kiosk_appliance.web.contract import care as described_care
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_sms = msgspec.json.Decoder(TrialSms)


@post("/test/sms", status_code=200, opt=described_care.TRY_SMS)
async def try_sms(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Trial:
    """Send an SMS now, past the outbox; a provider's failure is an answer."""
    queries.only(request, ())
    body = await bodies.read_json(request, _sms)
    return await kiosk.trials.sms(body.phone)


@post("/test/storage", status_code=200, opt=described_care.TRY_STORAGE)
async def try_storage(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Trial:
    """Write, read back, compare and remove an object; a provider's failure is an answer."""
    queries.only(request, ())
    return await kiosk.trials.storage()


HANDLERS = (try_sms, try_storage)
