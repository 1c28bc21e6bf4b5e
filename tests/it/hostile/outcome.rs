//! What came of a document, in one word.

use referloop::domain::transmission::QuarantineReason;
use referloop::reading::{ReadDocument, ReadError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many pages were read.
    Read(usize),
    Refused(QuarantineReason),
}

pub const BLANK_OR_WORDS: &[Outcome] = &[Outcome::Read(1)];
pub const UNREADABLE: &[Outcome] = &[Outcome::Refused(QuarantineReason::Unreadable)];
pub const NO_PAGES: &[Outcome] = &[Outcome::Refused(QuarantineReason::NoPages)];
pub const TOO_MANY_PAGES: &[Outcome] = &[Outcome::Refused(QuarantineReason::TooManyPages)];
pub const PIXEL_LIMIT: &[Outcome] = &[Outcome::Refused(QuarantineReason::PixelLimit)];
pub const ENCRYPTED: &[Outcome] = &[Outcome::Refused(QuarantineReason::Encrypted)];
pub const NOT_A_DOCUMENT: &[Outcome] = &[Outcome::Refused(QuarantineReason::NotADocument)];
/// Damaged somewhere: what is left is read, or nothing is left.
pub const READ_OR_UNREADABLE: &[Outcome] = &[
    Outcome::Read(1),
    Outcome::Refused(QuarantineReason::Unreadable),
    Outcome::Refused(QuarantineReason::NoPages),
];
/// As above, and a number may have become a giant.
pub const ANY_DAMAGE: &[Outcome] = &[
    Outcome::Read(1),
    Outcome::Refused(QuarantineReason::Unreadable),
    Outcome::Refused(QuarantineReason::NoPages),
    Outcome::Refused(QuarantineReason::PixelLimit),
    Outcome::Refused(QuarantineReason::Encrypted),
    Outcome::Refused(QuarantineReason::NotADocument),
];
/// Made to use up a machine: ended by a limit, or got through within it.
pub const BOUNDED: &[Outcome] = &[
    Outcome::Read(1),
    Outcome::Refused(QuarantineReason::Unreadable),
    Outcome::Refused(QuarantineReason::NoPages),
    Outcome::Refused(QuarantineReason::Time),
    Outcome::Refused(QuarantineReason::Memory),
    Outcome::Refused(QuarantineReason::PixelLimit),
];

pub fn outcome(read: &Result<ReadDocument, ReadError>) -> Outcome {
    match read {
        Ok(document) => Outcome::Read(document.pages.len()),
        Err(error) => Outcome::Refused(error.reason),
    }
}
