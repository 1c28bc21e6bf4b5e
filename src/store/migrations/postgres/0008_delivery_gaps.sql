-- What a gateway says it delivered and we did not hold when it said so. Whether it came since is seen from `transmission`:
-- a gap is open as long as no fax stands there under its door and id, and nobody closed it.
create table delivery_gap (
    id text not null primary key,
    door_id text not null references door (id),
    fax_id_sealed bytea not null,
    -- As in `transmission`.
    fax_id_index bytea not null,
    -- By the gateway's clock; null where it did not say.
    received_at timestamptz,
    listed_at timestamptz not null,
    -- Until then the fax may still be on its way.
    due_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    close_reason text,
    unique (door_id, fax_id_index)
);
create index delivery_gap_open on delivery_gap (door_id, id) where closed_at is null;

-- How a door's deliveries are checked.
create table door_check (
    door_id text not null primary key references door (id),
    -- Where the carrier is asked, and its API key and secret; null where lists are only posted.
    api_base text,
    api_key_sealed bytea,
    -- When a list of deliveries was last held against what is here.
    checked_at timestamptz
);
