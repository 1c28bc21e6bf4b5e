//! How fields read on a screen: the state of each in words, its value for people, everything that it ever was.

use super::action::Choice;
use super::layout::{When, words};
use super::review::{FieldView, Mark, PastValue, SectionView, StateView};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::PixelBox;
use crate::extraction::{Field, RuleSets, ValueType};
use crate::store::fields::{FieldValue, MACHINE};
use crate::store::{self, Tx, tokens, users};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Every value of every field of one referral, oldest first.
pub type History = BTreeMap<FieldKey, Vec<FieldValue>>;

/// How actors are called, by their reference.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    pub async fn load(tx: &mut Tx) -> store::Result<Self> {
        let mut names = HashMap::new();
        for user in users::list(tx).await? {
            names.insert(user.id.to_string(), user.name);
        }
        for token in tokens::list(tx).await? {
            names.insert(token.id.to_string(), format!("{} (program)", token.name));
        }
        Ok(Self(names))
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
        // A correction has no place on the page of its own: the machine's stays the evidence.
        let evidence = past.iter().rev().find(|value| value.bounds.is_some());
        let bounds = evidence.and_then(|value| value.bounds);
        let state = self.state(field, past, need);
        FieldView {
            key: field.key.to_string(),
            dom: format!("f-{}", field.key.as_str().replace('.', "-")),
            label: field.label.clone(),
            required: need.missing || field.critical,
            value: last.map(editable).unwrap_or_default(),
            choices: choices(field.kind),
            long: field.kind == ValueType::Text,
            page: evidence.and_then(|value| value.page).unwrap_or(0),
            bounds: bounds
                .map(|b| format!("{} {} {} {}", b.x, b.y, b.width, b.height))
                .unwrap_or_default(),
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
            history: past.iter().rev().map(|value| self.past(value)).collect(),
            state,
        }
    }

    fn state(&self, field: &Field, past: &[FieldValue], need: Need) -> StateView {
        let missing = need.missing;
        let view = |class, tone, icon, text: String, why: String| StateView {
            class,
            tone,
            icon,
            text,
            why,
        };
        let Some(last) = past.last() else {
            return if missing {
                missing_state()
            } else {
                view("empty", "plain", "", String::new(), String::new())
            };
        };
        if last.source != MACHINE {
            let who = self.names.of(&last.source);
            let machine = past.iter().rev().find(|value| value.source == MACHINE);
            let verb = match (&last.value, machine.and_then(|value| value.value.as_ref())) {
                (None, _) => "Cleared",
                (Some(now), Some(before)) if now == before => "Confirmed",
                (Some(_), None) => "Entered",
                (Some(_), Some(_)) => "Corrected",
            };
            let when = When::ago(last.created_at, self.now);
            return if last.value.is_none() && missing {
                StateView {
                    why: format!("{verb} by {who}, but required."),
                    ..missing_state()
                }
            } else {
                view(
                    "human",
                    "human",
                    "person",
                    format!("{verb} by {who}"),
                    format!("{verb} {}", when.full),
                )
            };
        }
        let percent = percent(last.confidence);
        match (&last.value, &last.problem) {
            (_, Some(_)) => {
                let why = "What stands on the page cannot be right. Look, and correct it.";
                view("problem", "bad", "problem", "Problem".to_owned(), why.to_owned())
            }
            (None, None) if missing => missing_state(),
            (None, None) => view("empty", "plain", "", String::new(), String::new()),
            (Some(_), None) if last.confidence >= field.threshold && !need.asked => {
                let why = format!("Read by rule {} with {percent} confidence.", last.rule);
                view("machine", "plain", "machine", percent, why)
            }
            (Some(_), None) => {
                // No number: who looks should look at the page, and a high one would tell that the machine had no doubt.
                let why = "A person looks at this value before the referral goes on.";
                view("check", "warn", "look", "To check".to_owned(), why.to_owned())
            }
        }
    }

    fn past(&self, value: &FieldValue) -> PastValue {
        let human = value.source != MACHINE;
        let how = if human {
            String::new()
        } else {
            format!("rule {}", value.rule)
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

fn missing_state() -> StateView {
    StateView {
        class: "missing",
        tone: "bad",
        icon: "missing",
        text: "Missing".to_owned(),
        why: "Needed for this kind of referral, and not found on the pages.".to_owned(),
    }
}

/// Whether a person must still look at the field.
pub fn is_open(state: &StateView) -> bool {
    matches!(state.class, "check" | "problem" | "missing")
}

/// The boxes of all fields on one page.
pub fn marks(sections: &[SectionView], history: &History, page: u32) -> Vec<Mark> {
    let mut marks = Vec::new();
    for field in sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|field| field.page == page)
    {
        let key = FieldKey::new(field.key.clone());
        let evidence = history
            .get(&key)
            .and_then(|past| past.iter().rev().find(|value| value.bounds.is_some()));
        let Some(evidence) = evidence else { continue };
        let boxes = evidence
            .bounds
            .iter()
            .filter(|_| evidence.boxes.is_empty())
            .chain(&evidence.boxes);
        marks.extend(boxes.map(|b| mark(field, *b)));
    }
    marks
}

fn mark(field: &FieldView, b: PixelBox) -> Mark {
    let room = 4;
    Mark {
        field: field.key.clone(),
        state: field.state.class,
        label: field.label.clone(),
        x: b.x.saturating_sub(room),
        y: b.y.saturating_sub(room),
        width: b.width + 2 * room,
        height: b.height + 2 * room,
    }
}

/// The strip of the page that is shown above an input: the box and what stands around it.
fn crop(b: PixelBox) -> String {
    let margin = (b.height / 2).max(8);
    let (x, y) = (b.x.saturating_sub(3 * margin), b.y.saturating_sub(margin));
    format!("{x} {y} {} {}", b.width + 6 * margin, b.height + 2 * margin)
}

pub fn percent(confidence: f64) -> String {
    format!("{} %", (confidence * 100.0).clamp(0.0, 100.0).floor() as u32)
}

/// What a person edits: the canonical text, or what stands on the page where that is no valid value.
fn editable(value: &FieldValue) -> String {
    match (&value.value, &value.raw) {
        (Some(content), _) => content.to_string(),
        (None, Some(raw)) if value.source == MACHINE => raw.clone(),
        (None, _) => String::new(),
    }
}

/// A value as people read it.
pub fn shown(content: &FieldContent) -> String {
    match content {
        FieldContent::Text(text) => readable(text).unwrap_or_else(|| text.clone()),
        list @ FieldContent::List(_) => list.to_string(),
    }
}

/// How a canonical value reads, where that differs from how it is written.
fn reads_as(content: &FieldContent) -> String {
    match content {
        FieldContent::Text(text) => readable(text).unwrap_or_default(),
        FieldContent::List(_) => String::new(),
    }
}

/// "1961-08-14" as "14 Aug 1961", "+15035550118" as "(503) 555-0118", "evaluate_and_treat" as "Evaluate and treat".
fn readable(text: &str) -> Option<String> {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(date.format("%-d %b %Y").to_string());
    }
    let digits = text
        .strip_prefix("+1")
        .filter(|rest| rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()));
    if let Some(digits) = digits {
        return Some(format!("({}) {}-{}", &digits[..3], &digits[3..6], &digits[6..]));
    }
    let is_code = text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_code.then(|| words(text))
}

