//! All that a certificate is judged by, as the store has it.

use crate::app::App;
use crate::config::RevocationUnknown;
use crate::direct::address::Address;
use crate::direct::certificate::Certificate;
use crate::direct::trust::anchors::{Anchor, Anchored, Anchors, Direction};
use crate::direct::trust::revocation::{Crl, Revocation, WhenUnknown};
use crate::direct::trust::{Distrust, Pinned, Trust, TrustedBy};
use crate::store::fetched::FetchedKind;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::sync::{Mutex, PoisonError};

/// What our addresses trust. It notes what it would have needed to judge better: [`super::lacking`] fetches that.
pub struct Known {
    pinned: Pinned,
    pub(super) anchors: Anchors,
    pub(super) intermediates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
    when_unknown: WhenUnknown,
    pub(super) now: DateTime<Utc>,
    lacking: Mutex<Vec<Lacking>>,
}

/// A certificate that could not be judged to the end: its path is incomplete, or nobody has said whether it was revoked.
#[derive(Clone)]
pub struct Lacking {
    pub(super) ours: Address,
    pub(super) direction: Direction,
    pub(super) certificate: Certificate,
    /// What travelled beside it.
    pub(super) others: Vec<Certificate>,
}

impl Known {
    pub async fn load(app: &App, tx: &mut Tx) -> store::Result<Self> {
        let pinned = store::partners::list(tx).await?;
        let when_unknown = match app.config.direct.revocation_unknown {
            RevocationUnknown::Refuse => WhenUnknown::Refuse,
            RevocationUnknown::Accept => WhenUnknown::Accept,
        };
        Ok(Self {
            pinned: Pinned::new(pinned.into_iter().map(|certificate| certificate.fingerprint)),
            anchors: anchors(app, tx).await?,
            intermediates: intermediates(app, tx).await?,
            crls: crls(app, tx).await?,
            when_unknown,
            now: app.clock.now(),
            lacking: Mutex::default(),
        })
    }

    /// Whether we may encrypt to this certificate when `sender`, one of our addresses, writes. Whether it speaks for the
    /// recipient and may be used for encrypting is asked elsewhere.
    pub fn of_recipient(&self, sender: &Address, certificate: &Certificate) -> Result<TrustedBy, Distrust> {
        self.judged(
            |trust| trust.of_recipient(sender, certificate),
            || Lacking {
                ours: sender.clone(),
                direction: Direction::Outgoing,
                certificate: certificate.clone(),
                others: Vec::new(),
            },
        )
    }

    /// Whether this address of ours may write to anybody whom it does not know by certificate.
    pub fn has_outgoing_anchors(&self, ours: &Address) -> bool {
        !self.anchors.of(ours, Direction::Outgoing).is_empty()
    }

    /// What was lacking since this was asked last, each certificate once.
    pub fn take_lacking(&self) -> Vec<Lacking> {
        let mut lacking = std::mem::take(&mut *self.lacking.lock().unwrap_or_else(PoisonError::into_inner));
        let mut seen = Vec::new();
        lacking.retain(|one| {
            let key = (one.ours.clone(), one.certificate.fingerprint());
            let is_new = !seen.contains(&key);
            seen.push(key);
            is_new
        });
        lacking
    }

    /// Who made a list, as far as it is kept here.
    pub(super) fn issuer_of(&self, crl: &Crl) -> Option<Certificate> {
        let mut issuers = self.anchors.certificates().chain(&self.intermediates);
        issuers.find(|issuer| crl.is_by(issuer)).cloned()
    }

    pub(super) fn revocation(&self, when_unknown: WhenUnknown) -> Revocation<'_> {
        Revocation {
            crls: &self.crls,
            when_unknown,
        }
    }

    /// Strictly first: where revocation is unknown and accepted, the list is still fetched for the next time.
    fn judged(
        &self,
        judge: impl Fn(&Anchored<'_>) -> Result<TrustedBy, Distrust>,
        lacking: impl FnOnce() -> Lacking,
    ) -> Result<TrustedBy, Distrust> {
        let anchored = |when_unknown| Anchored {
            pinned: &self.pinned,
            anchors: &self.anchors,
            intermediates: &self.intermediates,
            revocation: self.revocation(when_unknown),
            now: self.now,
        };
        let outcome = judge(&anchored(WhenUnknown::Refuse));
        if matches!(outcome, Err(Distrust::NoPath | Distrust::RevocationUnknown)) {
            let mut all = self.lacking.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(lacking());
        }
        match outcome {
            Err(Distrust::RevocationUnknown) => judge(&anchored(self.when_unknown)),
            other => other,
        }
    }
}

