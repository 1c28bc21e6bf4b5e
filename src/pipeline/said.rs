//! What a Direct message says to machines of its patient (Direct Context), held against what its files say. It is the sender's word
//! and stands on no page: it contradicts, and it fills what is missing for a person to look at, but it is never a value by itself.

use super::beside::known;
use super::clinical::patients::Known;
use crate::direct::context::Context;
use crate::domain::document::DocumentState;
use crate::domain::fields::{DataFormat, Doubtful, ExtractedDocument, Extraction, FieldKey, FieldProblem, Passage};
use crate::domain::order::PatientNumber;
use crate::domain::transmission::SaidOfPatient;
use chrono::NaiveDate;

/// `None` where it says nothing of a patient.
pub(super) fn of_patient(context: &Context) -> Option<SaidOfPatient> {
    let fact = |name: &str| {
        let found = context.patient.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let numbers = context.patient_ids.iter().map(|(authority, id)| PatientNumber {
        id: id.clone(),
        authority: authority.clone(),
    });
    let said = SaidOfPatient {
        numbers: numbers.collect(),
        given: fact("givenName"),
        family: fact("surname"),
        born: NaiveDate::parse_from_str(&fact("dateOfBirth"), "%Y-%m-%d").ok(),
    };
    (said != SaidOfPatient::default()).then_some(said)
}

impl SaidOfPatient {
    pub(super) fn known(&self) -> Known {
        Known::new(&self.given, &self.family, self.born)
    }
}

/// Held against what the pages say: another patient is told, and what no page says is offered.
pub(super) fn hold_against(said: &SaidOfPatient, extraction: &mut Extraction) {
    let documents = extraction.documents.iter_mut();
    for document in documents.filter(|document| document.state != DocumentState::NotAReferral) {
        let here = known(|key| document.fields.get(key).map(|found| &found.value));
        if here.is_another_than(&said.known()) {
            contradict(document);
        } else {
            let name = format!("{} {}", said.given, said.family);
            offer(
                document,
                "patient.name",
                name.trim(),
                &["patient: givenName", "patient: surname"],
            );
            let born = said.born.map(|born| born.to_string()).unwrap_or_default();
            offer(document, "patient.birth_date", &born, &["patient: dateOfBirth"]);
        }
    }
}

fn contradict(document: &mut ExtractedDocument) {
    document.problems.push(FieldProblem {
        field: FieldKey::new("patient.name"),
        problem: "other_patient_in_message".to_owned(),
        detail: "the message that brought this says that it is about another patient".to_owned(),
    });
    if document.state == DocumentState::Ready {
        document.state = DocumentState::NeedsReview;
    }
}

fn offer(document: &mut ExtractedDocument, key: &str, text: &str, paths: &[&str]) {
    let key = FieldKey::new(key);
    let is_told = document.fields.contains_key(&key) || document.problems.iter().any(|problem| problem.field == key);
    if text.is_empty() || is_told {
        return;
    }
    document.problems.push(FieldProblem {
        field: key.clone(),
        problem: "only_in_message".to_owned(),
        detail: "no page says it, the message that brought them does".to_owned(),
    });
    document.doubtful.push(Doubtful {
        field: key,
        raw: Some(text.to_owned()),
        page: None,
        bounds: None,
        rule: "direct-context".to_owned(),
        passage: Passage {
            format: DataFormat::DirectContext,
            document: 1,
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        },
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<SaidOfPatient> {
        of_patient(&Context::read(text.as_bytes()))
    }

    #[test]
    fn the_patient_is_read_however_the_names_are_written() {
        let found = said(
            "version: 1.0\r\nid: x\r\npatient-id: 2.999.1:MRN-5\r\n\
             patient: GivenName=Rosa; surName=Example; dateofbirth=1961-04-09\r\n",
        );
        let found = found.unwrap();
        assert_eq!((found.given.as_str(), found.family.as_str()), ("Rosa", "Example"));
        assert_eq!(found.born, NaiveDate::from_ymd_opt(1961, 4, 9));
        assert_eq!(
            (found.numbers[0].authority.as_str(), found.numbers[0].id.as_str()),
            ("2.999.1", "MRN-5")
        );
        assert_eq!(said("version: 1.0\r\ntype: radiology/report\r\n"), None);
    }
}
