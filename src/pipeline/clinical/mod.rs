//! Originals that are data, not pages: clinical documents (C-CDA), messages in HL7 v2, and packages (XDM) of these. Their values
//! are taken as they stand, each with its place; for people we draw a sheet of our own, which is read like any PDF so that
//! there are pictures and words. Nothing of a partner's markup is ever shown.

mod document;
mod message;
pub mod patients;
mod sheet;
mod values;

pub use sheet::Prepared;

use crate::cda::{self, ClinicalDocument, DocumentKind as CdaKind};
use crate::direct::xdm::PackageError;
use crate::direct::xdm::read::{Document as Packed, DocumentProblem, Package, PackageProblem};
use crate::domain::document::DocumentKind;
use crate::domain::order::{OrderNumber, PatientNumber, ReferralOrder};
use crate::domain::transmission::{PackageFlaw, QuarantineReason};
use crate::hl7;
use crate::hl7::referral::{Content, ReferralMessage};

/// What kind of data bytes are worth reading as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Document,
    Message,
    Package,
}

impl Form {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Document => "text/xml",
            Self::Message => "x-application/hl7-v2+er7",
            Self::Package => "application/zip",
        }
    }

    /// By the type that a transmission was stored with.
    pub fn of_mime(mime: &str) -> Option<Self> {
        [Self::Document, Self::Message, Self::Package]
            .into_iter()
            .find(|form| form.mime() == mime)
    }
}

/// Where a ZIP file lists what it holds: near its end.
const DIRECTORY_WITHIN: usize = 64 * 1024;

/// What the content says it is, whatever its name and type say.
pub fn sniff(bytes: &[u8]) -> Option<Form> {
    if bytes.starts_with(b"PK\x03\x04") {
        let end = &bytes[bytes.len().saturating_sub(DIRECTORY_WITHIN)..];
        // A package that is packed once more names the package in it alone; its reading will tell.
        let named = |mark: &[u8]| end.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark));
        return (named(b"IHE_XDM") || named(b".zip")).then_some(Form::Package);
    }
    if hl7::message::looks_like(bytes) {
        Some(Form::Message)
    } else if cda::looks_like(bytes) {
        Some(Form::Document)
    } else {
        None
    }
}

/// A file that came in a package or inside a document and is none of the two.
#[derive(Clone, PartialEq, Eq)]
pub struct Loose {
    pub bytes: Vec<u8>,
    pub flaws: Vec<PackageFlaw>,
}

/// A clinical document, and which one of the original it is.
#[derive(Debug)]
struct Numbered<T> {
    number: u32,
    value: T,
}

/// What an original holds.
#[derive(Default)]
pub struct Clinical {
    messages: Vec<Numbered<ReferralMessage>>,
    /// What is most a referral comes first.
    documents: Vec<Numbered<ClinicalDocument>>,
    /// Files for pages of their own.
    pub files: Vec<Loose>,
    /// What was found wrong with the package.
    pub flaws: Vec<PackageFlaw>,
    /// The bytes of each message and document of a package.
    pub packed: Vec<Vec<u8>>,
    /// Messages of other kinds, as they came: a person reads them.
    unread_messages: Vec<String>,
    /// The list of a package names more than one patient.
    list_names_several: bool,
}

impl Clinical {
    /// Takes an original apart, or says why it can't be.
    pub fn open(bytes: &[u8]) -> Result<Self, QuarantineReason> {
        let mut found = Self::default();
        match sniff(bytes).ok_or(QuarantineReason::NotADocument)? {
            Form::Package => found.unpack(Package::read(bytes).map_err(reason)?),
            Form::Document => found.add_document(bytes)?,
            Form::Message => found.add_message(bytes)?,
        }
        found.documents.sort_by_key(|document| rank(document.value.kind));
        Ok(found)
    }

    /// Whether there are values to take; a package may hold scans alone.
    pub fn has_data(&self) -> bool {
        !self.messages.is_empty() || !self.documents.is_empty()
    }

    /// The message that decides what the whole is: a request before others.
    pub fn message(&self) -> Option<&ReferralMessage> {
        let mut all = self.messages.iter().map(|message| &message.value);
        all.clone().find(|message| message.is_request()).or_else(|| all.next())
    }

    /// How much it is a referral, to tell the leading file of a message: the more the better.
    pub fn standing(&self) -> u32 {
        match (self.message(), self.documents.first()) {
            (Some(message), _) if message.is_request() => 4,
            (Some(_), _) => 3,
            (None, Some(document)) => 2 - rank(document.value.kind).min(2),
            (None, None) => 0,
        }
    }

    /// What it is for the desk.
    pub fn kind(&self) -> DocumentKind {
        if let Some(message) = self.message() {
            return if message.is_request() {
                DocumentKind::Referral
            } else {
                DocumentKind::Other
            };
        }
        match self.documents.first().map(|document| document.value.kind) {
            // A care summary is often sent where a referral note is meant.
            Some(CdaKind::ReferralNote | CdaKind::ContinuityOfCare) => DocumentKind::Referral,
            Some(CdaKind::ConsultationNote) => DocumentKind::ConsultNote,
            Some(CdaKind::Other) | None => DocumentKind::Other,
        }
    }

