//! Team notes on the screens: the newest in a row of a list, all of them beside a referral, and the form for another.

use super::AppState;
use super::correction::PARTIAL;
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, When, filters, full_time, render};
use super::loaded::{find_referral, referral_id};
use super::seen;
use crate::auth::Caller;
use crate::domain::ids::ReferralId;
use crate::domain::memo::MemoText;
use crate::domain::permission::Permission;
use crate::domain::referral::Referral;
use crate::referrals::memo::write;
use crate::store::{self, Tx, memos};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// More than anybody reads.
const SHOWN_MAX: u32 = 100;

pub struct MemoView {
    pub author: String,
    pub at: When,
    pub text: String,
}

/// The newest note in a row of a list.
pub struct Sticky {
    pub words: String,
    /// By whom and when.
    pub said: String,
}

/// The notes by themselves: the review page loads its list from here, and without a script a person reads them here.
#[derive(Template)]
#[template(path = "web/memos/page.html")]
struct MemosPage {
    frame: Frame,
    id: String,
    memos: Vec<MemoView>,
    may_write: bool,
    back: &'static str,
}

/// The list alone, for a page that asks again and again.
#[derive(Template)]
#[template(path = "web/memos/list.html")]
struct MemoList {
    memos: Vec<MemoView>,
}

#[derive(Deserialize)]
pub struct Shown {
    poll: Option<String>,
}

/// Newest first.
pub async fn of_referral(
    tx: &mut Tx,
    id: &ReferralId,
    names: &Names,
    now: DateTime<Utc>,
) -> store::Result<Vec<MemoView>> {
    let memos = memos::of_referral(tx, id, SHOWN_MAX).await?;
    let view = |memo: memos::Memo| MemoView {
        author: names.of(&memo.author),
        at: When::ago(memo.created_at, now),
        text: memo.text.as_str().to_owned(),
    };
    Ok(memos.into_iter().map(view).collect())
}

pub async fn sticky(tx: &mut Tx, id: &ReferralId, names: &Names) -> store::Result<Option<Sticky>> {
    let newest = memos::of_referral(tx, id, 1).await?.pop();
    Ok(newest.map(|memo| Sticky {
        words: memo.text.first_words(),
        said: format!("{}, {}", names.of(&memo.author), full_time(memo.created_at)),
    }))
}

pub fn may_write(caller: &Caller, referral: &Referral) -> bool {
    caller.may(Permission::Assign, referral)
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let mut tx = app.db.read().await?;
    let referral = find_referral(&mut tx, &id).await?;
    let names = Names::load(&mut tx).await?;
    let memos = of_referral(&mut tx, &id, &names, app.clock.now()).await?;
    drop(tx);
    // A page that asks again shows the same person the same referral.
    if shown.poll.is_some() {
        return render(&MemoList { memos });
    }
    seen::one(&app, &caller, "referral", id.as_str()).await?;
    render(&MemosPage {
        frame: Frame::new(&app, &caller, Place::Work),
        id: id.to_string(),
        memos,
        may_write: may_write(&caller, &referral),
        back: "memos",
    })
}

#[derive(Deserialize)]
pub struct MemoForm {
    #[serde(default)]
    text: String,
    /// `review` or `memos`: the page to go back to; the referral's own otherwise.
    back: Option<String>,
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<MemoForm>,
) -> Result<Response> {
    let id = referral_id(&id)?;
    let text = MemoText::parse(&form.text).map_err(Error::invalid_sentence)?;
    write(&app, &caller.actor, &id, text).await?;
    if headers.contains_key(PARTIAL) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let to = match form.back.as_deref() {
        Some("review") => format!("/desk/{id}"),
        Some("memos") => format!("/referrals/{id}/memos"),
        _ => format!("/referrals/{id}"),
    };
    Ok(Redirect::to(&to).into_response())
}
