//! Trust bundles: added with their anchors, read anew from their URLs, removed with what came by them alone.

use super::TrustError;
use super::anchors::{Holding, stored};
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::direct::trust::anchors::{Direction, HoldsFor};
use crate::direct::trust::bundle::Bundle;
use crate::domain::ids::BundleId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::doors::outside::Outside;
use crate::store::anchors::{StoredAnchor, StoredBundle};
use crate::store::audit::{self, Outcome};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

const BUNDLE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where a bundle comes from.
pub enum Source {
    Url(String),
    /// Read once: nothing refreshes it.
    File {
        name: String,
        bytes: Vec<u8>,
    },
}

/// Adds a bundle with its anchors. `signer` is the certificate that must have signed it; without one, whoever did so now must
/// do so ever after, and now it must come protected.
pub async fn add(
    app: &App,
    actor: &Actor,
    source: Source,
    holding: &Holding,
    signer: Option<&Certificate>,
) -> Result<(StoredBundle, usize), TrustError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let (source, bytes) = match source {
        Source::Url(url) => {
            let bytes = fetch(app, &url).await?;
            (url, bytes)
        }
        Source::File { name, bytes } => (format!("file:{name}"), bytes),
    };
    let bundle = Bundle::read(&bytes)?;
    let signed_by = match signer {
        Some(signer) => Some(signer.fingerprint()),
        None => bundle.signers.first().map(Certificate::fingerprint),
    };
    // Who is seen for the first time on an open way may be anybody.
    if signer.is_none() && !is_protected(&source) {
        return Err(TrustError::Unprotected);
    }
    check(&bundle, &source, signed_by.as_deref())?;
    let now = app.clock.now();
    let row = StoredBundle {
        id: BundleId::new(now),
        source,
        holds_for: holding.holds_for.key(),
        direction: holding.direction().to_owned(),
        signed_by,
        metadata: bundle.metadata.clone(),
        added_by: actor.reference(),
        created_at: now,
        tried_at: now,
        refreshed_at: now,
        last_error: None,
    };
    let mut tx = app.db.begin().await?;
    if !store::anchors::insert_bundle(&mut tx, &row).await? {
        return Err(TrustError::Known(row.holds_for));
    }
    let change = bring_in(&mut tx, &row, &bundle, actor, now).await?;
    noted(&mut tx, actor, "add_trust_bundle", &row, &change, now).await?;
    tx.commit().await?;
    Ok((row, bundle.anchors.len()))
}

/// Takes a bundle away, with the anchors that came by it alone.
pub async fn remove(app: &App, actor: &Actor, id: &BundleId) -> Result<StoredBundle, TrustError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let row = store::anchors::find_bundle(&mut tx, id)
        .await?
        .ok_or(TrustError::NoBundle)?;
    let removed = store::anchors::of_bundle(&mut tx, id).await?;
    store::anchors::remove_bundle(&mut tx, id).await?;
    let change = Change {
        added: Vec::new(),
        removed: removed.into_iter().map(|anchor| anchor.fingerprint).collect(),
    };
    noted(&mut tx, actor, "remove_trust_bundle", &row, &change, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// Reads a bundle anew. If that fails, its anchors stay as they are, and why is written beside them.
pub async fn refresh(app: &App, actor: &Actor, id: &BundleId) -> Result<StoredBundle, TrustError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let mut tx = app.db.read().await?;
    let row = store::anchors::find_bundle(&mut tx, id)
        .await?
        .ok_or(TrustError::NoBundle)?;
    drop(tx);
    if !row.is_from_url() {
        return Ok(row);
    }
    let read = match fetch(app, &row.source).await {
        Ok(bytes) => Bundle::read(&bytes).map_err(TrustError::from),
        Err(error) => Err(error),
    };
    let read = read.and_then(|bundle| {
        check(&bundle, &row.source, row.signed_by.as_deref())?;
        Ok(bundle)
    });
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // It may have been removed meanwhile.
    let mut row = store::anchors::find_bundle(&mut tx, id)
        .await?
        .ok_or(TrustError::NoBundle)?;
    row.tried_at = now;
    let outcome = match read {
        Ok(bundle) => {
            row.refreshed_at = now;
            row.last_error = None;
            row.metadata.clone_from(&bundle.metadata);
            let change = bring_in(&mut tx, &row, &bundle, actor, now).await?;
            if !change.is_empty() {
                noted(&mut tx, actor, "refresh_trust_bundle", &row, &change, now).await?;
            }
            Ok(())
        }
        Err(error) => {
            row.last_error = Some(error.code().to_owned());
            Err(error)
        }
    };
    store::anchors::save_bundle(&mut tx, &row).await?;
    tx.commit().await?;
    outcome.map(|()| row)
}

