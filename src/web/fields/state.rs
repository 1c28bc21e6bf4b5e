//! How a field stands, and why, in words.

use super::reads::percent;
use super::view::StateView;
use super::{Need, Reader};
use crate::extraction::Field;
use crate::store::fields::{FieldValue, MACHINE};
use crate::web::layout::When;

impl Reader<'_> {
    pub(super) fn state(&self, field: &Field, past: &[FieldValue], need: Need) -> StateView {
        let missing = need.missing;
        let view = |class, tone, icon, text: String, why: String| StateView {
            class,
            tone,
            icon,
            text,
            why,
        };
        let Some(last) = past.last() else {
            return if missing {
                missing_state()
            } else {
                view("empty", "plain", "", String::new(), String::new())
            };
        };
        if last.source != MACHINE {
            let who = self.names.of(&last.source);
            let machine = past.iter().rev().find(|value| value.source == MACHINE);
            let verb = match (&last.value, machine.and_then(|value| value.value.as_ref())) {
                (None, _) => "Cleared",
                (Some(now), Some(before)) if now == before => "Confirmed",
                (Some(_), None) => "Entered",
                (Some(_), Some(_)) => "Corrected",
            };
            let when = When::ago(last.created_at, self.now);
            return if last.value.is_none() && missing {
                StateView {
                    why: format!("{verb} by {who}, but required."),
                    ..missing_state()
                }
            } else {
                view(
                    "human",
                    "human",
                    "person",
                    format!("{verb} by {who}"),
                    format!("{verb} {}", when.full),
                )
            };
        }
        let sure = percent(last.confidence);
        match (&last.value, &last.problem) {
            (_, Some(_)) => {
                let why = "What stands on the page cannot be right. Look, and correct it.";
                view("problem", "bad", "problem", "Problem".to_owned(), why.to_owned())
            }
            (None, None) if missing => missing_state(),
            (None, None) => view("empty", "plain", "", String::new(), String::new()),
            (Some(_), None) if last.confidence >= field.threshold && !need.asked => {
                let enough = percent(field.threshold);
                let why = match &last.passage {
                    Some(passage) => format!(
                        "Stands so in the {} that the sender's system wrote.",
                        passage.format.label()
                    ),
                    None => format!(
                        "Read by rule {} with {sure} confidence; from {enough} on it needs no person.",
                        last.rule
                    ),
                };
                view("machine", "plain", "machine", sure, why)
            }
            (Some(_), None) => {
                // No number: who looks should look at the page, and a high one would tell that the machine had no doubt.
                let why = "A person looks at this value before the referral goes on.";
                view("check", "warn", "look", "To check".to_owned(), why.to_owned())
            }
        }
    }
}

fn missing_state() -> StateView {
    StateView {
        class: "missing",
        tone: "bad",
        icon: "missing",
        text: "Missing".to_owned(),
        why: "Needed for this kind of referral, and not found on the pages.".to_owned(),
    }
}

/// Whether a person must still look at the field.
pub fn is_open(state: &StateView) -> bool {
    matches!(state.class, "check" | "problem" | "missing")
}