fn choices(kind: ValueType) -> Vec<Choice> {
    let values: &[&str] = match kind {
        ValueType::Sex => &["female", "male", "other"],
        ValueType::Urgency => &["routine", "urgent", "stat"],
        ValueType::Service => &[
            "consult",
            "evaluate_and_treat",
            "procedure",
            "diagnostic",
            "second_opinion",
            "transfer_of_care",
        ],
        _ => &[],
    };
    values
        .iter()
        .map(|value| Choice {
            value: (*value).to_owned(),
            label: words(value),
        })
        .collect()
}

/// A problem's code and detail as a sentence.
pub fn problem_text(code: &str, detail: &str) -> String {
    if detail.is_empty() {
        format!("{}.", words(code))
    } else {
        format!("{}: {detail}.", words(code))
    }
}

/// The value that counts, as people read it; nothing where there is none.
pub fn current(history: &History, key: &str) -> String {
    history
        .get(&FieldKey::new(key))
        .and_then(|past| past.last())
        .and_then(|last| last.value.as_ref())
        .map(shown)
        .unwrap_or_default()
}

/// "Helen Adeyemi, Willow Creek Family Medicine", or what of it is known.
pub fn referrer(history: &History) -> String {
    let parts = [
        current(history, "referrer.name"),
        current(history, "referrer.organization"),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The patient's name, or that it is not known.
pub fn patient(history: &History) -> String {
    let name = current(history, "patient.name");
    if name.is_empty() {
        "Name not read".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str, text: Option<&str>, confidence: f64) -> FieldValue {
        FieldValue {
            source: source.to_owned(),
            value: text.map(|text| FieldContent::Text(text.to_owned())),
            raw: None,
            confidence,
            page: Some(1),
            bounds: Some(PixelBox {
                x: 10,
                y: 20,
                width: 100,
                height: 30,
            }),
            boxes: Vec::new(),
            rule: "general/label-right".to_owned(),
            problem: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    fn state_of(past: Vec<FieldValue>) -> (String, &'static str) {
        let rules = RuleSets::embedded();
        let names = Names(HashMap::from([("usr_1".to_owned(), "ana".to_owned())]));
        let reader = Reader {
            rules: &rules,
            names: &names,
            now: DateTime::UNIX_EPOCH,
        };
        let key = FieldKey::new("patient.name");
        let history = BTreeMap::from([(key.clone(), past)]);
        let view = reader.one(&key, &history, &BTreeSet::new()).unwrap();
        (view.state.text, view.state.class)
    }

    #[test]
    fn a_state_says_who_and_how_sure() {
        assert_eq!(
            state_of(vec![value(MACHINE, Some("Ana Ruiz"), 0.99)]),
            ("99 %".to_owned(), "machine")
        );
        assert_eq!(
            state_of(vec![value(MACHINE, Some("Ana Ruiz"), 0.5)]),
            ("To check".to_owned(), "check")
        );
        assert_eq!(state_of(vec![]), ("Missing".to_owned(), "missing"));
        let corrected = vec![
            value(MACHINE, Some("Ana Ruiz"), 0.5),
            value("usr_1", Some("Ana Ruis"), 1.0),
        ];
        assert_eq!(state_of(corrected), ("Corrected by ana".to_owned(), "human"));
        let confirmed = vec![
            value(MACHINE, Some("Ana Ruiz"), 0.5),
            value("usr_1", Some("Ana Ruiz"), 1.0),
        ];
        assert_eq!(state_of(confirmed), ("Confirmed by ana".to_owned(), "human"));
        let cleared = vec![value(MACHINE, Some("Ana Ruiz"), 0.5), value("usr_1", None, 1.0)];
        assert_eq!(state_of(cleared).1, "missing");
    }

    #[test]
    fn a_certain_value_that_a_person_is_asked_about_looks_like_a_doubtful_one() {
        let rules = RuleSets::embedded();
        let names = Names::default();
        let reader = Reader {
            rules: &rules,
            names: &names,
            now: DateTime::UNIX_EPOCH,
        };
        let key = FieldKey::new("patient.name");
        let shown = |confidence: f64, asked: &BTreeSet<FieldKey>| {
            let history = BTreeMap::from([(key.clone(), vec![value(MACHINE, Some("Ana Ruiz"), confidence)])]);
            let view = reader.one(&key, &history, asked).unwrap();
            let how: Vec<String> = view.history.into_iter().map(|past| past.how).collect();
            (view.state.class, view.state.text, view.state.why, how)
        };
        let asked = BTreeSet::from([key.clone()]);
        assert_eq!(shown(0.99, &asked), shown(0.5, &BTreeSet::new()));
    }

    #[test]
    fn values_read_as_people_write_them() {
        let read = |text: &str| shown(&FieldContent::Text(text.to_owned()));
        assert_eq!(read("1961-08-14"), "14 Aug 1961");
        assert_eq!(read("+15035550118"), "(503) 555-0118");
        assert_eq!(read("evaluate_and_treat"), "Evaluate and treat");
        assert_eq!(read("WC-204417"), "WC-204417");
    }

    #[test]
    fn a_correction_keeps_the_evidence_of_the_machine() {
        let rules = RuleSets::embedded();
        let names = Names::default();
        let reader = Reader {
            rules: &rules,
            names: &names,
            now: DateTime::UNIX_EPOCH,
        };
        let key = FieldKey::new("patient.name");
        let mut typed = value("usr_1", Some("Ana Ruis"), 1.0);
        (typed.bounds, typed.page) = (None, None);
        let history = BTreeMap::from([(key.clone(), vec![value(MACHINE, Some("Ana Ruiz"), 0.5), typed])]);
        let sections = reader.sections(&history, &BTreeSet::new());
        let marks = marks(&sections, &history, 1);
        assert_eq!(
            (marks.len(), marks[0].x, marks[0].width, marks[0].state),
            (1, 6, 108, "human")
        );
    }
}
