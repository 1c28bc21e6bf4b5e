//! The sheet that is drawn of an original, and what it comes to as an extraction.

use super::values::{Value, day};
use super::{Clinical, message, sniff};
use crate::cda::{ClinicalDocument, Section as CdaSection};
use crate::domain::document::{DocumentKind, DocumentState, PageKind, PageRange};
use crate::domain::fields::{
    ClassifiedPage, DataFormat, Doubtful, ExtractedDocument, Extraction, FieldKey, FoundField,
};
use crate::domain::page::PixelBox;
use crate::domain::transmission::QuarantineReason;
use crate::extraction::RuleSets;
use crate::letters::sheet::{self, Fact, Group, Place, Section, Sheet};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// An original with its sheet, and where on that each value stands. Made anew each time, and the same each time.
pub struct Prepared {
    pub clinical: Clinical,
    pub pdf: Vec<u8>,
    values: Vec<(Value, Place)>,
}

impl Prepared {
    /// `None` for what is no data. `today` is the day on which it arrived: nobody is born later.
    pub fn of(bytes: &[u8], rules: &RuleSets, today: NaiveDate) -> Option<Result<Self, QuarantineReason>> {
        sniff(bytes)?;
        Some(Clinical::open(bytes).and_then(|clinical| Self::draw(clinical, rules, today)))
    }

    fn draw(clinical: Clinical, rules: &RuleSets, today: NaiveDate) -> Result<Self, QuarantineReason> {
        if !clinical.has_data() {
            return Err(QuarantineReason::NotADocument);
        }
        let values = in_order(clinical.values(rules, today), rules);
        let drawn = sheet::draw(&clinical.sheet(&values, rules)).map_err(|_| QuarantineReason::ProcessingFailed)?;
        Ok(Self {
            clinical,
            pdf: drawn.pdf,
            values: values.into_iter().zip(drawn.places).collect(),
        })
    }

    /// The values on pages of these numbers. A person always looks: what partners' data is worth was not measured yet.
    pub fn extraction(&self, rules: &RuleSets, pages: &[u32]) -> Extraction {
        let kind = self.clinical.kind();
        let fields: BTreeMap<FieldKey, FoundField> = self.values.iter().filter_map(found).collect();
        let value = |key: &FieldKey| fields.get(key).map(|field| &field.value);
        let missing = match kind {
            DocumentKind::Referral => rules.missing_by(value),
            _ => Vec::new(),
        };
        let document = ExtractedDocument {
            kind,
            pages: PageRange {
                from: pages.iter().min().copied().unwrap_or(1),
                to: pages.iter().max().copied().unwrap_or(1),
            },
            state: if self.clinical.opens_a_referral() {
                DocumentState::NeedsReview
            } else {
                DocumentState::NotAReferral
            },
            template: Some(self.template().to_owned()),
            missing,
            problems: self
                .values
                .iter()
                .filter_map(|(value, _)| value.content.as_ref().err().cloned())
                .collect(),
            fields,
            remarks: Vec::new(),
            doubtful: self.values.iter().filter_map(doubtful).collect(),
        };
        let page_kind = |number: u32| match kind {
            DocumentKind::Referral if number == document.pages.from => PageKind::Referral,
            _ => PageKind::ClinicalNote,
        };
        Extraction {
            pages: pages
                .iter()
                .map(|&number| ClassifiedPage {
                    number,
                    kind: page_kind(number),
                })
                .collect(),
            documents: vec![document],
        }
    }

    fn template(&self) -> &'static str {
        if self.clinical.message().is_some() {
            "hl7-v2"
        } else {
            "c-cda"
        }
    }
}

fn found((value, place): &(Value, Place)) -> Option<(FieldKey, FoundField)> {
    let content = value.content.as_ref().ok()?;
    let bounds = PixelBox::hull_of(place.boxes.iter().copied())?;
    let is_list = value.passage.paths.len() > 1;
    let found = FoundField {
        value: content.clone(),
        confidence: value.confidence,
        page: place.page,
        bounds,
        boxes: if is_list { place.boxes.clone() } else { Vec::new() },
        raw: value.printed.join(", "),
        rule: rule(value),
        evidence: None,
        passage: Some(value.passage.clone()),
    };
    Some((value.key.clone(), found))
}

