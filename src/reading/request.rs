//! What goes from parent to child: the setup as the child's one argument, then, over its standard input, one request with
//! the bytes that it is about, and for a document the numbers of the pages to read, one at a time.
//!
//! All of it is ours; the document is the only part that nobody may believe.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::domain::region::Region;
use crate::reading::binding;
use crate::reading::document::Limits;
use crate::reading::probe::Probe;

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
    /// Look at the first page of the document that follows.
    Glance,
    /// Read these parts of the review image that follows as PNG.
    Regions(Vec<Region>),
    /// Bind pages of the original into a PDF: the words' PDF follows, and then the original.
    Bind(binding::Order),
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
        let request = serde_json::from_slice(&sized(from)?)?;
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

/// What a child that has a document open is told next.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Read this page, counted from 1.
    Page(u32),
    /// Read these parts of the page just read once more.
    LookAgain(Vec<Region>),
}

/// Stands on the wire where a page's number would: parts of the last page follow.
const LOOK_AGAIN: u32 = 0;

impl Order {
    /// As it stands on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Page(number) => number.to_le_bytes().to_vec(),
            Self::LookAgain(regions) => {
                let text = serde_json::to_vec(regions).expect("regions are plain numbers");
                let mut bytes = LOOK_AGAIN.to_le_bytes().to_vec();
                bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
                bytes.extend_from_slice(&text);
                bytes
            }
        }
    }

    /// The next one, or `None` when the parent wants no more.
    pub fn read_from(from: &mut impl Read) -> Option<Self> {
        match u32::from_le_bytes(array(from).ok()?) {
            LOOK_AGAIN => Some(Self::LookAgain(serde_json::from_slice(&sized(from).ok()?).ok()?)),
            number => Some(Self::Page(number)),
        }
    }
}

/// As many bytes as the number before them says.
fn sized(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = u32::from_le_bytes(array(from)?);
    if length > REQUEST_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn array<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alphabet::Alphabet;
    use crate::domain::page::PixelBox;

    #[test]
    fn a_request_comes_through_with_its_bytes_and_orders() {
        let mut wire = Request::Document.head(3);
        wire.extend_from_slice(b"fax");
        wire.extend_from_slice(&Order::Page(7).bytes());
        let again = Order::LookAgain(vec![Region {
            bounds: PixelBox::from([1, 2, 30, 4]),
            alphabet: Alphabet::Date,
        }]);
        wire.extend_from_slice(&again.bytes());
        let mut from = wire.as_slice();
        assert_eq!(
            Request::read_from(&mut from).unwrap(),
            (Request::Document, b"fax".to_vec())
        );
        assert_eq!(Order::read_from(&mut from), Some(Order::Page(7)));
        assert_eq!(Order::read_from(&mut from), Some(again));
        assert_eq!(Order::read_from(&mut from), None);
    }

    #[test]
    fn a_document_cut_short_is_not_read() {
        let mut wire = Request::Document.head(3);
        wire.extend_from_slice(b"fa");
        assert!(Request::read_from(&mut wire.as_slice()).is_err());
    }
}
