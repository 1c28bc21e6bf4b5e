-- An account may have no password: its person was invited and has not come yet.
alter table user_account alter column password_hash drop not null;
-- Whether a second factor must be set up: 'optional', 'at_login' or 'by_link'.
alter table user_account add column enrolment text not null default 'optional';
alter table user_account add column last_login_at timestamptz;

alter table session add column proven_by text not null default 'password';
-- When its person last proved who they are; null: never since this is kept.
alter table session add column stepped_up_at timestamptz;
alter table session add column user_agent text;

alter table api_token add column last_used_at timestamptz;
alter table api_token add column made_by text;

-- The secret of a person's codes. What was removed stays as a row without a secret.
create table second_factor (
    user_id text not null primary key references user_account (id),
    secret_sealed bytea,
    changed_at timestamptz not null,
    -- The time step of the last code that was accepted: none is accepted twice.
    last_step bigint not null
);

create table recovery_code (
    user_id text not null references user_account (id),
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- A login whose first step was right, waiting for its second step in the browser that has the token.
create table pending_login (
    token_hash bytea not null primary key,
    user_id text not null references user_account (id),
    proven_by text not null,
    stage text not null,
    expires_at timestamptz not null
);

-- Browsers in which somebody has signed in before, with failures of their own: those of strangers don't count there.
create table known_browser (
    token_hash bytea not null,
    user_id text not null references user_account (id),
    last_used_at timestamptz not null,
    failed_logins bigint not null default 0,
    locked_until timestamptz,
    primary key (token_hash, user_id)
);

-- Links that are handed to people, each good once.
create table account_link (
    token_hash bytea not null primary key,
    user_id text not null references user_account (id),
    purpose text not null,
    made_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index account_link_by_user on account_link (user_id);
