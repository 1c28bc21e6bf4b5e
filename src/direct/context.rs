//! Direct Context: a small file `metadata.txt` that says to machines what a message is about ("Expressing Context in Direct
//! Messaging" 1.0). A header of the inner message names the part; nothing of it stands outside.

use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// The header of the inner message that names the part by its Content-ID.
pub const HEADER: &str = "X-Direct-Context";

/// What a message says of itself to machines.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Of this transaction.
    pub id: String,
    /// The patient's numbers, each with the OID of whoever gave it.
    pub patient_ids: Vec<(String, String)>,
    /// As `referral` and `report`.
    pub category: String,
    pub action: String,
    /// As `treatment`.
    pub purpose: String,
    /// By the names that the guide gives, as `givenName`, `surname`, `dateOfBirth`, `gender`.
    pub patient: BTreeMap<String, String>,
}

/// No file that is honest is longer, or has more lines.
const BYTES_MAX: usize = 16 * 1024;
const LINES_MAX: usize = 100;

impl Context {
    /// What a consult note says: a report in answer to a referral, for treatment.
    /// `patient_ids` are the patient's numbers, each behind the OID of whoever gave it; those that the other side gave belong to them.
    pub fn of_note<'a>(
        id: &str,
        patient_ids: impl IntoIterator<Item = (&'a str, &'a str)>,
        given: &str,
        family: &str,
        born: Option<NaiveDate>,
    ) -> Self {
        let born = born.map(|date| date.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let patient = [("givenName", given), ("surname", family), ("dateOfBirth", &born)];
        Self {
            id: id.to_owned(),
            patient_ids: patient_ids
                .into_iter()
                .map(|(authority, number)| (authority.to_owned(), number.to_owned()))
                .collect(),
            category: "referral".to_owned(),
            action: "report".to_owned(),
            purpose: "treatment".to_owned(),
            patient: patient
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    pub fn write(&self) -> String {
        let patient_ids: Vec<String> = self
            .patient_ids
            .iter()
            .map(|(authority, number)| format!("{}:{}", plain(authority), plain(number)))
            .collect();
        let patient: Vec<String> = self
            .patient
            .iter()
            .map(|(name, value)| format!("{}={}", plain(name), plain(value)))
            .collect();
        let mut text = format!("version: 1.0\r\nid: {}\r\n", plain(&self.id));
        for (name, value) in [
            ("patient-id", patient_ids.join("; ")),
            ("type", format!("{}/{}", plain(&self.category), plain(&self.action))),
            ("purpose", plain(&self.purpose)),
            ("patient", patient.join("; ")),
        ] {
            if !value.is_empty() {
                let _ = write!(text, "{name}: {value}\r\n");
            }
        }
        text
    }

    /// Reads what can be read: lines that say nothing known are skipped, and folded ones joined.
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(BYTES_MAX)]).into_owned();
        let text = text
            .trim_start_matches('\u{feff}')
            .replace("\r\n", "\n")
            .replace("\n ", " ")
            .replace("\n\t", " ");
        let mut context = Self::default();
        for line in text.lines().take(LINES_MAX) {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "id" => value.clone_into(&mut context.id),
                "patient-id" => context.patient_ids = pairs(value, ':'),
                "type" => {
                    let (category, action) = value.split_once('/').unwrap_or((value, ""));
                    context.category = category.trim().to_ascii_lowercase();
                    context.action = action.trim().to_ascii_lowercase();
                }
                "purpose" => context.purpose = value.to_ascii_lowercase(),
                "patient" => context.patient = pairs(value, '=').into_iter().collect(),
                _ => {}
            }
        }
        context
    }
}

fn pairs(value: &str, between: char) -> Vec<(String, String)> {
    value
        .split(';')
        .filter_map(|pair| pair.split_once(between))
        .map(|(one, other)| (one.trim().to_owned(), other.trim().to_owned()))
        .filter(|(one, other)| !one.is_empty() && !other.is_empty())
        .collect()
}

/// Without what would end a value or a line.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c == ';' || c.is_control() { ' ' } else { c })
        .collect()
}

/// It holds PHI, and a log must never show it by accident.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("category", &self.category)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_breaks_out_of_its_place() {
        let born = NaiveDate::from_ymd_opt(1961, 4, 9);
        let context = Context::of_note(
            "dlv_1",
            [("2.25.17", "MRN-5")],
            "Ana; purpose: research\r\nid: x",
            "Peña",
            born,
        );
        let written = context.write();
        assert_eq!(written.lines().count(), 6, "{written}");
        let read = Context::read(written.as_bytes());
        assert_eq!((read.id.as_str(), read.purpose.as_str()), ("dlv_1", "treatment"));
        assert_eq!((read.category.as_str(), read.action.as_str()), ("referral", "report"));
        assert_eq!(read.patient_ids, [("2.25.17".to_owned(), "MRN-5".to_owned())]);
        assert_eq!(read.patient["surname"], "Peña");
        assert_eq!(read.patient["dateOfBirth"], "1961-04-09");
    }

    #[test]
    fn others_write_it_in_their_own_way() {
        let seen = "\u{feff}Version : 1.0\nID: <abc@b.example>\npatient-id: 2.999.4:123456;2.999.5: 75774 ;;\n\
                    type:Radiology/Report\nodd line\npatient: givenName=John; surname=Doe;\n dateOfBirth=1961-12-31\n";
        let read = Context::read(seen.as_bytes());
        assert_eq!(read.id, "<abc@b.example>");
        assert_eq!(read.patient_ids.len(), 2);
        assert_eq!((read.category.as_str(), read.action.as_str()), ("radiology", "report"));
        assert_eq!(read.patient["dateOfBirth"], "1961-12-31");
        assert_eq!(Context::read(b"\xff\xfe"), Context::default());
        assert!(!format!("{read:?}").contains("Doe"));
    }
}
