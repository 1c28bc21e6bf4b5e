//! Outgoing documents: a referral and its note become a PDF letter; a read document becomes a searchable one, or
//! hOCR for other programs. And pages for people of what came as data.
//!
//! Only what we made ourselves is put into a PDF here. A PDF that someone attached is never opened: it travels as a
//! second part of the mail, since untrusted bytes are parsed in the sandboxed child alone.

pub mod certificate;
mod consult;
pub mod hocr;
mod page;
pub mod searchable;
pub mod sheet;
mod typeset;

pub use consult::{ConsultLetter, Heading, Party, Signature};

#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("an embedded font can not be read")]
    Font,
    #[error("the PDF could not be written")]
    Pdf,
    #[error("the letter is longer than the limit")]
    TooLong,
    #[error("page {page}: the picture is not a PNG of a kind that can be embedded")]
    Picture { page: usize },
}

/// Renders a letter as a PDF with embedded fonts and real text.
pub fn render(letter: &ConsultLetter<'_>) -> Result<Vec<u8>, LetterError> {
    consult::render(letter)
}
