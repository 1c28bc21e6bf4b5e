-- Destroyed data keys: the row stays, so that what was there and when it went remains known.
alter table object add column shredded_at timestamptz;
create index object_by_key on object (key_id, id);

-- Documents that must not be destroyed, whatever their age.
create table legal_hold (
    id text not null primary key,
    transmission_id text not null references transmission (id),
    reason_sealed bytea not null,
    placed_at timestamptz not null,
    lifted_at timestamptz
);
create unique index legal_hold_open on legal_hold (transmission_id) where lifted_at is null;

create index inbound_message_by_transmission on inbound_message (transmission_id);
create index transmission_conflict_by_transmission on transmission_conflict (transmission_id);
create index note_attachment on note (referral_id) where attachment_object is not null or letter_object is not null;

-- Which objects came of which transmission.
create view object_of_transmission (object_id, transmission_id) as
select object_id, id from transmission
union all select object_id, transmission_id from transmission_conflict
union all select image_object, transmission_id from page
union all select words_object, transmission_id from page
union all select bound_object, transmission_id from document where bound_object is not null
union all select object_id, transmission_id from inbound_message where transmission_id is not null
union all select note.attachment_object, referral.transmission_id from note
    join referral on referral.id = note.referral_id where note.attachment_object is not null
union all select note.letter_object, referral.transmission_id from note
    join referral on referral.id = note.referral_id where note.letter_object is not null;
