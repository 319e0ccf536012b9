"""The operator's hand on the outbox: what waits and why, retry, cancel.

Nothing here sends: a retried delivery waits its turn in its lane. What may be retried or cancelled
is decided in the transaction that does it, so that an attempt under way is never overtaken.
"""

import re
from collections.abc import Callable

import msgspec

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.following import next_attempt_at
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import CHANNELS, ENDED, State, is_erasure
from kiosk_appliance.domain.guest import masked_phone
from kiosk_appliance.errors import Conflict, InvalidRequest, NotFound
from kiosk_appliance.store import audit, captures, deliveries, interventions
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Deliveries, Delivery
from kiosk_appliance.store.records import Records, recorded

MOST_ON_A_PAGE = 200
_BY_HAND = "Cancelled by the operator."
_PERHAPS_SENT = "Cancelled by the operator; it may have been sent."


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery in a list; nothing personal."""

    id: str
    capture_id: str
    channel: str
    state: str
    attempts: int
    next_attempt_at: str | None
    last_error: str | None
    created_at: str
    waits_for: str | None


class Detail(Item, frozen=True, kw_only=True):
    """One delivery in full; the recipient is masked."""

    recipient: str
    tag: str
    reference: str
    receipt: str
    ended_at: str | None
    failures: int
    crashes: int
    look_ups: int
    resends: int


class Page(msgspec.Struct, frozen=True):
    """A part of the list, newest first; `next_cursor` leads to the next part.

    `held` says for each channel that is not open to deliveries why all of them wait.
    """

    items: list[Item]
    next_cursor: str | None
    counts: dict[str, dict[str, int]]
    held: dict[str, str]


class Oversight:
    """The use cases of whoever looks after the outbox."""

    def __init__(
        self,
        *,
        database: Database,
        deliveries: Deliveries,
        records: Records,
        clock: Clock,
        wake: Callable[[], None],
        circuits: Callable[[], dict[str, Circuit]] = dict,
    ) -> None:
        """Take the circuits of the lanes; none are known where no appliance runs."""
        self._database = database
        self._deliveries = deliveries
        self._records = records
        self._clock = clock
        self._wake = wake
        self._circuits = circuits

    async def page(
        self,
        channel: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Return deliveries, newest first; without a state, those that have not ended.

        Raises InvalidRequest naming the wrong field.
        """
        if not 1 <= limit <= MOST_ON_A_PAGE:
            raise InvalidRequest.field("limit", f"Give a number from 1 to {MOST_ON_A_PAGE}.")
        rows = await self._deliveries.page(
            channel=parse_channel(channel),
            state=parse_state(state),
            before=_seq(cursor),
            limit=limit + 1,
        )
        more = str(rows[limit - 1].seq) if len(rows) > limit else None
        return Page(
            [self._item(row) for row in rows[:limit]],
            more,
            await self._deliveries.counts(),
            {
                name: circuit.reason
                for name, circuit in self._circuits().items()
                if circuit.position is not Position.CLOSED
            },
        )

    async def show(self, delivery_id: str) -> Detail:
        """Return one delivery; raises NotFound."""
        row = await self._deliveries.get(delivery_id)
        if row is None:
            raise no_such_delivery()
        return Detail(
            **msgspec.structs.asdict(self._item(row)),
            recipient=masked_phone(row.recipient),
            tag=row.tag,
            reference=row.reference,
            receipt=row.receipt,
            ended_at=rfc3339(row.ended_at) if row.ended_at is not None else None,
            failures=row.failures,
            crashes=row.crashes,
            # Below zero while one by hand comes first.
            look_ups=max(row.look_ups, 0),
            resends=row.resends,
        )

    async def retry(self, delivery_id: str, actor: Actor = Actor.CLI) -> None:
        """Make it due at once, or let it wait again; a parked SMS is sent once more.

        Raises NotFound, and Conflict where it has ended for good or is under way.
        """

        def work(tx: Transaction) -> None:
            row = _row(tx, delivery_id)
            match row.state:
                case State.WAITING:
                    interventions.hurry(tx, row.depends_on or row.id)
                case State.UNCERTAIN if row.due_mono is None:
                    interventions.send_again(tx, row.id)
                case State.UNCERTAIN:
                    interventions.look_up_now(tx, row.id, self._clock.boot)
                case State.REFUSED:
                    if lacks_its_upload(tx, row):
                        raise Conflict("Its photo was not uploaded: retry the upload first.")
                    interventions.reopen(tx, row.id, row.last_error)
                case _:
                    raise _not_now(row.state)
            self._note(tx, actor, Action.RETRY, row)

        await self._database.write(work)
        self._wake()

    async def cancel(self, delivery_id: str, actor: Actor = Actor.CLI) -> None:
        """End it, and with an upload the SMS that waits for it.

        Raises NotFound, Conflict where it has ended, is under way or is an erasure, and Unavailable
        for the disk.
        """

        def work(tx: Transaction) -> None:
            row = _row(tx, delivery_id)
            if row.state is State.RUNNING or row.state in ENDED:
                raise _not_now(row.state)
            if is_erasure(row.channel):
                raise Conflict(
                    "An erasure is owed to somebody; it waits until it can be made.",
                    code="erasure-owed",
                    title="Owed to somebody",
                )
            reason = _PERHAPS_SENT if row.state is State.UNCERTAIN else _BY_HAND
            interventions.cancel(tx, row.id, reason, self._clock.now_ms())
            self._note(tx, actor, Action.CANCEL, row)
            capture = captures.get_for_update(tx, row.capture_id)
            if capture is not None and capture.erased_at is None:
                # What stands in a record is sent should the database be lost.
                self._records.write(recorded(tx, capture))

        await self._database.write(work)

    def _note(self, tx: Transaction, actor: Actor, action: Action, row: Delivery) -> None:
        audit.append(tx, entry(self._clock, actor, action, row.id, row.channel))

    def _item(self, row: Delivery) -> Item:
        return Item(
            id=row.id,
            capture_id=row.capture_id,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            next_attempt_at=next_attempt_at(row, self._clock),
            last_error=row.last_error,
            created_at=rfc3339(row.created_at),
            waits_for=row.depends_on,
        )


