//! What is no document at all, or several at once.

use super::Case;
use super::outcome::{NO_PAGES, NOT_A_DOCUMENT, READ_OR_UNREADABLE, UNREADABLE};
use super::sample;

pub fn cases() -> Vec<Case> {
    let none = |name: &str, bytes: &[u8]| Case::new(name, bytes.to_vec(), NOT_A_DOCUMENT);
    let pdf = sample("consult-note/document.pdf");
    let both = [b"\x89PNG\r\n\x1a\n".to_vec(), pdf.clone()].concat();
    let behind = [vec![b' '; 1000], pdf.clone()].concat();
    let too_far = [vec![b' '; 5000], pdf].concat();
    vec![
        none("nothing", b""),
        none("one byte", b"%"),
        none("a letter", b"Dear colleague, please see this patient."),
        none("a web page", b"<!DOCTYPE html><html><body>referral</body></html>"),
        none("an archive", b"PK\x03\x04\x14\0\0\0\x08\0"),
        none("a compressed stream", b"\x1f\x8b\x08\0\0\0\0\0\0\x03"),
        none("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;"),
        none("a program", b"\x7fELF\x02\x01\x01\0"),
        none("a megabyte of zeros", &vec![0; 1 << 20]),
        Case::new("a PDF behind the name of a PNG", both, UNREADABLE),
        Case::new("a PDF behind a kilobyte of blanks", behind, READ_OR_UNREADABLE),
        Case::new("a PDF behind too many blanks", too_far, NOT_A_DOCUMENT),
        Case::new("a PDF of one line", b"%PDF-1.7\n".to_vec(), UNREADABLE),
        Case::new("a TIFF of one line", b"II*\0\xff\xff\xff\xff".to_vec(), NO_PAGES),
    ]
}
