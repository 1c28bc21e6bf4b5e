//! Sections whose heading says something else or could not be read, told by the labels in them.

use super::Mark;
use crate::extraction::labels::{Label, Strength};
use crate::extraction::layout::Layout;
use crate::extraction::lexicon::Meaning;
use crate::extraction::rules::RuleSets;

/// Medicaid calls its patients recipients, and some forms speak to them ("About you"): a section that asks for a birth date is
/// the patient's.
pub(super) fn call_patients_recipients(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let birth = rules.catalogue.position("patient.birth_date");
    let (Ok(patient), Ok(recipient)) = (rules.lexicon.section("patient"), rules.lexicon.section("recipient")) else {
        return;
    };
    let referrer = rules.lexicon.section("referrer");
    let mut unread = Vec::new();
    for at in 0..marks.len() {
        let mark = &marks[at];
        let next = marks[at + 1..].iter().find(|next| next.row > mark.row);
        let rows = mark.row..next.map_or(layout.rows.len(), |next| next.row).min(mark.row + 8);
        let under = |label: &&Label| {
            let x = f64::from(layout.tokens[label.tokens.start].bounds.x);
            mark.left <= x && x < mark.right
        };
        let asks = |label: &&Label| {
            rows.contains(&label.row) && under(label) && label.meaning.is_some_and(|m| m.alone() == birth)
        };
        let called_so = mark.section == recipient || Ok(mark.section) == referrer;
        let Some(asked) = labels.iter().find(asks).filter(|_| called_so && birth.is_some()) else {
            continue;
        };
        let of_a_party = |label: &&Label| {
            let key = label.meaning.and_then(Meaning::alone);
            let key = key.map_or("", |field| rules.catalogue.all[field].key.as_str());
            mark.row <= label.row && label.row < asked.row && (label.name == "npi" || key.starts_with("referrer."))
        };
        if labels.iter().any(|label| of_a_party(&label)) {
            // The heading over the patient could not be read.
            unread.push(Mark::heading(patient, asked.row - 1, mark.left, mark.right));
        } else {
            marks[at].section = patient;
        }
    }
    marks.extend(unread);
}

/// "Name | NPI" among the patient's labels: the heading over whoever refers could not be read.
pub(super) fn begin_at_npi(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let Ok(referrer) = rules.lexicon.section("referrer") else {
        return;
    };
    if marks.iter().any(|mark| mark.is_heading() && mark.section == referrer) {
        return;
    }
    let npi = |label: &&Label| label.name.ends_with("npi") || label.name.ends_with("npinumber");
    let Some(npi) = labels.iter().find(npi).filter(|npi| npi.row > 0) else {
        return;
    };
    let named = labels
        .iter()
        .any(|label| label.row == npi.row && matches!(label.name, "name" | "providername" | "fullname"));
    let x = f64::from(layout.tokens[npi.tokens.start].bounds.x);
    let around = marks
        .iter()
        .rfind(|mark| mark.is_heading() && mark.row < npi.row && mark.left <= x && x < mark.right);
    let patients = around.is_some_and(|mark| {
        matches!(
            rules.lexicon.section_name(mark.section),
            "patient" | "insurance" | "secondary"
        )
    });
    if named && patients {
        marks.push(Mark::heading(referrer, npi.row - 1, 0.0, f64::INFINITY));
    }
}

/// "Phone … Phone" and "Fax … Fax" side by side under one party: the heading over the other column could not be read, and it
/// is the other party's.
pub(super) fn part_parties(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let x = |label: &Label| f64::from(layout.tokens[label.tokens.start].bounds.x);
    let mut parted = Vec::new();
    for mark in marks.iter().filter(|mark| mark.is_heading()) {
        let other = match rules.lexicon.section_name(mark.section) {
            "referrer" => "recipient",
            "recipient" => "referrer",
            _ => continue,
        };
        let end = marks
            .iter()
            .filter(|next| next.is_heading() && next.row > mark.row)
            .map(|next| next.row)
            .min();
        let rows = mark.row + 1..end.unwrap_or(usize::MAX).min(mark.row + 8);
        let within = |label: &&Label| {
            let asks = matches!(label.strength, Strength::Colon | Strength::Whole) && !label.name.is_empty();
            asks && rows.contains(&label.row) && mark.left <= x(label) && x(label) < mark.right
        };
        let twice: Vec<(&str, f64)> = labels
            .iter()
            .filter(within)
            .filter_map(|first| {
                let second = labels.iter().filter(within).find(|second| {
                    second.row == first.row && second.name == first.name && x(second) > x(first) + 8.0 * layout.unit
                })?;
                Some((first.name, x(second)))
            })
            .collect();
        let [(one, left), (two, again), ..] = twice[..] else {
            continue;
        };
        if one != two
            && (left - again).abs() < 2.0 * layout.unit
            && let Ok(section) = rules.lexicon.section(other)
        {
            parted.push(Mark::heading(section, mark.row, left - 2.0 * layout.unit, mark.right));
        }
    }
    marks.extend(parted);
}
