//! Finds labels on a page: known texts where a label may stand.

mod false_labels;
mod stacked;

pub(super) use false_labels::forget_item_squares;

use super::catalogue::ValueType;
use super::checkboxes::typed_mark;
use super::code_list::diagnosis;
use super::fold::fold;
use super::inline_labels;
use super::layout::{Layout, Token};
use super::lexicon::Meaning;
use super::rule_file::Part;
use super::rules::RuleSets;
use super::values::icd10;
use super::values::name::is_credential;
use crate::domain::codes::{PostalCode, UsState};
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
    /// It stands in a row of several labels, each before its value.
    Inline,
}

#[derive(Clone, Debug)]
pub(super) struct Label<'r> {
    pub row: usize,
    pub tokens: Range<usize>,
    /// The rest of a label that is broken into two lines, in the row below.
    pub tail: Option<Range<usize>>,
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
                Some(mut label) => {
                    label.tokens.end = after_remark(layout, rules, &label);
                    at = label.tokens.end;
                    // Its value stands below its number as well as below itself.
                    let first = layout.segment_of(label.tokens.start).start;
                    let noise = || label.strength == Strength::Whole && is_noise(rules, &layout.tokens[first].text);
                    if label.tokens.start == first + 1 && (is_numbered(layout, label.tokens.start) || noise()) {
                        label.tokens.start -= 1;
                    }
                    labels.push(label);
                }
                None => at += 1,
            }
        }
    }
    inline_labels::add(layout, rules, &mut labels);
    labels.sort_by_key(|label| label.tokens.start);
    false_labels::drop_states(layout, rules, &mut labels);
    false_labels::drop_ends_of_names(layout, rules, &mut labels);
    false_labels::drop_names_of_services(rules, &mut labels);
    for (row, segment) in stacked::heads(layout, &labels) {
        if let Some(label) = stacked::stacked(layout, rules, row, segment.clone()) {
            let tail = label.tail.clone().unwrap_or(0..0);
            let alone = labels.iter().any(|other| other.tokens == segment);
            // "Provider", an answer, and below it "Name:" with nothing beside it.
            if alone && (label.strength != Strength::Colon || stacked::has_own_value(layout, &labels, tail.end)) {
                continue;
            }
            let apart =
                |part: &Range<usize>, other: &Label| other.tokens.end <= part.start || other.tokens.start >= part.end;
            labels.retain(|other| apart(&tail, other) && apart(&segment, other));
            labels.push(label);
        }
    }
    labels.sort_by_key(|label| label.tokens.start);
    labels
}

