-- The rule sets, with their versions, that proposed a document's values; null for documents from before.
alter table document add column rule_sets text;

-- Referrals that would have gone straight through and were given to a reviewer instead. Reviewers must not know which.
create table blind_sample (
    referral_id text not null primary key references referral (id),
    -- The share at the time, in hundredths of a percent.
    share integer not null,
    -- Keys of the fields that the desk asks a person to look at. JSON.
    asked text not null,
    drawn_at text not null
) strict;

-- What became of each value of a critical field that the machine gave as certain. The values themselves stand, sealed, in
-- field_value.
create table field_outcome (
    referral_id text not null references referral (id),
    key text not null,
    confidence real not null,
    -- `straight`, `sampled` or `reviewed`.
    way text not null,
    -- `unchecked`, `confirmed` or `corrected`.
    outcome text not null,
    -- When the referral was first released, and when the outcome was last told.
    released_at text not null,
    judged_at text,
    primary key (referral_id, key)
) strict;
create index field_outcome_by_release on field_outcome (key, released_at, referral_id);

-- Fields whose certain values a person must check, or had to once.
create table watched_field (
    key text not null primary key,
    -- When a correction last came in.
    corrected_at text not null,
    -- Since when a person checks its values, and what said that they must; null while they are trusted.
    held_at text,
    held_wrong integer,
    held_checked integer,
    -- When an operator last let its values be trusted again: what was released before no longer counts.
    resumed_at text
) strict;
