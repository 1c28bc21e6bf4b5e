//! "Is it you?": proving it once more before something that matters, and back to where that was.

use super::person;
use crate::auth::Caller;
use crate::auth::client::Client;
use crate::auth::step_up::{self, Asked};
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::layout::{Frame, Place, filters, render};
use crate::web::login::with_status;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "web/account/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    asked: Asked,
    then: String,
    refused: bool,
}

#[derive(Deserialize)]
pub struct Then {
    then: Option<String>,
}

pub async fn show(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(Then { then }): Query<Then>,
) -> Result<Response> {
    page(&app, &caller, local(then.as_deref()), false).await
}

async fn page(app: &AppState, caller: &Caller, then: &str, refused: bool) -> Result<Response> {
    let (user, _) = person(caller)?;
    render(&ConfirmPage {
        frame: Frame::new(app, caller, Place::Account),
        asked: step_up::asked(&app.db, user).await?,
        then: then.to_owned(),
        refused,
    })
}

#[derive(Deserialize)]
pub struct Proof {
    given: String,
    then: Option<String>,
}

pub async fn submit(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    from: Client,
    Form(proof): Form<Proof>,
) -> Result<Response> {
    let then = local(proof.then.as_deref());
    if step_up::confirm(&app.db, person(&caller)?, &proof.given, &from, app.clock.now()).await? {
        return Ok(Redirect::to(then).into_response());
    }
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page(&app, &caller, then, true).await?)
}

/// A path of ours, or the account's page: nobody is sent on to a foreign host by a link that begins with ours.
fn local(then: Option<&str>) -> &str {
    let is_ours = |path: &str| {
        let mut letters = path.chars();
        // Browsers take `//host` and `/\host` for another host, and leave out tabs and line ends before they look.
        letters.next() == Some('/')
            && !matches!(letters.next(), Some('/' | '\\'))
            && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
    };
    then.filter(|path| is_ours(path)).unwrap_or("/account")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_host() {
        for ours in ["/", "/people", "/desk/ref_01?show=mine"] {
            assert_eq!(local(Some(ours)), ours);
        }
        for foreign in [
            "",
            "people",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "/a\r\nSet-Cookie: x",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\\b",
        ] {
            assert_eq!(local(Some(foreign)), "/account", "{foreign:?}");
        }
        assert_eq!(local(None), "/account");
    }
}
