"""`POST /api/capture` and `/api/capture-batch`: photos on their way in, one or up to twenty.

A batch is taken one photo at a time, all batches together, and its bodies have room of their own:
whoever stands before the kiosk meanwhile waits for one photo at most, and no place is taken away.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.errors import FieldError, PhotoRefused
from kiosk_appliance.web import bodies, json_form, orders, problems, queries
from kiosk_appliance.web.bodies import Room
from kiosk_appliance.web.contract import taking as described
from kiosk_appliance.web.metrics import Metrics
from kiosk_appliance.web.problems import Problem
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_JSON = "application/json"
_CREATED = 201


class BatchBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of a batch; each capture is read when its turn comes, for itself."""

    captures: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=described.MOST_IN_A_BATCH)]


class BatchResult(msgspec.Struct, frozen=True):
    """What the single call would have answered for one capture of a batch."""

    index: int
    status: int
    body: msgspec.Raw | Problem


class BatchAnswer(msgspec.Struct, frozen=True):
    """The answer of `POST /api/capture-batch`."""

    results: list[BatchResult]


_batch = msgspec.json.Decoder(BatchBody)


class Batches:
    """What all batches share: the memory for their bodies (`most` bytes), and the turn."""

    def __init__(self, most: Callable[[], int]) -> None:
        self.room = Room(most)
        self.turn = asyncio.Lock()


@post("/api/capture", opt=described.TAKE)
async def take_capture(
    request: AnyRequest,
    kiosk: NamedDependency[UseCases],
    room: NamedDependency[Room],
    metrics: NamedDependency[Metrics],
) -> Response[bytes]:
    """Take a photo in; `201` once it is durable."""
    kiosk.presence.note()
    await kiosk.capturing.admit(queries.idempotency_key(request))
    with room.hold() as hold:
        order = await orders.read_order(request, kiosk.settings().photo.max_size, hold)
        body = await _taken(kiosk, metrics, order, orders.photo_field(request))
    return Response(body, status_code=_CREATED, media_type=_JSON)


@post("/api/capture-batch", opt=described.TAKE_BATCH)
async def take_batch(
    request: AnyRequest,
    kiosk: NamedDependency[UseCases],
    batches: NamedDependency[Batches],
    metrics: NamedDependency[Metrics],
) -> Response[BatchAnswer]:
    """Take up to twenty photos in; one that is refused spoils no other.

    An Idempotency-Key holds for each capture at its place in the batch.
    """
    queries.only(request, ())
    key = queries.idempotency_key(request)
    if bodies.media_type(request)[0] != _JSON:
        raise bodies.wrong_type("Send the batch as application/json.")
    with batches.room.hold() as hold:
        body = await bodies.read(request, kiosk.settings().photo.max_batch_size, hold=hold)
        captures = bodies.decode(_batch, body).captures
        del body
        results = []
        for index, capture in enumerate(captures):
            async with batches.turn:
                # No client's own key has a space in it.
                own_key = f"{key} {index}" if key is not None else None
                results.append(await _result(kiosk, metrics, index, bytes(capture), own_key))
    return Response(BatchAnswer(results), status_code=200, media_type=_JSON)


async def _result(
    kiosk: UseCases, metrics: Metrics, index: int, capture: bytes, key: str | None
) -> BatchResult:
    try:
        await kiosk.capturing.admit(key)
        order = json_form.from_json(capture, key, kiosk.settings().photo.max_size)
        body = await _taken(kiosk, metrics, order, json_form.JSON_PHOTO)
    except Exception as error:  # noqa: BLE001 - the border round a request: each of a batch is one
        known = problems.known(error)
        return BatchResult(index, known.status, problems.to_problem(known))
    return BatchResult(index, _CREATED, msgspec.Raw(body))


async def _taken(kiosk: UseCases, metrics: Metrics, order: Order, field: str) -> bytes:
    """Return the answer once the capture is durable; `field` is what the photo came in."""
    started = time.perf_counter()
    try:
        with kiosk.studio.place():
            body = await kiosk.capturing.take(order)
    except PhotoRefused as refused:
        refused.errors = (FieldError(field, refused.detail),)
        raise
    metrics.captured(time.perf_counter() - started)
    return body


HANDLERS = (take_capture, take_batch)
