-- By whom a person is known at an identity provider: issuer and subject together, never an e-mail address, which can pass to
-- somebody else (ASVS 6.8.1).
create table user_identity (
    issuer text not null,
    subject text not null,
    user_id text not null references user_account (id),
    linked_at text not null,
    last_used_at text,
    primary key (issuer, subject)
) strict;
create index user_identity_by_user on user_identity (user_id, linked_at);

-- Logins that wait for an identity provider to send the browser back. A row is used once.
create table oidc_attempt (
    id text not null primary key,
    -- Of the cookie: whoever comes back is the browser that left.
    token_hash blob not null unique,
    state_hash blob not null,
    -- The nonce and the PKCE verifier.
    secrets_sealed blob not null,
    -- Who links an identity to their account; null where somebody signs in.
    user_id text references user_account (id),
    created_at text not null,
    expires_at text not null
) strict;
create index oidc_attempt_expired on oidc_attempt (expires_at);
