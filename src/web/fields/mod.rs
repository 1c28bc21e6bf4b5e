//! How fields read on a screen: the state of each in words, its value for people, everything that it ever was.

mod difference;
mod heading;
mod marks;
mod reads;
mod state;
#[cfg(test)]
mod tests;
mod view;

pub use difference::{Change, Piece};
pub use heading::{current, patient, referrer};
pub use marks::{crop, marks};
pub use reads::{percent, problem_text, shown};
pub use state::is_open;
pub use view::{FieldView, Mark, PageView, PastValue, SectionView, StateView};

use self::difference::difference;
use self::marks::{drawn, evidence, text};
use self::reads::{choices, editable, expected, reads_as};
use super::layout::{When, words};
use crate::domain::fields::FieldKey;
use crate::extraction::{Field, RuleSets, ValueType};
use crate::store::fields::{FieldValue, MACHINE};
use crate::store::{self, Tx, users};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Every value of every field of one referral, oldest first.
pub type History = BTreeMap<FieldKey, Vec<FieldValue>>;

/// How actors are called, by their reference.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    pub async fn load(tx: &mut Tx) -> store::Result<Self> {
        let called = |(id, name, kind): (String, String, String)| match kind.as_str() {
            "program" => (id, format!("{name} (program)")),
            _ => (id, name),
        };
        Ok(Self(users::names(tx).await?.into_iter().map(called).collect()))
    }

    pub fn of(&self, reference: &str) -> String {
        match reference {
            MACHINE => "Read by machine".to_owned(),
            "system" => "Referloop".to_owned(),
            other => self.0.get(other).map_or_else(|| words(other), Clone::clone),
        }
    }
}

/// What a field needs, besides what its own values say.
#[derive(Clone, Copy)]
struct Need {
    missing: bool,
    /// A person is to look, however certain the machine was.
    asked: bool,
}

/// What is needed to show the fields of a referral.
pub struct Reader<'a> {
    pub rules: &'a RuleSets,
    pub names: &'a Names,
    pub now: DateTime<Utc>,
}

impl Reader<'_> {
    /// All fields in the order of the catalogue, by section. A person is to look at those `asked`.
    pub fn sections(&self, history: &History, asked: &BTreeSet<FieldKey>) -> Vec<SectionView> {
        let missing = self.missing(history);
        let mut sections: Vec<SectionView> = Vec::new();
        for field in self.rules.catalogue().fields() {
            let need = Need {
                missing: missing.contains(&field.key),
                asked: asked.contains(&field.key),
            };
            let view = self.field(field, history.get(&field.key).map_or(&[], Vec::as_slice), need);
            let title = words(&field.section);
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.fields.push(view),
                None => sections.push(SectionView {
                    title,
                    fields: vec![view],
                }),
            }
        }
        sections
    }

    /// One field, where the catalogue has it.
    pub fn one(&self, key: &FieldKey, history: &History, asked: &BTreeSet<FieldKey>) -> Option<FieldView> {
        let field = self.rules.catalogue().field(key)?;
        let past = history.get(key).map_or(&[][..], Vec::as_slice);
        let need = Need {
            missing: self.missing(history).contains(key),
            asked: asked.contains(key),
        };
        Some(self.field(field, past, need))
    }

    /// What completeness asks for and the values don't hold.
    pub fn missing(&self, history: &History) -> Vec<FieldKey> {
        self.rules.missing_by(|key| {
            history
                .get(key)
                .and_then(|past| past.last())
                .and_then(|last| last.value.as_ref())
        })
    }

    fn field(&self, field: &Field, past: &[FieldValue], need: Need) -> FieldView {
        let last = past.last();
        let stands = evidence(past);
        let bounds = stands.and_then(|value| value.bounds);
        let state = self.state(field, past, need);
        let passage = machine(past).and_then(|value| value.passage.as_ref());
        FieldView {
            key: field.key.to_string(),
            dom: format!("f-{}", field.key.as_str().replace('.', "-")),
            label: field.label.clone(),
            required: need.missing || field.critical,
            critical: field.critical,
            expect: expected(field.kind),
            value: last.map(editable).unwrap_or_default(),
            choices: choices(field.kind),
            long: field.kind == ValueType::Text,
            page: stands.and_then(|value| value.page).unwrap_or(0),
            bounds: bounds.map(text).unwrap_or_default(),
            boxes: stands.map(drawn).unwrap_or_default(),
            crop: bounds.map(crop).unwrap_or_default(),
            sequence: past.len() as i64,
            message: last
                .filter(|_| state.class == "problem")
                .and_then(|value| value.problem.as_ref())
                .map(|(code, detail)| problem_text(code, detail))
                .unwrap_or_default(),
            reads: last
                .and_then(|value| value.value.as_ref())
                .map(reads_as)
                .unwrap_or_default(),
            raw: machine(past).and_then(|value| value.raw.clone()).unwrap_or_default(),
            source: passage.map_or("", |passage| passage.format.label()),
            paths: passage.map(|passage| passage.paths.clone()).unwrap_or_default(),
            difference: changed(past),
            history: past.iter().rev().map(|value| self.past(value)).collect(),
            state,
        }
    }

    fn past(&self, value: &FieldValue) -> PastValue {
        let human = value.source != MACHINE;
        let how = match &value.passage {
            _ if human => String::new(),
            Some(passage) => format!("from the {}", passage.format.label()),
            None => format!("rule {}", value.rule),
        };
        let shown = match (&value.value, &value.raw) {
            (Some(content), _) => shown(content),
            (None, Some(raw)) if !human => format!("“{raw}” on the page"),
            (None, _) => "(empty)".to_owned(),
        };
        PastValue {
            value: shown,
            who: self.names.of(&value.source),
            how,
            human,
            at: When::ago(value.created_at, self.now),
        }
    }
}

fn machine(past: &[FieldValue]) -> Option<&FieldValue> {
    past.iter().rev().find(|value| value.source == MACHINE)
}

/// What people made of the machine's value.
fn changed(past: &[FieldValue]) -> Vec<Piece> {
    let (Some(read), Some(last)) = (machine(past), past.last()) else {
        return Vec::new();
    };
    let text = |value: &FieldValue| value.value.as_ref().map(shown).unwrap_or_default();
    difference(&text(read), &text(last))
}
