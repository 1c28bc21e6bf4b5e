//! The one date that nothing speaks for is the referral's own.

use super::Leftovers;
use crate::domain::fields::FieldContent;
use crate::extraction::findings::{Candidate, PageFindings};
use chrono::Datelike;

impl Leftovers<'_> {
    pub(super) fn dates(&self, page: &PageFindings) -> Vec<Candidate> {
        if self.has(page, "referral.date") {
            return Vec::new();
        }
        let mut only: Option<Candidate> = None;
        for run in self.all_runs().filter(|run| run.len() <= 6) {
            let section = self.section(run.start);
            let digits = self
                .texts(run.clone())
                .concat()
                .chars()
                .filter(char::is_ascii_digit)
                .count();
            if digits < 4 || matches!(section, "history" | "office" | "emergency" | "insurance") {
                continue;
            }
            let weight = if section == "patient" { 0.36 } else { 0.45 };
            let Some(found) = self.propose("referral.date", &run, weight) else {
                continue;
            };
            // Whatever is older tells of something else, most often of a birth.
            let recent = match &found.content {
                FieldContent::Text(date) => date
                    .get(..4)
                    .and_then(|year| year.parse().ok())
                    .is_some_and(|year: i32| year + 2 > self.calendar.latest.year()),
                FieldContent::List(_) => false,
            };
            if !recent {
                continue;
            }
            match &only {
                Some(other) if other.content != found.content => return Vec::new(),
                Some(_) => {}
                None => only = Some(found),
            }
        }
        only.into_iter().collect()
    }
}
