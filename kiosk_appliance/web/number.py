"""`POST /guest/number`: why no SMS would reach a number, while it is still on the guest's pad.

In the body, since addresses stand in logs; nothing is kept, and a wrong number fails no request.
"""

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency

from kiosk_appliance.errors import NumberReason
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


class Typed(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What stands on the pad."""

    phone: str


class Verdict(msgspec.Struct, frozen=True):
    """Null where an SMS can be tried."""

    refusal: NumberReason | None


_typed = msgspec.json.Decoder(Typed)


@post("/guest/number", status_code=200, include_in_schema=False)
async def number(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[Verdict]:
    """Say what is wrong with a number, if anything is."""
    queries.only(request, ())
    typed = await bodies.read_json(request, _typed, bodies.A_LINE)
    verdict = Verdict(kiosk.texting.refusal(typed.phone))
    return Response(verdict, headers={"Cache-Control": "no-store"})


HANDLERS = (number,)
