//! Whether the certificates of our own listeners can be used, and for how long.

use super::Check;
use super::checks::{quoted, words};
use crate::config::Config;
use crate::direct::certificate::Certificate as Read;
use crate::listeners::tls::{Certificate, CertificateFiles};
use chrono::{DateTime, Utc};
use std::path::Path;

const NAME: &str = "TLS";

/// One check for each pair of files that is configured.
pub fn checks(config: &Config, now: DateTime<Utc>) -> Vec<Check> {
    let mut pairs = Vec::new();
    // What is wrong with the settings themselves was told before.
    pairs.extend(config.certificate().ok().flatten());
    pairs.extend(config.mail_certificate().ok().flatten());
    pairs.dedup();
    pairs
        .into_iter()
        .map(|(certificate, key)| check(certificate, key, now))
        .collect()
}

fn check(certificate: &Path, key: &Path, now: DateTime<Utc>) -> Check {
    let files = CertificateFiles {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
    };
    if let Err(error) = Certificate::load(files) {
        let look = format!("ls -l {} {}", quoted(certificate), quoted(key));
        return Check::bad(NAME, words(&error), look);
    }
    let read = std::fs::read(certificate)
        .ok()
        .and_then(|pem| Read::from_pem(&pem).ok());
    let until = read.and_then(|read| read.not_after());
    let shown = certificate.display();
    match until {
        Some(end) if end > now => Check::good(
            NAME,
            format!("{shown} and its key go together, until {}", end.date_naive()),
        ),
        _ => Check::bad(
            NAME,
            format!("{shown} is no longer valid: renew it"),
            format!("openssl x509 -noout -subject -dates -in {}", quoted(certificate)),
        ),
    }
}
