//! Certificates and revocation lists that were read before: a message is judged by hundreds of them, and a list has
//! megabytes.

use super::revocation::Crl;
use crate::direct::certificate::Certificate;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Shared by all that judge. Says nothing of what is trusted now: that the store knows.
#[derive(Default)]
pub struct Parsed {
    certificates: Mutex<HashMap<String, Certificate>>,
    crls: Mutex<HashMap<String, (DateTime<Utc>, Crl)>>,
}

impl Parsed {
    /// The certificate that was kept under this name, which never stands for another.
    pub fn certificate(&self, name: &str) -> Option<Certificate> {
        let certificates = self.certificates.lock().unwrap_or_else(PoisonError::into_inner);
        certificates.get(name).cloned()
    }

    pub fn keep_certificate(&self, name: &str, certificate: &Certificate) {
        let mut certificates = self.certificates.lock().unwrap_or_else(PoisonError::into_inner);
        certificates.insert(name.to_owned(), certificate.clone());
    }

    /// The list as it was fetched from there at that time.
    pub fn crl(&self, url: &str, fetched_at: DateTime<Utc>) -> Option<Crl> {
        let crls = self.crls.lock().unwrap_or_else(PoisonError::into_inner);
        crls.get(url)
            .filter(|(kept_at, _)| *kept_at == fetched_at)
            .map(|(_, crl)| crl.clone())
    }

    /// In place of the one that was fetched from there before.
    pub fn keep_crl(&self, url: &str, fetched_at: DateTime<Utc>, crl: &Crl) {
        let mut crls = self.crls.lock().unwrap_or_else(PoisonError::into_inner);
        crls.insert(url.to_owned(), (fetched_at, crl.clone()));
    }
}
