-- Trust bundles: the anchors of a community in one file, which is read anew from time to time.
create table direct_bundle (
    id text not null primary key,
    -- A URL, or `file:` with the name of the file that it was read from once.
    source text not null,
    -- An address or a domain of ours, in lower case.
    holds_for text not null,
    -- `incoming`, `outgoing` or `both`.
    direction text not null,
    -- SHA-256 of the certificate that must have signed it; null for a bundle that nobody signs.
    signed_by text,
    -- What it says of itself (TrustBundleMetadata.xml), for people to read.
    metadata text,
    added_by text not null,
    created_at timestamptz not null,
    tried_at timestamptz not null,
    refreshed_at timestamptz not null,
    last_error text,
    unique (source, holds_for)
);

-- Whom our addresses trust.
create table direct_anchor (
    holds_for text not null,
    -- `incoming` or `outgoing`.
    direction text not null,
    -- SHA-256 of the certificate, lower-case hex.
    fingerprint text not null,
    -- `person`, or the bundle that it came with: what came by both stays until both are gone.
    source text not null,
    certificate bytea not null,
    not_after timestamptz not null,
    added_by text not null,
    created_at timestamptz not null,
    primary key (holds_for, direction, fingerprint, source)
);
create index direct_anchor_by_source on direct_anchor (source);

-- Revocation lists and issuers' certificates, fetched from where certificates say that they are.
create table direct_fetched (
    url text not null primary key,
    -- `crl` or `issuer`.
    kind text not null,
    -- Null until the first time that it could be fetched.
    content bytea,
    -- Of a list: when its successor is due.
    next_at timestamptz,
    fetched_at timestamptz,
    tried_at timestamptz not null,
    last_error text
);

-- Certificates that were found for partners' addresses. They are judged anew before each use.
create table found_certificate (
    -- Whom it was looked for, in lower case.
    address text not null,
    fingerprint text not null,
    certificate bytea not null,
    -- `dns_address`, `dns_domain`, `ldap_address` or `ldap_domain`.
    step text not null,
    -- The name or server that told.
    place text not null,
    not_after timestamptz not null,
    found_at timestamptz not null,
    primary key (address, fingerprint)
);

-- Keys of ours that wait for their certificates.
create table direct_key (
    id text not null primary key,
    -- An address or a domain, in lower case.
    bound_to text not null,
    private_key_sealed bytea not null,
    created_at timestamptz not null
);

-- A name of ours may have several certificates: the next one before the last has ended, one to sign and one to encrypt, and
-- old ones that still read late mail. What an earlier version made is known by its name, as its key is sealed.
alter table direct_identity rename column bound_to to id;
alter table direct_identity add column bound_to text;
update direct_identity set bound_to = id;
alter table direct_identity alter column bound_to set not null;
create index direct_identity_by_binding on direct_identity (bound_to);
