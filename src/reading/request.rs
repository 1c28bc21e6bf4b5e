//! What goes from parent to child: the setup as the child's one argument, then, over its standard input, one request with
//! the bytes that it is about, and for a document the numbers of the pages to read, one at a time.
//!
//! All of it is ours; the document is the only part that nobody may believe.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::reading::binding::Order;
use crate::reading::document::Limits;
use crate::reading::probe::Probe;
use crate::reading::region::Region;

/// What every child is told at its start, before it is known what it will read. It holds nothing of a document.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    pub parent: u32,
    pub limits: Limits,
    pub allow_unsandboxed: bool,
}

/// What a child is asked for, once in its life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Open the document that follows, then read the pages that are ordered.
    Document,
    /// Read these parts of the review image that follows as PNG.
    Regions(Vec<Region>),
    /// Bind pages of the original into a PDF: the words' PDF follows, and then the original.
    Bind(Order),
    /// Try to break out, instead of reading.
    Probe(Probe),
}

/// Parts of one page, or all pages of a document; what more asks for is no sensible request.
const REQUEST_BYTES_MAX: u32 = 1 << 20;

impl Request {
    /// What stands on the wire before the bytes that the request is about.
    pub fn head(&self, bytes: usize) -> Vec<u8> {
        let text = serde_json::to_vec(self).expect("a request is plain data");
        let mut head = (text.len() as u32).to_le_bytes().to_vec();
        head.extend_from_slice(&text);
        head.extend_from_slice(&(bytes as u64).to_le_bytes());
        head
    }

    /// The child's side of it, with the bytes.
    pub fn read_from(from: &mut impl Read) -> io::Result<(Self, Vec<u8>)> {
        let length = u32::from_le_bytes(array(from)?);
        if length > REQUEST_BYTES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut text = vec![0; length as usize];
        from.read_exact(&mut text)?;
        let request = serde_json::from_slice(&text)?;
        let length = u64::from_le_bytes(array(from)?);
        let mut bytes = Vec::new();
        from.take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == length {
            Ok((request, bytes))
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// A page to be read, as it stands on the wire.
pub fn order(page: u32) -> [u8; 4] {
    page.to_le_bytes()
}

/// The next page to be read, or `None` when the parent wants no more.
pub fn next_order(from: &mut impl Read) -> Option<u32> {
    array(from).ok().map(u32::from_le_bytes)
}

fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_through_with_its_bytes_and_orders() {
        let mut wire = Request::Document.head(3);
        wire.extend_from_slice(b"fax");
        wire.extend_from_slice(&order(7));
        let mut from = wire.as_slice();
        assert_eq!(
            Request::read_from(&mut from).unwrap(),
            (Request::Document, b"fax".to_vec())
        );
        assert_eq!(next_order(&mut from), Some(7));
        assert_eq!(next_order(&mut from), None);
    }

    #[test]
    fn a_document_cut_short_is_not_read() {
        let mut wire = Request::Document.head(3);
        wire.extend_from_slice(b"fa");
        assert!(Request::read_from(&mut wire.as_slice()).is_err());
    }
}
