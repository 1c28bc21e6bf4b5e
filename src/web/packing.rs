//! Answers are packed with gzip for a browser that takes it: a review page is a tenth of its size on the way.
//!
//! What a page holds beside its secret (the token against forgery) can't be guessed from the packed length: a foreign page
//! gets no answer of a signed-in person to measure, since the session's cookie is `SameSite=Strict`.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Below this an answer fits into one packet of the network anyway.
const BYTES_MIN: u64 = 1024;

pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(BYTES_MIN).and(is_text))
}

/// Pictures and PDFs are packed already, and a stream of events must not wait until enough has come together.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default()
        .trim();
    match kind {
        "text/event-stream" => false,
        "application/json" | "image/svg+xml" => true,
        kind => kind.starts_with("text/") || kind.ends_with("+json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_text_is_packed() {
        let packed = |kind| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
            is_text(StatusCode::OK, Version::HTTP_11, &headers, &Extensions::new())
        };
        for kind in [
            "text/html; charset=utf-8",
            "text/javascript",
            "application/problem+json",
            "image/svg+xml",
        ] {
            assert!(packed(kind), "{kind}");
        }
        for kind in [
            "text/event-stream",
            "image/png",
            "application/pdf",
            "application/octet-stream",
            "",
        ] {
            assert!(!packed(kind), "{kind}");
        }
    }
}