/// Where a label ends that explains itself in brackets: "Any other plan? (plan, ID)", "Name: (Last, First, MI)".
fn after_remark(layout: &Layout, rules: &RuleSets, label: &Label) -> usize {
    let end = label.tokens.end;
    let segment = layout.segment_of(label.tokens.start);
    let asks = layout.tokens[end - 1].text.ends_with('?');
    if end >= segment.end || !layout.tokens[end].text.starts_with('(') {
        return end;
    }
    let closes = (end..segment.end.min(end + 8)).find(|at| layout.tokens[*at].text.ends_with([')', ':']));
    let Some(closes) = closes else { return end };
    // "Name: (Last, First, MI)" says how to answer.
    let hint = layout.text(end..closes + 1);
    let is_hint =
        hint.contains(')') && rules.lexicon.is_made_of_labels(&hint) && !hint.chars().any(|c| c.is_ascii_digit());
    if asks || is_hint { closes + 1 } else { end }
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
    let behind_noise = !starts && at == segment.start + 1 && is_noise(rules, &layout.tokens[segment.start].text);
    let answers = answers(layout, at, previous);
    let most = segment.end.min(at + rules.lexicon.longest.max(12));
    for end in (at + 1..=most).rev() {
        let inner_colon = layout.tokens[at..end - 1].iter().any(|token| token.text.ends_with(':'));
        let text = layout.text(at..end);
        // "Lakeside Podiatry Specialists (fax": a bracket opens within a label only to be closed.
        let unclosed = text.matches('(').count() > text.matches(')').count();
        // "Urology Specialists / Attn:" is an answer with the next label.
        let two = !starts && text.contains(" / ");
        if inner_colon || unclosed || two {
            continue;
        }
        let last = layout.tokens[end - 1].text.as_str();
        let question = starts && last.ends_with('?');
        // A scanner takes a colon for a semicolon; within a sentence it is one.
        let colon = question
            || last.ends_with(':')
            || last.ends_with(';') && starts && !names_a_code(layout, at..end)
            || layout
                .tokens
                .get(end)
                .is_some_and(|next| next.row == row && next.text == ":");
        // "Okafor, | MD"
        let credential = at > 0 && layout.tokens[at - 1].row == row && layout.tokens[at - 1].text.ends_with(',');
        let credential = credential && is_credential(&layout.text(at..end));
        let whole = (starts || behind_noise) && !answers && !credential && end == segment.end;
        let found = |name, meaning, likeness, strength| {
            Some(Label {
                row,
                tokens: at..end,
                tail: None,
                name,
                meaning: Some(meaning),
                likeness,
                strength,
            })
        };
        let single = text.trim_end_matches([':', '.']).chars().count() < 2;
        if (colon || whole) && !single {
            let strength = if colon { Strength::Colon } else { Strength::Whole };
            if let Some((name, meaning, likeness)) = nearest(rules, &text, colon && starts || whole)
                && (colon || likeness > if behind_noise { BEHIND_NOISE } else { WHOLE_LIKENESS })
            {
                return found(name, meaning, likeness, strength);
            }
            // "URGENT FOLLOW-UP: 2-3 DAYS" says how soon.
            let words: Vec<&str> = text.split_whitespace().collect();
            let says = rules.vocabularies.leading(ValueType::Urgency, &words).is_some();
            if colon && starts && !says && may_be_unknown(layout, at..end, answers) {
                return Some(Label {
                    row,
                    tokens: at..end,
                    tail: None,
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

/// "Diagnosis M06.4 Inflammatory polyarthropathy;" holds its answer.
fn names_a_code(layout: &Layout, tokens: Range<usize>) -> bool {
    let code = |token: &Token| icd10(&token.text).is_some_and(|(code, _)| diagnosis(&code).is_some());
    layout.tokens[tokens].iter().any(code)
}

/// Whether words up to a colon or a question mark may be a label that no rule lists. After a label, a longer text is its answer
/// with the next label: "Riverbend Urology / Attn:".
fn may_be_unknown(layout: &Layout, tokens: Range<usize>, answers: bool) -> bool {
    let text = layout.text(tokens.clone());
    let question = text.ends_with('?');
    let ends_a_clause = |token: &Token| token.text.ends_with([',', '.', ';']);
    let short = tokens.len() <= if answers { 2 } else { 5 };
    !text.ends_with(';')
        && (question || short && !layout.tokens[tokens.start..tokens.end - 1].iter().any(ends_a_clause))
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !text.chars().any(|c| c.is_ascii_digit())
}

/// Without a colon, a text must be plainly a label.
pub(super) const WHOLE_LIKENESS: f64 = 0.92;

/// Behind what may be a misread number, it must be the label to the letter.
const BEHIND_NOISE: f64 = 0.97;

/// What a scanner makes of an item's number in a dark square, as "EE]", or a number without a dot: no word of a label.
fn is_noise(rules: &RuleSets, text: &str) -> bool {
    text.chars().count() <= 4 && !rules.lexicon.is_made_of_labels(text)
}

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
    at == segment.start + 1 && is_numbered(layout, at)
        || before.chars().all(|c| !c.is_alphanumeric()) && !(matches!(before, "-" | "–") && at > segment.start + 1)
        || before.ends_with(['|', ';'])
}

/// "3.", "17a." or "b)" stands before.
fn is_numbered(layout: &Layout, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &layout.tokens[before]) else {
        return false;
    };
    let number = before.text.trim_end_matches(['.', ')']);
    let short = number.len() == 1 || number.len() <= 3 && number.starts_with(|c: char| c.is_ascii_digit());
    before.row == layout.tokens[at].row
        && short
        && before.text.ends_with(['.', ')'])
        && number.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The label that a text is or says in other words. Exact when it stands in the midst of a line.
pub(super) fn nearest<'r>(rules: &'r RuleSets, text: &str, inexact: bool) -> Option<(&'r str, &'r Meaning, f64)> {
    // "Has the person agreed to this referral?" wants a yes or no.
    if text.trim_end().ends_with('?') && asks_yes_or_no(text) {
        return nearest_whole(rules, text, false);
    }
    let whole = nearest_whole(rules, text, inexact && rules.uses(Part::Misread));
    if !inexact || !rules.uses(Part::OtherWords) {
        return whole;
    }
    let colon = text.ends_with([':', ';']);
    let is_caption = !colon && !text.ends_with('?');
    let asked = || {
        rules
            .lexicon
            .asked(text, is_caption)
            .filter(|_| !colon || text.split(' ').count() > 2)
    };
    whole
        .or_else(|| rules.lexicon.paraphrased_label(text))
        .or_else(|| first_of_two(rules, text))
        .or_else(asked)
}

fn asks_yes_or_no(text: &str) -> bool {
    let first = fold(text.split_whitespace().next().unwrap_or_default());
    let asks = [
        "is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "will", "can", "may", "should",
    ];
    asks.contains(&first.as_str())
}

/// "Name / Nombre" asks the same twice; of "Specialty / service" the first says more.
fn first_of_two<'r>(rules: &'r RuleSets, text: &str) -> Option<(&'r str, &'r Meaning, f64)> {
    // With digits, or longer than two labels are, it may be an answer.
    let second = text
        .split_once('/')
        .map_or(0, |(_, rest)| rest.split_whitespace().count());
    let coded = text.replace("ICD-10", "ICD").replace("ICD10", "ICD");
    if coded.chars().any(|c| c.is_ascii_digit()) || second > 3 {
        return None;
    }
    let first = text
        .split('/')
        .find(|part| part.chars().filter(|c| c.is_alphabetic()).count() >= 3)
        .filter(|first| first.len() < text.len())?;
    let (name, meaning, likeness) = nearest_whole(rules, first, false)?;
    Some((name, meaning, likeness * 0.99))
}

fn nearest_whole<'r>(rules: &'r RuleSets, text: &str, inexact: bool) -> Option<(&'r str, &'r Meaning, f64)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let folded = fold(text);
    // "T 360-555-0109": a single letter is a label only before its value.
    if folded.is_empty() || folded.len() > 60 || folded.len() < 2 && inexact {
        return None;
    }
    let lookup = |folded: &str| {
        if inexact {
            // "Payor 1" is not "Payor 2" misread.
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            return rules
                .lexicon
                .nearest_label(folded)
                .filter(|(name, ..)| digits(name).is_empty() || digits(name) == digits(folded));
        }
        rules.lexicon.label(folded).map(|(name, meaning)| (name, meaning, 1.0))
    };
    // "Policyno" lost its blank.
    let glued = folded.strip_suffix("no").map(|rest| format!("{rest}number"));
    let glued = glued.filter(|_| !text.trim_end_matches(['.', ':']).ends_with(" no"));
    lookup(&folded).or_else(|| lookup(&glued?)).or_else(|| {
        // "Patient name (please print)"
        let (before, rest) = text.split_once('(')?;
        let (_, after) = rest.split_once(')')?;
        // In the midst of a line, an answer may follow the bracket: "Patient (last, first) St. Clair".
        let closes = inexact || !after.contains(char::is_alphanumeric);
        let short = fold(&format!("{before}{after}"));
        (closes && short.len() >= 3)
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
        ValueType::Date => starts && digits >= 4 && next.chars().any(|c| c.is_ascii_digit()),
        ValueType::Address => starts && end > at + 2 && next.starts_with(|c: char| c.is_ascii_digit()),
        ValueType::Diagnoses => starts && icd10(next).is_some(),
        ValueType::DirectAddress => next.contains('@'),
        ValueType::Sex => next.len() > 1 && rules.vocabularies.whole(ValueType::Sex, next).is_some(),
        ValueType::Language => starts && rules.vocabularies.whole(ValueType::Language, next).is_some(),
        // "Boise, ID 83703" is a place.
        ValueType::Identifier if is_a_place(layout, at) => false,
        ValueType::Identifier => {
            let numbers = next.chars().filter(char::is_ascii_digit).count();
            numbers >= 4 && (starts || layout.tokens[at.saturating_sub(2)].text.ends_with(','))
        }
        _ => false,
    })
}

fn is_a_place(layout: &Layout, at: usize) -> bool {
    let text = |at: usize| layout.tokens[at].text.as_str();
    at > 0 && UsState::parse(text(at - 1)).is_ok() && PostalCode::parse(text(at)).is_ok()
}
