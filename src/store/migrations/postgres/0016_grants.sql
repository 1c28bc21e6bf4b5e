-- The places of the clinic. Everything that arrives belongs to one; `main` is there from the start.
create table site (
    key text not null primary key,
    name text not null,
    created_at timestamptz not null,
    closed_at timestamptz
);
insert into site (key, name, created_at) values ('main', 'Main site', now());

-- Our own Direct addresses that belong to a site; what comes to another one belongs to `main`.
create table site_address (
    address text not null primary key,
    site text not null references site (key)
);

alter table door add column site text not null default 'main';
alter table transmission add column site text not null default 'main';
alter table referral add column site text not null default 'main';

-- Roles that the clinic composed, beside the built-in ones. Permissions are a JSON list of names.
create table composed_role (
    name text not null primary key,
    permissions text not null,
    created_at timestamptz not null
);

-- What people were granted: a role, everywhere or within bounds. An empty bound binds nothing.
create table user_grant (
    user_id text not null references user_account (id),
    role text not null,
    site text not null,
    queue text not null,
    practice text not null,
    granted_by text not null,
    granted_at timestamptz not null,
    primary key (user_id, role, site, queue, practice)
);
insert into user_grant (user_id, role, site, queue, practice, granted_by, granted_at)
select id, role, '', '', '', 'system', created_at from user_account;
alter table user_account drop column role;

-- Who saw what they were not granted, in an emergency, and what was said of it afterwards.
create table emergency (
    id text not null primary key,
    user_id text not null references user_account (id),
    -- What stood in the way when the glass was broken.
    referral_id text references referral (id),
    reason_sealed bytea not null,
    started_at timestamptz not null,
    ends_at timestamptz not null,
    reviewed_by text,
    reviewed_at timestamptz,
    -- `justified` or `not_justified`.
    verdict text
);
create index emergency_of_user on emergency (user_id, ends_at);
create index emergency_to_review on emergency (started_at) where reviewed_at is null;

-- A practice looks at its own.
create index referral_by_referrer on referral (referrer, id) where referrer is not null;
