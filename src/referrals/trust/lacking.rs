//! What judging lacked: certificates that complete a path (AIA), and revocation lists. Fetched from where the certificates
//! say, kept, and judged by the next time.

use super::known::{Known, Lacking};
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::direct::trust::Distrust;
use crate::direct::trust::bundle::Bundle;
use crate::direct::trust::chain::{self, Path};
use crate::direct::trust::revocation::{Crl, Standing, WhenUnknown, crl_urls, issuer_urls};
use crate::doors::outside::{Outside, OutsideError};
use crate::store;
use crate::store::fetched::FetchedKind;
use chrono::TimeDelta;
use std::time::Duration;

/// A place is not asked again before so long: a partner who sends a hundred messages has it asked once.
pub(super) const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// Whoever signs a message names these places, and makes us wait for each.
const JUDGED_MAX: usize = 4;
const STEPS_UP_MAX: usize = 4;
const URLS_MAX: usize = 2;
const OTHERS_MAX: usize = 64;
/// For all places together: each may be as slow as a fetch may be, and a stranger can name dozens.
const FETCH_TIME_MAX: Duration = Duration::from_mins(1);
const ISSUER_BYTES_MAX: usize = 256 * 1024;
pub(super) const CRL_BYTES_MAX: usize = 20 * 1024 * 1024;

/// Fetches what was lacking. Says whether anything is here now that was not: then it is worth judging again.
pub async fn fetch(app: &App, known: &Known) -> store::Result<bool> {
    let lacking = known.take_lacking();
    if lacking.is_empty() {
        return Ok(false);
    }
    let outside = match Outside::new(&app.config.direct.outside()) {
        Ok(outside) => outside,
        Err(error) => {
            tracing::warn!(%error, "nothing can be fetched");
            return Ok(false);
        }
    };
    let fetcher = Fetcher { app, known, outside };
    let mut something = false;
    let all = async {
        for one in lacking.iter().take(JUDGED_MAX) {
            something |= Box::pin(fetcher.complete(one)).await?;
        }
        store::Result::Ok(())
    };
    // What came by then is kept all the same.
    match tokio::time::timeout(FETCH_TIME_MAX, all).await {
        Ok(outcome) => outcome.map(|()| something),
        Err(_) => Ok(something),
    }
}

/// Fetches the certificates between ours and their root from where they say, so that our signatures can carry them.
pub(super) async fn complete_ours(app: &App, known: &Known, ours: &[Certificate]) -> store::Result<()> {
    let Ok(outside) = Outside::new(&app.config.direct.outside()) else {
        return Ok(());
    };
    let fetcher = Fetcher { app, known, outside };
    for certificate in ours {
        let mut at = top(certificate.clone(), &known.intermediates);
        for _ in 0..STEPS_UP_MAX {
            if at.is_issued_by(&at) {
                break;
            }
            let Some((url, issuer)) = fetcher.issuer_of(&at).await? else {
                break;
            };
            fetcher.keep_issuers(vec![(url, issuer.clone())]).await?;
            at = issuer;
        }
    }
    Ok(())
}

struct Fetcher<'a> {
    app: &'a App,
    known: &'a Known,
    outside: Outside,
}

