//! Brings the register up to date beside the service: keys after a rotation, and referrals from before there was a register.

use super::settle::{rebuild, settle};
use crate::app::App;
use crate::domain::ids::{PatientId, ReferralId};
use crate::domain::people::Actor;
use crate::store::{self, fields, patients};

/// Patients or referrals of one transaction.
const ROWS: u32 = 50;

/// Makes hashes of patients anew that an older key made. Says how many.
pub(in crate::referrals) async fn rehash(app: &App) -> store::Result<u64> {
    let (mut after, mut done): (Option<PatientId>, u64) = (None, 0);
    loop {
        let now = app.clock.now();
        let mut tx = app.db.begin().await?;
        let outdated = patients::outdated(&mut tx, after.as_ref(), ROWS).await?;
        for id in &outdated {
            rebuild(&mut tx, id, now).await?;
        }
        tx.commit().await?;
        done += outdated.len() as u64;
        let Some(last) = outdated.last().cloned() else {
            return Ok(done);
        };
        after = Some(last);
    }
}

/// Links released referrals that have no patient yet, where nobody needs to be asked. Says how many it looked at.
pub(in crate::referrals) async fn enrol(app: &App) -> store::Result<u64> {
    let (mut after, mut done): (Option<ReferralId>, u64) = (None, 0);
    loop {
        let now = app.clock.now();
        let mut tx = app.db.begin().await?;
        let unlinked = patients::unlinked(&mut tx, after.as_ref(), ROWS).await?;
        for id in &unlinked {
            if store::referrals::find_to_change(&mut tx, id).await?.is_some() {
                let values = fields::current(&mut tx, id).await?;
                settle(&mut tx, &Actor::System, id, &values, now).await?;
            }
        }
        tx.commit().await?;
        done += unlinked.len() as u64;
        let Some(last) = unlinked.last().cloned() else {
            return Ok(done);
        };
        after = Some(last);
    }
}
