//! What of its resources a page or form really draws. Many programs give all pages of a file one common list, in which the
//! pictures of another patient's pages stand too.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object};

/// The kinds of resources that can hold a picture or text. Colours are kept whole: some are used without being named.
const SHOWING: [&[u8]; 6] = [b"XObject", b"Pattern", b"Shading", b"ExtGState", b"Font", b"Properties"];

/// The names in a content stream. One inside a text counts too: rather keep too much than lose what is drawn.
pub struct Names(HashSet<Vec<u8>>);

impl Names {
    pub fn of(content: &[u8]) -> Self {
        let after_slash = content.split(|&byte| byte == b'/').skip(1);
        Self(after_slash.map(name).collect())
    }

    /// The resources without those of other pages.
    pub fn only(&self, resources: &Dictionary, document: &Document) -> Dictionary {
        let kept = resources.iter().map(|(key, value)| {
            let listed = document.dereference(value).and_then(|(_, value)| value.as_dict());
            match listed {
                Ok(listed) if SHOWING.contains(&key.as_slice()) => (key.clone(), self.among(listed).into()),
                _ => (key.clone(), value.clone()),
            }
        });
        kept.collect()
    }

    fn among(&self, listed: &Dictionary) -> Dictionary {
        let named = listed.iter().filter(|(name, _)| self.0.contains(name.as_slice()));
        named.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// A name up to its end, with `#41` as `A` (ISO 32000-1 §7.3.5).
fn name(from: &[u8]) -> Vec<u8> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    let raw = &from[..from.iter().position(ends).unwrap_or(from.len())];
    let mut plain = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let digits = raw.get(at + 1..at + 3).filter(|_| byte == b'#');
        let code = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        plain.push(code.unwrap_or(byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    plain
}

/// Whether its content can't be looked for among a page's: a form that draws with the resources of whichever page shows it,
/// as PDF 1.1 allowed, and a font whose letters are drawings.
pub fn may_draw_anything(object: &Object) -> bool {
    let is = |dictionary: &Dictionary, kind: &[u8]| {
        let found = dictionary.get(b"Subtype").and_then(Object::as_name);
        found.is_ok_and(|found| found == kind)
    };
    match object {
        Object::Stream(stream) => is(&stream.dict, b"Form") && !stream.dict.has(b"Resources"),
        Object::Dictionary(dictionary) => is(dictionary, b"Type3"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_pdf_says_and_are_read_plainly() {
        let names = Names::of(b"q /Im1 Do/F#31 12 Tf[/A]<</B/C>>/Last");
        let mut found: Vec<_> = names
            .0
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        found.sort();
        assert_eq!(found, ["A", "B", "C", "F1", "Im1", "Last"]);
    }
}
