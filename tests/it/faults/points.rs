//! A crash at each boundary: the process dies exactly there, starts again, and nothing is lost, double or stuck.

use super::gateway::Gateway;
use super::{Installation, Running, mail, notes, proof};
use crate::harness::TestDb;
use futures_util::StreamExt;
use referloop::faults::Point;
use referloop::store::db::Kind;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

const FAXES: usize = 5;
const PACE: Duration = Duration::from_millis(150);
/// What died holds its leases so long; 60 s outside of tests.
pub const LEASE_SECONDS: u32 = 5;
const DIES_WITHIN: Duration = Duration::from_secs(90);
/// From the new start until everything is worked through, leases included.
const RESUMES_WITHIN: Duration = Duration::from_mins(1);
/// Installations at a time, on each database.
const TOGETHER: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crash_at_each_point_loses_and_doubles_nothing_on_sqlite() {
    at_each_point(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crash_at_each_point_loses_and_doubles_nothing_on_postgres() {
    at_each_point(Kind::Postgres).await;
}

async fn at_each_point(kind: Kind) {
    let begun = Instant::now();
    // Which database it is makes no difference to a mailbox: one is enough.
    let of_mailbox = [
        Point::MailFetched,
        Point::MailSpooled,
        Point::MailNoted,
        Point::MailPutAway,
    ];
    let points: Vec<&Point> = Point::ALL
        .iter()
        .filter(|point| kind == Kind::Sqlite || !of_mailbox.contains(point))
        .collect();
    let crashes = points.iter().copied().map(|point| async move {
        let took = crash_at(*point, kind).await;
        (took, *point)
    });
    let took: Vec<(Duration, Point)> = futures_util::stream::iter(crashes)
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    assert_eq!(took.len(), points.len());
    let (slowest, at) = took.iter().max_by_key(|(took, _)| *took).unwrap();
    let _ = writeln!(
        std::io::stderr(),
        "{kind:?}: died at each of {} points in {:.0} s; worked through {:.1} s after the new start at the latest ({at:?})",
        took.len(),
        begun.elapsed().as_secs_f64(),
        slowest.as_secs_f64(),
    );
}

/// Gives how long after the new start everything was worked through.
async fn crash_at(point: Point, kind: Kind) -> Duration {
    let db = TestDb::new(kind).await;
    match point {
        Point::NoteSealed | Point::NoteHandingOver | Point::NoteSent | Point::NoteRecorded => {
            notes::crash_at(point, db).await
        }
        Point::MessageCommitting
        | Point::MessageCommitted
        | Point::MessageFiled
        | Point::MessageSettled
        | Point::NotificationSealed
        | Point::NotificationSent
        | Point::MailFetched
        | Point::MailSpooled
        | Point::MailNoted
        | Point::MailPutAway => mail::crash_at(point, db).await,
        // The second time: something was acknowledged and worked on before.
        _ => intake_crash_at(point, 2, db).await,
    }
}

async fn intake_crash_at(point: Point, hit: u32, db: TestDb) -> Duration {
    let house = Installation::new(&db.url).with("FAULTS_LEASE_SECONDS", &LEASE_SECONDS);
    let door = house.answer(&["door", "add", "gateway", "--kind", "generic"]);
    let [path, token, door] = ["path", "token", "door"].map(|key| door[key].as_str().unwrap());
    let gateway = Gateway::new(house.url(path), token, FAXES, PACE);
    let sending = tokio::spawn(Arc::clone(&gateway).send_all());
    die_at(point, hit, &house).await;
    let service = house.serve();
    let begun = Instant::now();
    let ledger = sending.await.unwrap();
    assert_eq!(ledger.acknowledged.len(), FAXES);
    let app = house.open().await;
    proof::drained(&app, RESUMES_WITHIN).await;
    let took = begun.elapsed();
    assert!(took < RESUMES_WITHIN, "{point:?}: {took:?}");
    proof::all_linked(&app, Duration::from_secs(10)).await;
    proof::nothing_is_lost_or_double(&app, door, &ledger).await;
    assert!(!house.said().contains("panicked"), "{}", house.said());
    service.kill();
    took
}

/// Runs the service until it dies at the point, and nowhere else.
pub async fn die_at(point: Point, hit: u32, house: &Installation) {
    let mut command = house.command(&["serve"]);
    command.env("FAULTS_POINT", format!("{point:?}"));
    command.env("FAULTS_HIT", hit.to_string());
    let mut service: Running = house.start(command);
    let ended = service.end(DIES_WITHIN).await;
    let ended = ended.unwrap_or_else(|| panic!("{point:?} was never reached: {}", house.said()));
    assert_eq!(ended.signal(), Some(SIGABRT), "{point:?}: {}", house.said());
    let said = house.said();
    assert_eq!(said.matches(&format!("died at {point:?}\n")).count(), 1, "{said}");
}

const SIGABRT: i32 = 6;

impl Running {
    /// Waits for it to end by itself.
    pub async fn end(&mut self, within: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if let Some(status) = self.0.try_wait().unwrap() {
                return Some(status);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}
