//! How a job says that it did not succeed, and what should come of it.

use crate::store;
use chrono::TimeDelta;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// Carries a code, which stays on the row and is shown at the desk, and a cause, which is only logged. Neither holds PHI.
#[derive(Debug)]
pub struct JobError {
    pub(super) outcome: Outcome,
    pub(super) code: Cow<'static, str>,
    cause: Option<anyhow::Error>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Try again, after the usual back-off or a given time.
    Retry { after: Option<TimeDelta> },
    /// What we stand on is away, which says nothing about the job: tried again until it is back.
    Outage,
    /// Trying again can't help.
    Fail,
    /// The work's process was ended by a signal: the document may be poison.
    Crash,
    /// Somebody else has the job by now.
    LeaseLost,
}

impl JobError {
    fn new(outcome: Outcome, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            outcome,
            code: code.into(),
            cause: None,
        }
    }

    /// Something that may be over soon.
    pub fn retry(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Retry { after: None }, code)
    }

    /// The database, the vault or a disk is away or full. Tried again until it is back, however long that takes.
    pub fn outage(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Outage, code)
    }

    /// As [`JobError::retry`], where the other side said when to come back.
    pub fn retry_after(code: impl Into<Cow<'static, str>>, after: TimeDelta) -> Self {
        Self::new(Outcome::Retry { after: Some(after) }, code)
    }

    /// Something that will not change by itself: a person has to look.
    pub fn fail(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Fail, code)
    }

    /// A child process died of a signal.
    pub fn crash(code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Crash, code)
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause:#}", self.code),
            None => f.write_str(&self.code),
        }
    }
}

impl Error for JobError {}

impl From<store::Error> for JobError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::LeaseLost => Self::new(Outcome::LeaseLost, "lease_lost"),
            // The row will be as wrong the next time.
            store::Error::InconsistentRow { .. } => Self::fail("inconsistent_row").because(error),
            error if error.is_outage() => Self::outage("database").because(error),
            _ => Self::retry("database").because(error),
        }
    }
}
