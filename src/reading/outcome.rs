//! Why a document was not read: every way in which a child can end, told apart.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::domain::page::Unreadable;
use crate::domain::transmission::QuarantineReason;
use crate::reading::child::NotReady;
use crate::reading::document::Refusal;
use crate::reading::last_words::OUT_OF_MEMORY;

/// Why a document was not read. The detail holds nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ReadError {
    pub reason: QuarantineReason,
    pub detail: String,
}

impl ReadError {
    pub(super) fn new(reason: QuarantineReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    /// The installation's or the machine's fault.
    pub(super) fn ours(error: impl std::fmt::Display) -> Self {
        Self::new(
            QuarantineReason::ProcessingFailed,
            format!("the reading child could not be run: {error}"),
        )
    }

    /// Ours or the machine's fault: the same document may well be read next time.
    pub fn is_ours(&self) -> bool {
        self.reason == QuarantineReason::ProcessingFailed
    }

    /// Worth one more try before the document is set aside.
    pub fn is_crash(&self) -> bool {
        self.reason == QuarantineReason::Crash
    }

    /// What it says of the page that the child was at, where another child may go on with the others. A forbidden call
    /// says something of the whole document: it is hostile.
    pub(super) fn of_page(&self) -> Option<Unreadable> {
        match self.reason {
            QuarantineReason::Time => Some(Unreadable::Time),
            QuarantineReason::Memory => Some(Unreadable::Memory),
            QuarantineReason::Crash => Some(Unreadable::Crash),
            QuarantineReason::Encrypted
            | QuarantineReason::Unreadable
            | QuarantineReason::NoPages
            | QuarantineReason::TooManyPages
            | QuarantineReason::TooLarge
            | QuarantineReason::PixelLimit
            | QuarantineReason::ForbiddenCall
            | QuarantineReason::NotADocument
            | QuarantineReason::WinmailDat
            | QuarantineReason::SeveralPatients
            | QuarantineReason::Partial
            | QuarantineReason::MalformedRequest
            | QuarantineReason::Untrusted
            | QuarantineReason::OtherContent
            | QuarantineReason::LeftInMailbox
            | QuarantineReason::ProcessingFailed => None,
        }
    }
}

impl From<Refusal> for ReadError {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.reason(), refusal.to_string())
    }
}

/// What a child's end says about the document. The complaint is what it wrote to standard error.
pub(super) fn meaning(status: ExitStatus, complaint: &str) -> ReadError {
    if let Some(code) = status.code() {
        return Refusal::from_exit_code(code)
            .map(ReadError::from)
            .or_else(|| {
                let fault = NotReady::from_exit_code(code)?;
                Some(ReadError::new(QuarantineReason::ProcessingFailed, fault.to_string()))
            })
            .unwrap_or_else(|| {
                ReadError::new(
                    QuarantineReason::Crash,
                    format!("the reading child ended with code {code}"),
                )
            });
    }
    let signal = status.signal().unwrap_or_default();
    match signal {
        libc::SIGXCPU => ReadError::new(
            QuarantineReason::Time,
            "reading used more processor time than the limit",
        ),
        libc::SIGSYS => ReadError::new(
            QuarantineReason::ForbiddenCall,
            "the reading child made a forbidden system call",
        ),
        libc::SIGKILL => ReadError::new(
            QuarantineReason::ProcessingFailed,
            "the reading child was killed from outside",
        ),
        _ if tells_of_memory(complaint) => {
            ReadError::new(QuarantineReason::Memory, "reading needed more memory than the limit")
        }
        _ => ReadError::new(
            QuarantineReason::Crash,
            format!("the reading child ended by signal {signal}"),
        ),
    }
}

/// Rust's, C++'s and the dying child's last words when memory runs out.
fn tells_of_memory(complaint: &str) -> bool {
    ["memory allocation of", "bad_alloc", OUT_OF_MEMORY]
        .iter()
        .any(|words| complaint.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(raw: i32, complaint: &str) -> QuarantineReason {
        meaning(ExitStatus::from_raw(raw), complaint).reason
    }

    #[test]
    fn every_ending_has_its_meaning() {
        for refusal in Refusal::ALL {
            assert_eq!(ended(refusal.exit_code() << 8, ""), refusal.reason());
        }
        for fault in NotReady::ALL {
            assert_eq!(
                ended(i32::from(fault as u8) << 8, ""),
                QuarantineReason::ProcessingFailed
            );
        }
        assert_eq!(ended(101 << 8, ""), QuarantineReason::Crash);
        assert_eq!(ended(libc::SIGSEGV, ""), QuarantineReason::Crash);
        assert_eq!(
            ended(libc::SIGABRT, "memory allocation of 99 bytes failed"),
            QuarantineReason::Memory
        );
        assert_eq!(ended(libc::SIGXCPU, ""), QuarantineReason::Time);
        assert_eq!(ended(libc::SIGSYS, ""), QuarantineReason::ForbiddenCall);
        assert_eq!(ended(libc::SIGKILL, ""), QuarantineReason::ProcessingFailed);
    }
}
