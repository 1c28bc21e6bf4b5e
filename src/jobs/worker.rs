//! The worker: takes due jobs while it has permits, a lane at a time, until it is told to stop.

use super::{JobError, Limits};
use crate::clock::Clock;
use crate::domain::ids::JobId;
use crate::faults::{self, Point};
use crate::store::jobs::{self, Claim, Job, Lane, NewJob};
use crate::store::{Db, Result, Tx};
use chrono::TimeDelta;
use futures_util::future::{BoxFuture, join_all};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const LEASE_SECONDS: u32 = 60;
const HEARTBEATS_A_LEASE: u32 = 3;
const REAPS_A_LEASE: u32 = 6;
/// Our own commits wake us, and on PostgreSQL those of others; what nobody told of is noticed by asking.
const POLL: Duration = Duration::from_secs(1);
const QUICK_PERMITS: usize = 8;
/// A graceful stop takes 10 s at most; what has not ended by then is given back.
const DRAIN: Duration = Duration::from_secs(8);
/// The subject of jobs that run by the clock and take no input.
pub const SCHEDULED: &str = "schedule";
/// In a test, jobs that always enqueue others would never come to rest.
const ROUNDS_MAX: usize = 10_000;

/// How long a worker has a job unless it says that it still works on it.
pub(super) fn lease() -> Duration {
    Duration::from_secs(faults::lease_seconds(LEASE_SECONDS).into())
}

pub(super) fn heartbeat() -> Duration {
    lease() / HEARTBEATS_A_LEASE
}

type Handler<C> = Arc<dyn Fn(C, Claim) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;
type QuarantineHook<C> =
    Box<dyn for<'a> Fn(&'a C, &'a mut Tx, &'a Job, &'a str) -> BoxFuture<'a, Result<()>> + Send + Sync>;

pub(super) enum Repeats {
    Never,
    Every(TimeDelta),
}

/// A kind of job: what to do, and when to give up.
pub(super) struct Kind<C> {
    lane: Lane,
    pub(super) limits: Limits,
    pub(super) repeats: Repeats,
    pub(super) handler: Handler<C>,
    pub(super) on_quarantine: Option<QuarantineHook<C>>,
}

/// What all running jobs share.
pub(super) struct Core<C> {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) context: C,
    pub(super) kinds: BTreeMap<&'static str, Kind<C>>,
    read_permits: usize,
}

pub struct Worker<C>(Core<C>);

impl<C: Clone + Send + Sync + 'static> Worker<C> {
    pub fn new(db: Db, clock: Clock, context: C) -> Self {
        let read_permits = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Core {
            db,
            clock,
            context,
            kinds: BTreeMap::new(),
            read_permits,
        })
    }

    /// How many jobs of the lane `read` run at a time: one a core, unless told otherwise.
    #[must_use]
    pub fn read_permits(mut self, permits: usize) -> Self {
        self.0.read_permits = permits.max(1);
        self
    }

    /// Says what a job of this name does. It may end itself by [`super::finish`] in the transaction that holds its output;
    /// otherwise it is ended when it returns.
    #[must_use]
    pub fn register<F, Fut>(self, name: &'static str, lane: Lane, limits: Limits, handler: F) -> Self
    where
        F: Fn(C, Claim) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.add(name, lane, limits, Repeats::Never, handler)
    }

    /// A timer. It takes no input and looks at the state anew each time, so that a missed turn heals itself.
    #[must_use]
    pub fn schedule<F, Fut>(self, name: &'static str, lane: Lane, every: TimeDelta, handler: F) -> Self
    where
        F: Fn(C) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.add(name, lane, Limits::NEVER, Repeats::Every(every), move |context, _| {
            handler(context)
        })
    }

    /// Runs in the transaction that sets a job of this name aside, with the failure's code.
    #[must_use]
    pub fn on_quarantine<H>(mut self, name: &'static str, hook: H) -> Self
    where
        H: for<'a> Fn(&'a C, &'a mut Tx, &'a Job, &'a str) -> BoxFuture<'a, Result<()>> + Send + Sync + 'static,
    {
        let kind = self.0.kinds.get_mut(name).expect("a job is registered before its hook");
        kind.on_quarantine = Some(Box::new(hook));
        self
    }

    fn add<F, Fut>(mut self, name: &'static str, lane: Lane, limits: Limits, repeats: Repeats, handler: F) -> Self
    where
        F: Fn(C, Claim) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler: Handler<C> = Arc::new(move |context, claim| Box::pin(handler(context, claim)));
        let kind = Kind {
            lane,
            limits,
            repeats,
            handler,
            on_quarantine: None,
        };
        let before = self.0.kinds.insert(name, kind);
        assert!(before.is_none(), "two jobs are called `{name}`");
        self
    }

    /// Works until `stop`, then lets running jobs end for some seconds and gives the others back.
    pub async fn run(self, stop: CancellationToken) {
        let core = Arc::new(self.0);
        tokio::join!(
            core.clone().work_lane(Lane::Read, core.read_permits, &stop),
            core.clone().work_lane(Lane::Quick, QUICK_PERMITS, &stop),
            core.keep_house(&stop),
            core.db.hear_others(&stop),
        );
    }

    /// Runs all that is due, and what that makes due, and says how many runs it took. For tests and single commands.
    pub async fn run_until_idle(&self) -> Result<usize> {
        self.0.ensure_schedules().await?;
        let mut runs = 0;
        for _ in 0..ROUNDS_MAX {
            self.0.reap().await?;
            let mut claims = Vec::new();
            for (lane, permits) in [(Lane::Read, self.0.read_permits), (Lane::Quick, QUICK_PERMITS)] {
                claims.extend(self.0.claim(lane, permits).await?);
            }
            if claims.is_empty() {
                break;
            }
            runs += claims.len();
            join_all(claims.into_iter().map(|claim| self.0.run(claim))).await;
        }
        Ok(runs)
    }
}

