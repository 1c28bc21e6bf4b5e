//! Whose certificate a message is sealed with, and whose key signs it.

use crate::app::App;
use crate::direct::address::Address;
use crate::direct::certificate::{Certificate, Use};
use crate::direct::identity::Identity;
use crate::jobs::JobError;
use crate::referrals::trust::search::search;
use crate::referrals::trust::{Known, lacking};
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// What was found is looked for again after so long: a partner may have renewed its certificate, or taken it back.
const FOUND_COUNTS_FOR: TimeDelta = TimeDelta::days(1);

/// The certificate to encrypt to when `ours` writes to `theirs`: one that the directory holds, else one that was found, judged
/// anew, else one that is found now. Asks others, so that no transaction may be open.
///
/// Fails with `no_certificate` where there is none that may be used.
pub async fn certificate_to(app: &App, ours: &Address, theirs: &Address) -> Result<Certificate, JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let pinned = certificate_for(&mut tx, theirs.as_str(), now).await?;
    let mut known = Known::load(app, &mut tx).await?;
    drop(tx);
    if let Some(pinned) = pinned {
        return Ok(pinned);
    }
    // Without an anchor nothing that could be found may be used.
    if !known.has_outgoing_anchors(ours) {
        return Err(JobError::fail("no_certificate"));
    }
    let mut kept = found(app, &known, ours, theirs).await?;
    if kept.is_none() && lacking::fetch(app, &known).await? {
        let mut tx = app.db.read().await?;
        known = Known::load(app, &mut tx).await?;
        drop(tx);
        kept = found(app, &known, ours, theirs).await?;
    }
    if let Some((certificate, found_at)) = &kept
        && now - *found_at < FOUND_COUNTS_FOR
    {
        return Ok(certificate.clone());
    }
    if !app.config.direct.discovery {
        return Err(JobError::fail("no_certificate"));
    }
    let search = search(app, ours, theirs).await?;
    match (search.is_passing(), search.found, kept) {
        // Where nobody can be asked, what was found before is still good.
        (_, Some(certificate), _) | (true, None, Some((certificate, _))) => Ok(certificate),
        (true, None, None) => Err(JobError::retry("certificate_not_found_yet")),
        (false, None, _) => Err(JobError::fail("no_certificate")),
    }
}

/// The certificate by which the sender of a message hears that it arrived: one that the directory holds, else the `signer`'s own
/// where it may be encrypted to, else as for any message to the sender.
pub(super) async fn certificate_to_answer(
    app: &App,
    ours: &Address,
    theirs: &Address,
    signer: Option<&Certificate>,
) -> Result<Certificate, JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let pinned = certificate_for(&mut tx, theirs.as_str(), now).await?;
    drop(tx);
    let fits = |signer: &&Certificate| signer.check(Use::Encrypting, now).is_ok() && signer.binds(theirs);
    match pinned.or_else(|| signer.filter(fits).cloned()) {
        Some(certificate) => Ok(certificate),
        None => certificate_to(app, ours, theirs).await,
    }
}

/// The best of what was found before and may be used now.
async fn found(
    app: &App,
    known: &Known,
    ours: &Address,
    theirs: &Address,
) -> store::Result<Option<(Certificate, DateTime<Utc>)>> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let rows = store::found::of_address(&mut tx, &theirs.as_str().to_lowercase()).await?;
    drop(tx);
    let usable = rows.into_iter().find_map(|row| {
        let certificate = Certificate::from_der(&row.certificate).ok()?;
        let fits = certificate.check(Use::Encrypting, now).is_ok() && certificate.binds(theirs);
        let trusted = fits && known.of_recipient(ours, &certificate).is_ok();
        trusted.then_some((certificate, row.found_at))
    });
    Ok(usable)
}

/// Whether a message from `ours` may reach `theirs`: a certificate is here, or one may be found when it is sent.
pub async fn may_reach(
    app: &App,
    tx: &mut Tx,
    ours: &Address,
    theirs: &str,
    now: DateTime<Utc>,
) -> store::Result<bool> {
    if certificate_for(tx, theirs, now).await?.is_some() {
        return Ok(true);
    }
    let is_address = theirs.parse::<Address>().is_ok();
    Ok(is_address && app.config.direct.discovery && Known::load(app, tx).await?.has_outgoing_anchors(ours))
}

/// The best certificate that the directory holds for an address: bound to the address itself, else to its domain.
pub async fn certificate_for(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> store::Result<Option<Certificate>> {
    let Ok(address) = address.parse::<Address>() else {
        return Ok(None);
    };
    for bound_to in [address.as_str(), address.domain()] {
        let usable = usable(tx, bound_to, &address, now).await?;
        if usable.is_some() {
            return Ok(usable);
        }
    }
    Ok(None)
}

/// As [`certificate_for`], but one of a whole domain does not count: it says nothing of who reads an address.
pub async fn certificate_of(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> store::Result<Option<Certificate>> {
    match address.parse::<Address>() {
        Ok(address) => usable(tx, address.as_str(), &address, now).await,
        Err(_) => Ok(None),
    }
}

async fn usable(
    tx: &mut Tx,
    bound_to: &str,
    address: &Address,
    now: DateTime<Utc>,
) -> store::Result<Option<Certificate>> {
    let found = store::partners::find_by_binding(tx, &bound_to.to_lowercase()).await?;
    Ok(found
        .iter()
        .filter_map(|row| Certificate::from_der(&row.der).ok())
        .find(|certificate| certificate.check(Use::Encrypting, now).is_ok() && certificate.binds(address)))
}

/// Our certificate with its key that signs for one of our own addresses: the newest that may sign now, the address's before its
/// domain's.
pub async fn identity_for(tx: &mut Tx, address: &Address, now: DateTime<Utc>) -> Result<Option<Identity>, JobError> {
    for bound_to in [address.as_str(), address.domain()] {
        let mut newest: Option<Identity> = None;
        for row in store::identities::of_name(tx, &bound_to.to_lowercase()).await? {
            let identity = Identity::new(&row.certificate, &row.private_key)
                .map_err(|error| JobError::fail("bad_identity").because(error))?;
            let certificate = identity.certificate();
            let is_newer = newest
                .as_ref()
                .is_none_or(|newest| certificate.not_before() > newest.certificate().not_before());
            if is_newer && certificate.check(Use::Signing, now).is_ok() {
                newest = Some(identity);
            }
        }
        if newest.is_some() {
            return Ok(newest);
        }
    }
    Ok(None)
}
