-- Long lists for the admin: where they are read, and how long they are.

-- The captures that are listed, and their dates, without those that are erased between them.
create index captures_listed on captures (seq, created_at) where erased_at is null;

insert into tallies (name, count)
    select 'captures', count(*) from captures where erased_at is null;
create trigger captures_added after insert on captures when new.erased_at is null begin
    update tallies set count = count + 1 where name = 'captures';
end;
create trigger captures_erased after update of erased_at on captures
when (old.erased_at is null) <> (new.erased_at is null) begin
    update tallies set count = count + iif(new.erased_at is null, 1, -1) where name = 'captures';
end;
create trigger captures_removed after delete on captures when old.erased_at is null begin
    update tallies set count = count - 1 where name = 'captures';
end;

-- What has ended, of which there may be a million, by state and channel.
create index deliveries_ended on deliveries (state, channel)
    where state in ('delivered', 'expired', 'refused', 'cancelled');

create table ended_deliveries (
    channel text    not null,
    state   text    not null,
    count   integer not null,
    primary key (channel, state)
) strict, without rowid;

insert into ended_deliveries (channel, state, count)
    select channel, state, count(*) from deliveries
    where state in ('delivered', 'expired', 'refused', 'cancelled')
    group by state, channel;
create trigger deliveries_added_ended after insert on deliveries
when new.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    insert into ended_deliveries (channel, state, count) values (new.channel, new.state, 1)
    on conflict do update set count = count + 1;
end;
create trigger deliveries_end after update of state on deliveries
when new.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    insert into ended_deliveries (channel, state, count) values (new.channel, new.state, 1)
    on conflict do update set count = count + 1;
end;
create trigger deliveries_ended_before after update of state on deliveries
when old.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    update ended_deliveries set count = count - 1
    where channel = old.channel and state = old.state;
end;
create trigger deliveries_removed after delete on deliveries
when old.state in ('delivered', 'expired', 'refused', 'cancelled') begin
    update ended_deliveries set count = count - 1
    where channel = old.channel and state = old.state;
end;