impl<C: Clone + Send + Sync + 'static> Core<C> {
    async fn claim(&self, lane: Lane, limit: usize) -> Result<Vec<Claim>> {
        let mut tx = self.db.begin().await?;
        let lease_end = tx.lease_now(&self.clock).await? + lease();
        let claims = jobs::claim(&mut tx, lane, limit, self.clock.now(), lease_end).await?;
        tx.commit().await?;
        if lane == Lane::Read && !claims.is_empty() {
            faults::reach(Point::Claimed);
        }
        Ok(claims)
    }

    async fn work_lane(self: Arc<Self>, lane: Lane, permits: usize, stop: &CancellationToken) {
        let semaphore = Arc::new(Semaphore::new(permits));
        let mut enqueued = self.db.jobs_enqueued();
        let mut running = JoinSet::new();
        let held = Held::default();
        while !stop.is_cancelled() {
            // Before the claim, so that a job enqueued while it runs is not missed.
            enqueued.mark_unchanged();
            let free = semaphore.available_permits();
            for claim in self.claim_or_log(lane, free).await {
                let permit = semaphore.clone().try_acquire_owned();
                let core = self.clone();
                let held = held.clone();
                held.add(&claim);
                running.spawn(async move {
                    let id = claim.job.id.clone();
                    core.run(claim).await;
                    held.remove(&id);
                    drop(permit);
                });
            }
            let full = semaphore.available_permits() == 0;
            tokio::select! {
                () = stop.cancelled() => {}
                Some(_) = running.join_next() => {}
                Ok(()) = enqueued.changed(), if !full => {}
                () = tokio::time::sleep(POLL.mul_f64(rand::random_range(0.75..1.25))), if !full => {}
            }
            while running.try_join_next().is_some() {}
        }
        self.drain(running, &held).await;
    }

    async fn claim_or_log(&self, lane: Lane, free: usize) -> Vec<Claim> {
        if free == 0 {
            return Vec::new();
        }
        self.claim(lane, free).await.unwrap_or_else(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                lane = lane.as_str(),
                "jobs could not be claimed"
            );
            Vec::new()
        })
    }

    async fn drain(&self, mut running: JoinSet<()>, held: &Held) {
        let all = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, all).await.is_ok() {
            return;
        }
        running.shutdown().await;
        let unfinished = held.take();
        tracing::warn!(
            jobs = unfinished.len(),
            "the worker stops; unfinished jobs are given back"
        );
        for claim in unfinished {
            let _ = self.give_back(&claim).await;
        }
    }

    async fn give_back(&self, claim: &Claim) -> Result<()> {
        let mut tx = self.db.begin().await?;
        jobs::release(&mut tx, claim, self.clock.now()).await?;
        tx.commit().await
    }

    /// Frees lapsed leases, and puts back timers that are missing.
    async fn keep_house(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let housework = async {
                self.reap().await?;
                self.ensure_schedules().await
            };
            if let Err(error) = housework.await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "lapsed leases could not be freed"
                );
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(lease() / REAPS_A_LEASE) => {}
            }
        }
    }

    async fn ensure_schedules(&self) -> Result<()> {
        let timers = self
            .kinds
            .iter()
            .filter(|(_, kind)| matches!(kind.repeats, Repeats::Every(_)));
        let timers: Vec<_> = timers.collect();
        if timers.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        for (name, kind) in timers {
            jobs::ensure(&mut tx, timer(name, kind.lane, now), now).await?;
        }
        tx.commit().await
    }
}

/// The claims that a lane works on: what to give back should it have to stop.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<HashMap<JobId, Claim>>>);

impl Held {
    fn add(&self, claim: &Claim) {
        self.lock().insert(claim.job.id.clone(), claim.clone());
    }

    fn remove(&self, id: &JobId) {
        self.lock().remove(id);
    }

    fn take(&self) -> Vec<Claim> {
        self.lock().drain().map(|(_, claim)| claim).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, Claim>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn timer(name: &'static str, lane: Lane, due_at: chrono::DateTime<chrono::Utc>) -> NewJob<'static> {
    NewJob {
        name,
        lane,
        subject: SCHEDULED,
        payload: serde_json::json!({}),
        due_at,
        priority: 0,
    }
}
