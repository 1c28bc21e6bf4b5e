//! What is fetched by the clock, so that messages need not wait for it: trust bundles and revocation lists. Looks at our own
//! certificates' ends on the way.

use super::bundles;
use super::known::Known;
use super::lacking::{self, ASK_AGAIN_AFTER, CRL_BYTES_MAX, successor};
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::direct::trust::revocation::Crl;
use crate::domain::people::Actor;
use crate::doors::outside::{Outside, OutsideError};
use crate::jobs::JobError;
use crate::referrals::identity;
use crate::store;
use crate::store::fetched::{Fetched, FetchedKind};
use chrono::TimeDelta;

/// The timer's name.
pub const REFRESH: &str = "refresh_trust";

const BUNDLES_EVERY: TimeDelta = TimeDelta::days(1);
/// A list is fetched again so long before its successor is due: the timer comes once an hour.
const LISTS_BEFORE: TimeDelta = TimeDelta::hours(2);
/// Strangers' messages name places, too; what never told anything is forgotten.
const FAILURES_KEPT: TimeDelta = TimeDelta::days(7);

/// One place that fails keeps no other from being asked.
pub async fn refresh(app: App) -> Result<(), JobError> {
    look_at_ends(&app).await?;
    refresh_bundles(&app).await?;
    refresh_lists(&app).await?;
    complete_ours(&app).await?;
    let mut tx = app.db.begin().await?;
    store::fetched::forget_failures(&mut tx, app.clock.now() - FAILURES_KEPT).await?;
    tx.commit().await?;
    Ok(())
}

async fn refresh_bundles(app: &App) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let bundles = store::anchors::bundles(&mut tx).await?;
    drop(tx);
    for bundle in bundles {
        let is_due = bundle.last_error.is_some() || now - bundle.refreshed_at >= BUNDLES_EVERY;
        if !bundle.is_from_url() || !is_due {
            continue;
        }
        if let Err(error) = bundles::refresh(app, &Actor::System, &bundle.id).await {
            metrics::counter!("referloop_direct_fetches_failed_total", "kind" => "bundle").increment(1);
            tracing::error!(bundle.id = %bundle.id, %error, "a trust bundle could not be refreshed; its anchors stay");
        }
    }
    Ok(())
}

async fn refresh_lists(app: &App) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let lists = store::fetched::list(&mut tx, FetchedKind::Crl).await?;
    let is_due = |list: &Fetched| {
        let ends = list.next_at.is_none_or(|next| next - now < LISTS_BEFORE);
        list.fetched_at.is_some() && ends && now - list.tried_at >= ASK_AGAIN_AFTER
    };
    let due: Vec<Fetched> = lists.into_iter().filter(is_due).collect();
    if due.is_empty() {
        return Ok(());
    }
    let known = Known::load(app, &mut tx).await?;
    drop(tx);
    let Ok(outside) = Outside::new(&app.config.direct.outside()) else {
        return Err(JobError::retry("dns_away"));
    };
    for list in due {
        refresh_list(app, &known, &outside, &list.url).await?;
    }
    Ok(())
}

/// The way from our own certificates to their root.
async fn complete_ours(app: &App) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let identities = store::identities::list(&mut tx).await?;
    let in_use = identities.iter().filter(|identity| identity.not_after > now);
    let ours: Vec<Certificate> = in_use
        .filter_map(|identity| Certificate::from_der(&identity.certificate).ok())
        .collect();
    let known = Known::load(app, &mut tx).await?;
    drop(tx);
    Ok(lacking::complete_ours(app, &known, &ours).await?)
}

/// One whose issuer came with a message alone is fetched when the next message needs it.
async fn refresh_list(app: &App, known: &Known, outside: &Outside, url: &str) -> Result<(), JobError> {
    let mut tx = app.db.read().await?;
    let Some(before) = store::fetched::content(&mut tx, url).await? else {
        return Ok(());
    };
    drop(tx);
    let Some(issuer) = Crl::parse(&before).ok().and_then(|crl| known.issuer_of(&crl)) else {
        return Ok(());
    };
    let fetched = outside.fetch(url, CRL_BYTES_MAX).await.map_err(OutsideError::code);
    let kept = fetched.and_then(|bytes| {
        let crl = successor(Some(&before), &bytes, &issuer)?;
        Ok((bytes, crl.next_update()))
    });
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    match kept {
        Ok((bytes, next_at)) => {
            store::fetched::keep(&mut tx, url, FetchedKind::Crl, bytes, next_at, now).await?;
        }
        Err(code) => {
            metrics::counter!("referloop_direct_fetches_failed_total", "kind" => "crl").increment(1);
            tracing::warn!(reason = code, "a revocation list could not be refreshed");
            store::fetched::keep_failure(&mut tx, url, FetchedKind::Crl, code, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Says when the next certificate of ours ends, by a metric and, from a month before, in the log.
async fn look_at_ends(app: &App) -> Result<(), JobError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let ends = identity::ends(&mut tx).await?;
    drop(tx);
    let first = ends.iter().map(|end| end.not_after).min();
    let left = first.map_or(f64::INFINITY, |first| (first - now).num_seconds() as f64);
    metrics::gauge!("referloop_direct_certificate_seconds_left").set(left);
    for end in ends.iter().filter(|end| end.is_near(now)) {
        tracing::warn!(name = end.bound_to, not_after = %end.not_after, "our Direct certificate for `{}` ends soon and has no successor", end.bound_to);
    }
    Ok(())
}
