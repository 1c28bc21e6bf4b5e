-- Runs in a row that could not fetch the message after `uid`, which the server says is there.
alter table mailbox add column attempts integer not null default 0;
