//! Breaking the glass: to see, in an emergency, what one was not granted (HIPAA §164.312(a)(2)(ii)).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How long it lasts: long enough for one patient in need, too short for a habit.
pub const LASTS: TimeDelta = TimeDelta::minutes(60);
/// A reason shorter than this says nothing.
pub const REASON_CHARACTERS_MIN: usize = 10;
pub const REASON_CHARACTERS_MAX: usize = 500;

/// What a second person says of it afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    Justified,
    NotJustified,
}

/// The reason as it is kept, or none where it says too little or too much.
pub fn reason(text: &str) -> Option<String> {
    let text = text.trim();
    let length = text.chars().count();
    (REASON_CHARACTERS_MIN..=REASON_CHARACTERS_MAX)
        .contains(&length)
        .then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        assert!(reason("  see you ").is_none());
        assert_eq!(
            reason(" Chest pain, clinician away ").as_deref(),
            Some("Chest pain, clinician away")
        );
        assert!(reason(&"x".repeat(501)).is_none());
    }
}
