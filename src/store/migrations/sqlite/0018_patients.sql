-- The register of patients. What is known of one is made of the referrals that are linked to it, and can be made anew.
create table patient (
    id text not null primary key,
    -- Names, birth date, sex, phones, addresses and numbers, as referrals gave them. JSON.
    record_sealed blob not null,
    -- The patient that this one turned out to be; nothing while it is one of its own.
    merged_into text references patient (id),
    -- Of the hashing key that the keys below were made with.
    key_version integer not null,
    created_at text not null,
    updated_at text not null
) strict;

-- Keyed hashes that candidates are found by.
create table patient_key (
    value_index blob not null,
    patient_id text not null references patient (id),
    primary key (value_index, patient_id)
) strict;
create index patient_key_of on patient_key (patient_id);

alter table referral add column patient_id text;
create index referral_of_patient on referral (patient_id, id) where patient_id is not null;

-- Each time that a referral was linked to a patient, by what, and how well it fitted. The newest counts.
create table patient_link (
    referral_id text not null references referral (id),
    sequence integer not null,
    patient_id text not null references patient (id),
    -- `matched`, `new`, `person`, `person_new`, `merge` or `undo`.
    basis text not null,
    -- Log2 of the odds, and what each criterion adds to it: names of criteria and levels, no values. JSON.
    weight real,
    evidence text,
    linked_by text not null,
    linked_at text not null,
    primary key (referral_id, sequence)
) strict;

-- Two patients that were made one, with what is needed to take it back.
create table patient_merge (
    id text not null primary key,
    survivor text not null references patient (id),
    loser text not null references patient (id),
    -- The referrals that were moved. JSON list of ids.
    moved text not null,
    merged_by text not null,
    merged_at text not null,
    undone_by text,
    undone_at text
) strict;
create index patient_merge_of_survivor on patient_merge (survivor);
create index patient_merge_of_loser on patient_merge (loser);

-- Two patients of whom a person said that they are two.
create table patient_apart (
    one text not null references patient (id),
    other text not null references patient (id),
    said_by text not null,
    said_at text not null,
    primary key (one, other)
) strict;
