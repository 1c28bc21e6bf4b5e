-- What a referrer was asked for: the checklist as it was ticked, and the letter made of it.
create table information_request (
    id text not null primary key,
    referral_id text not null references referral (id),
    author text not null,
    -- The items and the free text. JSON.
    asked_sealed blob not null,
    letter_object text references object (id),
    created_at text not null
) strict;
create index information_request_by_referral on information_request (referral_id, created_at);

-- Messages that are, or may be, the answer to such a request. Those by `message_id` are attached at once; by `subject`, or from
-- an `other_sender`, only when a person says so.
create table answer (
    transmission_id text not null references transmission (id),
    referral_id text not null references referral (id),
    basis text not null,
    arrived_at text not null,
    settled_at text,
    settled_by text,
    attached integer not null,
    primary key (transmission_id, referral_id)
) strict;
create index answer_by_referral on answer (referral_id, arrived_at);
create index answer_offered on answer (arrived_at) where settled_at is null;

-- What a person said of two referrals that resemble each other: `same`, `follow_up` or `different`.
create table twin (
    referral_id text not null references referral (id),
    twin_id text not null references referral (id),
    verdict text not null,
    decided_by text not null,
    decided_at text not null,
    primary key (referral_id, twin_id)
) strict;
create index twin_by_twin on twin (twin_id);

-- Where a document went that is no referral; a consult note names the referral of ours that it belongs to.
create table document_route (
    document_id text not null primary key references document (id),
    route text not null,
    referral_id text references referral (id),
    routed_by text not null,
    routed_at text not null
) strict;
create index document_route_by_referral on document_route (referral_id) where referral_id is not null;

-- A delivery brings a note or a request.
-- SQLite can't drop a `not null`: the table is made anew, and what points to it is checked at the commit.
pragma defer_foreign_keys = on;
create table delivery_before as select * from delivery;
drop table delivery;
create table delivery (
    id text not null primary key,
    referral_id text not null references referral (id),
    note_id text references note (id),
    request_id text references information_request (id),
    channel text not null,
    state text not null,
    address text,
    message_id text unique,
    error text,
    proof_sealed blob,
    created_at text not null,
    submitted_at text,
    processed_at text,
    dispatched_at text,
    ended_at text
) strict;
insert into delivery (id, referral_id, note_id, channel, state, address, message_id, error, proof_sealed, created_at, submitted_at,
                      processed_at, dispatched_at, ended_at)
    select id, referral_id, note_id, channel, state, address, message_id, error, proof_sealed, created_at, submitted_at,
           processed_at, dispatched_at, ended_at from delivery_before;
drop table delivery_before;
create index delivery_by_referral on delivery (referral_id, created_at);
create index delivery_failed on delivery (created_at, id) where state in ('failed', 'uncertain');
create index delivery_unconfirmed on delivery (submitted_at, id) where channel = 'direct' and state in ('submitted', 'processed');
