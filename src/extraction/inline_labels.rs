//! Labels that neither a colon nor a gap sets off from their values: bold type, which a scanner doesn't see, told them.

use super::catalogue::ValueType;
use super::checkboxes::typed_mark;
use super::fold::fold;
use super::labels::{Label, Strength, nearest};
use super::layout::Layout;
use super::lexicon::Meaning;
use super::rules::RuleSets;
use super::values::name::is_title;
use std::ops::Range;

/// "Patient Referral Form" and "Patient Information" are titles.
const TITLES: [&str; 12] = [
    "referral",
    "form",
    "information",
    "info",
    "request",
    "order",
    "orders",
    "sheet",
    "slip",
    "summary",
    "details",
    "data",
];

/// Adds those that stand in a row of several, and those that begin their lines one below the other.
pub(super) fn add<'r>(layout: &Layout, rules: &'r RuleSets, labels: &mut Vec<Label<'r>>) {
    for row in 0..layout.rows.len() {
        inline(layout, rules, row, labels);
    }
    listed(layout, rules, labels);
}

/// "Plan Humana" above "Group X98650": where lines one below the other begin with known labels, each is one.
fn listed<'r>(layout: &Layout, rules: &'r RuleSets, labels: &mut Vec<Label<'r>>) {
    let mut begin: Vec<Label<'r>> = Vec::new();
    for row in 0..layout.rows.len() {
        for segment in layout.segments(row) {
            let known = labels.iter().any(|label| segment.contains(&label.tokens.start));
            let label = inline_at(layout, rules, row, segment.start).filter(|_| !known);
            // What goes on with a small letter is a sentence.
            begin.extend(label.filter(|label| {
                let next = &layout.tokens[label.tokens.end].text;
                let titled = TITLES.contains(&fold(next).as_str());
                !next.starts_with(char::is_lowercase) && !titled
            }));
        }
    }
    let x = |label: &Label| f64::from(layout.tokens[label.tokens.start].bounds.x);
    let right = |label: &Label| f64::from(layout.tokens[label.tokens.end - 1].bounds.right());
    let beside = |label: &Label, other: &Label| {
        let near = |edge: &dyn Fn(&Label) -> f64| (edge(label) - edge(other)).abs() < 0.7 * layout.unit;
        // Labels may be set to the right, against their values.
        label.row != other.row && label.row.abs_diff(other.row) <= 2 && (near(&x) || near(&right))
    };
    let one_below_the_other: Vec<bool> = begin
        .iter()
        .map(|label| {
            let mut all = begin.iter().chain(labels.iter().filter(|other| !other.name.is_empty()));
            all.any(|other| beside(label, other))
        })
        .collect();
    let listed = begin.into_iter().zip(one_below_the_other).filter(|(_, listed)| *listed);
    labels.extend(listed.map(|(label, _)| label));
}

/// "Last name Roberts   First name Kevin   DOB 10/22/1986": bold type, which a scanner doesn't see, tells the labels. Known
/// texts, spelled without a fault and set apart, are labels where a row has several.
fn inline<'r>(layout: &Layout, rules: &'r RuleSets, row: usize, labels: &mut Vec<Label<'r>>) {
    let tokens = layout.rows[row].tokens.clone();
    let others: Vec<(Range<usize>, bool)> = labels
        .iter()
        .filter(|l| l.row == row)
        .map(|l| (l.tokens.clone(), l.strength == Strength::Colon))
        .collect();
    let gap = |at: usize| f64::from(layout.tokens[at].bounds.x) - f64::from(layout.tokens[at - 1].bounds.right());
    let mut gaps: Vec<f64> = (tokens.start + 1..tokens.end).map(gap).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 3).copied().unwrap_or_default();
    let mut found = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        if let Some((other, colon)) = others.iter().find(|(other, _)| other.contains(&at)) {
            // What follows a label in its segment, or after a colon, is its answer.
            let answered = *colon || layout.segment_of(other.end - 1).end > other.end;
            at = other.end + usize::from(answered);
            continue;
        }
        let apart = at == tokens.start || gap(at) > (0.9 * layout.unit).max(1.7 * usual);
        let titled = |label: &Label| TITLES.contains(&fold(&layout.tokens[label.tokens.end].text).as_str());
        match inline_at(layout, rules, row, at).filter(|label| apart && !titled(label)) {
            Some(label) => {
                at = label.tokens.end;
                found.push(label);
            }
            None => at += 1,
        }
    }
    if !found.is_empty() && found.len() + others.len() >= 2 {
        labels.extend(found);
    }
}

fn inline_at<'r>(layout: &Layout, rules: &'r RuleSets, row: usize, at: usize) -> Option<Label<'r>> {
    let segment = layout.segment_of(at);
    let capital = layout.tokens[at]
        .text
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let most = segment.end.min(at + rules.lexicon.longest.max(6));
    (at + 1..most).rev().filter(|_| capital).find_map(|end| {
        let (name, meaning, likeness) = nearest(rules, &layout.text(at..end), false)?;
        let title = end == at + 1 && is_title(&layout.tokens[at].text);
        // "PT / Rehabilitation" is no patient.
        let short = name.len() < 3;
        // "Name of sending clinician" is one label, known or not.
        let goes_on = matches!(layout.tokens[end].text.as_str(), "of" | "and" | "or" | "for" | "to");
        let answered =
            !goes_on && !asks_for_an_option(rules, meaning) || option_follows(layout, rules, meaning, end, segment.end);
        let means = answered && !title && !short && (meaning.fields().next().is_some() || name.len() > 6);
        means.then_some(Label {
            row,
            tokens: at..end,
            tail: None,
            name,
            meaning: Some(meaning),
            likeness: likeness * 0.98,
            strength: Strength::Inline,
        })
    })
}

/// "Type 1 diabetes" asks for no type of service.
fn asks_for_an_option(rules: &RuleSets, meaning: &Meaning) -> bool {
    let closed = |kind| matches!(kind, ValueType::Service | ValueType::Urgency | ValueType::Sex);
    let mut kinds = meaning.fields().map(|field| rules.catalogue.all[field].kind).peekable();
    kinds.peek().is_some() && kinds.all(closed)
}

fn option_follows(layout: &Layout, rules: &RuleSets, meaning: &Meaning, at: usize, end: usize) -> bool {
    let words: Vec<&str> = layout.tokens[at..end].iter().map(|token| token.text.as_str()).collect();
    meaning.fields().any(|field| {
        let kind = rules.catalogue.all[field].kind;
        rules.vocabularies.leading(kind, &words).is_some()
            || words.first().is_some_and(|word| typed_mark(word).is_some())
    })
}
