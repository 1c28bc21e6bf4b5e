-- Who reviews a referral just now: one row a referral at most. It holds until `until`, and is replaced after that.
create table claim (
    referral_id text not null primary key references referral (id),
    -- The opening of the page that holds it: an older page of the same person that closes late must not end it.
    id text not null,
    user_id text not null references user_account (id),
    taken_at timestamptz not null,
    until timestamptz not null
);
