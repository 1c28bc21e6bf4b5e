//! What arrived at a door in one piece, and how far its reading has come.

use super::ids::ReferralId;
use super::order::PatientNumber;
use super::page::Unreadable;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How far a transmission has come. A stage is where it *is*, not what runs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Stage {
    /// Durable, waiting to be read.
    Stored,
    Reading,
    Extracting,
    Done,
    /// Set aside for a person, with a reason.
    Quarantined,
}

impl Stage {
    pub const ALL: [Self; 5] = [
        Self::Stored,
        Self::Reading,
        Self::Extracting,
        Self::Done,
        Self::Quarantined,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Reading => "reading",
            Self::Extracting => "extracting",
            Self::Done => "done",
            Self::Quarantined => "quarantined",
        }
    }
}

/// Why a transmission was set aside. The codes are those of `extract`'s `error.code`, and the doors' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum QuarantineReason {
    Encrypted,
    Unreadable,
    NoPages,
    TooManyPages,
    PixelLimit,
    Time,
    Memory,
    Crash,
    ForbiddenCall,
    NotADocument,
    /// Attachments inside a `winmail.dat`, which Outlook makes and nobody else reads.
    WinmailDat,
    /// The message is about several patients, and nobody but a person can say which of its files is whose.
    SeveralPatients,
    /// The file has more bytes than the limit.
    TooLarge,
    /// The gateway says that the fax broke off.
    Partial,
    /// An authenticated request that could not be parsed; its raw body is kept.
    MalformedRequest,
    /// A Direct message that could not be decrypted, verified or bound to a known sender.
    Untrusted,
    /// A Direct message under the number of one that is filed, with other content.
    OtherContent,
    /// A message that lies in a mailbox whose server does not hand it over.
    LeftInMailbox,
    /// A step of ours kept failing.
    ProcessingFailed,
}

impl QuarantineReason {
    /// Whether trying again may end otherwise. What was never a document, or was never believed, stays what it is.
    pub fn may_be_retried(self) -> bool {
        match self {
            Self::Encrypted
            | Self::Unreadable
            | Self::TooManyPages
            | Self::TooLarge
            | Self::PixelLimit
            | Self::Time
            | Self::Memory
            | Self::Crash
            | Self::Partial
            | Self::SeveralPatients
            | Self::ProcessingFailed => true,
            Self::NoPages
            | Self::ForbiddenCall
            | Self::NotADocument
            | Self::WinmailDat
            | Self::MalformedRequest
            | Self::Untrusted
            | Self::OtherContent
            | Self::LeftInMailbox => false,
        }
    }

    /// One sentence for the person at the desk: what happened, and what can be done.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Encrypted => "The document is locked with a password. Ask the sender for an open copy.",
            Self::Unreadable => "The file is damaged and could not be opened. Ask the sender to send it again.",
            Self::NoPages => "The file holds no pages. Ask the sender to send it again.",
            Self::TooManyPages => "The document has more pages than the limit. An operator can raise the limit.",
            Self::TooLarge => "The file is larger than the limit. An operator can raise the limit.",
            Self::PixelLimit => "A page is larger than the pixel limit. Ask the sender for a normal page size.",
            Self::Time => "Reading took longer than the limit. The original can be downloaded and typed in by hand.",
            Self::Memory => {
                "Reading needed more memory than the limit. The original can be downloaded and typed in by hand."
            }
            Self::Crash => "The reader crashed on this file. The original can be downloaded and typed in by hand.",
            Self::ForbiddenCall => {
                "The file made the reader attempt something forbidden. Treat it as hostile and tell your security officer."
            }
            Self::NotADocument => "The file is neither a PDF, a TIFF, a PNG nor a JPEG. Ask the sender what it was.",
            Self::WinmailDat => {
                "The message holds attachments inside a winmail.dat of Outlook's. Ask the sender to send them as plain files."
            }
            Self::SeveralPatients => {
                "The message is about several patients. Trying again reads this file by itself, as a referral of its own; or ask the \
                 sender for a message a patient."
            }
            Self::Partial => "The fax broke off before its end. The sender may believe that it arrived: call back.",
            Self::MalformedRequest => "The gateway's request could not be understood. Its raw text is kept.",
            Self::Untrusted => {
                "The message could not be verified as coming from a known sender. Confirm by phone first."
            }
            Self::OtherContent => {
                "The sender used the number of an earlier message for another one. Ask which of the two counts."
            }
            Self::LeftInMailbox => {
                "The mailbox's server does not hand over a message. The original notes where it lies: open it there, or tell an operator."
            }
            Self::ProcessingFailed => "Processing failed several times. Retry, or tell an operator.",
        }
    }
}

