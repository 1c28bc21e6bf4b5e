-- Proof of what was handed over: SHA-256 of the whole sealed message, and of the certificates that it was encrypted to and
-- signed by, in lower-case hex.
alter table delivery add column digest text;
alter table delivery add column encrypted_to text;
alter table delivery add column signed_by text;
-- `pdf`, `ccda_unstructured`, `ccda_consultation` or `xdm`; null where it was not composed yet, or before this was written down.
alter table delivery add column form text;
-- Of a partner that sends no more, `processed` was the final word.
update delivery set ended_at = processed_at
    where state = 'processed' and exists (select 1 from referral where referral.id = delivery.referral_id and referral.status = 'closed');
drop index delivery_unconfirmed;
create index delivery_unconfirmed on delivery (submitted_at, id) where channel = 'direct' and ended_at is null;

-- Each report of a partner about a delivery, also one that came too late to change anything.
create table delivery_report (
    -- The message that brought it.
    message_id text not null primary key references inbound_message (id),
    delivery_id text not null references delivery (id),
    -- `processed`, `dispatched`, `failed` or `other`.
    event text not null,
    -- `counted`, `repeated`, `late` or `noted`.
    effect text not null,
    -- Who said it, in which message, signed by which certificate. JSON.
    said_sealed blob not null,
    received_at text not null
) strict;
create index delivery_report_by_delivery on delivery_report (delivery_id, received_at);

-- What a partner's system can take, by its address or, for everybody there, its domain.
create table partner_ability (
    -- Lower case.
    bound_to text not null primary key,
    -- `pdf`, `ccda_unstructured`, `ccda_consultation` or `xdm`.
    form text not null,
    -- `rsa_v15` or `rsa_oaep`.
    key_transport text not null,
    -- `aes128` or `aes256`.
    cipher text not null,
    -- What a note's arrival is proven by: `dispatched`, or `processed` where the partner sends no more than that.
    confirms text not null,
    updated_by text not null,
    updated_at text not null
) strict;

-- Notifications that went out, so that none goes out twice.
create table notification (
    message_id text not null references inbound_message (id),
    -- Our address in whose name it went, lower case.
    recipient text not null,
    -- `processed`, `dispatched` or `failed`.
    disposition text not null,
    -- The domain that heard it, lower case.
    peer text not null,
    sent_at text not null,
    primary key (message_id, recipient, disposition)
) strict;
create index notification_by_peer on notification (peer, sent_at);
