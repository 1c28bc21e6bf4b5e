-- The audit log as a chain: each link's hash covers the one before it and its row. Links are made within a second after the act.
create table audit_chain (
    seq bigint not null primary key,
    audit_id text not null unique,
    hash bytea not null
);

-- Rows that are not linked yet, written with them.
create table audit_unlinked (
    audit_id text not null primary key
);
insert into audit_unlinked (audit_id) select id from audit;
