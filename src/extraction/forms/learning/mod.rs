//! Proposes a known form from a few corrected documents of one sender: what is printed on all of them, and where on it the
//! values stand. Whether it is any good is for the trial to say.

mod alignment;
mod clusters;
mod extents;
mod looking;
mod options;
mod places;
mod trial;

pub use trial::{Row, Trial};

use super::template::{ANCHORS_MIN, Form};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::PageText;
use crate::extraction::layout::Layout;
use crate::extraction::rules::RuleSets;
use crate::extraction::values::Calendar;
use alignment::Stack;
use std::collections::{BTreeMap, BTreeSet};

/// A document with what a person says that it shows.
#[derive(Clone, Debug)]
pub struct Example {
    /// As messages call it.
    pub name: String,
    pub pages: Vec<PageText>,
    /// Its first and last page, counted from 1: one file may hold several documents.
    pub range: (u32, u32),
    /// The values of each field that count as right, the canonical one first.
    pub fields: BTreeMap<FieldKey, Vec<FieldContent>>,
}

/// Why there is no form to propose, and what would help.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LearnError {
    #[error("one document tells nothing of what is printed: give two at least, three for a fair trial")]
    TooFew,
    #[error(
        "{0} and {1} are of the same patient, whose data would be taken for print: give documents of different patients"
    )]
    SamePatient(String, String),
    #[error(
        "no page of these documents has enough printed words in the same places: give documents that were written on one form"
    )]
    NothingInCommon,
    #[error(
        "no value stands in the same place in two of the documents: the form may be right, but its values move, and the general rules read it better"
    )]
    NoZone,
}

/// A form, how it did, and the fields that it leaves to the general rules.
#[derive(Debug)]
pub struct Lesson {
    pub form: Form,
    pub trial: Trial,
    pub left_to_rules: BTreeSet<String>,
}

/// Proposes a form and tries it. Zones that read worse than the general rules are left out, and what remains is tried again.
pub fn learn(name: &str, examples: &[Example], rules: &mut RuleSets) -> Result<Lesson, LearnError> {
    const ROUNDS_MAX: usize = 4;
    let all: Vec<&Example> = examples.iter().collect();
    let mut left_to_rules = BTreeSet::new();
    for round in 1.. {
        let form = propose(name, &all, &left_to_rules, rules)?;
        let trial = trial::trial(&form, examples, &left_to_rules, rules)?;
        let known = form.fields();
        let worse = trial
            .rows
            .iter()
            .filter(|row| row.is_worse())
            .map(|row| row.field.as_str());
        let worse: Vec<String> = worse.filter(|field| known.contains(field)).map(str::to_owned).collect();
        if worse.is_empty() || round == ROUNDS_MAX {
            return Ok(Lesson {
                form,
                trial,
                left_to_rules,
            });
        }
        left_to_rules.extend(worse);
    }
    Err(LearnError::NoZone)
}

/// A form that the examples were written on, without places for some fields.
fn propose(
    name: &str,
    examples: &[&Example],
    without: &BTreeSet<String>,
    rules: &RuleSets,
) -> Result<Form, LearnError> {
    check(examples)?;
    let sheets: Vec<Vec<Layout>> = examples.iter().map(|example| example.layouts()).collect();
    let calendars: Vec<Calendar> = examples.iter().map(|example| example.calendar()).collect();
    let reference = alignment::clearest(examples);
    let mut pages = Vec::new();
    for (number, layout) in sheets[reference].iter().enumerate() {
        let Some(stack) = Stack::of(reference, number, layout, &sheets) else {
            continue;
        };
        let places = places::of_all(&stack, examples, &calendars, rules);
        let mut page = stack.form_page(examples, &places, rules);
        page.zones.retain(|zone| !without.contains(&zone.field));
        page.options.retain(|option| !without.contains(&option.field));
        if page.anchors.len() >= ANCHORS_MIN {
            pages.push(page);
        }
    }
    if pages.is_empty() {
        return Err(LearnError::NothingInCommon);
    }
    pages.retain(|page| !page.zones.is_empty() || !page.options.is_empty());
    if pages.is_empty() {
        return Err(LearnError::NoZone);
    }
    let name = name.to_owned();
    Ok(Form {
        schema: 1,
        version: 1,
        name,
        page: pages,
    })
}

fn check(examples: &[&Example]) -> Result<(), LearnError> {
    if examples.len() < 2 {
        return Err(LearnError::TooFew);
    }
    let patient = |example: &Example| example.fields.get(&FieldKey::new("patient.name")).cloned();
    for (at, one) in examples.iter().enumerate() {
        let again = examples[at + 1..]
            .iter()
            .find(|other| patient(one).is_some() && patient(one) == patient(other));
        if let Some(other) = again {
            return Err(LearnError::SamePatient(one.name.clone(), other.name.clone()));
        }
    }
    Ok(())
}

impl Example {
    fn own_pages(&self) -> impl Iterator<Item = &PageText> {
        let (from, to) = self.range;
        self.pages.iter().filter(move |page| (from..=to).contains(&page.number))
    }

    fn layouts(&self) -> Vec<Layout> {
        self.own_pages().map(Layout::of).collect()
    }

    fn calendar(&self) -> Calendar {
        Calendar {
            latest: crate::extraction::latest_day(&self.pages),
        }
    }
}
