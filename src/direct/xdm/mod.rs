//! XDM: documents with metadata in a ZIP file, as one attachment (IHE ITI-32). The reader takes what partners really
//! send, the writer writes what the strictest of them reads. Pure: nothing is unpacked to disk, `INDEX.HTM` is never
//! read, and no link is followed.

mod limits;
pub mod metadata;
pub mod read;
mod registry;
pub mod write;

/// Why a package is not taken apart. It is then one attachment that a person has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    #[error("the file is not a ZIP file, or its directory is damaged")]
    NotAPackage,
    #[error("the package holds too many files")]
    Entries,
    #[error("the package would unpack to far more than a package may hold")]
    Size,
    #[error("a name in the package is absolute, leads out of it, or is unreadable")]
    Name,
    #[error("two files in the package have the same name")]
    Duplicate,
    #[error("the package is encrypted with a password")]
    Encrypted,
    #[error("a file in the package is packed in a way that XDM does not allow")]
    Compression,
    #[error("a file in the package is damaged")]
    Damaged,
    #[error("the ZIP file holds no XDM metadata")]
    NoMetadata,
}

/// What a subject must say when a package is attached: some systems recognise one by nothing else.
pub const SUBJECT_MARK: &str = "XDM/1.0/DDM";

/// The inner subject of a message with a package. The text must hold nothing about a patient.
pub fn subject(text: &str) -> String {
    format!("{SUBJECT_MARK} {text}").trim_end().to_owned()
}

/// Of a file in a package, in hexadecimal. SHA-1 by the profile: it finds damage, and proves nothing.
fn hash(bytes: &[u8]) -> String {
    hex::encode(openssl::sha::sha1(bytes))
}

/// The kinds of values in metadata, by the identifiers that the profile gives them.
mod scheme {
    pub const DOCUMENT_AUTHOR: &str = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d";
    pub const CLASS: &str = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a";
    pub const CONFIDENTIALITY: &str = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f";
    pub const FORMAT: &str = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d";
    pub const FACILITY: &str = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1";
    pub const PRACTICE: &str = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead";
    pub const TYPE: &str = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983";
    pub const DOCUMENT_PATIENT: &str = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427";
    pub const DOCUMENT_UNIQUE: &str = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab";
    pub const DOCUMENT: &str = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1";
    pub const SUBMISSION_AUTHOR: &str = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d";
    pub const CONTENT_TYPE: &str = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500";
    pub const SUBMISSION_PATIENT: &str = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446";
    pub const SUBMISSION_UNIQUE: &str = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8";
    pub const SUBMISSION_SOURCE: &str = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832";
    pub const SUBMISSION: &str = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
}
