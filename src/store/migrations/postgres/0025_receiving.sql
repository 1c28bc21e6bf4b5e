-- How it came: `agent`, sealed to us, or `edge`, plain from our HISP.
alter table inbound_message add column mode text not null default 'agent';

-- What was filed, once for each recipient: by it a repeat is told from another message under the same number.
create table filed_message (
    -- Of sender, Message-ID and recipient.
    key_index bytea not null primary key,
    -- Of the inner message's bytes.
    inner_index bytea not null,
    message_id text not null references inbound_message (id)
);

-- By which our HISP signs in to hand messages over.
create table edge_account (
    name text not null primary key,
    secret_hash bytea not null,
    created_at timestamptz not null
);

-- How far a hosted mailbox was read.
create table mailbox (
    -- As `user@host:port/FOLDER`.
    name text not null primary key,
    -- By another one the server says that its numbers begin anew (RFC 3501 §2.3.1.1).
    uid_validity bigint not null,
    -- Every message up to this number is here.
    uid bigint not null,
    read_at timestamptz not null
);
