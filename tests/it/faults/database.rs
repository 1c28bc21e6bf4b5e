//! The database server dies again and again, and the service goes on without a restart.

use super::gateway::Gateway;
use super::kill::number;
use super::{Installation, proof};
use crate::harness::postgres::Cluster;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

const STARTS_WITHIN: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let documents = number("DATABASE_DOCUMENTS", 100);
    let kills = number("DATABASE_KILLS", 8);
    let between = Duration::from_secs(number("DATABASE_SECONDS", 4) as u64);
    let cluster = Arc::new(Cluster::make("-c fsync=on -c full_page_writes=on"));
    let url = cluster.database("faults").await;
    let house = Installation::new(&url);
    house.run(&["migrate"]);
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    let [path, token, door] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
    let pace = between * kills as u32 / documents as u32;
    let gateway = Gateway::new(house.url(path), token, documents, pace);
    let begun = Instant::now();
    let mut service = house.serve();
    let sending = tokio::spawn(Arc::clone(&gateway).send_all());
    for kill in 0..kills {
        tokio::time::sleep(between).await;
        let cluster = Arc::clone(&cluster);
        // In turns: as a crash of the machine's own processes, and as an operator's last means.
        tokio::task::spawn_blocking(move || end_and_start(&cluster, kill % 2 == 0))
            .await
            .unwrap();
        assert!(!service.has_ended(), "the service ended: {}", house.said());
    }
    let at_last_kill = gateway.count_acknowledged();
    let ledger = sending.await.unwrap();
    let sent = begun.elapsed();
    assert_eq!(ledger.acknowledged.len(), documents);
    let app = house.open().await;
    let patience = Duration::from_mins(3) + Duration::from_secs(documents as u64);
    let drained = proof::drained(&app, patience).await;
    proof::all_linked(&app, Duration::from_secs(10)).await;
    proof::nothing_is_lost_or_double(&app, door, &ledger).await;
    assert!(
        !service.has_ended() && !house.said().contains("panicked"),
        "{}",
        house.said()
    );
    service.kill();
    let told = format!(
        "{documents} faxes acknowledged, {at_last_kill} of them before the last of {kills} ends of the database server, in {:.0} s with \
         {} tries that failed; worked through {:.0} s later by the same process: none lost, none double, none stuck",
        sent.as_secs_f64(),
        ledger.retries,
        drained.as_secs_f64(),
    );
    let _ = writeln!(std::io::stderr(), "{told}");
    assert!(at_last_kill > 0 && ledger.retries > 0, "{told}");
}

fn end_and_start(cluster: &Cluster, by_signal: bool) {
    assert!(if by_signal {
        cluster.kill()
    } else {
        cluster.stop_at_once()
    });
    let begun = Instant::now();
    while !cluster.start() {
        assert!(begun.elapsed() < STARTS_WITHIN, "PostgreSQL does not start again");
        std::thread::sleep(Duration::from_millis(200));
    }
}
