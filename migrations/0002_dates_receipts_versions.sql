-- Whether a date can be believed, what became of an SMS on the handset, and which state of a record is newer.

-- 0 where the clock could not be believed when the row was made: its date proves nothing.
alter table captures add column dated integer not null default 1 check (dated in (0, 1));
alter table deliveries add column dated integer not null default 1 check (dated in (0, 1));

-- Grows with each change of the record; the central database keeps the newest.
alter table captures add column version integer not null default 1;

-- What the operator's network says of a delivered SMS; asked for while 'pending', when due_mono says so.
alter table deliveries add column receipt text not null default ''
    check (receipt = '' or receipt = 'pending' or receipt = 'received' or receipt = 'failed'
        or receipt = 'barred' or receipt = 'unknown');
alter table deliveries add column receipt_asks integer not null default 0;

create index deliveries_receipt on deliveries (channel) where receipt = 'pending';
-- What ended otherwise than wished: the operator's list, and the health.
create index deliveries_unhappy on deliveries (state, ended_at) where state in ('expired', 'refused', 'cancelled');
-- What was under way each time the process ended.
create index deliveries_suspect on deliveries (crashes) where crashes >= 3;

-- Kept answers age by the time that the kiosk has lived through: wall clocks step.
alter table idempotency rename column created_at to lived_ms;
update idempotency set lived_ms = 0;

-- Whoever claims passes over what is not due yet without a look at its row: after an outage there may be many.
drop index deliveries_waiting;
create index deliveries_waiting on deliveries (channel, created_at, seq, crashes, due_boot, due_mono)
    where state = 'waiting' and depends_on is null;

-- How many commits there have been: a file that knows of fewer than were made has lost its log.
create table commits (
    count integer not null
) strict;
insert into commits (count) values (0);
