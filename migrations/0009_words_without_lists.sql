-- The same indexes and counts in other words. For `state in (...)` SQLite builds a temporary table of
-- the list, for each index and each trigger and at each change of a row: that was half of what a
-- delivery cost. Triggers on the same change are one, for each of them is a program to enter. The
-- checks of the tables say the same since 0001 and 0002 do; a database that is older keeps its lists there.

drop index deliveries_in_doubt;
create index deliveries_in_doubt on deliveries (channel, state) where state = 'running' or state = 'uncertain';
drop index deliveries_unhappy;
create index deliveries_unhappy on deliveries (state, ended_at)
    where state = 'expired' or state = 'refused' or state = 'cancelled';
drop index deliveries_ended;
create index deliveries_ended on deliveries (state, channel)
    where state = 'delivered' or state = 'expired' or state = 'refused' or state = 'cancelled';

drop trigger deliveries_added_ended;
drop trigger listed_added_ended;
create trigger deliveries_added_ended after insert on deliveries
when (new.state = 'delivered' or new.state = 'expired'
        or new.state = 'refused' or new.state = 'cancelled') begin
    insert into ended_deliveries (channel, state, count) values (new.channel, new.state, 1)
        on conflict do update set count = count + 1;
    insert into listed_counters (state, day, count)
        select new.state, created_at / 86400000, 1 from captures
        where id = new.capture_id and erased_at is null and not exists (
            select 1 from deliveries
            where capture_id = new.capture_id and state = new.state and seq <> new.seq)
        on conflict do update set count = count + 1;
end;

drop trigger deliveries_end;
drop trigger listed_end;
create trigger deliveries_end after update of state on deliveries
when new.state <> old.state and (new.state = 'delivered' or new.state = 'expired'
        or new.state = 'refused' or new.state = 'cancelled') begin
    insert into ended_deliveries (channel, state, count) values (new.channel, new.state, 1)
        on conflict do update set count = count + 1;
    insert into listed_counters (state, day, count)
        select new.state, created_at / 86400000, 1 from captures
        where id = new.capture_id and erased_at is null and not exists (
            select 1 from deliveries
            where capture_id = new.capture_id and state = new.state and seq <> new.seq)
        on conflict do update set count = count + 1;
end;

drop trigger deliveries_ended_before;
drop trigger listed_ended_before;
create trigger deliveries_ended_before after update of state on deliveries
when new.state <> old.state and (old.state = 'delivered' or old.state = 'expired'
        or old.state = 'refused' or old.state = 'cancelled') begin
    update ended_deliveries set count = count - 1
        where channel = old.channel and state = old.state;
    update listed_counters set count = count - 1
    where state = old.state
        and day = (select created_at / 86400000 from captures
                   where id = old.capture_id and erased_at is null)
        and not exists (
            select 1 from deliveries where capture_id = old.capture_id and state = old.state);
end;

drop trigger deliveries_removed;
drop trigger listed_removed_ended;
create trigger deliveries_removed after delete on deliveries
when (old.state = 'delivered' or old.state = 'expired'
        or old.state = 'refused' or old.state = 'cancelled') begin
    update ended_deliveries set count = count - 1
        where channel = old.channel and state = old.state;
    update listed_counters set count = count - 1
    where state = old.state
        and day = (select created_at / 86400000 from captures
                   where id = old.capture_id and erased_at is null)
        and not exists (
            select 1 from deliveries where capture_id = old.capture_id and state = old.state);
end;

drop trigger failure_counted;
create trigger failure_counted after update of state on deliveries
when (new.state = 'refused' or new.state = 'expired') and new.state <> old.state begin
    insert into failure_counters (channel, reason, count)
        select new.channel, iif(
            exists (select 1 from failure_counters where channel = new.channel
                and reason = substr(coalesce(new.last_error, ''), 1, 200))
            or (select count(*) from failure_counters where channel = new.channel) < 50,
            substr(coalesce(new.last_error, ''), 1, 200), 'Other reasons.'), 1
        where true
        on conflict do update set count = count + 1;
end;

drop trigger failure_from_the_start;
create trigger failure_from_the_start after insert on deliveries
when (new.state = 'refused' or new.state = 'expired') begin
    insert into failure_counters (channel, reason, count)
        select new.channel, iif(
            exists (select 1 from failure_counters where channel = new.channel
                and reason = substr(coalesce(new.last_error, ''), 1, 200))
            or (select count(*) from failure_counters where channel = new.channel) < 50,
            substr(coalesce(new.last_error, ''), 1, 200), 'Other reasons.'), 1
        where true
        on conflict do update set count = count + 1;
end;

drop trigger failure_taken_back;
create trigger failure_taken_back after update of state on deliveries
when (old.state = 'refused' or old.state = 'expired') and new.state <> 'refused' and new.state <> 'expired' begin
    update failure_counters set count = count - 1
    where channel = old.channel and reason = iif(
        exists (select 1 from failure_counters where channel = old.channel
            and reason = substr(coalesce(old.last_error, ''), 1, 200)),
        substr(coalesce(old.last_error, ''), 1, 200), 'Other reasons.');
end;
