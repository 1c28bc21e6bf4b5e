//! Style sheets and scripts, embedded. Vendored files are held to the SHA-256 in `assets/SHA256SUMS`.

use super::error::{Error, Result};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
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

/// `/assets/{fingerprint}/{name}`. The fingerprint only names the version; an older one gets today's file.
pub async fn serve(Path((fingerprint, name)): Path<(String, String)>) -> Result<Response> {
    let file = Embedded::get(&name).ok_or_else(|| Error::not_found("file"))?;
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
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], file.data).into_response())
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
        }
    }
}
