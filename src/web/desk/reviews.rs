//! The rows of the referrals to review: how much is to check in each, and who is at it.

use crate::auth::Caller;
use crate::store::claims::Claim;
use crate::web::fields::{Reader, is_open};
use crate::web::layout::{Tag, When};
use crate::web::loaded::Row;
use crate::web::memos::Sticky;

pub struct ReviewRow {
    pub id: String,
    pub version: u64,
    pub patient: String,
    pub birth_date: String,
    pub urgency: Tag,
    pub referrer: String,
    pub specialty: String,
    pub check: Tag,
    pub age: When,
    pub deadline: Tag,
    pub owner: String,
    /// Who else is at it just now, or nothing.
    pub reviewing: String,
    pub sticky: Option<Sticky>,
}

pub fn rows(
    shown: Vec<(Row, Option<Sticky>)>,
    claims: &[Claim],
    caller: &Caller,
    reader: &Reader<'_>,
) -> Vec<ReviewRow> {
    let row = |(row, sticky): (Row, Option<Sticky>)| ReviewRow {
        reviewing: reviewing(&row, claims, caller),
        ..review_row(row, sticky, reader)
    };
    shown.into_iter().map(row).collect()
}

fn review_row(row: Row, sticky: Option<Sticky>, reader: &Reader<'_>) -> ReviewRow {
    let sections = reader.sections(&row.history, &row.asked);
    let states: Vec<_> = sections
        .iter()
        .flat_map(|s| &s.fields)
        .map(|f| &f.state)
        .filter(|s| is_open(s))
        .collect();
    let missing = states.iter().filter(|state| state.class == "missing").count();
    let check = match (missing, states.len()) {
        (_, 0) => Tag::new("Nothing", "check", "good").because("All fields were read with certainty."),
        (0, count) => Tag::new(format!("{count} field{}", plural(count)), "look", "warn"),
        (missing, count) => Tag::new(format!("{count} field{}", plural(count)), "missing", "bad")
            .because(format!("{missing} missing, {} to check", count - missing)),
    };
    ReviewRow {
        id: row.referral.id.to_string(),
        version: row.referral.version,
        sticky,
        check,
        urgency: row.urgency(),
        age: row.age(reader.now),
        deadline: row.deadline(reader.now),
        patient: row.heading.patient,
        birth_date: row.heading.birth_date,
        referrer: row.heading.referrer,
        specialty: row.heading.specialty,
        owner: row.heading.owner,
        reviewing: String::new(),
    }
}

fn reviewing(row: &Row, claims: &[Claim], caller: &Caller) -> String {
    let claim = claims.iter().find(|claim| claim.referral == row.referral.id);
    claim
        .filter(|claim| Some(&claim.user) != caller.actor.user())
        .map(|claim| format!("{} is reviewing", claim.name))
        .unwrap_or_default()
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
