-- How people arranged the pages of a transmission, a row a change, the latest in force. None: as the machine made its documents.
create table arrangement (
    transmission_id text not null references transmission (id),
    version bigint not null,
    change text not null,
    -- Documents with the numbers of their pages, turns and marks. JSON.
    layout jsonb not null,
    arranged_by text not null,
    arranged_at timestamptz not null,
    primary key (transmission_id, version)
);

-- Pages that should not have come here, as they are marked now.
create table misdirected_page (
    transmission_id text not null references transmission (id),
    number bigint not null,
    reason text not null,
    marked_by text not null,
    marked_at timestamptz not null,
    -- When the sender was told, and by whom that was written down.
    told_at timestamptz,
    told_by text,
    -- When its picture and words were destroyed.
    destroyed_at timestamptz,
    primary key (transmission_id, number)
);
create index misdirected_untold on misdirected_page (transmission_id) where told_at is null;
create index misdirected_kept on misdirected_page (marked_at) where destroyed_at is null;

-- The arrangement that made a document by splitting another; null where the machine made it.
alter table document add column split_at bigint;
-- The arrangement that last changed which pages it holds, and the one that its values were read from.
alter table document add column arranged bigint not null default 0;
alter table document add column extracted bigint not null default 0;
