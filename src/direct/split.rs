//! Byte-exact splitting of multiparts, and a base64 decoder for what partners really send.
//!
//! A signature covers exact bytes, so nothing here decodes, folds or re-serialises. A delimiter counts only at the
//! start of a line and alone on it: a boundary found in mid-line would let unsigned text pass for signed.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The pieces of a multipart body.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// Each part's bytes, headers and all, without the line break that belongs to the delimiter.
    pub parts: Vec<&'a [u8]>,
    /// Whether the closing delimiter was there.
    pub closed: bool,
}

const PARTS_MAX: usize = 200;

/// Cuts a multipart body at its delimiters. `None` when there is no delimiter, or absurdly many.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Parts<'a>> {
    if boundary.is_empty() || boundary.len() > 200 {
        return None;
    }
    let mut found = Parts {
        parts: Vec::new(),
        closed: false,
    };
    let mut part_start = None;
    let mut line_start = 0;
    while line_start < body.len() && !found.closed {
        let line_end = memchr_newline(body, line_start);
        match delimiter(&body[line_start..line_end], boundary) {
            None => {}
            Some(kind) => {
                if let Some(start) = part_start {
                    found
                        .parts
                        .push(&body[start..without_line_break(body, start, line_start)]);
                }
                part_start = Some(line_end);
                found.closed = kind == Delimiter::Close;
            }
        }
        if found.parts.len() > PARTS_MAX {
            return None;
        }
        line_start = line_end;
    }
    let start = part_start?;
    if !found.closed {
        found.parts.push(&body[start..]);
    }
    Some(found)
}

#[derive(PartialEq, Eq)]
enum Delimiter {
    Open,
    Close,
}

fn delimiter(line: &[u8], boundary: &str) -> Option<Delimiter> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary.as_bytes())?;
    let (kind, rest) = rest
        .strip_prefix(b"--")
        .map_or((Delimiter::Open, rest), |rest| (Delimiter::Close, rest));
    rest.iter().all(u8::is_ascii_whitespace).then_some(kind)
}

/// Index just behind the next line feed, or the end.
fn memchr_newline(body: &[u8], from: usize) -> usize {
    body[from..]
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(body.len(), |at| from + at + 1)
}

/// The end of a part: before the one line break in front of the delimiter.
fn without_line_break(body: &[u8], start: usize, end: usize) -> usize {
    let part = &body[start..end];
    let part = part
        .strip_suffix(b"\n")
        .map_or(part, |part| part.strip_suffix(b"\r").unwrap_or(part));
    start + part.len()
}

const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64 with lines of any length, stray white space and missing padding: one sender's signature came in a
/// single line of a million characters.
pub fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut packed: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    while packed.last() == Some(&b'=') {
        packed.pop();
    }
    TOLERANT.decode(packed).ok()
}

/// Encodes base64 in lines of 76 characters ended by CRLF: unwrapped base64 broke a partner.
pub fn base64_lines(bytes: &[u8]) -> String {
    const LINE: usize = 76;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / LINE * 2 + 2);
    for chunk in encoded.as_bytes().chunks(LINE) {
        lines.extend(chunk.iter().map(|&byte| char::from(byte)));
        lines.push_str("\r\n");
    }
    lines
}

/// Turns every line end into CRLF: the form that a signature is computed over.
pub fn canonical_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut previous = 0;
    for &byte in bytes {
        if byte == b'\n' && previous != b'\r' {
            canonical.push(b'\r');
        }
        canonical.push(byte);
        previous = byte;
    }
    canonical
}

/// Whether a line feed stands without its carriage return.
pub fn has_bare_line_feed(bytes: &[u8]) -> bool {
    let mut previous = 0;
    bytes.iter().any(|&byte| {
        let bare = byte == b'\n' && previous != b'\r';
        previous = byte;
        bare
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, boundary: &str, expect: Option<(&[&str], bool)>) {
        let found = parts(body.as_bytes(), boundary);
        let found = found.as_ref().map(|found| {
            let parts: Vec<_> = found
                .parts
                .iter()
                .map(|part| std::str::from_utf8(part).unwrap())
                .collect();
            (parts, found.closed)
        });
        let found = found.as_ref().map(|(parts, closed)| (parts.as_slice(), *closed));
        assert_eq!(found, expect, "{body:?}");
    }

    #[test]
    fn a_part_ends_before_the_line_break_of_its_delimiter() {
        check(
            "--b\r\none\r\n\r\n--b\r\ntwo\r\n--b--\r\nepilogue",
            "b",
            Some((&["one\r\n", "two"], true)),
        );
        check("pre\n--b\none\n--b  \ntwo\n--b--", "b", Some((&["one", "two"], true)));
        check("--b\r\n--b--\r\n", "b", Some((&[""], true)));
    }

    #[test]
    fn a_boundary_counts_only_alone_at_the_start_of_a_line() {
        check(
            "--b\r\nx --b\r\n--bc\r\n--b-\r\n--b--\r\n",
            "b",
            Some((&["x --b\r\n--bc\r\n--b-"], true)),
        );
        check("--b\r\nunclosed", "b", Some((&["unclosed"], false)));
        check("no delimiter", "b", None);
        check("--\r\n", "", None);
    }

    #[test]
    fn base64_tolerates_what_partners_send() {
        for text in ["aGVsbG8=", "aGVs\r\nbG8", "a G\tV\nsbG8=\r\n", "aGVsbG9="] {
            assert_eq!(
                base64_decode(text.as_bytes()).as_deref(),
                Some(b"hello".as_slice()),
                "{text}"
            );
        }
        assert_eq!(base64_decode(b"aGV$bG8="), None);
        assert_eq!(
            base64_lines(&[0; 58]).lines().map(str::len).collect::<Vec<_>>(),
            [76, 4]
        );
    }

    #[test]
    fn line_ends_become_canonical_once() {
        assert_eq!(canonical_line_ends(b"a\nb\r\nc\n"), b"a\r\nb\r\nc\r\n");
        assert!(has_bare_line_feed(b"\na") && !has_bare_line_feed(b"a\r\n"));
    }
}
