-- Columns ending in `_sealed` hold PHI or secrets, sealed under the installation's field key with table, row and column
-- as associated data. Columns ending in `_index` are blind indexes: keyed hashes that find equal values.

create table tenant (
    id text not null primary key,
    created_at text not null
) strict;

-- Keys that work inside: sealing, blind indexes, audit MAC. Wrapped by the key service, useless without it.
create table tenant_key (
    purpose text not null,
    version integer not null,
    wrapped blob not null,
    key_id text not null,
    created_at text not null,
    primary key (purpose, version)
) strict;

create table user_account (
    id text not null primary key,
    name text not null unique,
    role text not null,
    password_hash text not null,
    failed_logins integer not null default 0,
    locked_until text,
    created_at text not null,
    disabled_at text
) strict;

create table session (
    id text not null primary key,
    token_hash blob not null unique,
    user_id text not null references user_account (id),
    created_at text not null,
    last_seen_at text not null,
    expires_at text not null,
    ended_at text
) strict;

create table api_token (
    id text not null primary key,
    name text not null,
    scope text not null,
    token_hash blob not null unique,
    created_at text not null,
    expires_at text,
    revoked_at text
) strict;

create table door (
    id text not null primary key,
    name text not null unique,
    kind text not null,
    -- The unguessable last part of the door's path.
    path_key text not null unique,
    secret_sealed blob not null,
    token_hash blob not null,
    -- What a carrier needs besides: the public URL as typed at the gateway, for example. JSON.
    settings text not null,
    created_at text not null,
    disabled_at text
) strict;

create table object (
    id text not null primary key,
    kind text not null,
    version integer not null,
    -- Size of the plaintext, and size and SHA-256 of what is stored.
    bytes integer not null,
    stored_bytes integer not null,
    stored_sha256 blob not null,
    wrapped_key blob not null,
    key_id text not null,
    created_at text not null
) strict;

create table transmission (
    id text not null primary key,
    -- A door's id, or `upload`, `cli`, `direct`.
    door text not null,
    fax_id_sealed blob not null,
    fax_id_index blob not null,
    content_index blob not null,
    sha256_sealed blob not null,
    bytes integer not null,
    object_id text not null references object (id),
    media_type text,
    -- From, to, station id, pages claimed and the like. JSON.
    details_sealed blob not null,
    pages integer,
    stage text not null,
    reason text,
    conflicts integer not null default 0,
    received_at text not null,
    arrived_at text not null,
    unique (door, fax_id_index)
) strict;
create index transmission_by_arrival on transmission (arrived_at, id);
create index transmission_by_content on transmission (content_index);

-- Other bytes that came under a known fax id: the first are kept as the transmission, these are evidence.
create table transmission_conflict (
    id text not null primary key,
    transmission_id text not null references transmission (id),
    content_index blob not null,
    object_id text not null references object (id),
    arrived_at text not null,
    unique (transmission_id, content_index)
) strict;

create table page (
    transmission_id text not null references transmission (id),
    number integer not null,
    kind text not null,
    rotation integer not null,
    blank integer not null,
    text_source text not null,
    width integer not null,
    height integer not null,
    image_object text not null references object (id),
    words_object text not null references object (id),
    primary key (transmission_id, number)
) strict;

create table document (
    id text not null primary key,
    transmission_id text not null references transmission (id),
    position integer not null,
    kind text not null,
    page_from integer not null,
    page_to integer not null,
    state text not null,
    template text,
    -- Who looked at a document that is no referral and put it away, and when.
    filed_by text,
    filed_at text,
    created_at text not null,
    unique (transmission_id, position)
) strict;

create table directory_entry (
    id text not null primary key,
    name text,
    organization text,
    npi text,
    phone text,
    fax text,
    station_id text,
    direct_address text,
    specialty text,
    created_at text not null,
    updated_at text not null
) strict;
create index directory_by_npi on directory_entry (npi);
create index directory_by_direct_address on directory_entry (direct_address);
create index directory_by_fax on directory_entry (fax);

-- Certificates of partners, by the address or the domain that they are bound to.
create table partner_certificate (
    fingerprint text not null primary key,
    bound_to text not null,
    der blob not null,
    not_after text not null,
    created_at text not null
) strict;
create index partner_certificate_by_binding on partner_certificate (bound_to);

-- Our own Direct addresses, with the certificate and private key of each.
create table direct_identity (
    bound_to text not null primary key,
    certificate blob not null,
    private_key_sealed blob not null,
    not_after text not null,
    created_at text not null
) strict;

