//! Reads values out of what stands in a label's place: forgiving towards scanners, strict about form.

use super::address::{address, city, city_state_zip, postal_code, state};
use super::codes::procedures;
use super::diagnoses::diagnoses;
use super::identifiers::identifier;
use super::lists::{closed, open};
use super::numbers::{address_of_mail, date, npi, phone};
use super::organizations::organization;
use super::people::{name_part, person_name};
use super::repair::{is_repaired, repaired};
use super::texts::free_text;
use crate::domain::codes::{FaxNumber, Malformed, PhoneNumber};
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::rules::RuleSets;
use chrono::NaiveDate;

/// Words of a place, line by line.
pub(in crate::extraction) struct Words<'w> {
    pub lines: Vec<Vec<&'w str>>,
}

/// A value as read, with the words it was read from.
#[derive(Clone, Debug)]
pub(in crate::extraction) struct Reading {
    pub content: FieldContent,
    /// Numbers of the words, counted over all lines.
    pub words: Vec<usize>,
    /// For a list, the words of each item.
    pub items: Vec<Vec<usize>>,
    /// 1 for a text that needed no help; less for each repair or doubt.
    pub quality: f64,
    /// What a person should know of it, as that it was repaired.
    pub remark: Option<Malformed>,
}

/// What a place says about a field.
pub(in crate::extraction) enum Outcome {
    Value(Reading),
    /// Other fields that the same text holds, as city, state and ZIP.
    Parts(Vec<(&'static str, Reading)>),
    /// "N/A" and the like, or nothing of that kind.
    Absent,
    /// Something stands there, but it can't be a value.
    Malformed(Malformed),
}

/// What the document says about dates: the latest year that makes sense, and the latest day for a birth.
#[derive(Clone, Copy, Debug)]
pub(in crate::extraction) struct Calendar {
    pub latest: NaiveDate,
}

impl Words<'_> {
    pub(super) fn flat(&self) -> Vec<&str> {
        self.lines.concat()
    }

    /// "Carrier is Humana" says what "Carrier: Humana" says.
    pub fn without_verb(mut self) -> Self {
        if let Some(first) = self.lines.first_mut().filter(|line| line.len() > 1)
            && matches!(first[0], "is" | "are" | "=")
        {
            first[0] = "";
        }
        self
    }
}

pub(super) fn text(value: impl Into<String>, words: Vec<usize>, quality: f64) -> Outcome {
    Outcome::Value(Reading {
        content: FieldContent::Text(value.into()),
        words,
        items: Vec::new(),
        quality,
        remark: None,
    })
}

pub(in crate::extraction) fn read(kind: ValueType, words: &Words, rules: &RuleSets, calendar: Calendar) -> Outcome {
    let flat = words.flat();
    if flat.is_empty() || rules.lexicon.is_absent(&flat.join(" ")) {
        return Outcome::Absent;
    }
    let outcome = match kind {
        ValueType::PersonName => person_name(&flat, rules),
        ValueType::NamePart => name_part(&flat),
        ValueType::BirthDate => date(&flat, calendar, true),
        ValueType::Date => date(&flat, calendar, false),
        ValueType::Phone => phone(&flat, |digits| PhoneNumber::parse(digits).map(String::from)),
        ValueType::Fax => phone(&flat, |digits| FaxNumber::parse(digits).map(String::from)),
        ValueType::Npi => npi(&flat),
        ValueType::Email | ValueType::DirectAddress => address_of_mail(&flat),
        ValueType::Sex | ValueType::Urgency | ValueType::Service => closed(kind, &flat, rules),
        ValueType::Specialty | ValueType::Language => open(kind, &flat, rules),
        ValueType::Address => address(words),
        ValueType::CityStateZip => city_state_zip(&flat, 0).map_or(Outcome::Absent, Outcome::Parts),
        ValueType::City => city(&flat),
        ValueType::State => state(&flat),
        ValueType::PostalCode => postal_code(&flat),
        ValueType::Identifier => identifier(&flat, false),
        ValueType::Authorization => identifier(&flat, true),
        ValueType::Organization => organization(&flat, rules),
        ValueType::Diagnoses => diagnoses(&flat),
        ValueType::Procedures => procedures(&flat),
        ValueType::Text => free_text(&flat, rules),
    };
    told(kind, &flat, outcome)
}

/// Marks what was put right on the way, so that a person sees it: a repair is a proposal.
fn told(kind: ValueType, words: &[&str], mut outcome: Outcome) -> Outcome {
    let mark = |kind: ValueType, reading: &mut Reading| {
        if reading.remark.is_none() && is_repaired(kind, words, reading) {
            reading.remark = Some(repaired("a look-alike sign was read as the one that makes sense here"));
        }
    };
    match &mut outcome {
        Outcome::Value(reading) => mark(kind, reading),
        Outcome::Parts(parts) => {
            for (part, reading) in parts {
                match *part {
                    "state" => mark(ValueType::State, reading),
                    "postal_code" => mark(ValueType::PostalCode, reading),
                    _ => {}
                }
            }
        }
        Outcome::Absent | Outcome::Malformed(_) => {}
    }
    outcome
}

pub(super) fn trim(text: &str) -> String {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '|' | '-' | '_' | '.' | '•' | '·')
    })
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ValueType, input: &str, expect: &str) {
        let rules = RuleSets::embedded();
        let calendar = Calendar {
            latest: NaiveDate::from_ymd_opt(2026, 6, 1).unwrap(),
        };
        let words = Words {
            lines: input
                .split('\n')
                .map(|line| line.split_whitespace().collect())
                .collect(),
        };
        let shown = |content: &FieldContent| match content {
            FieldContent::Text(text) => text.clone(),
            FieldContent::List(items) => items.join(" "),
        };
        let got = match read(kind, &words, &rules, calendar) {
            Outcome::Value(reading) => shown(&reading.content),
            Outcome::Parts(parts) => parts
                .iter()
                .map(|(part, reading)| format!("{part}={}", shown(&reading.content)))
                .collect::<Vec<_>>()
                .join(" "),
            Outcome::Absent => "absent".to_owned(),
            Outcome::Malformed(malformed) => malformed.problem.to_owned(),
        };
        assert_eq!(got, expect, "{input}");
    }

    #[test]
    fn dates() {
        check(ValueType::BirthDate, "03/14/1962 (63 yrs)", "1962-03-14");
        check(ValueType::BirthDate, "O3/l4/1962", "1962-03-14");
        check(ValueType::BirthDate, "Mar 14, 1962", "1962-03-14");
        check(ValueType::BirthDate, "14-Mar-1962", "1962-03-14");
        check(ValueType::BirthDate, "03/14/2062", "birth_date_in_future");
        check(ValueType::BirthDate, "13/14/1962", "not_a_date");
        check(ValueType::Date, "N/A", "absent");
    }

    #[test]
    fn numbers() {
        check(ValueType::Phone, "(412) 555-0123 ext 4", "+14125550123");
        check(ValueType::Phone, "412/555-0123", "+14125550123");
        check(ValueType::Phone, "(412) 555-O123", "+14125550123");
        check(ValueType::Phone, "412-555-012", "not_a_phone_number");
        check(ValueType::Npi, "1234567893", "1234567893");
        check(ValueType::Npi, "l234567893", "1234567893");
        check(ValueType::Npi, "1234567890", "npi_check_digit");
        check(ValueType::Identifier, "W123456789 (PPO)", "W123456789");
        check(ValueType::Identifier, "U12345678 01", "U12345678 01");
        check(ValueType::Identifier, "none", "absent");
        check(
            ValueType::DirectAddress,
            "ann@direct. clinic.example",
            "ann@direct.clinic.example",
        );
    }

    #[test]
    fn what_was_put_right_is_told() {
        let told = |kind, input: &str| {
            let rules = RuleSets::embedded();
            let calendar = Calendar {
                latest: NaiveDate::from_ymd_opt(2026, 6, 1).unwrap(),
            };
            let words = Words {
                lines: vec![input.split_whitespace().collect()],
            };
            match read(kind, &words, &rules, calendar) {
                Outcome::Value(reading) => reading.remark.is_some(),
                Outcome::Parts(parts) => parts.iter().any(|(_, reading)| reading.remark.is_some()),
                Outcome::Absent | Outcome::Malformed(_) => panic!("{input}: no value"),
            }
        };
        for (kind, repaired, plain) in [
            (ValueType::BirthDate, "O3/l4/1962", "14-Oct-1962"),
            (ValueType::BirthDate, "03/l4/1962", "Oct 14th, 1962"),
            (ValueType::Phone, "(412) 555-O123", "+1 412.555.0123 ext 4"),
            (ValueType::Npi, "l234567893", "1234567893"),
            (ValueType::Identifier, "1EG4-TE5-MK7Z", "1EG4-TE5-MK72"),
            (ValueType::Identifier, "A£1234567", "QZU-7854 -1770"),
            (ValueType::CityStateZip, "Boise, D 83704", "Boise, Idaho 83704"),
        ] {
            assert!(told(kind, repaired), "{repaired}");
            assert!(!told(kind, plain), "{plain}");
        }
    }

    #[test]
    fn addresses() {
        check(
            ValueType::Address,
            "12 Main St Apt 4\nErie, PA 16502",
            "city=Erie state=PA postal_code=16502 line=12 Main St Apt 4",
        );
        check(
            ValueType::Address,
            "12 Main St, St. Paul, MN 55102",
            "city=St. Paul state=MN postal_code=55102 line=12 Main St",
        );
        check(
            ValueType::CityStateZip,
            "Fort Wayne, IN 46802",
            "city=Fort Wayne state=IN postal_code=46802",
        );
        check(ValueType::CityStateZip, "Fort Wayne IN", "city=Fort Wayne state=IN");
    }

    #[test]
    fn codes_among_words() {
        check(
            ValueType::Diagnoses,
            "M54.50 Low back pain; I10 Hypertension",
            "M54.50 I10",
        );
        check(ValueType::Diagnoses, "Low back pain (M5450)", "M54.50");
        check(ValueType::Diagnoses, "MS4.50", "M54.50");
        check(ValueType::Diagnoses, "148.0; 110 for 110 days", "I48.0 I10");
        check(ValueType::Diagnoses, "back pain B12 level", "absent");
        check(ValueType::Procedures, "45378 Colonoscopy, 43239", "45378 43239");
    }

    #[test]
    fn closed_lists() {
        check(ValueType::Urgency, "Urgent - within 7 days", "urgent");
        check(ValueType::Urgency, "Routine Urgent STAT", "several_values");
        check(ValueType::Sex, "F", "female");
        check(ValueType::Service, "Eval and treat", "evaluate_and_treat");
        check(ValueType::Specialty, "Heart & Vascular", "Cardiology");
    }

    #[test]
    fn names_and_organizations() {
        check(ValueType::PersonName, "BAKER, BEATRIZ H", "Beatriz H Baker");
        check(ValueType::PersonName, "Lakeside Family Medicine", "absent");
        check(ValueType::PersonName, "Jane Doe, MD / 412", "Jane Doe");
        check(
            ValueType::PersonName,
            "Theodore J Vance, DOB February 27",
            "Theodore J Vance",
        );
        check(ValueType::Organization, "Aetna PPO, ID W123456789", "Aetna PPO");
        check(
            ValueType::Organization,
            "Smith & Lee Family Practice, P.C.",
            "Smith & Lee Family Practice, P.C.",
        );
    }
}
