//! The queue at work: what runs once, what runs again, what is set aside.

use crate::harness::{TestDb, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use referloop::clock::Clock;
use referloop::jobs::{self, Claim, JobError, Lane, Limits, NewJob, Worker};
use referloop::store::jobs as rows;
use referloop::store::{Error, sql};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

fn start() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn job(subject: &str) -> NewJob<'_> {
    NewJob {
        name: "read",
        lane: Lane::Quick,
        subject,
        payload: serde_json::json!({"transmission": subject}),
        due_at: start(),
        priority: 0,
    }
}

async fn enqueue(db: &TestDb, job: NewJob<'_>, now: DateTime<Utc>) {
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, job, now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim_one(db: &TestDb, now: DateTime<Utc>) -> Option<Claim> {
    let mut tx = db.begin().await.unwrap();
    let claims = rows::claim(&mut tx, Lane::Quick, 1, now, now + TimeDelta::minutes(1))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    claims.into_iter().next()
}

/// Open and quarantined jobs.
async fn left(db: &TestDb) -> (i64, i64) {
    let mut tx = db.read().await.unwrap();
    let counts = rows::count(&mut tx).await.unwrap();
    counts.iter().fold((0, 0), |(open, aside), count| {
        (open + count.open, aside + count.quarantined)
    })
}

on_both!(eight_workers_claim_every_job_exactly_once, async |db: TestDb| {
    const JOBS: usize = 52;
    for number in 0..JOBS {
        enqueue(&db, job(&format!("trn_{number:02}")), start()).await;
    }
    let workers = (0..8).map(|_| {
        let db = (*db).clone();
        tokio::spawn(async move {
            let mut subjects = Vec::new();
            loop {
                let mut tx = db.begin().await.unwrap();
                let end = start() + TimeDelta::minutes(1);
                let claims = rows::claim(&mut tx, Lane::Quick, 5, start(), end).await.unwrap();
                tx.commit().await.unwrap();
                if claims.is_empty() {
                    return subjects;
                }
                subjects.extend(claims.into_iter().map(|claim| claim.job.subject));
            }
        })
    });
    let mut claimed = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        claimed.extend(worker.await.unwrap());
    }
    // A worker that finds all rows locked by others sees none, so that some may be left over; none is there twice.
    let distinct: BTreeSet<_> = claimed.iter().collect();
    assert_eq!(distinct.len(), claimed.len());
    while let Some(claim) = claim_one(&db, start()).await {
        claimed.push(claim.job.subject);
    }
    assert_eq!(claimed.len(), JOBS);
});

on_both!(a_late_worker_changes_nothing, async |db: TestDb| {
    enqueue(&db, job("trn_1"), start()).await;
    let late = claim_one(&db, start()).await.unwrap();
    assert!(claim_one(&db, start()).await.is_none(), "a leased job was claimed");
    let after = start() + TimeDelta::minutes(2);
    let mut tx = db.begin().await.unwrap();
    assert!(rows::reap(&mut tx, after, after).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    let other = claim_one(&db, after).await.unwrap();
    assert_eq!((other.job.id.clone(), other.job.lost_leases), (late.job.id.clone(), 1));

    let failure = rows::Failure {
        attempts: 1,
        crashes: 0,
        code: "late".to_owned(),
    };
    let mut tx = db.begin().await.unwrap();
    assert!(matches!(jobs::finish(&mut tx, &late).await, Err(Error::LeaseLost)));
    assert!(matches!(
        rows::finish_until(&mut tx, &late, after).await,
        Err(Error::LeaseLost)
    ));
    assert!(matches!(
        rows::extend(&mut tx, &late, after).await,
        Err(Error::LeaseLost)
    ));
    assert!(matches!(
        rows::release(&mut tx, &late, after).await,
        Err(Error::LeaseLost)
    ));
    assert!(matches!(
        rows::fail_until(&mut tx, &late, &failure, after).await,
        Err(Error::LeaseLost)
    ));
    assert!(matches!(
        rows::quarantine(&mut tx, &late, &failure, after).await,
        Err(Error::LeaseLost)
    ));
    // The one that holds it can still end it.
    jobs::finish(&mut tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(left(&db).await, (0, 0));
});

on_both!(asked_for_while_it_runs_it_runs_again, async |db: TestDb| {
    enqueue(&db, job("trn_1"), start()).await;
    let claim = claim_one(&db, start()).await.unwrap();
    let later = start() + TimeDelta::minutes(5);
    enqueue(
        &db,
        NewJob {
            due_at: later + TimeDelta::hours(1),
            ..job("trn_1")
        },
        start(),
    )
    .await;
    enqueue(
        &db,
        NewJob {
            due_at: later,
            ..job("trn_1")
        },
        start(),
    )
    .await;
    let mut tx = db.begin().await.unwrap();
    jobs::finish(&mut tx, &claim).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        claim_one(&db, start()).await.is_none(),
        "it came back before it was asked for"
    );
    let again = claim_one(&db, later).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    jobs::finish(&mut tx, &again).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(left(&db).await, (0, 0));
});

on_both!(
    asked_for_twice_while_it_waits_it_runs_once_and_earlier,
    async |db: TestDb| {
        enqueue(
            &db,
            NewJob {
                due_at: start() + TimeDelta::hours(1),
                ..job("trn_1")
            },
            start(),
        )
        .await;
        enqueue(&db, job("trn_1"), start()).await;
        enqueue(
            &db,
            NewJob {
                due_at: start() + TimeDelta::hours(2),
                ..job("trn_1")
            },
            start(),
        )
        .await;
        assert_eq!(left(&db).await, (1, 0));
        assert!(claim_one(&db, start()).await.is_some());
    }
);

on_both!(
    the_smaller_priority_goes_first_and_lanes_are_apart,
    async |db: TestDb| {
        enqueue(
            &db,
            NewJob {
                priority: 5,
                ..job("trn_later")
            },
            start(),
        )
        .await;
        enqueue(
            &db,
            NewJob {
                priority: -5,
                due_at: start() + TimeDelta::seconds(1),
                ..job("trn_first")
            },
            start(),
        )
        .await;
        enqueue(
            &db,
            NewJob {
                lane: Lane::Read,
                priority: -9,
                ..job("trn_other_lane")
            },
            start(),
        )
        .await;
        let now = start() + TimeDelta::seconds(1);
        assert_eq!(claim_one(&db, now).await.unwrap().job.subject, "trn_first");
        assert_eq!(claim_one(&db, now).await.unwrap().job.subject, "trn_later");
        assert!(claim_one(&db, now).await.is_none());
    }
);

on_both!(a_job_is_not_there_before_its_transaction_is, async |db: TestDb| {
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, job("trn_1"), start()).await.unwrap();
    drop(tx);
    assert!(claim_one(&db, start()).await.is_none());
});

