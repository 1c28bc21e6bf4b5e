-- Where a value stands in a document that is data: its format, which document of the original, and paths. Names of
-- elements and places, no values. JSON.
alter table field_value add column passage text;

-- The files of one message that wait for its leading one and belong to the referral which that opens.
create table message_part (
    transmission_id text not null primary key references transmission (id),
    -- The leading one's.
    lead_index blob not null
) strict;
create index message_part_by_lead on message_part (lead_index);

-- What the initiator of a closed-loop referral calls it. Every answer repeats the number.
create table referral_order (
    referral_id text not null primary key references referral (id),
    -- Of authority and number.
    number_index blob not null unique,
    -- Number, authority, what is asked for and until when. JSON.
    order_sealed blob not null,
    created_at text not null
) strict;

-- What the initiator said of its referral later.
create table order_message (
    transmission_id text not null primary key references transmission (id),
    referral_id text not null references referral (id),
    -- `repeated`, `status`, `cancellation`, `outcome`, `booked`, `rescheduled`, `appointment_cancelled` or `no_show`.
    kind text not null,
    -- Its words. JSON.
    said_sealed blob not null,
    arrived_at text not null
) strict;
create index order_message_by_referral on order_message (referral_id, arrived_at);
