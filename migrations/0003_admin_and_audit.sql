-- Who is logged in, and what was done to the kiosk. No secret stands here: backups leave the kiosk.

-- A token holds only while its session has a row.
create table sessions (
    id         text    primary key,
    expires_at integer not null
) strict, without rowid;

create index sessions_expiry on sessions (expires_at);

create table audit (
    seq    integer primary key autoincrement,
    id     text    not null unique,
    at     integer not null,
    actor  text    not null check (actor in ('admin', 'api-key', 'guest', 'cli')),
    action text    not null,
    target text,
    detail text
) strict;

-- How many rows a table has, kept by its triggers: counting a million takes too long for a list.
create table tallies (
    name  text    primary key,
    count integer not null
) strict, without rowid;

insert into tallies (name, count) values ('audit', 0);
create trigger audit_added after insert on audit begin
    update tallies set count = count + 1 where name = 'audit';
end;
create trigger audit_removed after delete on audit begin
    update tallies set count = count - 1 where name = 'audit';
end;

-- What an admin has set in place of kiosk.toml; values are JSON.
create table overrides (
    key   text primary key,
    value text not null
) strict, without rowid;
