//! What is allowed in rules and yet is likely a slip: found before it costs a day.

use super::catalogue::FieldsFile;
use super::fold::fold;
use super::lexicon::expand;
use super::packet;
use super::rule_file::RuleFile;
use super::rules::{RuleError, RuleSets, parse, take_specialties};
use std::collections::BTreeMap;

/// Reads rules as extraction would, then looks for slips. An empty list is what one wants.
pub(super) fn lint(files: &BTreeMap<String, String>) -> Result<Vec<String>, RuleError> {
    let rules = RuleSets::from_files(files.clone())?;
    let mut general = files.clone();
    let of_specialties = take_specialties(&mut general);
    let mut slips = packet::slips(&rules, &of_specialties)?;
    for (file, text) in &general {
        match file.as_str() {
            "fields.toml" => labels_of_two(&parse(file, text)?, file, &mut slips)?,
            "tiers.toml" | "confidence.toml" => {}
            _ => words_of_two(&parse(file, text)?, file, &mut slips),
        }
    }
    if let Some(fields) = files.get("fields.toml") {
        let fields: FieldsFile = parse("fields.toml", fields)?;
        for (file, text) in general
            .iter()
            .filter(|(file, _)| !WITHOUT_LISTS.contains(&file.as_str()))
        {
            answers_as_labels(&fields, &parse(file, text)?, &mut slips);
        }
    }
    Ok(slips)
}

const WITHOUT_LISTS: [&str; 3] = ["fields.toml", "tiers.toml", "confidence.toml"];

/// A label that is an answer too would take the next option of its list for its value: "Routine  Urgent  STAT".
fn answers_as_labels(fields: &FieldsFile, set: &RuleFile, slips: &mut Vec<String>) {
    for entry in &fields.field {
        let lists = set.vocabulary.iter().filter(|list| list.kind == entry.kind);
        for (value, words) in lists.flat_map(|list| &list.values) {
            for label in entry.labels.iter().chain(entry.within.values().flatten()) {
                if words.iter().any(|word| fold(word) == fold(label)) {
                    slips.push(format!(
                        "fields.toml: “{label}” asks for {} and is its answer {value}",
                        entry.key
                    ));
                }
            }
        }
    }
}

/// A text that two fields claim in the same place means the first; the second never sees it.
fn labels_of_two(fields: &FieldsFile, file: &str, slips: &mut Vec<String>) -> Result<(), RuleError> {
    let mut owners: BTreeMap<(String, String), &str> = BTreeMap::new();
    for entry in &fields.field {
        let anywhere = entry.labels.iter().map(|label| ("anywhere", label));
        let within = entry
            .within
            .iter()
            .flat_map(|(section, labels)| labels.iter().map(move |label| (section.as_str(), label)));
        for (place, label) in anywhere.chain(within) {
            let texts = expand(label, &fields.words).map_err(|reason| RuleError::Meaning {
                file: file.to_owned(),
                reason,
            })?;
            for text in texts {
                let owner = *owners.entry((place.to_owned(), fold(&text))).or_insert(&entry.key);
                if owner != entry.key {
                    slips.push(format!(
                        "{file}: “{text}” ({place}) means {owner}, so {} never gets it",
                        entry.key
                    ));
                }
            }
        }
    }
    Ok(())
}

/// A word that means two values of one list means the one that is looked at first, by chance.
fn words_of_two(set: &RuleFile, file: &str, slips: &mut Vec<String>) {
    for list in &set.vocabulary {
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (value, words) in &list.values {
            for word in words {
                let owner = *owners.entry(fold(word)).or_insert(value);
                if owner != value {
                    slips.push(format!("{file}: “{word}” means both {owner} and {value}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::embedded_files;
    use super::*;

    #[test]
    fn the_embedded_rules_have_no_slips() {
        assert_eq!(lint(&embedded_files()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_label_that_is_an_answer_is_told() {
        let mut files = embedded_files();
        let fields = files.get_mut("fields.toml").unwrap();
        fields.push_str("\n[[field]]\nkey = \"patient.hurry\"\nlabel = \"Hurry\"\nsection = \"patient\"\ntype = \"urgency\"\norder = 999\nlabels = [\"Urgent?\"]\n");
        let slips = lint(&files).unwrap();
        assert!(
            slips
                .iter()
                .any(|slip| slip.contains("patient.hurry and is its answer urgent")),
            "{slips:?}"
        );
    }

    #[test]
    fn a_label_of_two_fields_is_told() {
        let mut files = embedded_files();
        let fields = files.get_mut("fields.toml").unwrap();
        fields.push_str(
            "\n[[field]]\nkey = \"patient.shoe_size\"\nlabel = \"Shoe size\"\nsection = \"patient\"\ntype = \"text\"\norder = 999\nlabels = [\"dob\"]\n",
        );
        let slips = lint(&files).unwrap();
        assert!(
            slips
                .iter()
                .any(|slip| slip.contains("patient.shoe_size never gets it")),
            "{slips:?}"
        );
    }
}
