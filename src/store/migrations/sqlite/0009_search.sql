-- What a patient is found by without opening anything: keyed hashes of identifiers, phones, birth date with the sound of the
-- family name, and of the birth date alone, that one cut so short that several dates share it.
create table search_key (
    value_index blob not null,
    referral_id text not null references referral (id),
    primary key (value_index, referral_id)
) without rowid, strict;
create index search_key_by_referral on search_key (referral_id);
-- The version of the search key that a referral's hashes were made with; null while it has none.
alter table referral add column search_version integer;
drop index referral_by_patient;
alter table referral drop column patient_index;
alter table referral drop column npi_index;

-- Lists and counts by status.
drop index referral_by_status;
create index referral_by_status on referral (status, id);
create index transmission_by_stage on transmission (stage, id);
-- Open work by deadline: all, of one status, of one person or of nobody. What has no deadline stands last.
drop index referral_by_owner;
create index referral_open on referral (coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id)
    where status not in ('rejected', 'declined', 'cancelled', 'closed');
create index referral_open_by_status on referral (status, coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id)
    where status not in ('rejected', 'declined', 'cancelled', 'closed');
create index referral_open_by_owner on referral (coalesce(owner, ''), coalesce(deadline_at, '9999-12-31T00:00:00+00:00'), id)
    where status not in ('rejected', 'declined', 'cancelled', 'closed');

-- With the id, a claim takes the first rows of the index, however many jobs share a due time.
drop index job_to_claim;
create index job_to_claim on job (lane, priority, due_at, id) where lease_token is null and quarantined_at is null;

-- What the desk and the timers look for among all that is done.
create index document_unfiled on document (id) where state = 'not_a_referral' and filed_at is null;
create index delivery_failed on delivery (created_at, id) where state in ('failed', 'uncertain');
create index delivery_unconfirmed on delivery (submitted_at, id) where channel = 'direct' and state in ('submitted', 'processed');