/// A document none of whose pages can be read is set aside for what is wrong with them.
impl From<Unreadable> for QuarantineReason {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Damaged => Self::Unreadable,
            Unreadable::PixelLimit => Self::PixelLimit,
            Unreadable::Time => Self::Time,
            Unreadable::Memory => Self::Memory,
            Unreadable::Crash => Self::Crash,
        }
    }
}

/// What a door says of a document besides its bytes. All of it is PHI or as good as that: it is sealed at rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransmissionDetails {
    /// The sender's number as the gateway wrote it. Spoofable: never proof of who sent.
    pub from: Option<String>,
    pub to: Option<String>,
    /// What the sending machine calls itself (CSID). As spoofable as the number.
    pub station_id: Option<String>,
    pub pages_claimed: Option<u32>,
    /// The gateway's line is for urgent faxes: it is read before others. What the document says of urgency comes later.
    #[serde(default)]
    pub urgent: bool,
    /// The gateway says that the fax broke off.
    pub partial: bool,
    /// The verified Direct address of the sender, where the document came by Direct.
    pub direct_sender: Option<String>,
    /// The referral that it answers a request of: it is filed there and opens none of its own.
    #[serde(default)]
    pub answers: Option<ReferralId>,
    /// A code: what was wrong with the request or the message.
    pub problem: Option<String>,
    /// Of a Direct message, the step at which it was refused.
    #[serde(default)]
    pub problem_step: Option<String>,
    /// Name of the file, where one was uploaded.
    pub file_name: Option<String>,
    /// What was wrong with the package that it came in.
    #[serde(default)]
    pub flaws: Vec<PackageFlaw>,
    /// What the message that brought it said of its patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<SaidOfPatient>,
    /// What its sender wrote in the message that brought it: subject and text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// What a Direct message says to machines of the patient whom it is about (Direct Context). Its sender's word, as the pages are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidOfPatient {
    /// The patient's numbers, each with the OID of whoever gave it.
    pub numbers: Vec<PatientNumber>,
    pub given: String,
    pub family: String,
    pub born: Option<NaiveDate>,
}

/// What a person should know of the package (XDM) that a document came in. The document was taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackageFlaw {
    /// A file differs from the one that its sender hashed.
    Hash,
    Size,
    /// The file list gives no name, or a wrong one.
    FoundWithoutName,
    /// The file list does not name a file.
    Unlisted,
    ListUnreadable,
    /// The file list names a document that is not there.
    DocumentMissing,
    /// A document of the package could not be read, and was set aside.
    DocumentUnreadable,
}

impl PackageFlaw {
    /// One sentence for the person at the desk.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Hash => {
                "A file of the package is not the one that its sender put in: it may have been changed or cut off. Compare it with care."
            }
            Self::Size => "A file of the package is not as long as its sender says: it may have been cut off.",
            Self::FoundWithoutName => "The package names a file wrongly; the file was found all the same.",
            Self::Unlisted => "The package holds a file that its list does not name.",
            Self::ListUnreadable => "The package's list of files could not be read; all files were taken.",
            Self::DocumentMissing => "The package's list names a document that did not come. Ask the sender for it.",
            Self::DocumentUnreadable => "A document of the package could not be read. It was set aside on the desk.",
        }
    }
}
