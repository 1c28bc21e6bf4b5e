-- Passkeys of people: what a device showed of itself when it was added.
create table passkey (
    id text not null primary key,
    user_id text not null references user_account (id),
    -- What its person calls it.
    name text not null,
    -- Of the credential's id, by which who signs in with it alone is found.
    credential_hash bytea not null unique,
    credential_sealed bytea not null,
    -- Of the last signature, as its device counts: one that goes back was made by a copy. Many devices count none, and say 0.
    counter bigint not null,
    added_at timestamptz not null,
    last_used_at timestamptz
);
create index passkey_by_user on passkey (user_id, id);

-- Challenges that wait for a passkey, one a browser and purpose. A row is used once.
create table passkey_attempt (
    id text not null primary key,
    -- Of the cookie: whoever answers is the browser that asked.
    browser_hash bytea not null,
    -- 'registration', 'proof' or 'sign_in'.
    purpose text not null,
    -- Whose passkey it must be; null where the passkey says who comes.
    user_id text references user_account (id),
    state_sealed bytea not null,
    expires_at timestamptz not null,
    unique (browser_hash, purpose)
);
create index passkey_attempt_expired on passkey_attempt (expires_at);
