//! The clinic's logo: a picture that can do nothing but be looked at.

use std::io::{self, Read};
use std::path::Path;
use xmlparser::{Token, Tokenizer};

pub const BYTES_MAX: usize = 64 * 1024;

/// What begins every PNG file: its mark, and the length and name of its first chunk.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// Elements that run something, bring in foreign content, or change others after they were checked.
const REFUSED_ELEMENTS: &[&str] = &[
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "handler",
    "listener",
    "set",
    "animate",
    "animatecolor",
    "animatemotion",
    "animatetransform",
    "discard",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoKind {
    Svg,
    Png,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    pub kind: LogoKind,
    pub bytes: Vec<u8>,
}

/// What is said about a file that is no logo. It follows the key's name.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    #[error("the file {path} could not be read: {source}")]
    Unreadable { path: String, source: io::Error },
    #[error("the file is larger than 64 KiB; save it smaller")]
    Large,
    #[error("the file is neither SVG nor PNG; save it as one of these")]
    Unknown,
    #[error("the SVG file could not be understood: {0}")]
    Malformed(xmlparser::Error),
    #[error("the SVG file holds {0}, which a logo must not; save it as plain SVG, or as PNG")]
    Active(String),
}

impl Logo {
    pub fn read(path: &Path) -> Result<Self, LogoError> {
        let unreadable = |source| LogoError::Unreadable {
            path: path.display().to_string(),
            source,
        };
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(BYTES_MAX as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Self::check(bytes)
    }

    /// Its kind by its bytes, whatever the file is called.
    fn check(bytes: Vec<u8>) -> Result<Self, LogoError> {
        if bytes.len() > BYTES_MAX {
            return Err(LogoError::Large);
        }
        if bytes.starts_with(PNG) {
            return Ok(Self {
                kind: LogoKind::Png,
                bytes,
            });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| LogoError::Unknown)?;
        if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
            return Err(LogoError::Unknown);
        }
        check_svg(text)?;
        Ok(Self {
            kind: LogoKind::Svg,
            bytes,
        })
    }
}

fn check_svg(text: &str) -> Result<(), LogoError> {
    let active = |what: String| Err(LogoError::Active(what));
    let (mut elements, mut is_svg) = (0_usize, false);
    for token in Tokenizer::from(text) {
        match token.map_err(LogoError::Malformed)? {
            Token::Declaration { encoding, .. } => {
                // The check read it as UTF-8, and so must the browser.
                if let Some(other) = encoding.filter(|name| !name.as_str().eq_ignore_ascii_case("utf-8")) {
                    return active(format!("text in {other} instead of UTF-8"));
                }
            }
            Token::ProcessingInstruction { target, .. } => return active(format!("an instruction `<?{target}`")),
            Token::DtdStart { .. } | Token::EmptyDtd { .. } | Token::EntityDeclaration { .. } => {
                return active("a document type (`<!DOCTYPE`)".to_owned());
            }
            Token::ElementStart { local, .. } => {
                elements += 1;
                if elements == 1 && local.as_str() != "svg" {
                    return Err(LogoError::Unknown);
                }
                if REFUSED_ELEMENTS.contains(&local.as_str().to_ascii_lowercase().as_str()) {
                    return active(format!("an element `{local}`"));
                }
            }
            Token::Attribute {
                prefix, local, value, ..
            } => {
                let (prefix, local, value) = (prefix.as_str(), local.as_str(), value.as_str());
                is_svg |= elements == 1 && (prefix == "xmlns" || local == "xmlns") && value == SVG_NAMESPACE;
                check_attribute(prefix, local, value)?;
            }
            Token::Text { text } | Token::Cdata { text, .. } => check_style(text.as_str())?,
            Token::Comment { .. } | Token::DtdEnd { .. } | Token::ElementEnd { .. } => {}
        }
    }
    if is_svg { Ok(()) } else { Err(LogoError::Unknown) }
}

fn check_attribute(prefix: &str, local: &str, value: &str) -> Result<(), LogoError> {
    let active = |what: String| Err(LogoError::Active(what));
    let name = local.to_ascii_lowercase();
    if prefix == "xmlns" || local == "xmlns" {
        if value.contains("xhtml") || value.contains('&') {
            return active("HTML (`xmlns`)".to_owned());
        }
        return Ok(());
    }
    if name.starts_with("on") {
        return active(format!("an event handler (`{local}`)"));
    }
    if ["href", "src", "base"].contains(&name.as_str()) {
        let inside = value.starts_with('#') || is_picture(value);
        return if inside {
            Ok(())
        } else {
            active(format!("a reference to something outside of it (`{local}`)"))
        };
    }
    // Editors keep notes under names of their own; browsers pass them over.
    if prefix.is_empty() { check_style(value) } else { Ok(()) }
}

/// A picture of dots within the file; another SVG within it would not be checked.
fn is_picture(value: &str) -> bool {
    ["data:image/png;base64,", "data:image/jpeg;base64,"]
        .iter()
        .any(|start| value.starts_with(start))
}

/// Styles may name what is in the file, by `url(#…)`, and nothing else.
fn check_style(text: &str) -> Result<(), LogoError> {
    let text = text.to_ascii_lowercase();
    if text.contains("@import") || text.contains("image-set(") {
        return Err(LogoError::Active("a style that loads something".to_owned()));
    }
    if text.contains("&#") || text.contains('\\') {
        return Err(LogoError::Active(
            "characters written as codes (`&#…;` or `\\…`)".to_owned(),
        ));
    }
    for (at, start) in text.match_indices("url(") {
        let to = text[at + start.len()..].trim_start();
        let to = ["\"", "'", "&quot;", "&apos;"]
            .iter()
            .find_map(|quote| to.strip_prefix(quote))
            .unwrap_or(to);
        if !to.starts_with('#') {
            return Err(LogoError::Active(
                "a reference to something outside of it (`url(…)`)".to_owned(),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
