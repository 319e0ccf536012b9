-- What of an erasure is still to be done, who asked for it, and which photos only the cloud has.

-- When the kiosk's own files were gone, and when nothing was left anywhere.
alter table captures add column removed_at integer;
alter table captures add column forgotten_at integer;
-- Since when the kiosk has had no copy of its own: the cloud has it.
alter table captures add column given_up_at integer;

create index captures_age on captures (created_at) where erased_at is null and dated = 1;
create index captures_undated on captures (seq) where erased_at is null and dated = 0;
create index captures_erasing on captures (seq) where erased_at is not null and forgotten_at is null;
create index captures_forgotten on captures (forgotten_at) where forgotten_at is not null;
create index captures_of_phone on captures (phone) where phone is not null;
create index captures_of_email on captures (lower(email)) where email is not null;

-- A person's erasure, without the person.
create table erasures (
    id         text    primary key,
    created_at integer not null,
    captures   integer not null
) strict, without rowid;

create table erasure_items (
    erasure_id text not null references erasures (id),
    capture_id text not null references captures (id),
    primary key (erasure_id, capture_id)
) strict, without rowid;

create index erasure_items_capture on erasure_items (capture_id);
