-- Where a value came from: its sender or known form, its field and its label. Null where the sender can't be told, and in rows
-- from before.
alter table field_outcome add column origin_index bytea;
create index field_outcome_by_origin on field_outcome (origin_index, judged_at) where origin_index is not null;

-- Certain values that a person is to look at, since too few of the same origin were found right so far.
create table value_on_probation (
    referral_id text not null references referral (id),
    key text not null,
    primary key (referral_id, key)
);
