//! Style sheets and scripts, embedded. Vendored files are held to the SHA-256 in `assets/SHA256SUMS`; our own are sent without
//! what only their readers need.

use super::error::{Error, Result};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "src/web/assets"]
struct Embedded;

/// Changes when any asset changes, so that a browser may keep them for a year.
pub static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Embedded::iter().collect();
    names.sort();
    let all: Vec<u8> = names
        .iter()
        .filter_map(|name| Embedded::get(name))
        .flat_map(|file| file.metadata.sha256_hash())
        .collect();
    hex::encode(&crate::crypto::mac::sha256(&all)[..8])
});

/// What is sent, by its name.
static SENT: LazyLock<BTreeMap<String, Bytes>> = LazyLock::new(|| {
    let file = |name: &str| {
        let bytes = Embedded::get(name)?.data.into_owned();
        let is_vendored = include_str!("assets/SHA256SUMS").contains(name);
        let sent = match str::from_utf8(&bytes) {
            Ok(source) if !is_vendored => without_remarks(source).into(),
            _ => bytes.into(),
        };
        Some((name.to_owned(), sent))
    };
    Embedded::iter().filter_map(|name| file(&name)).collect()
});

/// Leaves out indentation, and comments that have their line for themselves: a tenth of what is sent of a script.
/// No text of our scripts goes over a line's end, so that none is changed.
fn without_remarks(source: &str) -> String {
    let is_remark = |line: &str| {
        line.starts_with("//") || (line.starts_with("/*") && line.find("*/").is_some_and(|end| end + 2 == line.len()))
    };
    let lines = source.lines().map(str::trim);
    let kept: Vec<&str> = lines.filter(|line| !line.is_empty() && !is_remark(line)).collect();
    kept.join("\n")
}

/// `/assets/{fingerprint}/{name}`. The fingerprint only names the version; an older one gets today's file.
pub async fn serve(Path((fingerprint, name)): Path<(String, String)>) -> Result<Response> {
    let file = SENT.get(&name).cloned().ok_or_else(|| Error::not_found("file"))?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => return Err(Error::not_found("file")),
    };
    let keep = if fingerprint == *FINGERPRINT {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], file).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendored_files_are_what_they_were() {
        for line in include_str!("assets/SHA256SUMS").lines() {
            let (sum, name) = line.split_once("  ").unwrap();
            let file = Embedded::get(name).unwrap_or_else(|| panic!("{name} is listed but not there"));
            assert_eq!(hex::encode(file.metadata.sha256_hash()), sum, "{name}");
            assert_eq!(SENT[name], file.data.into_owned(), "{name} is sent as it is");
        }
    }

    #[test]
    fn only_remarks_and_indentation_are_left_out() {
        let sent = without_remarks(
            "// Why.\n\n  /* Alone. */\n  const a = 1; // Beside.\n  /* b */ b(/* c */);\n  /* d */ d(); /* e */\n",
        );
        assert_eq!(
            sent,
            "const a = 1; // Beside.\n/* b */ b(/* c */);\n/* d */ d(); /* e */"
        );
    }

    #[test]
    fn no_text_of_our_scripts_goes_over_a_line_end() {
        for name in Embedded::iter().filter(|name| name.rsplit('.').next() == Some("js") && !name.contains(".min.")) {
            let source = String::from_utf8(Embedded::get(&name).unwrap().data.into_owned()).unwrap();
            for line in source.lines() {
                assert_eq!(line.matches('`').count() % 2, 0, "{name}: {line}");
            }
        }
    }
}
