//! What a form's zone says against what the general rules say of the same page.

use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::decide::alike;
use crate::extraction::findings::{Candidate, PageFindings};

/// What the general rules found elsewhere on a form that has the value in its zone: neither chosen, nor strong enough to
/// send the document to a person.
const ELSEWHERE: f64 = 0.5;
/// What they found for a field whose zone is blank: not believed.
const DESPITE_BLANK: f64 = 0.15;
/// A value that needed so much help doesn't speak against others.
const READING_MIN: f64 = 0.6;

/// Adds what a zone says. What says the same makes it surer; what says otherwise gives way, unless it is a list: that may go
/// on beyond the zone.
pub(super) fn weigh(mut zone: Candidate, kind: ValueType, page: &mut PageFindings) {
    if page
        .candidates
        .iter()
        .any(|other| other.field == zone.field && goes_on(&other.content, &zone.content))
    {
        return;
    }
    let others = page.candidates.iter_mut().filter(|other| other.field == zone.field);
    let mut best: f64 = 0.0;
    for other in others {
        if alike(&other.content, &zone.content, kind) {
            best = best.max(other.score);
        } else if zone.signs.reading >= READING_MIN && !kind.is_list() {
            other.score *= ELSEWHERE;
        }
    }
    // Two ways of finding the same words are not two witnesses, but each makes the other's mistakes less likely.
    zone.score = (zone.score + (1.0 - zone.score) * best * 0.5).max(best.min(0.99));
    page.candidates.push(zone);
}

/// Whether a list holds all of another and more: it was found whole, and the zone was too small for it.
fn goes_on(longer: &FieldContent, shorter: &FieldContent) -> bool {
    match (longer, shorter) {
        (FieldContent::List(longer), FieldContent::List(shorter)) => {
            longer.len() > shorter.len() && shorter.iter().all(|code| longer.contains(code))
        }
        _ => false,
    }
}

/// The zone of a field is blank: what stands elsewhere is somebody else's.
pub(super) fn blank(field: usize, page: &mut PageFindings) {
    for other in page.candidates.iter_mut().filter(|other| other.field == field) {
        other.score *= DESPITE_BLANK;
    }
}
