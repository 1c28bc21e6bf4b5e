//! The ledger of the gateway held against what the service has.

use super::gateway::{Ledger, document, fax_id};
use referloop::app::App;
use referloop::audit::checkpoint::Checkpoints;
use referloop::domain::ids::TransmissionId;
use referloop::domain::transmission::Stage;
use referloop::store::{self, audit, audit_chain, documents, jobs, objects, referrals, transmissions};
use std::time::{Duration, Instant};

/// Waits until nothing is under way. Leases of the dead run out first.
pub async fn drained(app: &App, within: Duration) -> Duration {
    let begun = Instant::now();
    loop {
        let open = open_jobs(app).await;
        if open == 0 {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < within, "{open} jobs are stuck");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Work on documents; timers go on for ever.
async fn open_jobs(app: &App) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    let counts = jobs::count(&mut tx).await.unwrap();
    let of_documents = counts
        .iter()
        .filter(|count| matches!(count.name.as_str(), "read" | "extract" | "bind"));
    of_documents.map(|count| count.open).sum()
}

/// Waits until every row of the audit log has its link.
pub async fn all_linked(app: &App, within: Duration) {
    let begun = Instant::now();
    loop {
        let mut tx = app.db.read().await.unwrap();
        if !audit_chain::is_waited_for(&mut tx).await.unwrap() {
            return;
        }
        drop(tx);
        assert!(begun.elapsed() < within, "rows of the audit log stay without a link");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Everything that was acknowledged is there, once, byte by byte, and was worked through.
pub async fn nothing_is_lost_or_double(app: &App, door: &str, ledger: &Ledger) {
    let mut seen = std::collections::BTreeSet::new();
    for (number, told) in &ledger.acknowledged {
        let mut tx = app.db.read().await.unwrap();
        let found = transmissions::find_by_fax_id(&mut tx, door, &fax_id(*number))
            .await
            .unwrap();
        let found = found.unwrap_or_else(|| panic!("fax {number} was acknowledged and is lost"));
        assert!(
            told.is_empty() || *told == found.id.as_str(),
            "fax {number} is {told} and {}",
            found.id
        );
        assert!(seen.insert(found.id.clone()));
        assert_eq!(found.stage, Stage::Done, "fax {number}, {:?}", found.reason);
        assert_eq!(found.conflicts, 0);
        worked_through(&mut tx, &found.id, *number).await;
        let object = objects::find(&mut tx, &found.object).await.unwrap().unwrap();
        drop(tx);
        let bytes = app.vault.get(&object).await.unwrap();
        assert!(bytes == document(*number), "fax {number} has other bytes");
    }
    let mut tx = app.db.read().await.unwrap();
    let open = transmissions::count_open(&mut tx).await.unwrap();
    let open: i64 = open.into_iter().map(|(_, count)| count).sum();
    let all = open + transmissions::count_done(&mut tx).await.unwrap();
    assert_eq!(all, ledger.acknowledged.len() as i64, "nothing else came in");
    let counts = jobs::count(&mut tx).await.unwrap();
    assert!(counts.iter().all(|count| count.quarantined == 0), "{counts:?}");
    let verified = audit::verify(&mut tx).await.unwrap();
    assert!(verified.wrong.is_empty() && verified.rows >= ledger.acknowledged.len() as u64);
    let checkpoints = Checkpoints::of(app).read().await.unwrap();
    let faults = audit_chain::verify(&mut tx, &checkpoints, app.clock.now())
        .await
        .unwrap();
    assert!(faults.is_empty(), "{faults:?}");
}

async fn worked_through(tx: &mut store::Tx, id: &TransmissionId, number: usize) {
    let documents = documents::of_transmission(tx, id).await.unwrap();
    assert_eq!(documents.len(), 1, "documents of fax {number}");
    assert!(documents[0].bound.is_some(), "fax {number} has no searchable PDF");
    let referrals = referrals::of_transmission(tx, id).await.unwrap();
    assert_eq!(referrals.len(), 1, "referrals of fax {number}");
}
