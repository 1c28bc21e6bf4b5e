//! A message that may be the answer to what was asked, beside its referral.

use super::AppState;
use super::claim::ClaimView;
use super::duplicate::{Picture, Side, load, side};
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, filters, full_time, render};
use super::loaded::referral_id;
use super::seen;
use crate::auth::Caller;
use crate::domain::decision::AnswerBasis;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::permission::Permission;
use crate::referrals::answer;
use crate::store::{self, Tx, answers, pages};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/duplicate/answer.html")]
struct AnswerPage {
    frame: Frame,
    id: String,
    transmission: String,
    heading: &'static str,
    claim: ClaimView,
    sides: [Side; 2],
    /// A person must say whether it belongs here.
    open: bool,
}

/// The answer's pages beside the referral's.
pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path((id, transmission)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let claim = ClaimView::beside(&app, &caller, &id, &headers).await?;
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
    let heading = match (answer.attached, answer.basis) {
        (_, AnswerBasis::SameMessage | AnswerBasis::OtherPatient) => "The other file",
        (_, AnswerBasis::OrderNumber | AnswerBasis::OtherInitiator) | (false, _) => "The message",
        (true, _) => "The answer",
    };
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
        open: claim.is_free() && answer.settled_at.is_none() && caller.may(Permission::CorrectFields, &mine.referral),
        claim,
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

pub async fn settle(
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
