//! Values that no label announces: by the marks of options, and by their form alone.

use super::catalogue::ValueType;
use super::checkboxes::{self, Choice, Verdict};
use super::code_list::{agreement, diagnosis};
use super::findings::{Candidate, PageFindings, Place, Refused, Signs};
use super::fold::{distance, fold, tokens};
use super::labels::Label;
use super::layout::{Layout, Token};
use super::regions::Places;
use super::rules::RuleSets;
use super::running::scan;
use super::sections::Sections;
use super::values::name::is_credential;
use super::values::{self, Calendar, Outcome, Words};
use crate::domain::codes::{Malformed, Npi};
use crate::domain::fields::FieldContent;

/// Adds what the marks of options say.
pub(super) fn by_choice(layout: &Layout, choices: &[Choice], rules: &RuleSets, page: &mut PageFindings) {
    for (kind, key) in [
        (ValueType::Urgency, "referral.urgency"),
        (ValueType::Sex, "patient.sex"),
        (ValueType::Service, "referral.service"),
        (ValueType::Specialty, "referral.specialty"),
    ] {
        let Some(field) = rules.catalogue.position(key) else {
            continue;
        };
        let unclear = |detail: &str| Malformed {
            problem: "unclear_marks",
            detail: detail.to_owned(),
        };
        let (choice, weight) = match checkboxes::verdict(choices, kind) {
            None => continue,
            Some(Verdict::None) => {
                page.refused.push(Refused {
                    field,
                    malformed: unclear("no option is marked"),
                });
                continue;
            }
            Some(Verdict::One(choice)) => (choice, if choice.sure { 0.97 } else { 0.85 }),
            Some(Verdict::Unclear(choice)) => {
                page.refused.push(Refused {
                    field,
                    malformed: unclear("more than one option may be marked"),
                });
                (choice, 0.5)
            }
        };
        page.candidates.push(Candidate {
            field,
            content: FieldContent::Text(choice.value.clone()),
            page: layout.number,
            bounds: choice.bounds,
            boxes: Vec::new(),
            raw: choice
                .tokens
                .iter()
                .map(|at| layout.tokens[*at].text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            rule: format!("choice:{key}"),
            score: weight * choice.likeness * scan(layout, &choice.tokens).max(0.9),
            labelled: true,
            signs: Signs {
                place: Place::Choice,
                likeness: choice.likeness,
                reading: weight,
                scan: f64::from(layout.least_confidence(&choice.tokens)),
            },
            remark: None,
        });
    }
}

/// A sound NPI behind a label that the scanner misread beyond what a label of three letters may bear.
pub(super) fn stray_npi(layout: &Layout, labels: &[Label], rules: &RuleSets, page: &mut PageFindings) {
    let Some(field) = rules.catalogue.position("referrer.npi") else {
        return;
    };
    for at in 1..layout.tokens.len() {
        let (before, token) = (&layout.tokens[at - 1], &layout.tokens[at]);
        let labelled = labels
            .iter()
            .any(|label| label.meaning.is_some() && label.tokens.contains(&(at - 1)));
        let Ok(npi) = Npi::parse(&token.text) else { continue };
        let near = distance(&fold(&before.text), "npi", 10).is_some();
        if before.row == token.row && near && !labelled {
            page.candidates.push(Candidate {
                field,
                content: FieldContent::Text(npi.into()),
                page: layout.number,
                bounds: token.bounds,
                boxes: Vec::new(),
                raw: token.text.clone(),
                rule: "form:npi".to_owned(),
                score: 0.8 * scan(layout, &[at]),
                labelled: false,
                signs: Signs {
                    place: Place::Form,
                    likeness: 0.5,
                    reading: 1.0,
                    scan: f64::from(layout.least_confidence(&[at])),
                },
                remark: None,
            });
        }
    }
}

/// "The problem list also carries Z87.891": a sentence of what is not the reason.
fn is_background(layout: &Layout, rules: &RuleSets, at: usize) -> bool {
    let code = &layout.tokens[at];
    let ends = |token: &Token| token.text.ends_with('.') && !token.text.chars().any(|c| c.is_ascii_digit());
    let mut before: Vec<&Token> = Vec::new();
    for token in layout.tokens[..at].iter().rev().take(24) {
        let apart =
            code.row - token.row > 1 || f64::from(token.bounds.x.abs_diff(code.bounds.x)) > f64::from(layout.width);
        if apart || ends(token) {
            break;
        }
        before.push(token);
    }
    let said = before
        .iter()
        .rev()
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let said = format!(" {} ", tokens(&said).collect::<Vec<_>>().join(" "));
    rules.background.iter().any(|phrase| said.contains(phrase.as_str()))
}

/// "(D45) Polycythemia vera"
fn is_described(code: &str, after: &[&str]) -> bool {
    let share = diagnosis(code).and_then(|entry| agreement(entry.description, after));
    share.is_some_and(|share| share > 0.6)
}

/// Diagnosis codes that no label announces, outside of what is only background.
pub(super) fn stray_codes(places: &Places, sections: &Sections, rules: &RuleSets, page: &mut PageFindings) {
    let layout = places.layout;
    let Some(field) = rules.catalogue.position("referral.diagnoses") else {
        return;
    };
    let mut codes = Vec::new();
    let mut found = Vec::new();
    let mut least: f64 = 1.0;
    let mut remark = None;
    for (at, token) in layout.tokens.iter().enumerate() {
        let around = sections.at(token.row, token.bounds.x, layout);
        let section = around
            .first()
            .map_or("", |section| rules.lexicon.section_name(*section));
        if section == "history" || section == "office" || places.is_taken(at) || places.coded.unticked.contains(&at) {
            continue;
        }
        if is_background(layout, rules, at) {
            continue;
        }
        let row = &layout.rows[token.row].tokens;
        let text =
            |range: std::ops::Range<usize>| -> Vec<&str> { range.map(|at| layout.tokens[at].text.as_str()).collect() };
        let after = text(at + 1..row.end.min(at + 9));
        let before = text(row.start.max(at.saturating_sub(8))..at);
        for part in values::with_dots(&token.text).split(['(', ')', '[', ']', ',', ';', ':']) {
            // Without a label, only a dot or the words beside it tell a code from a part number.
            if let Some((code, quality)) = values::icd10(part)
                && (part.contains('.') || is_described(&code, &after))
            {
                let known = values::believed(part, &code, quality, &after, &before);
                if !codes.contains(&known.code) {
                    codes.push(known.code);
                    found.push(at);
                    least = least.min(known.quality);
                    remark = remark.or(known.remark);
                }
            }
        }
    }
    if codes.is_empty() {
        return;
    }
    page.candidates.push(Candidate {
        field,
        raw: codes.join(" "),
        content: FieldContent::List(codes),
        page: layout.number,
        bounds: layout.hull(&found),
        boxes: found.iter().map(|at| layout.tokens[*at].bounds).collect(),
        rule: "form:icd10".to_owned(),
        score: 0.7 * least * scan(layout, &found),
        labelled: false,
        signs: Signs {
            place: Place::Form,
            likeness: 0.5,
            reading: least,
            scan: f64::from(layout.least_confidence(&found)),
        },
        remark,
    });
}

/// "HARRIS, RYAN K   DOB: 6/2/1963": the band that patient records print on every page has no label for the name; nor has
/// "Wei Garcia, MD   NPI 1442273334".
pub(super) fn names_before_numbers(
    places: &Places,
    sections: &Sections,
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let layout = places.layout;
    let position = |key: &str| rules.catalogue.position(key);
    let (Some(patient), Some(birth), Some(referrer)) = (
        position("patient.name"),
        position("patient.birth_date"),
        position("referrer.name"),
    ) else {
        return;
    };
    for label in places.labels {
        let Some(meaning) = label.meaning else { continue };
        let row = &layout.rows[label.row].tokens;
        let start = places
            .labels
            .iter()
            .filter(|other| other.row == label.row && other.tokens.end <= label.tokens.start)
            .map(|other| other.tokens.end)
            .max()
            .unwrap_or(row.start);
        let before: Vec<usize> = (start..label.tokens.start).collect();
        // "Pediatrician Alma Bennett, MD": what she is stands before her name.
        let is_label = |at: &usize| {
            let text = &layout.tokens[*at].text;
            text.len() > 3 && rules.lexicon.is_made_of_labels(text)
        };
        let before: Vec<usize> = before.into_iter().skip_while(is_label).collect();
        let credentials = before.iter().any(|at| is_credential(&layout.tokens[*at].text));
        let around = sections.at(label.row, layout.tokens[label.tokens.start].bounds.x, layout);
        let recipients = around
            .first()
            .is_some_and(|section| rules.lexicon.section_name(*section) == "recipient");
        let (field, rule, weight) = if meaning.alone() == Some(birth) && start == row.start {
            (patient, "form:before_birth_date", 0.8)
        } else if label.name == "npi" && credentials && !recipients {
            (referrer, "form:before_npi", 0.85)
        } else {
            continue;
        };
        if !(2..=6).contains(&before.len()) || before.iter().any(|at| places.is_taken(*at)) {
            continue;
        }
        let texts = before.iter().map(|at| layout.tokens[*at].text.as_str());
        let words = Words {
            lines: vec![texts.collect()],
        };
        let Outcome::Value(reading) = values::read(ValueType::PersonName, &words, rules, calendar) else {
            continue;
        };
        if reading.quality < 0.95 {
            continue;
        }
        page.candidates.push(Candidate {
            field,
            content: reading.content,
            page: layout.number,
            bounds: layout.hull(&before),
            boxes: Vec::new(),
            raw: words.lines.concat().join(" "),
            rule: rule.to_owned(),
            score: weight * scan(layout, &before),
            labelled: false,
            signs: Signs {
                place: Place::Form,
                likeness: weight,
                reading: reading.quality,
                scan: f64::from(layout.least_confidence(&before)),
            },
            remark: reading.remark,
        });
    }
}
