//! A referral beside its possible twin.

use super::AppState;
use super::claim::ClaimView;
use super::error::{Error, Result};
use super::fields::{Names, Reader};
use super::layout::{Frame, Place, Tag, filters, full_time, render};
use super::loaded::{Row, find_referral, referral_id};
use super::page_notices::Packet;
use super::seen;
use crate::auth::Caller;
use crate::domain::decision::Verdict;
use crate::domain::ids::ReferralId;
use crate::domain::permission::Permission;
use crate::domain::referral::Action;
use crate::referrals::duplicate::tell_apart;
use crate::referrals::{self, ActRequest};
use crate::store::Tx;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "web/duplicate/twins.html")]
struct TwinsPage {
    frame: Frame,
    id: String,
    twin: String,
    version: u64,
    claim: ClaimView,
    sides: [Side; 2],
    fields: Vec<Compared>,
    differ: usize,
    may_close: bool,
    may_tell: bool,
}

/// One column: what it is, and its pages.
pub(super) struct Side {
    pub title: String,
    pub about: String,
    pub status: Option<Tag>,
    pub pages: Vec<Picture>,
}

pub(super) struct Picture {
    pub href: String,
    pub number: u32,
    pub width: u32,
    pub height: u32,
}

struct Compared {
    label: String,
    mine: String,
    theirs: String,
    differs: bool,
}

pub(super) async fn load(tx: &mut Tx, id: &ReferralId, names: &Names) -> Result<(Row, Vec<Picture>)> {
    let referral = find_referral(tx, id).await?;
    let packet = Packet::load(tx, &referral).await?;
    let pictures = packet.own_pages().into_iter().map(|page| Picture {
        href: format!("/referrals/{id}/pages/{}.png", page.number),
        number: page.number,
        width: page.width,
        height: page.height,
    });
    let pictures = pictures.collect();
    Ok((Row::load(tx, referral, names).await?, pictures))
}

pub(super) fn side(row: &Row, title: &str, pages: Vec<Picture>) -> Side {
    Side {
        title: title.to_owned(),
        about: format!("{}, came on {}", row.patient, full_time(row.referral.created_at)),
        status: Some(row.status()),
        pages,
    }
}

fn compared(reader: &Reader<'_>, mine: &Row, theirs: &Row) -> Vec<Compared> {
    let values = |row: &Row| -> BTreeMap<String, (String, String)> {
        let sections = reader.sections(&row.history, &row.asked);
        let fields = sections.into_iter().flat_map(|section| section.fields);
        fields
            .map(|field| (field.key.clone(), (field.label.clone(), field.said())))
            .collect()
    };
    let order = reader.sections(&mine.history, &mine.asked);
    let order = order.into_iter().flat_map(|section| section.fields);
    let (mut left, mut right) = (values(mine), values(theirs));
    let rows = order.filter_map(|field| {
        let (label, mine) = left.remove(&field.key)?;
        let theirs = right.remove(&field.key).map(|(_, value)| value).unwrap_or_default();
        let shown = !mine.is_empty() || !theirs.is_empty();
        shown.then(|| Compared {
            differs: mine.to_lowercase() != theirs.to_lowercase(),
            label,
            mine,
            theirs,
        })
    });
    // What differs is what somebody came to see.
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| !row.differs);
    rows
}

pub async fn twins(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, twin)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (id, twin) = (referral_id(&id)?, referral_id(&twin)?);
    let claim = ClaimView::beside(&app, &caller, &id, &headers).await?;
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let (mine, my_pages) = load(&mut tx, &id, &names).await?;
    let (theirs, their_pages) = load(&mut tx, &twin, &names).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    seen::one(&app, &caller, "referral", twin.as_str()).await?;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now: app.clock.now(),
    };
    let fields = compared(&reader, &mine, &theirs);
    let open = claim.is_free() && mine.referral.status.name().is_before_release();
    render(&TwinsPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        twin: twin.to_string(),
        version: mine.referral.version,
        sides: [
            side(&mine, "This referral", my_pages),
            side(&theirs, "The earlier one", their_pages),
        ],
        differ: fields.iter().filter(|field| field.differs).count(),
        fields,
        may_close: claim.is_free() && referrals::possible(&caller.actor, &mine.referral).contains(&Action::Reject),
        may_tell: open && caller.may(Permission::CorrectFields, &mine.referral),
        claim,
    })
}

#[derive(Deserialize)]
pub struct Decision {
    verdict: Verdict,
    version: Option<u64>,
}

pub async fn decide(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, twin)): Path<(String, String)>,
    Form(decision): Form<Decision>,
) -> Result<Redirect> {
    let (id, twin) = (referral_id(&id)?, referral_id(&twin)?);
    let version = decision.version.ok_or_else(Error::version_required)?;
    match decision.verdict {
        Verdict::Same => {
            let request = ActRequest::CloseAsDuplicate { twin };
            referrals::act(&app, &caller.actor, &id, Some(version), request).await?;
            Ok(Redirect::to("/desk?done=reject"))
        }
        verdict @ (Verdict::FollowUp | Verdict::Different) => {
            tell_apart(&app, &caller.actor, &id, Some(version), &twin, verdict).await?;
            Ok(Redirect::to(&format!("/desk/{id}")))
        }
    }
}
