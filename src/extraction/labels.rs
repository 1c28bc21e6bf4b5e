//! Finds labels on a page: known texts where a label may stand.

use super::catalogue::ValueType;
use super::checkboxes::typed_mark;
use super::fold::fold;
use super::layout::Layout;
use super::lexicon::Meaning;
use super::rules::RuleSets;
use std::ops::Range;

/// How a label shows that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// A colon follows.
    Colon,
    /// It fills its segment.
    Whole,
    /// A value of its type follows at once.
    Typed,
}

#[derive(Clone, Debug)]
pub(super) struct Label<'r> {
    pub row: usize,
    pub tokens: Range<usize>,
    /// Folded, as in the rules; empty for an unknown text with a colon, which only ends other values.
    pub name: &'r str,
    pub meaning: Option<&'r Meaning>,
    pub likeness: f64,
    pub strength: Strength,
}

/// All labels of a page, row by row, from left to right.
pub(super) fn find<'r>(layout: &Layout, rules: &'r RuleSets) -> Vec<Label<'r>> {
    let mut labels = Vec::new();
    for (row, r) in layout.rows.iter().enumerate() {
        let mut at = r.tokens.start;
        while at < r.tokens.end {
            match label_at(layout, rules, row, at, labels.last()) {
                Some(label) => {
                    at = label.tokens.end;
                    labels.push(label);
                }
                None => at += 1,
            }
        }
    }
    labels
}

fn label_at<'r>(
    layout: &Layout,
    rules: &'r RuleSets,
    row: usize,
    at: usize,
    previous: Option<&Label>,
) -> Option<Label<'r>> {
    let segment = layout.segment_of(at);
    let starts = starts_a_label(layout, &segment, at);
    let answers = answers(layout, at, previous);
    let most = segment.end.min(at + rules.lexicon.longest.max(6));
    for end in (at + 1..=most).rev() {
        let inner_colon = layout.tokens[at..end - 1].iter().any(|token| token.text.ends_with(':'));
        if inner_colon {
            continue;
        }
        let colon = layout.tokens[end - 1].text.ends_with([':', ';'])
            || layout
                .tokens
                .get(end)
                .is_some_and(|next| next.row == row && next.text == ":");
        let whole = starts && !answers && end == segment.end;
        let text = layout.text(at..end);
        let found = |name, meaning, likeness, strength| {
            Some(Label {
                row,
                tokens: at..end,
                name,
                meaning: Some(meaning),
                likeness,
                strength,
            })
        };
        if colon || whole {
            let strength = if colon { Strength::Colon } else { Strength::Whole };
            if let Some((name, meaning, likeness)) = nearest(rules, &text, colon && starts || whole)
                && (colon || likeness > WHOLE_LIKENESS)
            {
                return found(name, meaning, likeness, strength);
            }
            if colon && starts && end - at <= 5 && !text.chars().any(|c| c.is_ascii_digit()) {
                return Some(Label {
                    row,
                    tokens: at..end,
                    name: "",
                    meaning: None,
                    likeness: 0.5,
                    strength,
                });
            }
        } else if let Some((name, meaning, 1.0)) = nearest(rules, &text, false)
            && value_follows(layout, rules, meaning, end, segment.end, starts)
        {
            return found(name, meaning, 0.97, Strength::Typed);
        }
    }
    None
}

/// Without a colon, a text must be plainly a label.
pub(super) const WHOLE_LIKENESS: f64 = 0.92;

/// Whether what stands here is an answer: an option behind its mark, or what follows a label with a colon.
pub(super) fn answers(layout: &Layout, at: usize, previous: Option<&Label>) -> bool {
    let token = &layout.tokens[at];
    let after_label = previous
        .is_some_and(|label| label.row == token.row && label.tokens.end == at && label.strength == Strength::Colon);
    let typed = |at: usize| typed_mark(&layout.tokens[at].text).is_some();
    let marked = typed(at) || (at > layout.rows[token.row].tokens.start && typed(at - 1));
    let boxed = layout.boxes.iter().any(|check_box| {
        let b = check_box.bounds;
        let near =
            b.right() <= token.bounds.x + 4 && f64::from(token.bounds.x) < f64::from(b.right()) + 1.2 * layout.unit;
        near && f64::from(b.y) < token.middle_y() && token.middle_y() < f64::from(b.bottom())
    });
    after_label || marked || boxed
}

/// A label begins a segment, or follows a number ("3. Reason"), a bullet or a separator.
fn starts_a_label(layout: &Layout, segment: &Range<usize>, at: usize) -> bool {
    let Some(before) = (at > segment.start).then(|| layout.tokens[at - 1].text.as_str()) else {
        return true;
    };
    let numbering = at == segment.start + 1
        && before.len() <= 3
        && before
            .trim_end_matches(['.', ')'])
            .chars()
            .all(|c| c.is_ascii_alphanumeric())
        && before.ends_with(['.', ')']);
    numbering || before.chars().all(|c| !c.is_alphanumeric()) || before.ends_with(['|', ';'])
}

fn nearest<'r>(rules: &'r RuleSets, text: &str, inexact: bool) -> Option<(&'r str, &'r Meaning, f64)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let folded = fold(text);
    if folded.len() < 2 || folded.len() > 60 {
        return None;
    }
    let lookup = |folded: &str| match rules.lexicon.nearest_label(folded) {
        Some((name, meaning, likeness)) if inexact || likeness >= 1.0 => Some((name, meaning, likeness)),
        _ => None,
    };
    lookup(&folded).or_else(|| {
        // "Patient name (please print)"
        let (before, rest) = text.split_once('(')?;
        let (_, after) = rest.split_once(')')?;
        let short = fold(&format!("{before}{after}"));
        (short.len() >= 3)
            .then(|| lookup(&short))
            .flatten()
            .map(|(n, m, likeness)| (n, m, likeness * 0.99))
    })
}

/// Whether what stands after a label without a colon has the form of its value.
fn value_follows(layout: &Layout, rules: &RuleSets, meaning: &Meaning, at: usize, end: usize, starts: bool) -> bool {
    let Some(next) = (at < end).then(|| layout.tokens[at].text.as_str()) else {
        return false;
    };
    let digits = layout.tokens[at..end.min(at + 3)]
        .iter()
        .flat_map(|t| t.text.chars())
        .filter(char::is_ascii_digit)
        .count();
    meaning.fields().any(|field| match rules.catalogue.all[field].kind {
        ValueType::Phone | ValueType::Fax => {
            digits >= 7 && next.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c))
        }
        ValueType::Npi => digits >= 9 && next.chars().filter(char::is_ascii_digit).count() >= 8,
        ValueType::BirthDate => digits >= 4 && next.chars().any(|c| c.is_ascii_digit()),
        ValueType::DirectAddress => next.contains('@'),
        ValueType::Identifier => {
            let numbers = next.chars().filter(char::is_ascii_digit).count();
            numbers >= 4 && (starts || layout.tokens[at.saturating_sub(2)].text.ends_with(','))
        }
        _ => false,
    })
}
