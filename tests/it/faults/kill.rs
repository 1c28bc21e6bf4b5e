//! SIGKILL, at any moment, again and again.

use super::gateway::Gateway;
use super::{Installation, proof};
use crate::harness::{TestDb, on_both};
use rand::RngExt;
use referloop::store::db::Kind;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many faxes come in, and how often the service is killed meanwhile.
struct Plan {
    documents: usize,
    kills: usize,
}

/// `FAULTS_` and the name, where it is set.
pub fn number(name: &str, usual: usize) -> usize {
    let set = std::env::var(format!("FAULTS_{name}"));
    set.map_or(usual, |text| text.parse().expect("a number of faults is a number"))
}

/// Seconds from one kill to the next, at random.
const BETWEEN_KILLS: std::ops::Range<f64> = 1.0..5.0;

impl Plan {
    /// `FAULTS_DOCUMENTS` and `FAULTS_KILLS`, else what `cargo test` has time for.
    fn read(kind: Kind) -> Self {
        Self {
            // Most of the time goes into reading them afterwards, which is the same on both databases.
            documents: number("DOCUMENTS", if kind == Kind::Sqlite { 160 } else { 80 }),
            kills: number("KILLS", 15),
        }
    }

    /// So that the last fax is sent about when the last kill comes.
    fn pace(&self) -> Duration {
        let seconds = self.kills as f64 * f64::midpoint(BETWEEN_KILLS.start, BETWEEN_KILLS.end);
        Duration::from_secs_f64(seconds / self.documents as f64)
    }
}

on_both!(
    a_service_that_is_killed_again_and_again_loses_and_doubles_nothing,
    async |db: TestDb| {
        let plan = Plan::read(db.kind());
        let house = Installation::new(&db.url);
        let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
        let [path, token, door] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
        let gateway = Gateway::new(house.url(path), token, plan.documents, plan.pace());
        let begun = Instant::now();
        let sending = tokio::spawn(Arc::clone(&gateway).send_all());
        let mut service = house.serve();
        for _ in 0..plan.kills {
            let pause = rand::rng().random_range(BETWEEN_KILLS);
            tokio::time::sleep(Duration::from_secs_f64(pause)).await;
            assert!(!service.has_ended(), "it ended by itself: {}", house.said());
            service.kill();
            service = house.serve();
        }
        let at_last_kill = gateway.count_acknowledged();
        let ledger = sending.await.unwrap();
        let sent = begun.elapsed();
        assert_eq!(ledger.acknowledged.len(), plan.documents);
        let app = house.open().await;
        let patience = Duration::from_mins(3) + Duration::from_secs(plan.documents as u64);
        let drained = proof::drained(&app, patience).await;
        proof::nothing_is_lost_or_double(&app, door, &ledger).await;
        assert!(!house.said().contains("panicked"));
        service.kill();
        let told = format!(
            "{} faxes acknowledged, {at_last_kill} of them before the last of {} kills, in {:.0} s with {} tries that failed; \
             worked through {:.0} s later: none lost, none double, none stuck, every byte equal",
            plan.documents,
            plan.kills,
            sent.as_secs_f64(),
            ledger.retries,
            drained.as_secs_f64(),
        );
        // Past the capture of output: these are the figures that `make faults` is run for.
        let _ = writeln!(std::io::stderr(), "{told}");
        assert!(at_last_kill > 0, "{told}");
    }
);
