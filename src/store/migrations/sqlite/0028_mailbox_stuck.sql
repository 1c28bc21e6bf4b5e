-- The message after `uid` that could not be fetched though the server says it is there, and how many runs in a row.
alter table mailbox add column stuck_uid integer not null default 0;
alter table mailbox add column attempts integer not null default 0;
