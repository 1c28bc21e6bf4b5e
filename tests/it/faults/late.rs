//! Workers that come too late, and workers whose clocks jump: at the level of the claim, many times, on both databases.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::clock::Clock;
use referloop::domain::people::Actor;
use referloop::jobs::{self, Claim, JobError, Lane, Limits, NewJob, Worker};
use referloop::store::audit::{self, Outcome};
use referloop::store::jobs::{self as rows, Failure};
use referloop::store::{Db, Error, sql};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const TRIES: usize = 1_000;
const LEASE: TimeDelta = TimeDelta::minutes(1);

fn start() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

async fn enqueue(db: &Db, count: usize) {
    let mut tx = db.begin().await.unwrap();
    for number in 0..count {
        let job = NewJob {
            name: "effect",
            lane: Lane::Quick,
            subject: &format!("trn_{number:04}"),
            payload: serde_json::json!({}),
            due_at: start(),
            priority: 0,
        };
        jobs::enqueue(&mut tx, job, start()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claim(db: &Db, now: DateTime<Utc>) -> Vec<Claim> {
    let mut tx = db.begin().await.unwrap();
    let mut claims = rows::claim(&mut tx, Lane::Quick, TRIES, now, now + LEASE)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    claims.sort_by(|a, b| a.job.subject.cmp(&b.job.subject));
    claims
}

/// All of a job's row that a late worker could have changed.
type Row = (String, Option<String>, DateTime<Utc>, i64, i64, i64, Option<String>);

on_both!(a_thousand_late_workers_change_nothing, async |db: TestDb| {
    enqueue(&db, TRIES).await;
    let late = claim(&db, start()).await;
    let after = start() + LEASE + TimeDelta::seconds(1);
    let mut tx = db.begin().await.unwrap();
    rows::reap(&mut tx, after, after).await.unwrap();
    tx.commit().await.unwrap();
    let in_time = claim(&db, after).await;
    assert_eq!((late.len(), in_time.len()), (TRIES, TRIES));
    let all = "select id, lease_token, due_at, attempts, crashes, lost_leases, last_error from job order by id";
    let mut tx = db.read().await.unwrap();
    let before: Vec<Row> = sql(all).fetch_all(&mut tx).await.unwrap();
    drop(tx);

    let failure = Failure {
        attempts: 1,
        crashes: 0,
        code: "late".to_owned(),
    };
    let mut tx = db.begin().await.unwrap();
    for claim in &late {
        for refused in [
            jobs::finish(&mut tx, claim).await,
            rows::finish_until(&mut tx, claim, after).await,
            rows::extend(&mut tx, claim, after + LEASE).await,
            jobs::hold(&mut tx, claim).await,
            rows::release(&mut tx, claim, after).await,
            rows::fail_until(&mut tx, claim, &failure, after).await,
            rows::quarantine(&mut tx, claim, &failure, after).await,
        ] {
            assert!(matches!(refused, Err(Error::LeaseLost)), "{refused:?}");
        }
    }
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    let left: Vec<Row> = sql(all).fetch_all(&mut tx).await.unwrap();
    drop(tx);
    assert!(left == before);
    let mut tx = db.begin().await.unwrap();
    for claim in &in_time {
        jobs::finish(&mut tx, claim).await.unwrap();
    }
    tx.commit().await.unwrap();
});

/// Long against a statement, short against a jump: a job that every jump takes from its worker would never end.
const WORK: Duration = Duration::from_millis(200);
const BETWEEN_JUMPS: Duration = Duration::from_millis(400);

/// Works a moment, then writes its effect and its end in one.
async fn effect(db: Db, claim: Claim) -> Result<(), JobError> {
    tokio::time::sleep(WORK).await;
    let mut tx = db.begin().await?;
    let entry = audit::Entry {
        actor: &Actor::System,
        action: "effect",
        resource_kind: "job",
        resource_id: &claim.job.subject,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    audit::insert(&mut tx, &entry, start()).await?;
    jobs::finish(&mut tx, &claim).await?;
    tx.commit().await?;
    Ok(())
}

on_both!(clocks_that_jump_do_no_job_twice, async |db: TestDb| {
    const JOBS: usize = 120;
    enqueue(&db, JOBS).await;
    let clocks = [Clock::manual(start()), Clock::manual(start())];
    let stop = CancellationToken::new();
    let workers: Vec<_> = clocks
        .iter()
        .map(|clock| {
            let worker = Worker::new((*db).clone(), clock.clone(), (*db).clone());
            let worker = worker.register("effect", Lane::Quick, Limits::PARSER, effect);
            tokio::spawn(worker.run(stop.clone()))
        })
        .collect();
    let begun = Instant::now();
    let mut jumps = 0;
    loop {
        // One worker's clock jumps ahead, back, and behind, while both are at work.
        let hours = [1, -1, -1, 1][jumps % 4];
        clocks[0].advance(TimeDelta::hours(hours));
        jumps += 1;
        tokio::time::sleep(BETWEEN_JUMPS).await;
        let mut tx = db.begin().await.unwrap();
        // What housekeeping of the one that jumps does every ten seconds: on PostgreSQL the server's clock tells of leases.
        let lease_now = tx.lease_now(&clocks[0]).await.unwrap();
        rows::reap(&mut tx, lease_now, start() - TimeDelta::hours(1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.read().await.unwrap();
        let counts = rows::count(&mut tx).await.unwrap();
        let aside = rows::list_quarantined(&mut tx).await.unwrap();
        assert!(aside.is_empty(), "{aside:?}");
        let open: i64 = counts.iter().map(|count| count.open).sum();
        if open == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{open} jobs are stuck");
    }
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let mut tx = db.read().await.unwrap();
    let effects: Vec<(String, i64)> =
        sql("select resource_id, count(*) from audit where action = 'effect' group by resource_id")
            .fetch_all(&mut tx)
            .await
            .unwrap();
    assert_eq!(effects.len(), JOBS);
    assert!(effects.iter().all(|(_, times)| *times == 1), "{effects:?}");
    assert!(jumps >= 4, "the clock jumped {jumps} times");
});
