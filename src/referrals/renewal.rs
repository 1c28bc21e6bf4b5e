//! Brings rows to the newest keys: sealed cells, and what patients are found by. Runs as a job beside the service, and can be
//! interrupted anywhere; rows from before patients could be searched are brought along too.

use super::register;
use super::values::patient;
use crate::app::App;
use crate::domain::ids::ReferralId;
use crate::jobs::JobError;
use crate::store::{self, reseal, search};

/// The name of the timer's job.
pub const RENEW: &str = "renew_seals";

/// Rows of one transaction: SQLite's one writer is held for some milliseconds.
const ROWS: u32 = 200;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Renewed {
    /// Cells that were sealed anew.
    pub sealed: u64,
    /// Referrals whose hashes were made anew.
    pub indexed: u64,
}

/// The timer: after a rotation or an upgrade there is work, else only a look.
pub async fn renew_daily(app: App) -> Result<(), JobError> {
    let renewed = renew(&app).await?;
    if renewed != Renewed::default() {
        tracing::info!(
            count = renewed.sealed + renewed.indexed,
            "values were brought to the newest keys"
        );
    }
    Ok(())
}

/// Works until nothing is left that an older key sealed or hashed.
pub async fn renew(app: &App) -> store::Result<Renewed> {
    let mut renewed = Renewed::default();
    // With one key there is nothing older, and no table needs to be looked through.
    if app.keys.field.keys() > 1 {
        for column in reseal::COLUMNS {
            let mut after = String::new();
            while let Some((last, sealed)) = step(app, &column, &after).await? {
                renewed.sealed += sealed;
                after = last;
            }
        }
    }
    let mut after = None;
    loop {
        let mut tx = app.db.read().await?;
        let outdated = search::outdated(&mut tx, after.as_ref(), ROWS).await?;
        drop(tx);
        let Some(last) = outdated.last().cloned() else {
            break;
        };
        renewed.indexed += index(app, &outdated).await?;
        after = Some(last);
    }
    renewed.indexed += register::rehash(app).await?;
    register::enrol(app).await?;
    Ok(renewed)
}

async fn step(app: &App, column: &reseal::SealedColumn, after: &str) -> store::Result<Option<(String, u64)>> {
    let mut tx = app.db.begin().await?;
    let done = column.reseal(&mut tx, after, ROWS).await?;
    tx.commit().await?;
    Ok(done)
}

async fn index(app: &App, referrals: &[ReferralId]) -> store::Result<u64> {
    let mut tx = app.db.begin().await?;
    for id in referrals {
        // Held against a correction that would write older values' hashes over newer ones.
        if store::referrals::find_to_change(&mut tx, id).await?.is_some() {
            let values = store::fields::current(&mut tx, id).await?;
            search::put(&mut tx, id, &patient(&values)).await?;
        }
    }
    tx.commit().await?;
    Ok(referrals.len() as u64)
}