    /// Whether a person opens a referral on it or not: reports about a referral that exists, and notes, open none.
    pub fn opens_a_referral(&self) -> bool {
        match self.message() {
            Some(message) => message.is_request(),
            None => self.kind() != DocumentKind::ConsultNote,
        }
    }

    /// How its initiator calls the referral.
    pub fn number(&self) -> Option<OrderNumber> {
        let id = self.message()?.referral_id.clone()?;
        Some(OrderNumber {
            id: id.id,
            authority: id.authority,
        })
    }

    /// The order of a request.
    pub fn order(&self) -> Option<ReferralOrder> {
        let number = self.number()?;
        match &self.message()?.content {
            Content::Order(order) => Some(ReferralOrder {
                number,
                service: order.service.as_ref().map(message::words),
                needed_by: order.needed_by,
                patient_numbers: patient_numbers(self.message()?),
            }),
            Content::Status(_) | Content::Appointment(_) | Content::Other(_) => None,
        }
    }

    fn unpack(&mut self, package: Package) {
        self.list_names_several = package.patients().len() > 1;
        self.flaws
            .extend(package.problems.iter().filter_map(|problem| match problem {
                PackageProblem::MetadataUnreadable => Some(PackageFlaw::ListUnreadable),
                PackageProblem::DocumentMissing => Some(PackageFlaw::DocumentMissing),
                PackageProblem::Empty => None,
            }));
        for packed in package.documents {
            self.take(packed);
        }
        self.flaws.sort_unstable_by_key(|flaw| *flaw as u8);
        self.flaws.dedup();
    }

    fn take(&mut self, packed: Packed) {
        let flaws: Vec<PackageFlaw> = packed.problems.into_iter().map(flaw).collect();
        let taken = match sniff(&packed.bytes) {
            Some(Form::Document) => self.add_document(&packed.bytes),
            Some(Form::Message) => self.add_message(&packed.bytes),
            // Deeper nesting is not looked into.
            Some(Form::Package) | None => Err(QuarantineReason::NotADocument),
        };
        let is_data = matches!(sniff(&packed.bytes), Some(Form::Document | Form::Message));
        if taken.is_ok() {
            self.flaws.extend(flaws);
            self.packed.push(packed.bytes);
            return;
        }
        if is_data {
            self.flaws.push(PackageFlaw::DocumentUnreadable);
        }
        self.files.push(Loose {
            bytes: packed.bytes,
            flaws,
        });
    }

    fn add_document(&mut self, bytes: &[u8]) -> Result<(), QuarantineReason> {
        let document = ClinicalDocument::parse(bytes).map_err(|_| QuarantineReason::Unreadable)?;
        if let Some(embedded) = &document.embedded {
            self.files.push(Loose {
                bytes: embedded.bytes.clone(),
                flaws: Vec::new(),
            });
        }
        self.documents.push(Numbered {
            number: self.documents.len() as u32 + 1,
            value: document,
        });
        Ok(())
    }

    fn add_message(&mut self, bytes: &[u8]) -> Result<(), QuarantineReason> {
        let message = ReferralMessage::parse(bytes).map_err(|_| QuarantineReason::Unreadable)?;
        if matches!(message.content, Content::Other(_)) {
            let text = String::from_utf8_lossy(bytes);
            self.unread_messages.push(text.replace(['\r', '\u{b}', '\u{1c}'], "\n"));
        }
        self.messages.push(Numbered {
            number: self.messages.len() as u32 + 1,
            value: message,
        });
        Ok(())
    }
}

/// Of its one patient; a social security number is no number that anybody should repeat.
fn patient_numbers(message: &ReferralMessage) -> Vec<PatientNumber> {
    let [patient] = &message.patients[..] else {
        return Vec::new();
    };
    let numbers = patient.ids.iter().filter(|id| id.kind != "SS");
    numbers
        .map(|id| PatientNumber {
            id: id.id.clone(),
            authority: id.authority.clone(),
        })
        .collect()
}

fn rank(kind: CdaKind) -> u32 {
    match kind {
        CdaKind::ReferralNote => 0,
        CdaKind::ConsultationNote | CdaKind::ContinuityOfCare => 1,
        CdaKind::Other => 2,
    }
}

fn reason(error: PackageError) -> QuarantineReason {
    match error {
        PackageError::Encrypted => QuarantineReason::Encrypted,
        PackageError::Size => QuarantineReason::TooLarge,
        PackageError::NoMetadata => QuarantineReason::NotADocument,
        PackageError::NotAPackage
        | PackageError::Entries
        | PackageError::Name
        | PackageError::Duplicate
        | PackageError::Compression
        | PackageError::Damaged => QuarantineReason::Unreadable,
    }
}

fn flaw(problem: DocumentProblem) -> PackageFlaw {
    match problem {
        DocumentProblem::Hash => PackageFlaw::Hash,
        DocumentProblem::Size => PackageFlaw::Size,
        DocumentProblem::FoundWithoutName => PackageFlaw::FoundWithoutName,
        DocumentProblem::Unlisted => PackageFlaw::Unlisted,
    }
}

#[cfg(test)]
mod tests;
