//! C-CDA, the clinical documents that other systems send: header and the sections that a referral needs, as typed
//! values that each know their XPath. Pure: no style sheet, no schema, no link in a document is looked at, and a document
//! that lacks or mistakes something gives what it has. R1.1 and R2.1 read alike.

mod body;
mod codes;
mod header;
mod narrative;
pub mod oid;
mod unread;
pub mod write;

pub use body::{Coverage, Embedded, Section, SectionKind};
pub use codes::{Code, CodeSystem};
pub use header::{Address, Id, Name, Party, Patient, Sex, Telecom, TelecomKind};
pub use unread::{Unread, What};

use crate::xml::{Element, Tree, XmlError};
use chrono::NaiveDate;

/// A value with the place where it stands in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub value: T,
    /// XPath 1.0, independent of the document's prefixes: leads to exactly one element or attribute.
    pub xpath: String,
}

impl<T> Found<T> {
    fn at(element: Element<'_>, value: T) -> Self {
        Self {
            value,
            xpath: element.xpath(),
        }
    }

    fn in_attribute(element: Element<'_>, name: &str, value: T) -> Self {
        Self {
            value,
            xpath: element.attribute_xpath(name),
        }
    }
}

/// Why bytes are no clinical document for us. They are then a document for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CdaError {
    #[error(transparent)]
    Xml(#[from] XmlError),
    #[error("the XML is no ClinicalDocument")]
    OtherDocument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    ReferralNote,
    ConsultationNote,
    ContinuityOfCare,
    Other,
}

/// What a document says, as far as a referral needs it.
#[derive(Clone, Debug)]
pub struct ClinicalDocument {
    pub kind: DocumentKind,
    pub title: Option<Found<String>>,
    pub id: Option<Found<Id>>,
    /// The day of `effectiveTime`, in the document's own time zone.
    pub written_on: Option<Found<NaiveDate>>,
    /// What stands in its place and is no day.
    pub unread: Option<Unread>,
    /// Usually one. A document about several is for a person.
    pub patients: Vec<Patient>,
    pub authors: Vec<Party>,
    pub custodian: Option<Party>,
    /// Whom it was written for.
    pub recipients: Vec<Party>,
    /// The orders that it answers: of a consult note, the referral.
    pub orders: Vec<Found<Id>>,
    pub sections: Vec<Section>,
    /// The file of an unstructured document, as a scan in PDF.
    pub embedded: Option<Embedded>,
}

/// Whether bytes are worth reading as one, whatever their file name and type say.
pub fn looks_like(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(4096)];
    // In UTF-16 every other byte is zero.
    let start: Vec<u8> = start.iter().copied().filter(|&byte| byte != 0).collect();
    let mark = b"ClinicalDocument";
    start
        .windows(mark.len() + 1)
        .any(|window| matches!(window[0], b'<' | b':') && &window[1..] == mark)
}

impl ClinicalDocument {
    pub fn parse(bytes: &[u8]) -> Result<Self, CdaError> {
        let tree = Tree::parse(bytes)?;
        let root = tree.root();
        if root.name() != "ClinicalDocument" {
            return Err(CdaError::OtherDocument);
        }
        Ok(Self {
            kind: kind(root),
            title: root.first("title").and_then(text_of),
            id: root.all("id").find_map(header::id),
            written_on: root.first("effectiveTime").and_then(header::date),
            unread: root
                .first("effectiveTime")
                .filter(|element| header::date(*element).is_none())
                .and_then(|element| unread::instead(What::WrittenOn, element, "value")),
            patients: root.all("recordTarget").filter_map(header::patient).collect(),
            authors: header::authors(root),
            custodian: header::custodian(root),
            recipients: header::recipients(root),
            orders: header::orders(root),
            sections: body::sections(root),
            embedded: body::embedded(root),
        })
    }

    /// The first section of a kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
}

/// By the document's code; where that says nothing, by its templates.
fn kind(root: Element<'_>) -> DocumentKind {
    match root.first("code").and_then(|code| code.attribute("code")) {
        Some("57133-1") => return DocumentKind::ReferralNote,
        Some("11488-4") => return DocumentKind::ConsultationNote,
        Some("34133-9") => return DocumentKind::ContinuityOfCare,
        _ => {}
    }
    for template in root.all("templateId") {
        match template.attribute("root") {
            Some("2.16.840.1.113883.10.20.22.1.14") => return DocumentKind::ReferralNote,
            Some("2.16.840.1.113883.10.20.22.1.4") => return DocumentKind::ConsultationNote,
            Some("2.16.840.1.113883.10.20.22.1.2") => return DocumentKind::ContinuityOfCare,
            _ => {}
        }
    }
    DocumentKind::Other
}

