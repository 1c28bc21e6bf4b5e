-- The rule sets, with their versions, that proposed a document's values; null for documents from before.
alter table document add column rule_sets text;

-- Referrals that would have gone straight through and were given to a reviewer instead. Reviewers must not know which.
create table blind_sample (
    referral_id text not null primary key references referral (id),
    -- The share at the time, in hundredths of a percent.
    share bigint not null,
    -- Keys of the fields that the desk asks a person to look at. JSON.
    asked jsonb not null,
    drawn_at timestamptz not null
);

-- What became of each value of a critical field that the machine gave as certain. The values themselves stand, sealed, in
-- field_value.
create table field_outcome (
    referral_id text not null references referral (id),
    key text not null,
    confidence double precision not null,
    -- `straight`, `sampled` or `reviewed`.
    way text not null,
    -- `unchecked`, `confirmed` or `corrected`.
    outcome text not null,
    -- When the referral was first released, and when the outcome was last told.
    released_at timestamptz not null,
    judged_at timestamptz,
    primary key (referral_id, key)
);
create index field_outcome_by_release on field_outcome (key, released_at, referral_id);

-- Fields whose certain values a person must check, or had to once.
create table watched_field (
    key text not null primary key,
    -- When a correction last came in.
    corrected_at timestamptz not null,
    -- Since when a person checks its values, and what said that they must; null while they are trusted.
    held_at timestamptz,
    held_wrong bigint,
    held_checked bigint,
    -- When an operator last let its values be trusted again: what was released before no longer counts.
    resumed_at timestamptz
);