impl Trust for Known {
    fn of_signer(
        &self,
        recipient: &Address,
        sender: &Address,
        signer: &Certificate,
        others: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        self.judged(
            |trust| trust.of_signer(recipient, sender, signer, others),
            || Lacking {
                ours: recipient.clone(),
                direction: Direction::Incoming,
                certificate: signer.clone(),
                others: others.to_vec(),
            },
        )
    }

    /// By the anchors for incoming messages, else by those for outgoing ones: a delivery to a partner who is trusted for the
    /// latter alone would otherwise never be confirmed.
    fn of_reporter(
        &self,
        recipient: &Address,
        sender: &Address,
        signer: &Certificate,
        others: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        self.of_signer(recipient, sender, signer, others).or_else(|refused| {
            let outgoing = self.judged(
                |trust| trust.judge(signer, others, recipient, Direction::Outgoing),
                || Lacking {
                    ours: recipient.clone(),
                    direction: Direction::Outgoing,
                    certificate: signer.clone(),
                    others: others.to_vec(),
                },
            );
            outgoing.map_err(|outgoing| match refused {
                Distrust::UnknownSender => outgoing,
                refused => refused,
            })
        })
    }
}

async fn anchors(app: &App, tx: &mut Tx) -> store::Result<Anchors> {
    let mut anchors = Vec::new();
    for place in store::anchors::places(tx).await? {
        // What can't be read trusts nobody: it was read when it was written.
        let (Ok(holds_for), Ok(direction)) = (place.holds_for.parse(), place.direction.parse()) else {
            continue;
        };
        let certificate = match app.parsed.certificate(&place.fingerprint) {
            Some(certificate) => Some(certificate),
            None => read(
                app,
                &place.fingerprint,
                store::anchors::certificate(tx, &place.fingerprint).await?,
            ),
        };
        anchors.extend(certificate.map(|certificate| Anchor {
            certificate,
            holds_for,
            direction,
        }));
    }
    Ok(Anchors::new(anchors))
}

/// What completes paths: fetched from where certificates say, or brought in with ours.
pub(super) async fn intermediates(app: &App, tx: &mut Tx) -> store::Result<Vec<Certificate>> {
    let mut intermediates = Vec::new();
    for issuer in store::fetched::list(tx, FetchedKind::Issuer).await? {
        let Some(fetched_at) = issuer.fetched_at else { continue };
        let name = format!("{} {}", issuer.url, fetched_at.timestamp_micros());
        let certificate = match app.parsed.certificate(&name) {
            Some(certificate) => Some(certificate),
            None => read(app, &name, store::fetched::content(tx, &issuer.url).await?),
        };
        intermediates.extend(certificate);
    }
    Ok(intermediates)
}

fn read(app: &App, name: &str, der: Option<Vec<u8>>) -> Option<Certificate> {
    let certificate = Certificate::from_der(&der?).ok()?;
    app.parsed.keep_certificate(name, &certificate);
    Some(certificate)
}

async fn crls(app: &App, tx: &mut Tx) -> store::Result<Vec<Crl>> {
    let mut crls = Vec::new();
    for list in store::fetched::list(tx, FetchedKind::Crl).await? {
        let Some(fetched_at) = list.fetched_at else { continue };
        let mut crl = app.parsed.crl(&list.url, fetched_at);
        if crl.is_none() {
            let bytes = store::fetched::content(tx, &list.url).await?;
            crl = bytes.and_then(|bytes| Crl::parse(&bytes).ok());
            if let Some(crl) = &crl {
                app.parsed.keep_crl(&list.url, fetched_at, crl);
            }
        }
        crls.extend(crl);
    }
    Ok(crls)
}
