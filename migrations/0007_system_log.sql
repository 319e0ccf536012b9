-- What the kiosk has done, for whoever looks after it; bounded, and nothing personal.

create table log_lines (
    seq            integer primary key autoincrement,
    id             text    not null unique,
    at             integer not null,
    level          text    not null,
    component      text    not null,
    message        text    not null,
    correlation_id text
) strict;
