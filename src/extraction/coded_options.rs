//! Codes that a form offers to be ticked: `[ ] G47.33 Sleep apnea  [x] R06.83 Snoring`. Only the ticked ones are meant.

use super::catalogue::ValueType;
use super::checkboxes::{Mark, is_inked, marks, option_tokens};
use super::code_list::diagnosis;
use super::findings::{Candidate, PageFindings, Place, Signs};
use super::labels::Label;
use super::layout::Layout;
use super::rules::RuleSets;
use super::running::scan;
use super::values::{Believed, believed, icd10, procedure_code};
use crate::domain::fields::FieldContent;
use std::collections::HashSet;

struct CodedOption {
    codes: Vec<(usize, Believed)>,
    tokens: Vec<usize>,
    ink: f32,
}

/// The coded options of a page.
#[derive(Default)]
pub(super) struct CodedOptions {
    diagnoses: Vec<CodedOption>,
    procedures: Vec<CodedOption>,
    /// Tokens of options that are not ticked: no code among them is meant.
    pub unticked: HashSet<usize>,
}

/// A code as some forms print it, without its dot: "K625".
fn is_undotted(text: &str) -> bool {
    let letter = text.starts_with(|c: char| c.is_ascii_uppercase());
    letter
        && (3..=7).contains(&text.len())
        && text[1..].chars().filter(char::is_ascii_digit).count() + 1 >= text.len().min(4)
}

/// Whether many options begin with such a code: one alone may be anything.
fn offers_undotted(layout: &Layout, labels: &[Label], marks: &[Mark]) -> bool {
    let begins = |mark: &&Mark| {
        let tokens = option_tokens(layout, labels, mark, u32::MAX);
        let text = tokens.first().map_or("", |at| layout.tokens[*at].text.as_str());
        is_undotted(text) && icd10(text).is_some_and(|(code, sure)| sure > 0.9 && diagnosis(&code).is_some())
    };
    marks.iter().filter(begins).count() >= 4
}

impl CodedOptions {
    pub fn find(layout: &Layout, labels: &[Label]) -> Self {
        let marks = marks(layout);
        let mut this = Self::default();
        let undotted = offers_undotted(layout, labels, &marks);
        for (at, mark) in marks.iter().enumerate() {
            let next = marks
                .get(at + 1)
                .filter(|next| next.row == mark.row)
                .map_or(u32::MAX, |next| next.x);
            let tokens = option_tokens(layout, labels, mark, next);
            let coded = |read: &dyn Fn(usize, &str) -> Option<Believed>| -> Vec<(usize, Believed)> {
                let codes = tokens.iter().flat_map(|at| {
                    let parts = layout.tokens[*at].text.split(['(', ')', '[', ']', ',', ';', ':', '/']);
                    parts
                        .filter_map(|part| Some((*at, read(*at, part)?)))
                        .collect::<Vec<_>>()
                });
                codes.collect()
            };
            let diagnoses = coded(&|at, part| {
                let (code, sure) = icd10(part).filter(|_| part.contains('.') || undotted && is_undotted(part))?;
                // Held against the list and the words of its own option, and what was put right is told.
                let texts = |beside: &dyn Fn(usize) -> bool| -> Vec<&str> {
                    let tokens = tokens.iter().filter(|other| beside(**other));
                    tokens.map(|other| layout.tokens[*other].text.as_str()).collect()
                };
                let (after, before) = (texts(&|other| other > at), texts(&|other| other < at));
                Some(believed(part, &code, sure, &after, &before))
            });
            let procedures = coded(&|_, part| {
                procedure_code(part).map(|code| Believed {
                    code,
                    quality: 1.0,
                    remark: None,
                })
            });
            let option = |codes| CodedOption {
                codes,
                tokens: tokens.clone(),
                ink: mark.ink,
            };
            if !diagnoses.is_empty() {
                this.diagnoses.push(option(diagnoses));
            } else if !procedures.is_empty() {
                this.procedures.push(option(procedures));
            }
        }
        // A single mark before a code may be a bullet.
        for options in [&mut this.diagnoses, &mut this.procedures] {
            if options.len() < 2 {
                options.clear();
            }
            let inks: Vec<f32> = options.iter().map(|option| option.ink).collect();
            let unticked = options.iter().filter(|option| !is_inked(option.ink, &inks));
            this.unticked.extend(unticked.flat_map(|option| &option.tokens));
        }
        this
    }

    /// Adds the ticked codes.
    pub fn read(&self, layout: &Layout, rules: &RuleSets, page: &mut PageFindings) {
        for (key, options) in [
            ("referral.diagnoses", &self.diagnoses),
            ("referral.procedures", &self.procedures),
        ] {
            let Some(field) = rules.catalogue.position(key) else {
                continue;
            };
            let ticked = options
                .iter()
                .filter(|option| !option.tokens.iter().any(|at| self.unticked.contains(at)));
            let mut codes: Vec<(usize, &Believed)> = Vec::new();
            for (at, found) in ticked.flat_map(|option| &option.codes) {
                if !codes.iter().any(|(_, known)| known.code == found.code) {
                    codes.push((*at, found));
                }
            }
            let tokens: Vec<usize> = codes.iter().map(|(at, _)| *at).collect();
            if tokens.is_empty() {
                continue;
            }
            let reading = codes.iter().map(|(_, found)| found.quality).fold(1.0, f64::min);
            let remark = codes.iter().find_map(|(_, found)| found.remark.clone());
            let list: Vec<String> = codes.into_iter().map(|(_, found)| found.code.clone()).collect();
            page.candidates.push(Candidate {
                field,
                raw: list.join(" "),
                content: FieldContent::List(list),
                page: layout.number,
                bounds: layout.hull(&tokens),
                boxes: tokens.iter().map(|at| layout.tokens[*at].bounds).collect(),
                rule: format!("choice:{key}"),
                score: 0.93 * reading * scan(layout, &tokens),
                labelled: true,
                signs: Signs {
                    place: Place::Choice,
                    likeness: 1.0,
                    reading,
                    scan: f64::from(layout.least_confidence(&tokens)),
                },
                remark,
            });
        }
    }
}

/// Whether a token is of a kind of which only ticked ones count.
pub(super) fn is_coded(kind: ValueType) -> bool {
    matches!(kind, ValueType::Diagnoses | ValueType::Procedures)
}