/// An element's text on one line, if it has any.
fn text_of(element: Element<'_>) -> Option<Found<String>> {
    let text = one_line(&element.text());
    (!text.is_empty()).then(|| Found::at(element, text))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(inner: &str) -> ClinicalDocument {
        ClinicalDocument::parse(format!("<ClinicalDocument>{inner}</ClinicalDocument>").as_bytes()).unwrap()
    }

    #[test]
    fn an_empty_or_half_filled_document_gives_what_it_has() {
        let empty = parse("");
        assert_eq!((empty.kind, empty.patients.len()), (DocumentKind::Other, 0));
        let half = parse(
            "<recordTarget><patientRole><telecom nullFlavor='UNK'/><patient><name><given>Ana</given></name>\
             <birthTime value='1961'/><administrativeGenderCode nullFlavor='UNK'/></patient></patientRole></recordTarget>\
             <component><structuredBody><component><section/></component></structuredBody></component>",
        );
        let patient = &half.patients[0];
        assert_eq!(patient.name.as_ref().unwrap().value.text(), "Ana");
        assert_eq!(
            (&patient.birth_date, &patient.sex, patient.telecoms.len()),
            (&None, &None, 0)
        );
        assert_eq!(half.sections[0].kind, SectionKind::Other);
    }

    #[test]
    fn what_cannot_be_read_is_kept_with_its_place() {
        let odd = parse(
            "<effectiveTime value='2026'/><recordTarget><patientRole><telecom value='cell:312-555-0142'/><patient>\
             <name nullFlavor='ASKU'/><birthTime value='199O0101'/><administrativeGenderCode code='W'/></patient>\
             </patientRole></recordTarget>",
        );
        let told = |unread: &Unread| (unread.what, unread.raw.value.clone(), unread.is_said_unknown);
        let patient = &odd.patients[0];
        let found: Vec<_> = patient.unread.iter().map(told).collect();
        assert_eq!(
            found,
            [
                (What::Name, "ASKU".to_owned(), true),
                (What::BirthDate, "199O0101".to_owned(), false),
                (What::Sex, "W".to_owned(), false),
                (What::Phone, "cell:312-555-0142".to_owned(), false),
            ]
        );
        assert!(
            patient.unread[1]
                .raw
                .xpath
                .ends_with("[local-name()='birthTime'][1]/@value")
        );
        assert!(patient.unread[0].raw.xpath.ends_with("/@nullFlavor"));
        assert_eq!(
            odd.unread.as_ref().map(told),
            Some((What::WrittenOn, "2026".to_owned(), false))
        );
        for odd in ["+1961049", "1961 4 9", " 961-4-9", "19611301"] {
            let text = format!(
                "<recordTarget><patientRole><patient><birthTime value='{odd}'/></patient></patientRole></recordTarget>"
            );
            let patient = &parse(&text).patients[0];
            assert!(patient.birth_date.is_none() && patient.unread.len() == 1, "{odd}");
        }
        let fine = ClinicalDocument::parse(include_bytes!("../../samples/direct/referral-note.xml")).unwrap();
        assert!(fine.unread.is_none() && fine.patients[0].unread.is_empty());
    }

    #[test]
    fn what_is_no_clinical_document_is_said() {
        assert_eq!(
            ClinicalDocument::parse(b"<html/>").unwrap_err(),
            CdaError::OtherDocument
        );
        assert_eq!(
            ClinicalDocument::parse(b"").unwrap_err(),
            CdaError::Xml(XmlError::Malformed)
        );
        assert!(looks_like(
            b"<?xml version='1.0'?><n1:ClinicalDocument xmlns:n1='urn:hl7-org:v3'>"
        ));
        assert!(!looks_like(b"<html>ClinicalDocument</html>"));
    }

    #[test]
    fn a_file_is_taken_as_it_is_packed_and_never_lost() {
        let of = |attributes: &str, content: &str| {
            let text = format!("<component><nonXMLBody><text {attributes}>{content}</text></nonXMLBody></component>");
            parse(&text).embedded.map(|file| file.bytes)
        };
        let b64 = "mediaType='application/pdf' representation='B64'";
        // Without its padding, with too much of it, and in the alphabet of addresses.
        assert_eq!(of(b64, "JVBERi0xLjQ").as_deref(), Some(&b"%PDF-1.4"[..]));
        assert_eq!(of(b64, "JVBERi0xLjQ==").as_deref(), Some(&b"%PDF-1.4"[..]));
        assert_eq!(of(b64, "__-_").as_deref(), Some(&b"\xFF\xFF\xBF"[..]));
        // Damaged: kept as it came, for a person.
        assert_eq!(of(b64, "JVBE!!").as_deref(), Some(&b"JVBE!!"[..]));
        // The file lies beside the document, or there is none.
        assert_eq!(of("mediaType='application/pdf'", "<reference value='a.pdf'/>"), None);
        assert_eq!(of(b64, " "), None);
    }

    #[test]
    fn an_unstructured_document_gives_its_file() {
        let text = "<component><nonXMLBody><text mediaType='application/pdf' representation='B64'>JVBE\n Ri0x</text></nonXMLBody></component>";
        let file = parse(text).embedded.unwrap();
        assert_eq!(
            (file.media_type.as_str(), &file.bytes[..]),
            ("application/pdf", &b"%PDF-1"[..])
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0u8..255, 0..100), at in 0usize..9000, value in 0u8..255) {
            let _ = ClinicalDocument::parse(&bytes);
            let mut sample = include_bytes!("../../samples/direct/referral-note.xml").to_vec();
            let at = at % sample.len();
            sample[at] = value;
            let _ = ClinicalDocument::parse(&sample);
        }
    }
}