impl Fetcher<'_> {
    async fn complete(&self, lacking: &Lacking) -> store::Result<bool> {
        let mut pool: Vec<Certificate> = self.known.intermediates.clone();
        pool.extend(lacking.others.iter().take(OTHERS_MAX).cloned());
        let (path, climbed) = match self.path(lacking, &pool) {
            Ok(path) => (path, false),
            Err(Distrust::NoPath) => match self.climb(lacking, pool).await? {
                Some(path) => (path, true),
                None => return Ok(false),
            },
            Err(_) => return Ok(false),
        };
        Ok(self.fetch_lists(&path).await? || climbed)
    }

    fn path(&self, lacking: &Lacking, pool: &[Certificate]) -> Result<Path, Distrust> {
        let anchors = self.known.anchors.of(&lacking.ours, lacking.direction);
        if anchors.is_empty() {
            // Then nothing that could be fetched leads anywhere.
            return Err(Distrust::UnknownSender);
        }
        chain::find(&lacking.certificate, pool, &anchors, self.known.now)
    }

    /// Goes up from the certificate, fetching each issuer that is not here, until a path reaches an anchor. Only then is
    /// anything kept: what leads nowhere, anybody can have us fetch.
    async fn climb(&self, lacking: &Lacking, mut pool: Vec<Certificate>) -> store::Result<Option<Path>> {
        let mut fetched: Vec<(String, Certificate)> = Vec::new();
        let mut at = lacking.certificate.clone();
        for _ in 0..STEPS_UP_MAX {
            at = top(at, &pool);
            let Some((url, issuer)) = self.issuer_of(&at).await? else {
                return Ok(None);
            };
            pool.push(issuer.clone());
            fetched.push((url, issuer.clone()));
            if let Ok(path) = self.path(lacking, &pool) {
                self.keep_issuers(fetched).await?;
                return Ok(Some(path));
            }
            at = issuer;
        }
        Ok(None)
    }

    async fn issuer_of(&self, certificate: &Certificate) -> store::Result<Option<(String, Certificate)>> {
        for url in issuer_urls(certificate).into_iter().take(URLS_MAX) {
            if !self.may_ask(&url).await? {
                continue;
            }
            let found = self.outside.fetch(&url, ISSUER_BYTES_MAX).await.and_then(|bytes| {
                let mut issuers = certificates_in(&bytes).into_iter();
                let issuer = issuers.find(|issuer| certificate.is_issued_by(issuer));
                issuer.ok_or(OutsideError::Nonsense)
            });
            match found {
                Ok(issuer) => return Ok(Some((url, issuer))),
                Err(error) => self.keep_failure(&url, FetchedKind::Issuer, error.code()).await?,
            }
        }
        Ok(None)
    }

    async fn keep_issuers(&self, issuers: Vec<(String, Certificate)>) -> store::Result<()> {
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        for (url, issuer) in issuers {
            store::fetched::keep(&mut tx, &url, FetchedKind::Issuer, issuer.to_der(), None, now).await?;
        }
        tx.commit().await
    }

    /// The lists of all certificates of a path of which nobody has said yet whether they were revoked.
    async fn fetch_lists(&self, path: &Path) -> store::Result<bool> {
        let mut something = false;
        for (certificate, issuer) in path.links() {
            let revocation = self.known.revocation(WhenUnknown::Refuse);
            if revocation.standing(certificate, issuer, self.known.now) != Standing::Unknown {
                continue;
            }
            for url in crl_urls(certificate).into_iter().take(URLS_MAX) {
                if self.may_ask(&url).await? && self.fetch_list(&url, issuer).await? {
                    something = true;
                    break;
                }
            }
        }
        Ok(something)
    }

    async fn fetch_list(&self, url: &str, issuer: &Certificate) -> store::Result<bool> {
        let bytes = match self.outside.fetch(url, CRL_BYTES_MAX).await {
            Ok(bytes) => bytes,
            Err(error) => {
                self.keep_failure(url, FetchedKind::Crl, error.code()).await?;
                return Ok(false);
            }
        };
        let mut tx = self.app.db.read().await?;
        let before = store::fetched::content(&mut tx, url).await?;
        drop(tx);
        let crl = match successor(before.as_deref(), &bytes, issuer) {
            Ok(crl) => crl,
            Err(code) => {
                self.keep_failure(url, FetchedKind::Crl, code).await?;
                return Ok(false);
            }
        };
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        store::fetched::keep(&mut tx, url, FetchedKind::Crl, bytes, crl.next_update(), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn may_ask(&self, url: &str) -> store::Result<bool> {
        let mut tx = self.app.db.read().await?;
        let tried_at = store::fetched::tried_at(&mut tx, url).await?;
        Ok(tried_at.is_none_or(|at| self.app.clock.now() - at >= ASK_AGAIN_AFTER))
    }

    async fn keep_failure(&self, url: &str, kind: FetchedKind, code: &'static str) -> store::Result<()> {
        tracing::warn!(
            reason = code,
            kind = kind.as_str(),
            "what a certificate refers to could not be fetched"
        );
        metrics::counter!("referloop_direct_fetches_failed_total", "kind" => kind.as_str()).increment(1);
        let mut tx = self.app.db.begin().await?;
        store::fetched::keep_failure(&mut tx, url, kind, code, self.app.clock.now()).await?;
        tx.commit().await
    }
}

/// The list that was fetched, if this issuer made it and it is no older than the one before: one that was put in its place on
/// the way would hide who was revoked since.
pub(super) fn successor(before: Option<&[u8]>, fetched: &[u8], issuer: &Certificate) -> Result<Crl, &'static str> {
    let crl = Crl::parse(fetched).map_err(|_| "no_list")?;
    if !crl.is_by(issuer) {
        return Err("by_another");
    }
    let before = before.and_then(|bytes| Crl::parse(bytes).ok());
    if before.is_some_and(|before| before.is_by(issuer) && before.issued_at() > crl.issued_at()) {
        return Err("older");
    }
    Ok(crl)
}

/// The last certificate that is here on the way up from one.
fn top(mut at: Certificate, pool: &[Certificate]) -> Certificate {
    for _ in 0..pool.len() {
        match pool.iter().find(|issuer| **issuer != at && at.is_issued_by(issuer)) {
            Some(issuer) => at = issuer.clone(),
            None => break,
        }
    }
    at
}

/// What an AIA address gives is one certificate, or several in a PKCS#7 (RFC 5280 §4.2.2.1).
fn certificates_in(bytes: &[u8]) -> Vec<Certificate> {
    match Certificate::parse(bytes) {
        Ok(certificate) => vec![certificate],
        Err(_) => Bundle::read(bytes).map_or_else(|_| Vec::new(), |bundle| bundle.anchors),
    }
}
