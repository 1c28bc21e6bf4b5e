//! Whether values that a machine gave as certain are still right as often as they must be: a test that looks after each
//! checked value and tells soon when they are not.
//!
//! It is Page's cumulative sum. A wrong value adds to a score, a right one takes a little away, and the score never falls
//! below zero, so that long good times do not excuse bad ones; at [`ALARM`] the alarm is given. Both steps are logarithms
//! of how much likelier the outcome is at a bad share of wrong values than at the share that the target allows.

/// The score at which values are no longer trusted. How often a field that is good enough comes so far by chance stands
/// in `docs/decisions/0011-automation-lowers-itself.md`.
pub const ALARM: f64 = 5.0;

/// Where the score of a field begins that nobody has watched yet, or that was just trusted again: half suspected.
const AT_FIRST: f64 = ALARM / 2.0;

/// The bad share that the test looks for: five times what the target allows, but no less than 2 in 100, since telling a
/// smaller one takes more values than a practice sends in a year.
const WORSE: f64 = 5.0;
const WORSE_AT_LEAST: f64 = 0.02;

/// What became of one value that was given as certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong,
}

/// From where a row of verdicts is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From the first on.
    TheFirst,
    /// Only the latest of a longer row.
    SomeTime,
}

/// How many of the last values were wrong: what the score is made of since it was last at its lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub wrong: u32,
    pub checked: u32,
}

/// The outcome of a look at a row of verdicts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watched {
    pub score: f64,
    /// The run at whose end the score first came to [`ALARM`].
    pub alarm: Option<Run>,
}

/// Looks at verdicts, the oldest first. `target` is the share of right values that a field needs.
pub fn watch(target: f64, since: Since, verdicts: impl IntoIterator<Item = Verdict>) -> Watched {
    let (wrong, right) = steps(target);
    let mut score = match since {
        Since::TheFirst => AT_FIRST,
        Since::SomeTime => 0.0,
    };
    let (mut run, mut alarm) = (Run::default(), None);
    for verdict in verdicts {
        run.checked += 1;
        score += match verdict {
            Verdict::Right => right,
            Verdict::Wrong => wrong,
        };
        run.wrong += u32::from(verdict == Verdict::Wrong);
        if score <= 0.0 {
            (score, run) = (0.0, Run::default());
        }
        if score >= ALARM {
            alarm = alarm.or(Some(run));
        }
    }
    Watched { score, alarm }
}

/// What a wrong and what a right value add.
fn steps(target: f64) -> (f64, f64) {
    let allowed = 1.0 - target;
    let bad = (WORSE * allowed).max(WORSE_AT_LEAST);
    ((bad / allowed).ln(), ((1.0 - bad) / (1.0 - allowed)).ln())
}

#[cfg(test)]
mod tests;
