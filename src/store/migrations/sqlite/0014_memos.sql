-- What people of the clinic tell each other of a referral. It never leaves the clinic.
create table memo (
    id text not null primary key,
    referral_id text not null references referral (id),
    author text not null,
    text_sealed blob not null,
    created_at text not null
) strict;
create index memo_by_referral on memo (referral_id, created_at, id);

-- What was decided since a time, by whom and on what: the counters of the desk read nothing else.
create index referral_event_decided on referral_event (at, actor, referral_id)
    where action in ('release', 'reject', 'request_information');
