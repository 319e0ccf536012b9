-- Captures, the outbox of what must happen to them, backgrounds, and what is remembered.
-- Times are UTC milliseconds; *_mono are milliseconds of the monotonic clock of *_boot.

create table captures (
    seq               integer primary key autoincrement,
    id                text    not null unique,
    token             text    not null unique,
    created_at        integer not null,
    download_url      text    not null,
    width             integer not null,
    height            integer not null,
    file_size         integer not null,
    sha256            text    not null,
    phone             text,
    email             text,
    consent_sms       integer not null default 0 check (consent_sms in (0, 1)),
    consent_marketing integer not null default 0 check (consent_marketing in (0, 1)),
    background_id     text,
    erased_at         integer
) strict;

create table deliveries (
    seq          integer primary key autoincrement,
    id           text    not null unique,
    capture_id   text    not null references captures (id),
    channel      text    not null,
    -- Who gets it (E.164) for an SMS; empty where the capture alone says it.
    recipient    text    not null default '',
    text         text    not null default '',
    tag          text    not null default '',
    -- For a list SQLite would build a temporary table at each change of a row.
    state        text    not null check (state = 'waiting' or state = 'running' or state = 'uncertain'
                     or state = 'delivered' or state = 'expired' or state = 'refused' or state = 'cancelled'),
    -- Set while another delivery has to come first.
    depends_on   text    references deliveries (id),
    attempts     integer not null default 0,
    -- Failures of the item itself; an outage is none.
    failures     integer not null default 0,
    crashes      integer not null default 0,
    look_ups     integer not null default 0,
    resends      integer not null default 0,
    run_id       text,
    -- When it is due: at once where due_boot is no longer the running boot; never where due_mono is null.
    due_boot     text    not null default '',
    due_mono     integer          default 0,
    created_at   integer not null,
    created_boot text    not null,
    created_mono integer not null,
    ended_at     integer,
    reference    text    not null default '',
    last_error   text,
    -- A double tap or a replayed request inserts nothing.
    unique (capture_id, channel, recipient)
) strict;

create index deliveries_waiting on deliveries (channel, created_at, seq)
    where state = 'waiting' and depends_on is null;
create index deliveries_in_doubt on deliveries (channel, state) where state in ('running', 'uncertain');
create index deliveries_dependent on deliveries (depends_on) where depends_on is not null;
create index deliveries_recipient on deliveries (recipient, created_at) where channel = 'sms';
create index deliveries_sms_day on deliveries (created_at) where channel = 'sms';

create table idempotency (
    key         text    primary key,
    fingerprint text    not null,
    capture_id  text    not null references captures (id),
    answer      blob    not null,
    created_at  integer not null
) strict, without rowid;

create index idempotency_age on idempotency (created_at);
create index idempotency_capture on idempotency (capture_id);

create table backgrounds (
    id            text    primary key,
    name          text    not null,
    mode          text    not null,
    media_type    text    not null,
    version       text    not null,
    file_size     integer not null,
    width         integer not null,
    height        integer not null,
    is_active     integer not null check (is_active in (0, 1)),
    display_order integer not null,
    created_at    integer not null
) strict;

-- Facts that must outlive a restart, such as the container's address.
create table remembered (
    key   text primary key,
    value text not null
) strict, without rowid;
