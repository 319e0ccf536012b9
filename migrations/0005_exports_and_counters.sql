-- What an export reads, in the order of the dates.

create index captures_by_date on captures (created_at) where erased_at is null;

-- What the kiosk has done, counted as it happens: what is erased later was taken all the same. No row
-- says anything of anybody. No trigger here may name a table that a later migration makes anew.

-- Days are UTC; an SMS counts on the day on which it was sent.
create table day_counters (
    day      text    primary key,
    captures integer not null default 0,
    sms_sent integer not null default 0,
    bytes    integer not null default 0
) strict, without rowid;

-- Empty for captures without a background.
create table background_counters (
    background_id text    primary key,
    captures      integer not null
) strict, without rowid;

-- How long deliveries took, in steps of a quarter from 0.1 s to a month.
create table delay_steps (
    upto_ms integer primary key
) strict;
insert into delay_steps (upto_ms)
    with recursive steps (ms) as (
        values (100) union all select ms * 5 / 4 from steps where ms < 31 * 86400000)
    select ms from steps;

create table delay_counters (
    channel text    not null,
    upto_ms integer not null,
    count   integer not null,
    primary key (channel, upto_ms)
) strict, without rowid;

-- Providers word their refusals as they like: past so many, new words count as others.
create table failure_counters (
    channel text    not null,
    reason  text    not null,
    count   integer not null,
    primary key (channel, reason)
) strict, without rowid;

insert into day_counters (day, captures, bytes)
    select date(created_at / 1000, 'unixepoch'), count(*), sum(file_size) from captures group by 1;
insert into background_counters (background_id, captures)
    select coalesce(background_id, ''), count(*) from captures group by 1;
insert into day_counters (day, sms_sent)
    select date(ended_at / 1000, 'unixepoch'), count(*) from deliveries
    where channel = 'sms' and state = 'delivered' and ended_at is not null group by 1
    on conflict do update set sms_sent = excluded.sms_sent;

create trigger capture_counted after insert on captures begin
    insert into day_counters (day, captures, bytes)
        values (date(new.created_at / 1000, 'unixepoch'), 1, new.file_size)
        on conflict do update set captures = captures + 1, bytes = bytes + new.file_size;
    insert into background_counters (background_id, captures)
        values (coalesce(new.background_id, ''), 1)
        on conflict do update set captures = captures + 1;
end;

-- Dates are put right once somebody has told the time.
create trigger capture_dated_anew after update of created_at on captures
when date(old.created_at / 1000, 'unixepoch') <> date(new.created_at / 1000, 'unixepoch') begin
    update day_counters set captures = captures - 1, bytes = bytes - old.file_size
        where day = date(old.created_at / 1000, 'unixepoch');
    insert into day_counters (day, captures, bytes)
        values (date(new.created_at / 1000, 'unixepoch'), 1, new.file_size)
        on conflict do update set captures = captures + 1, bytes = bytes + new.file_size;
end;

create trigger sms_counted after update of state on deliveries
when new.channel = 'sms' and new.state = 'delivered' and old.state <> 'delivered'
    and date(new.ended_at / 1000, 'unixepoch') is not null begin
    insert into day_counters (day, sms_sent)
        values (date(new.ended_at / 1000, 'unixepoch'), 1)
        on conflict do update set sms_sent = sms_sent + 1;
end;

-- Without an attempt it was delivered before the database was rebuilt: nobody knows how fast.
create trigger delay_counted after update of state on deliveries
when new.state = 'delivered' and old.state <> 'delivered' and new.attempts > 0
    and new.ended_at - new.created_at <= 31 * 86400000 begin
    insert into delay_counters (channel, upto_ms, count)
        values (new.channel, (select upto_ms from delay_steps
            where upto_ms >= new.ended_at - new.created_at order by upto_ms limit 1), 1)
        on conflict do update set count = count + 1;
end;

create trigger failure_counted after update of state on deliveries
when new.state in ('refused', 'expired') and new.state <> old.state begin
    insert into failure_counters (channel, reason, count)
        select new.channel, iif(
            exists (select 1 from failure_counters where channel = new.channel
                and reason = substr(coalesce(new.last_error, ''), 1, 200))
            or (select count(*) from failure_counters where channel = new.channel) < 50,
            substr(coalesce(new.last_error, ''), 1, 200), 'Other reasons.'), 1
        where true
        on conflict do update set count = count + 1;
end;

create trigger failure_from_the_start after insert on deliveries
when new.state in ('refused', 'expired') begin
    insert into failure_counters (channel, reason, count)
        select new.channel, iif(
            exists (select 1 from failure_counters where channel = new.channel
                and reason = substr(coalesce(new.last_error, ''), 1, 200))
            or (select count(*) from failure_counters where channel = new.channel) < 50,
            substr(coalesce(new.last_error, ''), 1, 200), 'Other reasons.'), 1
        where true
        on conflict do update set count = count + 1;
end;

-- Tried again after all. A reason that is listed stays listed, so that it is found again here.
create trigger failure_taken_back after update of state on deliveries
when old.state in ('refused', 'expired') and new.state not in ('refused', 'expired') begin
    update failure_counters set count = count - 1
    where channel = old.channel and reason = iif(
        exists (select 1 from failure_counters where channel = old.channel
            and reason = substr(coalesce(old.last_error, ''), 1, 200)),
        substr(coalesce(old.last_error, ''), 1, 200), 'Other reasons.');
end;
