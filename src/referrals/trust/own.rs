//! The certificates between ours and the root of whoever issued it. A signature carries them, so that a partner who trusts the
//! root, and has never seen the authorities below it, can follow (RFC 8551 §4: agents should send them).

use super::known::intermediates;
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::store::fetched::FetchedKind;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// No authority in use stands further below its root.
const STEPS_UP_MAX: usize = 4;

/// Those that are here, from ours upward. The root itself stays out: it convinces nobody who doesn't know it.
pub async fn issuers_of(
    app: &App,
    tx: &mut Tx,
    ours: &Certificate,
    now: DateTime<Utc>,
) -> store::Result<Vec<Certificate>> {
    Ok(climb(ours, &intermediates(app, tx).await?, now))
}

pub(super) fn climb(ours: &Certificate, here: &[Certificate], now: DateTime<Utc>) -> Vec<Certificate> {
    let mut issuers: Vec<Certificate> = Vec::new();
    while issuers.len() < STEPS_UP_MAX {
        let at = issuers.last().unwrap_or(ours);
        let is_next = |issuer: &&Certificate| {
            let counts = issuer.not_after().is_some_and(|end| end > now);
            counts && at.is_issued_by(issuer) && !issuer.is_issued_by(issuer)
        };
        match here.iter().find(is_next) {
            Some(issuer) => issuers.push(issuer.clone()),
            None => break,
        }
    }
    issuers
}

/// Keeps what came with a certificate of ours. It completes paths and is trusted by nobody for being here.
pub async fn keep(tx: &mut Tx, issuers: &[Certificate], now: DateTime<Utc>) -> store::Result<()> {
    for issuer in issuers {
        let place = format!("file:{}", issuer.fingerprint());
        store::fetched::keep(tx, &place, FetchedKind::Issuer, issuer.to_der(), None, now).await?;
    }
    Ok(())
}