/// What is no value, so that a person sees what is written, and where.
fn doubtful((value, place): &(Value, Place)) -> Option<Doubtful> {
    let problem = value.content.as_ref().err()?;
    Some(Doubtful {
        field: problem.field.clone(),
        raw: (!value.is_said_unknown).then(|| value.printed.join(", ")),
        page: Some(place.page),
        bounds: PixelBox::hull_of(place.boxes.iter().copied()),
        rule: rule(value),
        passage: value.passage.clone(),
    })
}

fn rule(value: &Value) -> String {
    match value.passage.format {
        DataFormat::CCda => "c-cda",
        DataFormat::Hl7V2 => "hl7-v2",
        DataFormat::DirectContext => "direct-context",
    }
    .to_owned()
}

/// In the order of the screen.
fn in_order(values: Vec<Value>, rules: &RuleSets) -> Vec<Value> {
    let mut by_key: BTreeMap<FieldKey, Value> = values.into_iter().map(|value| (value.key.clone(), value)).collect();
    rules
        .catalogue()
        .fields()
        .filter_map(|field| by_key.remove(&field.key))
        .collect()
}

impl Clinical {
    fn sheet(&self, values: &[Value], rules: &RuleSets) -> Sheet {
        let mut groups: Vec<Group> = Vec::new();
        for value in values {
            let Some(field) = rules.catalogue().field(&value.key) else {
                continue;
            };
            let title = capitalised(&field.section);
            let fact = Fact {
                label: field.label.clone(),
                lines: value.printed.iter().map(|text| one_line(text)).collect(),
            };
            match groups.last_mut().filter(|group| group.title == title) {
                Some(group) => group.facts.push(fact),
                None => groups.push(Group {
                    title,
                    facts: vec![fact],
                }),
            }
        }
        // Behind the fields: their places are counted from the first.
        groups.extend(self.messages.iter().map(|message| of_message(&message.value)));
        groups.retain(|group| !group.facts.is_empty());
        Sheet {
            title: self.title(),
            about: self.about(),
            groups,
            sections: self.sections(),
        }
    }

    fn sections(&self) -> Vec<Section> {
        let of_documents = self.documents.iter().flat_map(|document| sections(&document.value));
        let of_messages = self.unread_messages.iter().map(|text| Section {
            title: "The message as it came".to_owned(),
            text: text.clone(),
        });
        of_documents.chain(of_messages).collect()
    }

    fn title(&self) -> String {
        if let Some(message) = self.message() {
            return message::title(message).to_owned();
        }
        let titled = self
            .documents
            .first()
            .and_then(|document| document.value.title.as_ref());
        titled.map_or_else(|| "Clinical document".to_owned(), |title| title.value.clone())
    }

    fn about(&self) -> Vec<String> {
        let mut about = vec![
            "This sheet was made of data that the sender's system wrote. The data itself can be downloaded as the original.".to_owned(),
        ];
        for document in self.documents.iter().map(|document| &document.value) {
            let title = document.title.as_ref().map_or("document", |title| &title.value);
            let written = document.written_on.as_ref();
            let written = written
                .map(|date| format!(", of {}", day(date.value)))
                .unwrap_or_default();
            let several = match document.patients.len() {
                0 | 1 => String::new(),
                patients => format!(", about {patients} patients"),
            };
            about.push(format!("Clinical document (C-CDA): {title}{written}{several}"));
        }
        about
    }
}

fn of_message(of: &crate::hl7::referral::ReferralMessage) -> Group {
    let fact = |(label, text): (&str, String)| Fact {
        label: label.to_owned(),
        lines: vec![one_line(&text)],
    };
    Group {
        title: message::title(of).to_owned(),
        facts: message::besides(of).into_iter().map(fact).collect(),
    }
}

fn sections(document: &ClinicalDocument) -> Vec<Section> {
    let section = |section: &CdaSection| {
        let text = section.narrative.as_ref()?;
        let title = section.title.as_ref();
        Some(Section {
            title: title.map_or_else(|| "Section without a title".to_owned(), |title| title.value.clone()),
            text: text.value.clone(),
        })
    };
    document.sections.iter().filter_map(section).collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
