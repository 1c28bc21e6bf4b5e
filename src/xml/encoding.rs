//! The characters of a document: UTF-8 unless a mark at its beginning or its declaration says otherwise.

use super::XmlError;
use std::borrow::Cow;

pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return std::str::from_utf8(rest)
            .map(Cow::Borrowed)
            .map_err(|_| XmlError::Encoding);
    }
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map(Cow::Owned).map_err(|_| XmlError::Encoding)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return wide(rest, u16::from_be_bytes);
    }
    if is_single_byte(bytes) {
        // Windows-1252 has letters where Latin-1 has control characters; a byte there is left as that control character.
        return Ok(Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()));
    }
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|_| XmlError::Encoding)
}

/// Whether the declaration names Latin-1 or its like.
fn is_single_byte(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(200)];
    let declaration = start.split(|&byte| byte == b'>').next().unwrap_or_default();
    let declaration = String::from_utf8_lossy(declaration).to_ascii_lowercase();
    declaration.starts_with("<?xml")
        && ["iso-8859-1", "latin1", "windows-1252", "us-ascii"]
            .iter()
            .any(|name| declaration.contains(name))
}
