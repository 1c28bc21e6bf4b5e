//! What is allowed in a form and yet is likely a slip.

use super::template::{Form, FormPage};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::PixelBox;
use crate::extraction::rules::{RuleError, RuleSets};
use std::collections::{BTreeMap, BTreeSet};

/// Reads forms as extraction would, then looks for slips.
pub(in crate::extraction) fn slips(
    rules: &RuleSets,
    files: &BTreeMap<String, String>,
) -> Result<Vec<String>, RuleError> {
    super::Forms::from_files(files, &rules.catalogue)?;
    let mut slips = Vec::new();
    for (file, text) in files {
        let form = Form::read(file, text, &rules.catalogue)?;
        if *file != format!("{}.toml", form.name) {
            slips.push(format!(
                "{file}: its form is named `{}`; name the file so, too",
                form.name
            ));
        }
        for page in &form.page {
            let told = of_page(page, rules).into_iter().map(|slip| format!("{file}: {slip}"));
            slips.extend(told);
        }
    }
    Ok(slips)
}

fn of_page(page: &FormPage, rules: &RuleSets) -> Vec<String> {
    let mut slips = Vec::new();
    for (at, zone) in page.zones.iter().enumerate() {
        for other in &page.zones[at + 1..] {
            if other.field == zone.field {
                slips.push(format!("{} has two zones on one page", zone.field));
            } else if overlap(&zone.bounds, &other.bounds) > 0.5 {
                slips.push(format!(
                    "the zones of {} and {} lie on each other",
                    zone.field, other.field
                ));
            }
        }
    }
    for option in &page.options {
        let key = FieldKey::new(option.field.clone());
        let canonical = rules.validate(&key, &option.value).ok();
        if canonical != Some(FieldContent::Text(option.value.clone())) {
            slips.push(format!(
                "`{}` is no value of {} as it is kept",
                option.value, option.field
            ));
        }
    }
    // Long numbers differ from document to document, and may be a patient's.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let numbers: BTreeSet<&str> = page
        .anchors
        .iter()
        .map(|anchor| anchor.text.as_str())
        .filter(|text| digits(text) > 4)
        .collect();
    slips.extend(
        numbers
            .into_iter()
            .map(|text| format!("the anchor `{text}` looks like a value; print no patient's data")),
    );
    slips
}

/// The share of the smaller box that both cover.
fn overlap(a: &PixelBox, b: &PixelBox) -> f64 {
    let width = a.right().min(b.right()).saturating_sub(a.x.max(b.x));
    let height = a.bottom().min(b.bottom()).saturating_sub(a.y.max(b.y));
    let area = |width: u32, height: u32| f64::from(width) * f64::from(height);
    area(width, height) / area(a.width, a.height).min(area(b.width, b.height)).max(1.0)
}
