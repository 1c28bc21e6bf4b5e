//! When our certificates end.

use crate::direct::certificate::{Certificate, Use};
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// A certificate of ours is renewed so long before it ends: authorities take days, and partners too.
pub const RENEW_BEFORE: TimeDelta = TimeDelta::days(30);

/// When a name of ours has no certificate left to sign with, or none to be encrypted to: whichever is first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub bound_to: String,
    pub not_after: DateTime<Utc>,
}

impl End {
    pub fn is_near(&self, now: DateTime<Utc>) -> bool {
        self.not_after - now < RENEW_BEFORE
    }
}

/// One for each name of ours, whatever number of certificates it has: an old one that has a successor is no worry.
pub async fn ends(tx: &mut Tx) -> store::Result<Vec<End>> {
    let mut ends: Vec<End> = Vec::new();
    let identities = store::identities::list(tx).await?;
    for row in &identities {
        if ends.iter().any(|end| end.bound_to == row.bound_to) {
            continue;
        }
        let last = |purpose| {
            let of_name = identities.iter().filter(|other| other.bound_to == row.bound_to);
            let fit = of_name.filter_map(|other| {
                let certificate = Certificate::from_der(&other.certificate).ok()?;
                // Asked of its last moment: one that has ended counts, too, as the end that it was.
                certificate
                    .check(purpose, other.not_after)
                    .is_ok()
                    .then_some(other.not_after)
            });
            fit.max()
        };
        let end = [Use::Signing, Use::Encrypting].into_iter().filter_map(last).min();
        ends.push(End {
            bound_to: row.bound_to.clone(),
            not_after: end.unwrap_or(row.not_after),
        });
    }
    Ok(ends)
}
