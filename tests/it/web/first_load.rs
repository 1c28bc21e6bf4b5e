//! How much comes over the line before a reviewer can work: the review page with all that it names, as it is sent. Pictures of
//! pages are left out: their size is the fax's.

use super::PASSWORD;
use super::browser::Browser;
use crate::harness::{TestApp, TestDb, sample};
use axum::body::to_bytes;
use axum::http::{StatusCode, header};
use referloop::auth::accounts;
use referloop::domain::people::Role;
use referloop::store::db::Kind;
use referloop::web::router;
use regex::Regex;
use std::collections::BTreeMap;
use std::io::Read;

const BYTES_MAX: usize = 60 * 1024;

/// One file as it came, and what stands in it.
struct Loaded {
    sent: usize,
    text: String,
}

async fn load(browser: &mut Browser, path: &str) -> Loaded {
    let headers = [("accept", "text/html"), ("accept-encoding", "gzip, br")];
    let answer = browser.open_with(path, &headers).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let mut text = String::new();
    match parts.headers.get(header::CONTENT_ENCODING) {
        Some(encoding) => {
            assert_eq!(encoding, "gzip", "{path}");
            assert_eq!(parts.headers[header::VARY], "accept-encoding", "{path}");
            flate2::read::GzDecoder::new(bytes.as_ref())
                .read_to_string(&mut text)
                .unwrap();
        }
        None => text = String::from_utf8(bytes.to_vec()).unwrap(),
    }
    Loaded {
        sent: bytes.len(),
        text,
    }
}

/// The addresses that a file names and that a browser fetches at once.
fn named(path: &str, text: &str) -> Vec<String> {
    let all = |pattern: &str| -> Vec<String> {
        let pattern = Regex::new(pattern).unwrap();
        pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
    };
    let folder = &path[..=path.rfind('/').unwrap()];
    let beside = |names: Vec<String>| names.into_iter().map(|name| format!("{folder}{name}")).collect();
    match path.rsplit('.').next() {
        Some("js") => beside(all(r#"\bimport\s*(?:[^"'()]*\bfrom\s*)?\(?\s*["']\./([^"']+)["']"#)),
        Some("css") => beside(all(r#"(?:url\(|@import )["']?([^"')#:]+)["')]"#)),
        _ if path.starts_with("/desk/") => [
            r#"<link\b[^>]*\bhref="([^"]+)""#,
            r#"<script\b[^>]*\bsrc="([^"]+)""#,
            r#"<img\b[^>]*\bsrc="([^"]+)""#,
            r#"\bhx-get="([^"]+)" hx-trigger="load\b"#,
        ]
        .into_iter()
        .flat_map(all)
        .collect(),
        _ => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_review_comes_in_60_kilobytes() {
    let test = TestApp::new(TestDb::new(Kind::Sqlite).await).await;
    accounts::add(&test.app.db, "ana", Role::Reviewer, PASSWORD, test.app.clock.now())
        .await
        .unwrap();
    let fax = test.fax_in("fax-1", sample("clean-referral/fax.tif")).await;
    test.run_jobs().await;
    let page = format!("/desk/{}", test.referrals_of(&fax).await[0]);
    let mut browser = Browser::new(router::router(&test.app));
    browser.sign_in("ana", PASSWORD).await;

    let mut files: BTreeMap<String, usize> = BTreeMap::new();
    let mut open = vec![page];
    while let Some(path) = open.pop() {
        if files.contains_key(&path) {
            continue;
        }
        let Loaded { sent, text } = load(&mut browser, &path).await;
        open.extend(named(&path, &text));
        files.insert(path, sent);
    }
    let sum: usize = files.values().sum();
    let list: String = files
        .iter()
        .fold(String::new(), |all, (path, sent)| all + &format!("{sent:>8}  {path}\n"));
    // The page, the style sheet, the icon, the memos, the library, and the modules that `review.js` is put together from.
    for name in [
        "/app.css",
        "/icon.svg",
        "/memos?poll",
        "/htmx-4.0.1.min.js",
        "/review.js",
        "/viewer.js",
        "/undo.js",
    ] {
        assert!(
            files.keys().any(|path| path.ends_with(name)),
            "{name} was not found:\n{list}"
        );
    }
    assert!(sum <= BYTES_MAX, "{sum} bytes, {} too many:\n{list}", sum - BYTES_MAX);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_nothing_packed_gets_it_plain() {
    let desk = super::Desk::open().await;
    let mut browser = desk.browser();
    let plain = browser.open_with("/assets/x/app.css", &[]).await;
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let packed = browser
        .open_with("/assets/x/app.css", &[("accept-encoding", "gzip")])
        .await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
}
