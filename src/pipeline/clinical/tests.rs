use super::*;
use crate::domain::document::DocumentState;
use crate::domain::fields::{DataFormat, ExtractedDocument, FieldKey};
use crate::extraction::RuleSets;
use chrono::NaiveDate;
use std::sync::LazyLock;

const NOTE: &[u8] = include_bytes!("../../../samples/direct/referral-note.xml");
const SUMMARY: &[u8] = include_bytes!("../../../samples/direct/continuity-of-care.xml");
const ORDER: &[u8] = include_bytes!("../../../samples/direct/referral-request.hl7");

static RULES: LazyLock<RuleSets> = LazyLock::new(RuleSets::embedded);

fn prepared(bytes: &[u8]) -> (Prepared, ExtractedDocument) {
    let rules = &*RULES;
    let today = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    let prepared = Prepared::of(bytes, rules, today).unwrap().unwrap();
    let mut extraction = prepared.extraction(rules, &[1, 2]);
    let document = extraction.documents.remove(0);
    (prepared, document)
}

fn value(document: &ExtractedDocument, key: &str) -> String {
    let found = document.fields.get(&FieldKey::new(key));
    found.map(|found| found.value.to_string()).unwrap_or_default()
}

#[test]
fn bytes_say_what_they_are() {
    assert_eq!(sniff(NOTE), Some(Form::Document));
    assert_eq!(sniff(SUMMARY), Some(Form::Document));
    assert_eq!(sniff(ORDER), Some(Form::Message));
    assert_eq!(sniff(b"PK\x03\x04....word/document.xml"), None);
    assert_eq!(
        sniff(b"PK\x03\x04....ihe_xdm/SUBSET01/METADATA.XML"),
        Some(Form::Package)
    );
    assert_eq!(sniff(b"%PDF-1.7"), None);
    for form in [Form::Document, Form::Message, Form::Package] {
        assert_eq!(Form::of_mime(form.mime()), Some(form));
    }
}

#[test]
fn a_referral_note_fills_the_fields_that_a_fax_would() {
    let (_, document) = prepared(NOTE);
    assert_eq!(
        (document.kind, document.state),
        (DocumentKind::Referral, DocumentState::NeedsReview)
    );
    for (key, expected) in [
        ("patient.name", "Rosa M Example"),
        ("patient.birth_date", "1961-04-09"),
        ("patient.sex", "female"),
        ("patient.phone", "+13125550142"),
        ("patient.email", "rosa.example@mail.example"),
        ("patient.address.line", "18 Orchard Lane, Apt 4"),
        ("patient.address.city", "Northside"),
        ("patient.address.state", "IL"),
        ("patient.address.postal_code", "60601"),
        ("patient.mrn", "MRN-40217"),
        ("patient.language", "Spanish"),
        ("insurance.payer", "Prairie Health Plan"),
        ("insurance.member_id", "PHP0012345"),
        ("insurance.group_number", "GRP-88"),
        ("referrer.name", "Ama Osei"),
        ("referrer.npi", "1234567893"),
        ("referrer.organization", "Northside Family Practice"),
        ("referrer.phone", "+13125550100"),
        ("referrer.fax", "+13125550101"),
        ("recipient.name", "Priya Raman"),
        ("recipient.npi", "1987654328"),
        ("recipient.organization", "Lakeview Cardiology"),
        ("referral.diagnoses", "I20.9"),
        ("referral.date", "2026-01-05"),
    ] {
        assert_eq!(value(&document, key), expected, "{key}");
    }
    assert!(
        value(&document, "referral.reason").starts_with("New exertional chest pain & abnormal stress test. Please")
    );
    for (key, found) in &document.fields {
        let passage = found.passage.as_ref().unwrap();
        assert_eq!(
            (passage.format, passage.document, found.page),
            (DataFormat::CCda, 1, 1),
            "{key}"
        );
        assert!(
            passage.paths.iter().all(|path| path.starts_with('/')),
            "{key}: {passage:?}"
        );
        assert!(found.bounds.width > 10 && found.bounds.bottom() < 2200, "{key}");
    }
    // No number of ours stands behind it yet: whatever is critical is looked at.
    let rules = &*RULES;
    for field in rules.catalogue().critical() {
        let found = document.fields.get(&field.key);
        assert!(
            found.is_none_or(|found| found.confidence < field.threshold),
            "{}",
            field.key
        );
    }
}

#[test]
fn a_care_summary_gives_what_it_has() {
    let (prepared, document) = prepared(SUMMARY);
    assert_eq!(value(&document, "patient.name"), "José Sample");
    assert_eq!(value(&document, "patient.phone"), "+13125550177");
    assert!(document.missing.contains(&FieldKey::new("referral.reason")) || !document.missing.is_empty());
    assert!(prepared.pdf.starts_with(b"%PDF-"));
    // A family name alone is no name of a person: it is told, not dropped.
    assert!(
        document
            .problems
            .iter()
            .any(|problem| problem.field.as_str() == "referrer.name")
    );
}

