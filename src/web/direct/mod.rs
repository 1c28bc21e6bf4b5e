//! Direct, for who manages the ways in: our certificates, whom we trust, partners, and the last messages.

mod change;
mod view;

pub use change::{add_anchor, add_bundle, change_bundle, import, remove_anchor};

use super::AppState;
use super::error::{Error, Result};
use super::layout::{Frame, Place, filters, render};
use crate::auth::{Caller, step_up};
use crate::direct::trust::anchors::Direction;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::identity;
use crate::store;
use crate::store::anchors::BY_PERSON;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use view::{AnchorView, BundleView, MessageView, OwnView, PartnerView};

/// Enough to see whether mail goes.
const MESSAGES: i64 = 20;
const FOUND_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "web/direct/direct.html")]
struct DirectPage {
    frame: Frame,
    /// What we send as, where mail is set up.
    address: String,
    own: Vec<OwnView>,
    /// Names whose keys wait for a certificate.
    waiting: Vec<String>,
    /// Names that have no certificate for long any more.
    ending: Vec<String>,
    anchors: Vec<AnchorView>,
    /// How many anchors came with bundles.
    with_bundles: usize,
    bundles: Vec<BundleView>,
    partners: Vec<PartnerView>,
    came: Vec<MessageView>,
    went: Vec<MessageView>,
    /// Names of ours that an anchor can hold for.
    names: Vec<String>,
    directions: [&'static str; 2],
    is_fresh: bool,
}

pub async fn show(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    if !caller.may(Permission::ManageDoors, Resource::Installation) {
        return Err(Error::forbidden());
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let identities = store::identities::list(&mut tx).await?;
    let waiting = store::identities::waiting_keys(&mut tx).await?;
    let ends = identity::ends(&mut tx).await?;
    let anchors = store::anchors::list(&mut tx).await?;
    let bundles = store::anchors::bundles(&mut tx).await?;
    let pinned = store::partners::list(&mut tx).await?;
    let found = store::found::list(&mut tx, FOUND_MAX).await?;
    let went = store::direct_log::went(&mut tx, MESSAGES).await?;
    let came = view::came(&mut tx, MESSAGES, now).await?;
    drop(tx);
    let address = app.config.mail.direct_address();
    let mut names: Vec<String> = address.iter().map(|address| address.domain().to_lowercase()).collect();
    names.extend(identities.iter().map(|row| row.bound_to.clone()));
    names.sort();
    names.dedup();
    let of_bundle = |bundle: &store::anchors::StoredBundle| {
        let of = anchors.iter().filter(|anchor| anchor.source == bundle.id.as_str());
        let mut fingerprints: Vec<&str> = of.map(|anchor| anchor.fingerprint.as_str()).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        fingerprints.len()
    };
    let bundles = bundles
        .iter()
        .map(|bundle| BundleView::new(bundle, of_bundle(bundle), now))
        .collect();
    let by_hand = anchors.iter().filter(|anchor| anchor.source == BY_PERSON);
    let pinned = pinned.iter().map(|row| PartnerView::pinned(row, now));
    render(&DirectPage {
        frame: Frame::new(&app, &caller, Place::Direct),
        address: address.map_or_else(String::new, |address| address.to_string()),
        own: view::own(&identities, now),
        waiting: waiting.into_iter().map(|key| key.bound_to).collect(),
        ending: ends
            .into_iter()
            .filter(|end| end.is_near(now))
            .map(|end| end.bound_to)
            .collect(),
        with_bundles: anchors.iter().filter(|anchor| anchor.source != BY_PERSON).count(),
        anchors: by_hand.map(|anchor| AnchorView::new(anchor, now)).collect(),
        bundles,
        partners: pinned
            .chain(found.iter().map(|row| PartnerView::found(row, now)))
            .collect(),
        came,
        went: went.iter().map(|went| MessageView::went(went, now)).collect(),
        names,
        directions: Direction::BOTH.map(Direction::as_str),
        is_fresh: step_up::is_fresh(&caller.proof, app.config.auth.step_up_within(), now),
    })
}