create table referral (
    id text not null primary key,
    document_id text not null unique references document (id),
    transmission_id text not null references transmission (id),
    status text not null,
    -- The status's own data (when the visit is booked, why it was declined), JSON, sealed since a reason may name.
    status_data_sealed blob not null,
    status_since text not null,
    urgency text not null,
    -- Who owns it: a person, and the role whose list it stands on.
    owner text references user_account (id),
    queue text not null,
    deadline_at text,
    escalated_at text,
    escalation_level integer not null default 0,
    referrer text references directory_entry (id),
    -- By what the referrer was recognised, or null while unknown.
    referrer_basis text,
    npi_index blob,
    patient_index blob,
    version integer not null,
    created_at text not null,
    updated_at text not null
) strict;
create index referral_by_status on referral (status, deadline_at, id);
create index referral_by_owner on referral (owner, status);
create index referral_by_transmission on referral (transmission_id);
create index referral_by_patient on referral (patient_index);

-- Every value a field ever had: the machine's first, then each correction. The newest row counts.
create table field_value (
    id text not null primary key,
    referral_id text not null references referral (id),
    key text not null,
    sequence integer not null,
    -- `machine`, or the id of the user or token who corrected.
    source text not null,
    -- JSON of the value; null where a person cleared the field.
    value_sealed blob,
    raw_sealed blob,
    confidence real not null,
    page integer,
    -- `[x, y, width, height]`, and a list of these for list values. JSON.
    box text,
    boxes text,
    rule text not null,
    -- A problem's code and its detail, free of PHI.
    problem text,
    problem_detail text,
    created_at text not null,
    unique (referral_id, key, sequence)
) strict;

create table referral_event (
    id text not null primary key,
    referral_id text not null references referral (id),
    sequence integer not null,
    actor text not null,
    action text not null,
    from_status text not null,
    to_status text not null,
    -- A coded reason, and free text.
    reason text,
    note_sealed blob,
    at text not null,
    unique (referral_id, sequence)
) strict;

create table note (
    id text not null primary key,
    referral_id text not null references referral (id),
    -- `final` or `interim`.
    kind text not null,
    author text not null,
    text_sealed blob,
    -- An attached PDF, and the letter made of the note.
    attachment_object text references object (id),
    letter_object text references object (id),
    created_at text not null
) strict;
create index note_by_referral on note (referral_id, created_at);

create table delivery (
    id text not null primary key,
    referral_id text not null references referral (id),
    note_id text not null references note (id),
    -- `direct` or `by_hand`.
    channel text not null,
    -- `queued`, `submitted`, `processed`, `dispatched`, `delivered_by_hand`, `failed`, `uncertain`.
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
create index delivery_by_referral on delivery (referral_id, created_at);

-- Messages that came in, so that a repeated one changes nothing.
create table inbound_message (
    id text not null primary key,
    -- Of the message's bytes: a sender that retries sends the same.
    content_index blob not null unique,
    -- `received`, `document`, `mdn` or `refused`.
    kind text not null,
    -- Who sent it to whom by SMTP. JSON.
    envelope_sealed blob not null,
    object_id text not null references object (id),
    transmission_id text references transmission (id),
    delivery_id text references delivery (id),
    arrived_at text not null
) strict;

create table job (
    id text not null primary key,
    lane text not null,
    name text not null,
    subject text not null,
    -- Ids only, JSON.
    payload text not null,
    -- The smaller goes first.
    priority integer not null,
    -- When to run it; while a worker holds it, when its lease ends.
    due_at text not null,
    -- Null while the job waits; set while a worker holds it.
    lease_token text,
    attempts integer not null default 0,
    crashes integer not null default 0,
    lost_leases integer not null default 0,
    -- When it was asked for again while it ran.
    again_at text,
    last_error text,
    quarantined_at text,
    created_at text not null
) strict;
create unique index job_open on job (name, subject) where quarantined_at is null;
create index job_to_claim on job (lane, priority, due_at) where lease_token is null and quarantined_at is null;
create index job_leased on job (due_at) where lease_token is not null;
create index job_quarantined on job (quarantined_at) where quarantined_at is not null;

create table audit (
    id text not null primary key,
    at text not null,
    actor text not null,
    action text not null,
    resource_kind text not null,
    resource_id text not null,
    -- `allowed`, `denied` or `failed`.
    outcome text not null,
    -- Codes and ids only, JSON; as text, since the MAC covers it letter by letter.
    detail text not null,
    mac blob not null
) strict;
create index audit_by_resource on audit (resource_kind, resource_id, at);
create index audit_by_time on audit (at, id);
