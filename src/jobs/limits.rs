//! When a failed job is tried again, and when it is set aside. Pure.

use super::error::{JobError, Outcome};
use crate::store::jobs::{Failure, Job};
use chrono::{DateTime, TimeDelta, Utc};

const BACK_OFF: TimeDelta = TimeDelta::seconds(5);
const BACK_OFF_MAX: TimeDelta = TimeDelta::hours(1);
/// Short enough that all is worked through soon after what was away is back.
const OUTAGE_WAIT: TimeDelta = TimeDelta::seconds(20);

/// How often a job may fail before a person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub attempts: i64,
    pub crashes: i64,
}

impl Limits {
    /// For what parses documents. Back-off: 5, 10, 20, 40 s.
    pub const PARSER: Self = Self {
        attempts: 5,
        crashes: 2,
    };
    /// For what talks to others. Back-off: 5, 10, 20, 40, 80, 160, 320, 640, 1,280 s, some 43 minutes together.
    pub const NETWORK: Self = Self {
        attempts: 10,
        crashes: 2,
    };
    /// For timers, which nobody else would start again.
    pub(super) const NEVER: Self = Self {
        attempts: i64::MAX,
        crashes: i64::MAX,
    };
}

/// What becomes of a job that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    TryAgain {
        failure: Failure,
        due_at: DateTime<Utc>,
    },
    SetAside {
        failure: Failure,
    },
    /// It is no longer ours to judge.
    Nothing,
}

/// `jitter` from 0 to 1 spreads those that failed together.
pub fn judge(job: &Job, error: &JobError, limits: Limits, now: DateTime<Utc>, jitter: f64) -> Verdict {
    let (attempts, crashes) = match error.outcome {
        Outcome::LeaseLost => return Verdict::Nothing,
        Outcome::Retry { .. } | Outcome::Fail => (job.attempts + 1, job.crashes),
        Outcome::Crash => (job.attempts, job.crashes + 1),
        Outcome::Outage => (job.attempts, job.crashes),
    };
    let failure = Failure {
        attempts,
        crashes,
        code: error.code.to_string(),
    };
    let hopeless = error.outcome == Outcome::Fail && limits != Limits::NEVER;
    let counts = error.outcome != Outcome::Outage;
    if hopeless || counts && (attempts >= limits.attempts || crashes >= limits.crashes) {
        return Verdict::SetAside { failure };
    }
    let wait = match error.outcome {
        Outcome::Retry { after: Some(after) } => after,
        Outcome::Outage => varied(OUTAGE_WAIT, jitter),
        _ => back_off(attempts + crashes, jitter),
    };
    Verdict::TryAgain {
        failure,
        due_at: now + wait,
    }
}

/// Doubles with each failure, then varies by a fifth either way.
fn back_off(failures: i64, jitter: f64) -> TimeDelta {
    let doublings = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or(0);
    varied((BACK_OFF * 2_i32.pow(doublings)).min(BACK_OFF_MAX), jitter)
}

fn varied(wait: TimeDelta, jitter: f64) -> TimeDelta {
    let varied = wait.num_milliseconds() as f64 * (0.8 + 0.4 * jitter);
    TimeDelta::milliseconds(varied as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::JobId;
    use crate::store::jobs::Lane;

    fn job(attempts: i64, crashes: i64) -> Job {
        Job {
            id: JobId::new(DateTime::UNIX_EPOCH),
            lane: Lane::Read,
            name: "read".to_owned(),
            subject: "trn_1".to_owned(),
            payload: serde_json::Value::Null,
            attempts,
            crashes,
            lost_leases: 0,
            last_error: None,
            quarantined_at: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    fn wait_after(attempts: i64, jitter: f64) -> i64 {
        let now = DateTime::UNIX_EPOCH;
        match judge(
            &job(attempts - 1, 0),
            &JobError::retry("slow"),
            Limits::NETWORK,
            now,
            jitter,
        ) {
            Verdict::TryAgain { due_at, .. } => (due_at - now).num_seconds(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_wait_doubles_and_varies_by_a_fifth() {
        let waits: Vec<i64> = (1..=9).map(|attempt| wait_after(attempt, 0.5)).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280]);
        assert_eq!((wait_after(2, 0.0), wait_after(2, 1.0)), (8, 12));
        assert_eq!(back_off(i64::MAX, 0.5), BACK_OFF_MAX);
    }

    #[test]
    fn the_last_attempt_the_second_crash_and_the_hopeless_are_set_aside() {
        let now = DateTime::UNIX_EPOCH;
        let aside = |job: &Job, error: &JobError| match judge(job, error, Limits::PARSER, now, 0.5) {
            Verdict::SetAside { failure } => Some((failure.attempts, failure.crashes, failure.code)),
            _ => None,
        };
        assert_eq!(aside(&job(3, 0), &JobError::retry("slow")), None);
        assert_eq!(
            aside(&job(4, 0), &JobError::retry("slow")),
            Some((5, 0, "slow".to_owned()))
        );
        assert_eq!(aside(&job(0, 0), &JobError::crash("crash")), None);
        assert_eq!(
            aside(&job(0, 1), &JobError::crash("crash")),
            Some((0, 2, "crash".to_owned()))
        );
        assert_eq!(
            aside(&job(0, 0), &JobError::fail("encrypted")),
            Some((1, 0, "encrypted".to_owned()))
        );
    }

    #[test]
    fn the_other_side_may_say_when() {
        let error = JobError::retry_after("busy", TimeDelta::minutes(7));
        let now = DateTime::UNIX_EPOCH;
        let verdict = judge(&job(0, 0), &error, Limits::NETWORK, now, 0.5);
        assert!(matches!(verdict, Verdict::TryAgain { due_at, .. } if due_at == now + TimeDelta::minutes(7)));
    }

    #[test]
    fn an_outage_of_ours_is_never_counted() {
        let now = DateTime::UNIX_EPOCH;
        let error = JobError::outage("vault_away");
        // The second has failed as often as it may, as after limits were lowered: an outage is no reason to set it aside.
        for (attempts, crashes) in [(4, 1), (5, 2)] {
            let verdict = judge(&job(attempts, crashes), &error, Limits::PARSER, now, 0.5);
            let Verdict::TryAgain { failure, due_at } = verdict else {
                panic!("{verdict:?}")
            };
            assert_eq!((failure.attempts, failure.crashes), (attempts, crashes));
            assert_eq!(due_at, now + OUTAGE_WAIT);
        }
    }

    #[test]
    fn a_lost_lease_is_not_judged() {
        let error = JobError::from(crate::store::Error::LeaseLost);
        assert_eq!(
            judge(&job(9, 9), &error, Limits::PARSER, DateTime::UNIX_EPOCH, 0.5),
            Verdict::Nothing
        );
    }
}
