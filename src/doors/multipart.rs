//! `multipart/form-data` over a body that is already in memory (RFC 7578).
//!
//! Streaming readers hide where a part begins and ends; carriers that sign each part need its exact bytes.

use super::fax::DoorRefusal;
use memchr::memmem;

const PARTS_MAX: usize = 64;
const PART_HEADERS_BYTES_MAX: usize = 8 * 1024;
const NAME_BYTES_MAX: usize = 200;
/// RFC 2046 §5.1.1.
const BOUNDARY_BYTES_MAX: usize = 70;

/// One part, borrowed from the body.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: Vec<u8>,
    /// A part with a file name is a file, even when the name is empty.
    pub is_file: bool,
    pub bytes: &'a [u8],
}

impl Part<'_> {
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes).ok()
    }
}

/// The parts in order. Fails on a body that ends before its closing boundary.
pub fn parts<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Part<'a>>, DoorRefusal> {
    let boundary = boundary(content_type).ok_or(DoorRefusal::Malformed("no multipart boundary"))?;
    let opening = [b"--", boundary.as_slice()].concat();
    let delimiter = [b"\r\n--", boundary.as_slice()].concat();
    let finder = memmem::Finder::new(&delimiter);
    let mut rest = if body.starts_with(&opening) {
        &body[opening.len()..]
    } else {
        let start = finder.find(body).ok_or(DoorRefusal::Malformed("no multipart part"))?;
        &body[start + delimiter.len()..]
    };
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let line_end = memmem::find(rest, b"\r\n").ok_or(DoorRefusal::Malformed("multipart body cut short"))?;
        if !rest[..line_end].iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return Err(DoorRefusal::Malformed("broken multipart boundary"));
        }
        // The line's own end stays, so that a part without headers has its blank line.
        let part = &rest[line_end..];
        let end = finder
            .find(&part[2..])
            .ok_or(DoorRefusal::Malformed("multipart body cut short"))?
            + 2;
        if parts.len() == PARTS_MAX {
            return Err(DoorRefusal::Malformed("too many multipart parts"));
        }
        parts.push(part_of(&part[..end])?);
        rest = &part[end + delimiter.len()..];
    }
}

fn part_of(part: &[u8]) -> Result<Part<'_>, DoorRefusal> {
    let window = &part[..part.len().min(PART_HEADERS_BYTES_MAX)];
    let blank = memmem::find(window, b"\r\n\r\n").ok_or(DoorRefusal::Malformed("multipart part without headers"))?;
    let bytes = &part[blank + 4..];
    let disposition = part[..blank]
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .find_map(|line| header_value(line, "content-disposition"))
        .ok_or(DoorRefusal::Malformed("multipart part without a name"))?;
    let parameters = parameters(disposition);
    let name = value_of(&parameters, "name")
        .filter(|name| name.len() <= NAME_BYTES_MAX)
        .ok_or(DoorRefusal::Malformed("multipart part without a name"))?;
    let is_file = value_of(&parameters, "filename")
        .or(value_of(&parameters, "filename*"))
        .is_some();
    Ok(Part {
        name: name.to_vec(),
        is_file,
        bytes,
    })
}

fn boundary(content_type: &str) -> Option<Vec<u8>> {
    let parameters = parameters(content_type.as_bytes());
    value_of(&parameters, "boundary")
        .filter(|boundary| (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()))
        .map(<[u8]>::to_vec)
}

fn header_value<'a>(line: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    line[..colon]
        .eq_ignore_ascii_case(name.as_bytes())
        .then(|| line[colon + 1..].trim_ascii())
}

fn value_of<'a>(parameters: &'a [(Vec<u8>, Vec<u8>)], name: &str) -> Option<&'a [u8]> {
    parameters
        .iter()
        .find(|(key, _)| key.as_slice() == name.as_bytes())
        .map(|(_, value)| value.as_slice())
}

/// `; key=value; key="quoted value"` after the first word, keys in lower case.
fn parameters(header: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some(semicolon) = rest.iter().position(|byte| *byte == b';') {
        rest = rest[semicolon + 1..].trim_ascii_start();
        let Some(equals) = rest.iter().position(|byte| matches!(byte, b'=' | b';')) else {
            break;
        };
        if rest[equals] == b';' {
            continue;
        }
        let key = rest[..equals].trim_ascii().to_ascii_lowercase();
        rest = rest[equals + 1..].trim_ascii_start();
        let (value, after) = if let Some(quoted) = rest.strip_prefix(b"\"") {
            quoted_value(quoted)
        } else {
            let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
            (rest[..end].trim_ascii().to_vec(), &rest[end..])
        };
        found.push((key, value));
        rest = after;
    }
    found
}

/// Up to the closing quote. Only `\"` and `\\` are escapes; browsers send other backslashes as they are.
fn quoted_value(quoted: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut at = 0;
    while let Some(&byte) = quoted.get(at) {
        match (byte, quoted.get(at + 1)) {
            (b'"', _) => return (value, &quoted[at + 1..]),
            (b'\\', Some(&escaped @ (b'"' | b'\\'))) => {
                value.push(escaped);
                at += 2;
            }
            _ => {
                value.push(byte);
                at += 1;
            }
        }
    }
    (value, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TYPE: &str = "multipart/form-data; boundary=\"XyZ\"";

    #[test]
    fn parts_come_with_their_exact_bytes() {
        let body = b"--XyZ\r\nContent-Disposition: form-data; name=\"fax_id\"\r\n\r\n4711\r\n--XyZ\r\n\
            content-disposition: form-data; name=document; filename=\"a;b\\\".tif\"\r\nContent-Type: image/tiff\r\n\r\n\
            \x00\r\n--Xy\r\n\r\n\r\n--XyZ--\r\n";
        let parts = parts(TYPE, body).unwrap();
        assert_eq!(
            parts[0],
            Part {
                name: b"fax_id".to_vec(),
                is_file: false,
                bytes: b"4711"
            }
        );
        assert_eq!(
            parts[1],
            Part {
                name: b"document".to_vec(),
                is_file: true,
                bytes: b"\x00\r\n--Xy\r\n\r\n"
            }
        );
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn an_empty_part_and_a_preamble_are_fine() {
        let body =
            b"hello\r\n--XyZ \r\nContent-Disposition: form-data; name=\"document\"; filename=\"\"\r\n\r\n\r\n--XyZ--";
        assert_eq!(
            parts(TYPE, body).unwrap(),
            [Part {
                name: b"document".to_vec(),
                is_file: true,
                bytes: b""
            }]
        );
    }

    #[test]
    fn a_cut_body_is_refused() {
        let body = b"--XyZ\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a\"\r\n\r\n%PDF-";
        assert!(parts(TYPE, body).is_err());
        assert!(parts(TYPE, b"").is_err());
        assert!(parts("multipart/form-data", body).is_err());
        assert!(parts("multipart/form-data; boundary=", body).is_err());
    }

    #[test]
    fn many_parts_are_refused() {
        let one = "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let body = one.repeat(65) + "--XyZ--";
        assert_eq!(
            parts(TYPE, body.as_bytes()),
            Err(DoorRefusal::Malformed("too many multipart parts"))
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300), pieces in "(--XyZ|\r\n|;|=|\"|:|Content-Disposition: form-data; name=|a|\\\\){0,20}") {
            let _ = parts(TYPE, &body);
            let _ = parts(TYPE, pieces.as_bytes());
            let _ = parts(&pieces, pieces.as_bytes());
        }
    }
}
