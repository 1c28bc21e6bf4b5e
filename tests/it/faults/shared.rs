//! One process takes faxes in, several others read them, and one after the other of those is killed.

use super::gateway::Gateway;
use super::kill::number;
use super::{Installation, Running, proof};
use crate::harness::TestDb;
use referloop::store::db::Kind;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LEASE_SECONDS: u32 = 5;
const WORKERS: usize = 4;
const BETWEEN_KILLS: Duration = Duration::from_secs(2);

/// Several processes share PostgreSQL only: an embedded database has one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_share_the_work_do_nothing_twice_when_they_die() {
    let (documents, kills) = (number("SHARED_DOCUMENTS", 60), number("SHARED_KILLS", 6));
    let db = TestDb::new(Kind::Postgres).await;
    let house = Installation::new(&db.url).with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS);
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    let [path, token, door] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
    let mut service = house.start(house.command(&["serve", "--no-work"]));
    let mut workers: Vec<Running> = (0..WORKERS).map(|_| house.start(house.command(&["work"]))).collect();

    let gateway = Gateway::new(house.url(path), token, documents, Duration::from_millis(50));
    let begun = Instant::now();
    let sending = tokio::spawn(Arc::clone(&gateway).send_all());
    for turn in 0..kills {
        tokio::time::sleep(BETWEEN_KILLS).await;
        let fresh = house.start(house.command(&["work"]));
        std::mem::replace(&mut workers[turn % WORKERS], fresh).kill();
    }
    let ledger = sending.await.unwrap();
    assert_eq!(ledger.acknowledged.len(), documents);
    let app = house.open().await;
    proof::drained(&app, Duration::from_mins(5) + Duration::from_secs(documents as u64)).await;
    let worked = begun.elapsed();
    proof::all_linked(&app, Duration::from_mins(1)).await;
    proof::nothing_is_lost_or_double(&app, door, &ledger).await;
    assert!(!house.said().contains("panicked"));
    let reading = workers.iter().filter(|worker| has_read(worker.id())).count();
    assert!(reading > 1, "{reading} of {WORKERS} workers read anything");
    assert!(!service.has_ended() && !has_read(service.id()), "{}", house.said());
    let _ = writeln!(
        std::io::stderr(),
        "{documents} faxes read by {WORKERS} workers, {reading} of the last {WORKERS} at it, {kills} killed, in {:.0} s: none lost, double or stuck",
        worked.as_secs_f64(),
    );
}

/// In hundredths of a second. The check of the reader at the start takes a tenth of it, reading 60 faxes many times as much.
const READING_TICKS: u64 = 50;

/// Whether children of this process have used the processor for long: readers do nothing else.
fn has_read(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit(") ").next().unwrap();
    // proc_pid_stat(5): cutime and cstime, in ticks, of the children that have ended.
    let of_children = after_name.split(' ').skip(13).take(2);
    of_children.map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>() > READING_TICKS
}
