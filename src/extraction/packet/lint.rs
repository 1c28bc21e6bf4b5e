//! What is allowed in a specialty's file and yet is likely a slip.

use super::specialties::{AttachmentEntry, SpecialtiesFile, SpecialtyEntry, line_of};
use crate::extraction::catalogue::ValueType;
use crate::extraction::fold::fold;
use crate::extraction::rules::{RuleError, RuleSets, parse, phrase};
use std::collections::BTreeMap;
use toml::Spanned;

/// The slips of all files, each with its file and line.
pub(in crate::extraction) fn slips(
    rules: &RuleSets,
    files: &BTreeMap<String, String>,
) -> Result<Vec<String>, RuleError> {
    let mut slips = Vec::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (file, text) in files {
        let written: SpecialtiesFile = parse(file, text)?;
        for entry in &written.specialty {
            let mut tell = |line: usize, slip: String| slips.push(format!("{file}:{line}: {slip}"));
            of_names(entry, text, file, rules, &mut owners, &mut tell);
            of_attachments(entry, text, &mut tell);
        }
    }
    Ok(slips)
}

fn of_names(
    entry: &SpecialtyEntry,
    text: &str,
    file: &str,
    rules: &RuleSets,
    owners: &mut BTreeMap<String, String>,
    tell: &mut impl FnMut(usize, String),
) {
    let first = entry
        .attachment
        .first()
        .map(|attachment| line_of(text, &attachment.label));
    if entry.names.is_empty() && entry.patients_under.is_none() {
        let slip = "a set with neither `names` nor `patients_under` is for nobody".to_owned();
        tell(first.unwrap_or(1), slip);
    }
    for name in &entry.names {
        let (said, line) = (name.get_ref(), line_of(text, name));
        if !rules
            .vocabularies
            .values(ValueType::Specialty)
            .any(|known| known == said)
        {
            tell(
                line,
                format!("“{said}” is no value of `referral.specialty` in general.toml"),
            );
        }
        let place = format!("{file}:{line}");
        let owner = owners.entry(fold(said)).or_insert_with(|| place.clone());
        // Two sets for one specialty are both asked, unless one is for the young alone.
        if *owner != place && entry.patients_under.is_none() {
            tell(
                line,
                format!("“{said}” has a set at {owner} already: put the attachments there"),
            );
        }
    }
}

fn of_attachments(entry: &SpecialtyEntry, text: &str, tell: &mut impl FnMut(usize, String)) {
    let mut labels: Vec<String> = Vec::new();
    for attachment in &entry.attachment {
        let (label, line) = (attachment.label.get_ref(), line_of(text, &attachment.label));
        if label.trim().is_empty() {
            tell(
                line,
                "an attachment without a label tells a reviewer nothing".to_owned(),
            );
        }
        if labels.contains(&fold(label)) {
            tell(line, format!("“{label}” stands twice in this set"));
        }
        labels.push(fold(label));
        if attachment.pages.is_empty() && attachment.words.is_empty() && attachment.named.is_empty() {
            tell(
                line,
                format!("“{label}” can never be found: give it `pages`, `words` or `named`"),
            );
        }
        for word in empty_words(attachment) {
            tell(
                line_of(text, word),
                format!("an empty word of “{label}” is never found"),
            );
        }
    }
}

fn empty_words(attachment: &AttachmentEntry) -> impl Iterator<Item = &Spanned<String>> {
    let all = attachment.words.iter().chain(&attachment.named);
    all.filter(|word| phrase(word.get_ref()).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let text = format!("schema = 1\nversion = 1\n{text}");
        let files = BTreeMap::from([("specialties/x.toml".to_owned(), text)]);
        slips(&RuleSets::embedded(), &files).unwrap()
    }

    #[test]
    fn each_slip_is_told_with_its_line() {
        let told = told(
            "[[specialty]]\nnames = [\"Cardiology\", \"Heart Things\"]\n\
             [[specialty.attachment]]\nlabel = \"ECG\"\nneed = \"required\"\nwords = [\"sinus rhythm\", \" – \"]\n\
             [[specialty.attachment]]\nlabel = \"ecg\"\nneed = \"helpful\"\n\
             [[specialty]]\nnames = [\"Cardiology\"]\n",
        );
        let expect = [
            "specialties/x.toml:4: “Heart Things” is no value of",
            "specialties/x.toml:8: an empty word of “ECG”",
            "specialties/x.toml:10: “ecg” stands twice",
            "specialties/x.toml:10: “ecg” can never be found",
            "specialties/x.toml:13: “Cardiology” has a set at specialties/x.toml:4 already",
        ];
        assert_eq!(told.len(), expect.len(), "{told:?}");
        for (slip, begin) in told.iter().zip(expect) {
            assert!(slip.starts_with(begin), "{slip}");
        }
    }

    #[test]
    fn a_set_for_nobody_is_told() {
        let told =
            told("[[specialty]]\n[[specialty.attachment]]\nlabel = \"ECG\"\nneed = \"required\"\nnamed = [\"ecg\"]\n");
        assert!(told[0].contains("is for nobody"), "{told:?}");
    }
}
