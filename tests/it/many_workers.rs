//! Several processes on one PostgreSQL: each has its own connections and hears of the others' jobs.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::clock::Clock;
use referloop::jobs::{self, Lane, Limits, NewJob, Worker};
use referloop::store::db::Kind;
use referloop::store::{Db, sql};
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

fn start() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn worker(db: Db) -> (Worker<UnboundedSender<Instant>>, UnboundedReceiver<Instant>) {
    let (begun, reports) = unbounded_channel();
    let worker = Worker::new(db, Clock::System, begun).register(
        "read",
        Lane::Quick,
        Limits::PARSER,
        |begun: UnboundedSender<Instant>, _| async move {
            begun.send(Instant::now()).unwrap();
            Ok(())
        },
    );
    (worker, reports)
}

async fn enqueue(db: &Db, subject: &str) {
    let job = NewJob {
        name: "read",
        lane: Lane::Quick,
        subject,
        payload: serde_json::json!({}),
        due_at: start(),
        priority: 0,
    };
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, job, start()).await.unwrap();
    tx.commit().await.unwrap();
}

/// As a process does that tells nobody.
async fn enqueue_silently(db: &Db, subject: &str) {
    let mut tx = db.begin().await.unwrap();
    sql(
        "insert into job (id, lane, name, subject, payload, priority, due_at, created_at)
         values ($1, 'quick', 'read', $1, '{}', 0, $2, $2)",
    )
    .bind(subject)
    .bind(start())
    .execute(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// From the commit in one process to the start in the other, sorted.
async fn latencies(
    db: &Db,
    reports: &mut UnboundedReceiver<Instant>,
    count: usize,
    name: &str,
    enqueue: impl AsyncFn(&Db, &str),
) -> Vec<Duration> {
    let mut found = Vec::new();
    for number in 0..count {
        // Out of step with any poll.
        tokio::time::sleep(Duration::from_millis(50 + 37 * (number as u64 % 7))).await;
        enqueue(db, &format!("{name}-{number}")).await;
        let committed = Instant::now();
        let begun = tokio::time::timeout(Duration::from_secs(20), reports.recv()).await;
        found.push(begun.unwrap().unwrap().saturating_duration_since(committed));
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_wakes_the_workers_of_other_processes() {
    let db = TestDb::new(Kind::Postgres).await;
    let (worker, mut reports) = worker(db.reopen().await);
    let stop = CancellationToken::new();
    let running = tokio::spawn(worker.run(stop.clone()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = latencies(&db, &mut reports, 40, "told", enqueue).await;
    let silent = latencies(&db, &mut reports, 20, "silent", enqueue_silently).await;
    let figures = |all: &[Duration]| format!("p50 {:?}, p95 {:?}", all[all.len() / 2], all[all.len() * 95 / 100]);
    let figures = format!("told: {}; by asking alone: {}", figures(&told), figures(&silent));
    // Shown by `--nocapture`.
    std::io::Write::write_all(&mut std::io::stderr(), format!("{figures}\n").as_bytes()).unwrap();
    assert!(told[20] < Duration::from_millis(200), "{figures}");
    assert!(silent[10] > told[20] * 2, "{figures}");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_listener_is_made_again() {
    let db = TestDb::new(Kind::Postgres).await;
    let (worker, mut reports) = worker(db.reopen().await);
    let stop = CancellationToken::new();
    let running = tokio::spawn(worker.run(stop.clone()));
    let mut admin = PgConnection::connect(&db.url).await.unwrap();
    let mut ended = 0;
    for _ in 0..100 {
        let ids: Vec<(bool,)> = sqlx::query_as(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and query like 'LISTEN%'",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        ended += ids.len();
        if ended > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(ended, 1, "nobody listened");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let told = latencies(&db, &mut reports, 15, "told", enqueue).await;
    assert!(told[7] < Duration::from_millis(200), "{told:?}");
    stop.cancel();
    running.await.unwrap();
}

on_both!(
    a_timer_runs_once_however_many_processes_there_are,
    async |db: TestDb| {
        const PROCESSES: usize = 4;
        let clock = Clock::manual(start());
        let runs = Arc::new(AtomicUsize::new(0));
        let stop = CancellationToken::new();
        let mut running = Vec::new();
        for _ in 0..PROCESSES {
            let worker = Worker::new(db.reopen().await, clock.clone(), runs.clone()).schedule(
                "sweep",
                Lane::Quick,
                TimeDelta::hours(1),
                |runs: Arc<AtomicUsize>| async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    // Long enough for the others to look.
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    Ok(())
                },
            );
            running.push(tokio::spawn(worker.run(stop.clone())));
        }
        for turn in 1..=3 {
            let end = Instant::now() + Duration::from_secs(20);
            while runs.load(Ordering::SeqCst) < turn && Instant::now() < end {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Every process has asked at least once more.
            tokio::time::sleep(Duration::from_millis(2500)).await;
            assert_eq!(runs.load(Ordering::SeqCst), turn);
            clock.advance(TimeDelta::hours(1));
        }
        stop.cancel();
        for worker in running {
            worker.await.unwrap();
        }
    }
);