def _row(tx: Transaction, delivery_id: str) -> Delivery:
    row = deliveries.get_for_update(tx, delivery_id)
    if row is None:
        raise no_such_delivery()
    return row


def lacks_its_upload(tx: Transaction, row: Delivery) -> bool:
    """Say whether this is an SMS whose upload has ended otherwise than delivered."""
    upload = deliveries.find(tx, row.capture_id, "storage") if row.channel == "sms" else None
    return upload is not None and upload.state in ENDED - {State.DELIVERED}


def parse_channel(name: str | None) -> str | None:
    """Return the channel's name as it is; raises InvalidRequest for one that is none."""
    if name is not None and name not in CHANNELS:
        raise InvalidRequest.field("channel", f"Choose one of: {', '.join(CHANNELS)}.")
    return name


def parse_state(name: str | None) -> State | None:
    """Return the state of this name; raises InvalidRequest for one that is none."""
    if name is None:
        return None
    try:
        return State(name)
    except ValueError as error:
        known = ", ".join(State)
        raise InvalidRequest.field(
            "state", f"Choose one of: {known} (parked ones too are uncertain)."
        ) from error


def _seq(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", cursor):
        raise InvalidRequest.field("cursor", "Give the next_cursor of the page before.")
    return int(cursor)


def no_such_delivery() -> NotFound:
    """Return the error for an id that is none."""
    return NotFound("There is no such delivery.")


def _not_now(state: State) -> Conflict:
    if state is State.RUNNING:
        return Conflict(
            "An attempt is under way; wait for its end.",
            code="delivery-running",
            title="Under way",
        )
    return Conflict(f"This delivery has ended ({state}).", title="Already ended")
