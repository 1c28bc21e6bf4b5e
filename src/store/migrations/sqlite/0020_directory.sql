-- Every number and address of an entry: those in its own columns, which are the preferred ones, and further ones.
create table directory_contact (
    entry_id text not null references directory_entry (id),
    -- `phone`, `fax`, `direct` or `station`.
    kind text not null,
    value text not null,
    -- When somebody or something has shown that it is theirs, who that was, and by what: `person`, `certificate`, `delivery`.
    verified_at text,
    verified_by text,
    evidence text,
    -- Who brought it: `import`, `person`, `program`, or `earlier` where that was not written down.
    source text not null,
    created_at text not null,
    primary key (entry_id, kind, value)
) strict;
create index directory_contact_by_value on directory_contact (kind, value);
insert into directory_contact (entry_id, kind, value, source, created_at)
    select id, 'phone', phone, 'earlier', updated_at from directory_entry where phone is not null
    union all select id, 'fax', fax, 'earlier', updated_at from directory_entry where fax is not null
    union all select id, 'direct', direct_address, 'earlier', updated_at from directory_entry where direct_address is not null
    union all select id, 'station', station_id, 'earlier', updated_at from directory_entry where station_id is not null;
drop index directory_by_direct_address;
drop index directory_by_fax;

alter table directory_entry add column version integer not null default 1;
-- Of an entry that was merged: the one that stands for it. It is kept, so that the merge can be undone.
alter table directory_entry add column merged_into text references directory_entry (id);

create table directory_merge (
    id text not null primary key,
    survivor text not null references directory_entry (id),
    loser text not null references directory_entry (id),
    -- The survivor's version after it: what was merged later has a greater one.
    version integer not null,
    -- Both entries with their contacts as they were. JSON.
    before text not null,
    merged_by text not null,
    merged_at text not null,
    undone_by text,
    undone_at text
) strict;
create index directory_merge_by_survivor on directory_merge (survivor);
create index directory_merge_by_loser on directory_merge (loser);

-- The referrals that followed.
create table directory_merge_referral (
    merge_id text not null references directory_merge (id),
    referral_id text not null references referral (id),
    primary key (merge_id, referral_id)
) strict;

-- Entries of which somebody said that they are two, the smaller id first.
create table directory_apart (
    one text not null references directory_entry (id),
    other text not null references directory_entry (id),
    decided_by text not null,
    decided_at text not null,
    primary key (one, other)
) strict;
