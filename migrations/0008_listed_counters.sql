-- How many listed captures have a delivery that has ended so, by the captures' days: what a list of
-- those in a state has in all would have to be counted otherwise, seconds at a million.
-- A capture counts once for each state; days are since 1970, in UTC. No trigger of another table
-- may name one that a later migration makes anew.

create table listed_counters (
    state text    not null,
    day   integer not null,
    count integer not null,
    primary key (state, day)
) strict, without rowid;

insert into listed_counters (state, day, count)
    select ended.state, captures.created_at / 86400000, count(*)
    from (select distinct state, capture_id from deliveries
          where state in ('delivered', 'expired', 'refused', 'cancelled')) as ended
    join captures on captures.id = ended.capture_id
    where captures.erased_at is null
    group by 1, 2;

create trigger listed_added_ended after insert on deliveries
when new.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    insert into listed_counters (state, day, count)
        select new.state, created_at / 86400000, 1 from captures
        where id = new.capture_id and erased_at is null and not exists (
            select 1 from deliveries
            where capture_id = new.capture_id and state = new.state and seq <> new.seq)
        on conflict do update set count = count + 1;
end;
create trigger listed_end after update of state on deliveries
when new.state in ('delivered', 'expired', 'refused', 'cancelled') and new.state <> old.state begin
    insert into listed_counters (state, day, count)
        select new.state, created_at / 86400000, 1 from captures
        where id = new.capture_id and erased_at is null and not exists (
            select 1 from deliveries
            where capture_id = new.capture_id and state = new.state and seq <> new.seq)
        on conflict do update set count = count + 1;
end;
create trigger listed_ended_before after update of state on deliveries
when old.state in ('delivered', 'expired', 'refused', 'cancelled') and new.state <> old.state begin
    update listed_counters set count = count - 1
    where state = old.state
        and day = (select created_at / 86400000 from captures
                   where id = old.capture_id and erased_at is null)
        and not exists (
            select 1 from deliveries where capture_id = old.capture_id and state = old.state);
end;
create trigger listed_removed_ended after delete on deliveries
when old.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    update listed_counters set count = count - 1
    where state = old.state
        and day = (select created_at / 86400000 from captures
                   where id = old.capture_id and erased_at is null)
        and not exists (
            select 1 from deliveries where capture_id = old.capture_id and state = old.state);
end;

-- Erased, or dated anew once somebody has told the time.
create trigger listed_moved after update of erased_at, created_at on captures
when (old.erased_at is null) <> (new.erased_at is null)
    or old.created_at / 86400000 <> new.created_at / 86400000 begin
    update listed_counters set count = count - 1
    where old.erased_at is null and day = old.created_at / 86400000
        and state in (select state from deliveries where capture_id = old.id);
    insert into listed_counters (state, day, count)
        select distinct state, new.created_at / 86400000, 1 from deliveries
        where new.erased_at is null and capture_id = new.id
            and state in ('delivered', 'expired', 'refused', 'cancelled')
        on conflict do update set count = count + 1;
end;
