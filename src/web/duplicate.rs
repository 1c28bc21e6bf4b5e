//! Two things side by side: a referral and its possible twin, or a referral and the message that answers it.

use super::AppState;
use super::error::{Error, Result};
use super::fields::{Names, Reader};
use super::layout::{Frame, Place, Tag, filters, full_time, render};
use super::loaded::{Row, find_referral, referral_id};
use super::page_notices::Packet;
use super::seen;
use crate::auth::Caller;
use crate::domain::decision::Verdict;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::permission::{Permission, authorize};
use crate::domain::referral::Action;
use crate::referrals::duplicate::tell_apart;
use crate::referrals::{self, ActRequest, answer};
use crate::store::{self, Tx, answers, pages};
use askama::Template;
use axum::extract::{Path, State};
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
    sides: [Side; 2],
    fields: Vec<Compared>,
    differ: usize,
    may_close: bool,
    may_tell: bool,
}

#[derive(Template)]
#[template(path = "web/duplicate/answer.html")]
struct AnswerPage {
    frame: Frame,
    id: String,
    transmission: String,
    heading: &'static str,
    sides: [Side; 2],
    /// A person must say whether it belongs here.
    open: bool,
}

/// One column: what it is, and its pages.
struct Side {
    title: String,
    about: String,
    status: Option<Tag>,
    pages: Vec<Picture>,
}

struct Picture {
    href: String,
    number: u32,
    width: u32,
    height: u32,
}

struct Compared {
    label: String,
    mine: String,
    theirs: String,
    differs: bool,
}

async fn load(tx: &mut Tx, id: &ReferralId, names: &Names) -> Result<(Row, Vec<Picture>)> {
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

fn side(row: &Row, title: &str, pages: Vec<Picture>) -> Side {
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
        fields.map(|field| (field.key, (field.label, field.value))).collect()
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
    rows.collect()
}

pub async fn twins(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, twin)): Path<(String, String)>,
) -> Result<Response> {
    let (id, twin) = (referral_id(&id)?, referral_id(&twin)?);
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
    let before_release = mine.referral.status.name().is_before_release();
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
        may_close: referrals::possible(&caller.actor, &mine.referral).contains(&Action::Reject),
        may_tell: before_release && authorize(&caller.actor, Permission::CorrectFields).is_ok(),
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

/// The answer's pages beside the referral's.
pub async fn answered(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, transmission)): Path<(String, String)>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let mut tx = app.db.read().await?;
    let answer = find_answer(&mut tx, &id, &transmission).await?;
    let names = Names::load(&mut tx).await?;
    let (mine, my_pages) = load(&mut tx, &id, &names).await?;
    let came = store::transmissions::find(&mut tx, &answer.transmission).await?;
    let pages = pages::of_transmission(&mut tx, &answer.transmission).await?;
    drop(tx);
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    seen::one(&app, &caller, "transmission", answer.transmission.as_str()).await?;
    let from = came.and_then(|came| came.details.direct_sender).unwrap_or_default();
    let heading = if answer.attached { "The answer" } else { "The message" };
    let pictures = pages.into_iter().map(|page| Picture {
        href: format!("/transmissions/{}/pages/{}.png", answer.transmission, page.number),
        number: page.number,
        width: page.width,
        height: page.height,
    });
    render(&AnswerPage {
        frame: Frame::new(&app, &caller, Place::Desk),
        id: id.to_string(),
        transmission: answer.transmission.to_string(),
        heading,
        sides: [
            side(&mine, "This referral", my_pages),
            Side {
                title: heading.to_owned(),
                about: format!("from {from}, came on {}", full_time(answer.arrived_at)),
                status: None,
                pages: pictures.collect(),
            },
        ],
        open: answer.settled_at.is_none() && authorize(&caller.actor, Permission::CorrectFields).is_ok(),
    })
}

async fn find_answer(tx: &mut Tx, id: &ReferralId, transmission: &str) -> Result<answers::Answer> {
    let all = answers::of_referral(tx, id).await?;
    all.into_iter()
        .find(|answer| answer.transmission.as_str() == transmission)
        .ok_or_else(|| Error::not_found("message"))
}

#[derive(Deserialize)]
pub struct Belongs {
    belongs: bool,
}

pub async fn settle_answer(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, transmission)): Path<(String, String)>,
    Form(form): Form<Belongs>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let transmission: TransmissionId = transmission.parse().map_err(|_| Error::not_found("message"))?;
    answer::settle(&app, &caller.actor, &id, &transmission, form.belongs).await?;
    Ok(Redirect::to(&format!("/desk/{id}")))
}
