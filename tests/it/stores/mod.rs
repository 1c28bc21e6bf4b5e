//! The bucket and the key service, real ones: a server of S3's protocol that checks signatures and conditions, and one of KMS's
//! with real cryptography. What neither of them does, a scripted server says in their place.

mod away;
mod bucket;
mod checkpoints;
mod gate;
mod keys;
mod rewrap;
mod servers;

use chrono::{DateTime, Utc};
use referloop::domain::ids::TenantId;

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn tenant() -> TenantId {
    TenantId::new(noon())
}
