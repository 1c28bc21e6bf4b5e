-- The audit log as a chain: each link's hash covers the one before it and its row. Links are made within a second after the act.
create table audit_chain (
    seq integer not null primary key,
    audit_id text not null unique,
    hash blob not null
) strict;

-- Rows that are not linked yet, written with them.
create table audit_unlinked (
    audit_id text not null primary key
) strict;
insert into audit_unlinked (audit_id) select id from audit;