/// A worker whose only job does what `outcome` says, and how often it ran.
fn worker(
    db: &TestDb,
    clock: &Clock,
    outcome: impl Fn() -> Result<(), JobError> + Send + Sync + 'static,
) -> (Worker<Arc<AtomicUsize>>, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let worker = Worker::new((**db).clone(), clock.clone(), runs.clone()).register(
        "read",
        Lane::Quick,
        Limits::PARSER,
        move |runs: Arc<AtomicUsize>, _| {
            runs.fetch_add(1, Ordering::SeqCst);
            std::future::ready(outcome())
        },
    );
    (worker, runs)
}

on_both!(
    retries_back_off_until_a_person_is_asked_and_retry_starts_anew,
    async |db: TestDb| {
        let clock = Clock::manual(start());
        let (worker, runs) = worker(&db, &clock, || Err(JobError::retry("slow")));
        enqueue(&db, job("trn_1"), start()).await;
        for expected in 1..=5 {
            worker.run_until_idle().await.unwrap();
            assert_eq!(runs.load(Ordering::SeqCst), expected);
            assert_eq!(worker.run_until_idle().await.unwrap(), 0, "it did not wait");
            clock.advance(TimeDelta::minutes(2));
        }
        assert_eq!(left(&db).await, (0, 1));
        let mut tx = db.begin().await.unwrap();
        let aside = rows::list_quarantined(&mut tx).await.unwrap();
        assert_eq!((aside[0].attempts, aside[0].last_error.as_deref()), (5, Some("slow")));
        assert_eq!(
            rows::find_quarantined(&mut tx, "read", "trn_1")
                .await
                .unwrap()
                .unwrap()
                .id,
            aside[0].id
        );
        assert!(rows::retry(&mut tx, &aside[0].id, clock.now()).await.unwrap());
        assert!(!rows::retry(&mut tx, &aside[0].id, clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        worker.run_until_idle().await.unwrap();
        assert_eq!((runs.load(Ordering::SeqCst), left(&db).await), (6, (1, 0)));
    }
);

on_both!(
    a_second_crash_sets_aside_and_runs_the_hook_in_the_same_transaction,
    async |db: TestDb| {
        let clock = Clock::manual(start());
        let (worker, runs) = worker(&db, &clock, || Err(JobError::crash("crash")));
        let worker = worker.on_quarantine("read", |_, tx, job, code| {
            Box::pin(async move {
                sql("insert into tenant (id, created_at) values ($1, $2)")
                    .bind(format!("{}-{code}", job.subject))
                    .bind(start())
                    .execute(tx)
                    .await?;
                Ok(())
            })
        });
        enqueue(&db, job("trn_1"), start()).await;
        worker.run_until_idle().await.unwrap();
        clock.advance(TimeDelta::minutes(1));
        worker.run_until_idle().await.unwrap();
        assert_eq!((runs.load(Ordering::SeqCst), left(&db).await), (2, (0, 1)));
        let mut tx = db.read().await.unwrap();
        let written: String = sql("select id from tenant").fetch_scalar(&mut tx).await.unwrap();
        assert_eq!(written, "trn_1-crash");
    }
);

on_both!(
    a_quarantined_job_gives_way_to_one_asked_for_since,
    async |db: TestDb| {
        let clock = Clock::manual(start());
        let (worker, _) = worker(&db, &clock, || Err(JobError::fail("encrypted")));
        enqueue(&db, job("trn_1"), start()).await;
        worker.run_until_idle().await.unwrap();
        enqueue(&db, job("trn_1"), start()).await;
        assert_eq!(left(&db).await, (1, 1));
        let mut tx = db.begin().await.unwrap();
        let aside = rows::list_quarantined(&mut tx).await.unwrap().remove(0);
        assert!(rows::retry(&mut tx, &aside.id, clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(left(&db).await, (1, 0));
    }
);

on_both!(
    a_panic_counts_as_an_attempt_and_stops_nobody_else,
    async |db: TestDb| {
        let clock = Clock::manual(start());
        let (worker, _) = worker(&db, &clock, || panic!("on purpose"));
        enqueue(&db, job("trn_1"), start()).await;
        worker.run_until_idle().await.unwrap();
        let claim = claim_one(&db, start() + TimeDelta::hours(1)).await.unwrap();
        assert_eq!(
            (claim.job.attempts, claim.job.last_error.as_deref()),
            (1, Some("panic"))
        );
    }
);

on_both!(fifty_lost_leases_set_a_job_aside, async |db: TestDb| {
    enqueue(&db, job("trn_1"), start()).await;
    let mut now = start();
    for lost in 1..=rows::LOST_LEASES_MAX {
        claim_one(&db, now).await.unwrap();
        now += TimeDelta::minutes(2);
        let mut tx = db.begin().await.unwrap();
        let aside = rows::reap(&mut tx, now, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(aside.len(), usize::from(lost == rows::LOST_LEASES_MAX));
    }
    assert_eq!(left(&db).await, (0, 1));
});

on_both!(a_timer_comes_back_by_itself_and_survives_failure, async |db: TestDb| {
    let clock = Clock::manual(start());
    let runs = Arc::new(AtomicUsize::new(0));
    let worker = Worker::new((*db).clone(), clock.clone(), runs.clone()).schedule(
        "sweep",
        Lane::Quick,
        TimeDelta::minutes(10),
        |runs: Arc<AtomicUsize>| async move {
            match runs.fetch_add(1, Ordering::SeqCst) {
                1 => Err(JobError::fail("hopeless")),
                _ => Ok(()),
            }
        },
    );
    for expected in 1..=4 {
        worker.run_until_idle().await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), expected);
        assert_eq!(worker.run_until_idle().await.unwrap(), 0);
        clock.advance(TimeDelta::minutes(10));
    }
});

on_both!(
    a_running_worker_is_woken_by_a_commit_and_drains_when_told_to_stop,
    async |db: TestDb| {
        let clock = Clock::System;
        let (done, mut reports) = tokio::sync::mpsc::unbounded_channel();
        let worker = Worker::new((*db).clone(), clock.clone(), done).register(
            "read",
            Lane::Quick,
            Limits::PARSER,
            |done: tokio::sync::mpsc::UnboundedSender<String>, claim| async move {
                if claim.job.subject == "trn_slow" {
                    done.send("begun".to_owned()).unwrap();
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
                done.send(claim.job.subject).unwrap();
                Ok(())
            },
        );
        let stop = CancellationToken::new();
        let running = tokio::spawn(worker.run(stop.clone()));
        tokio::time::sleep(Duration::from_millis(100)).await;
        let begun = std::time::Instant::now();
        enqueue(&db, job("trn_1"), start()).await;
        assert_eq!(reports.recv().await.unwrap(), "trn_1");
        assert!(
            begun.elapsed() < Duration::from_millis(700),
            "only the poll found it: {:?}",
            begun.elapsed()
        );
        enqueue(&db, job("trn_slow"), start()).await;
        assert_eq!(reports.recv().await.unwrap(), "begun");
        stop.cancel();
        running.await.unwrap();
        assert_eq!(reports.recv().await.unwrap(), "trn_slow");
        assert_eq!(left(&db).await, (0, 0));
    }
);
