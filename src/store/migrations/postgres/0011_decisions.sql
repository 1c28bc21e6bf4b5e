-- What a referrer was asked for: the checklist as it was ticked, and the letter made of it.
create table information_request (
    id text not null primary key,
    referral_id text not null references referral (id),
    author text not null,
    -- The items and the free text. JSON.
    asked_sealed bytea not null,
    letter_object text references object (id),
    created_at timestamptz not null
);
create index information_request_by_referral on information_request (referral_id, created_at);

-- Messages that are, or may be, the answer to such a request. Those by `message_id` are attached at once; by `subject`, or from
-- an `other_sender`, only when a person says so.
create table answer (
    transmission_id text not null references transmission (id),
    referral_id text not null references referral (id),
    basis text not null,
    arrived_at timestamptz not null,
    settled_at timestamptz,
    settled_by text,
    attached boolean not null,
    primary key (transmission_id, referral_id)
);
create index answer_by_referral on answer (referral_id, arrived_at);
create index answer_offered on answer (arrived_at) where settled_at is null;

-- What a person said of two referrals that resemble each other: `same`, `follow_up` or `different`.
create table twin (
    referral_id text not null references referral (id),
    twin_id text not null references referral (id),
    verdict text not null,
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (referral_id, twin_id)
);
create index twin_by_twin on twin (twin_id);

-- Where a document went that is no referral; a consult note names the referral of ours that it belongs to.
create table document_route (
    document_id text not null primary key references document (id),
    route text not null,
    referral_id text references referral (id),
    routed_by text not null,
    routed_at timestamptz not null
);
create index document_route_by_referral on document_route (referral_id) where referral_id is not null;

-- A delivery brings a note or a request.
alter table delivery alter column note_id drop not null;
alter table delivery add column request_id text references information_request (id);
