-- What an export reads, in the order of the dates.

create index captures_by_date on captures (created_at) where erased_at is null;