#[test]
fn an_order_opens_a_referral_with_its_number() {
    let (prepared, document) = prepared(ORDER);
    assert!(prepared.clinical.opens_a_referral());
    let order = prepared.clinical.order().unwrap();
    assert_eq!(
        (order.number.id.as_str(), order.number.authority.as_str()),
        ("RF-2026-0042", "2.999.2.7")
    );
    assert_eq!(order.needed_by, NaiveDate::from_ymd_opt(2026, 1, 19));
    for (key, expected, path) in [
        ("patient.name", "Rosa M Example", "PID-5"),
        ("patient.phone", "+13125550142", "PID-13"),
        ("referrer.name", "Ama Osei", "ORC-12"),
        ("referrer.npi", "1234567893", "ORC-12"),
        (
            "referral.reason",
            "Exertional chest pain & abnormal stress test",
            "OBR-31",
        ),
        ("referral.urgency", "routine", "TQ1-9"),
        ("referral.order_number", "RF-2026-0042", "ORC-2"),
    ] {
        assert_eq!(value(&document, key), expected, "{key}");
        let passage = document.fields[&FieldKey::new(key)].passage.clone().unwrap();
        assert_eq!((passage.format, &passage.paths[0][..]), (DataFormat::Hl7V2, path));
    }
}

#[test]
fn a_later_message_is_no_referral() {
    let message = |kind: &str, rest: &str| {
        format!("MSH|^~\\&||^2.999.2^ISO||^2.999.4^ISO|20260105||{kind}|7|P|2.5.1|||NE|NE|||||360X\r{rest}")
            .into_bytes()
    };
    let cancel = message(
        "OSU^O51",
        "PID|||1||Example^Rosa\rORC|CA|RF-1^^2.999.2^ISO||||||||||||||^Moved away",
    );
    let (prepared, document) = prepared(&cancel);
    assert_eq!(
        (document.kind, document.state),
        (DocumentKind::Other, DocumentState::NotAReferral)
    );
    let (kind, words) = prepared.clinical.later().unwrap();
    assert_eq!(kind, crate::domain::order::OrderMessageKind::Cancellation);
    assert_eq!(words.reasons, ["Moved away"]);
    assert_eq!(prepared.clinical.number().unwrap().id, "RF-1");

    // Of another kind nothing is taken but the patient, and all of it can be read.
    let (results, document) = self::prepared(&message("ORU^R01", "PID|||1||Example^Rosa\rOBX|1|NM|K||4.1"));
    assert_eq!((document.kind, results.clinical.later()), (DocumentKind::Other, None));
    assert_eq!(value(&document, "patient.name"), "Rosa Example");
    assert!(results.clinical.unread_messages[0].contains("OBX|1|NM|K||4.1"));
}

#[test]
fn what_cannot_be_read_says_why() {
    let rules = &*RULES;
    let today = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    let refused = |bytes: &[u8]| Prepared::of(bytes, rules, today).unwrap().err();
    assert_eq!(refused(&NOTE[..NOTE.len() - 40]), Some(QuarantineReason::Unreadable));
    assert_eq!(refused(b"MSH|"), Some(QuarantineReason::Unreadable));
    assert_eq!(refused(b"PK\x03\x04 IHE_XDM"), Some(QuarantineReason::Unreadable));
    assert!(Prepared::of(b"%PDF-1.7", rules, today).is_none());
}

#[test]
fn a_document_about_several_patients_gives_none_of_them() {
    let text = String::from_utf8(NOTE.to_vec()).unwrap();
    let start = text.find("<recordTarget>").unwrap();
    let end = text.find("</recordTarget>").unwrap() + "</recordTarget>".len();
    let other = text[start..end].replace("19610409", "19620510");
    let both = format!("{}{other}{}", &text[..end], &text[end..]);
    let (prepared, document) = prepared(both.as_bytes());
    assert!(patients::are_several(&prepared.clinical.patients()));
    assert_eq!(value(&document, "patient.name"), "");
    assert_eq!(value(&document, "referrer.name"), "Ama Osei");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]
    #[test]
    fn no_bytes_make_it_panic(at in 0usize..9000, value in 0u8..255) {
        let rules = &*RULES;
        let today = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
        for sample in [NOTE, ORDER] {
            let mut bytes = sample.to_vec();
            let at = at % bytes.len();
            bytes[at] = value;
            if let Some(Ok(prepared)) = Prepared::of(&bytes, rules, today) {
                prepared.extraction(rules, &[1]);
            }
        }
    }
}