async fn fetch(app: &App, url: &str) -> Result<Vec<u8>, TrustError> {
    let outside = Outside::new(&app.config.direct.outside())?;
    Ok(outside.fetch(url, BUNDLE_BYTES_MAX).await?)
}

/// Whoever can change a bundle on its way can add anchors: it comes under https, from a person's own file, or signed by whom
/// we know.
fn check(bundle: &Bundle, source: &str, signed_by: Option<&str>) -> Result<(), TrustError> {
    match signed_by {
        Some(signer) => {
            let signed = bundle.signers.iter().any(|one| one.fingerprint() == signer);
            if signed { Ok(()) } else { Err(TrustError::Signer) }
        }
        None if is_protected(source) => Ok(()),
        None => Err(TrustError::Unprotected),
    }
}

fn is_protected(source: &str) -> bool {
    source.starts_with("file:") || source.to_ascii_lowercase().starts_with("https:")
}

/// What reading a bundle changed, by fingerprints.
struct Change {
    added: Vec<String>,
    removed: Vec<String>,
}

impl Change {
    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

/// Makes the bundle's anchors those that it holds now.
async fn bring_in(
    tx: &mut Tx,
    row: &StoredBundle,
    bundle: &Bundle,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Change, TrustError> {
    let holds_for: HoldsFor = row.holds_for.parse().map_err(|_| TrustError::NoBundle)?;
    let directions: Vec<Direction> = match row.direction.parse() {
        Ok(one) => vec![one],
        Err(_) => Direction::BOTH.to_vec(),
    };
    let before = store::anchors::of_bundle(tx, &row.id).await?;
    let mut wanted: Vec<StoredAnchor> = Vec::new();
    for certificate in &bundle.anchors {
        for direction in &directions {
            // One that has no readable end is no anchor; the others are.
            wanted.extend(stored(certificate, &holds_for, *direction, row.id.as_str(), actor, now));
        }
    }
    let same = |one: &StoredAnchor, other: &StoredAnchor| {
        one.fingerprint == other.fingerprint && one.direction == other.direction
    };
    let mut change = Change {
        added: Vec::new(),
        removed: Vec::new(),
    };
    for anchor in wanted.iter().filter(|new| !before.iter().any(|old| same(old, new))) {
        store::anchors::insert(tx, anchor).await?;
        change.added.push(anchor.fingerprint.clone());
    }
    for anchor in before.iter().filter(|old| !wanted.iter().any(|new| same(old, new))) {
        store::anchors::remove(
            tx,
            &anchor.holds_for,
            &anchor.direction,
            &anchor.fingerprint,
            &anchor.source,
        )
        .await?;
        change.removed.push(anchor.fingerprint.clone());
    }
    // Both ways are one anchor to a reader.
    for fingerprints in [&mut change.added, &mut change.removed] {
        fingerprints.sort_unstable();
        fingerprints.dedup();
    }
    Ok(change)
}

async fn noted(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    bundle: &StoredBundle,
    change: &Change,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "trust_bundle",
        resource_id: bundle.id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({
            "holds_for": bundle.holds_for,
            "direction": bundle.direction,
            "added": change.added,
            "removed": change.removed,
        }),
    };
    audit::insert(tx, &entry, now).await
}
