//! "Is it you?": proving it once more before something that matters, and back to where that was.

use super::person;
use super::second_factor::token;
use crate::auth::Caller;
use crate::auth::client::Client;
use crate::auth::second_factor::Held;
use crate::auth::step_up::{self, Asked};
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::layout::{Frame, Place, filters, render};
use crate::web::login::with_status;
use crate::web::passkeys::{needed, site};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
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

impl ConfirmPage {
    fn by_typing(&self) -> bool {
        matches!(self.asked, Asked::Password | Asked::Factor(Held { code: true, .. }))
    }

    fn by_passkey(&self) -> bool {
        matches!(self.asked, Asked::Factor(Held { passkey: true, .. }))
    }
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
    let asked = match step_up::asked(&app.db, user).await? {
        // What the address allows: a passkey of another one is none here.
        Asked::Factor(held) => {
            let held = Held {
                passkey: held.passkey && site(app).is_some(),
                ..held
            };
            if held.any() { Asked::Factor(held) } else { Asked::Login }
        }
        asked => asked,
    };
    render(&ConfirmPage {
        frame: Frame::new(app, caller, Place::Account),
        asked,
        then: then.to_owned(),
        refused,
    })
}

#[derive(Deserialize)]
pub struct Proof {
    #[serde(default)]
    given: String,
    /// What a device answered.
    #[serde(default)]
    passkey: String,
    then: Option<String>,
}

pub async fn submit(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    from: Client,
    headers: HeaderMap,
    Form(proof): Form<Proof>,
) -> Result<Response> {
    let then = local(proof.then.as_deref());
    let (who, now) = (person(&caller)?, app.clock.now());
    let fits = if proof.passkey.is_empty() {
        step_up::confirm(&app.db, who, &proof.given, &from, now).await?
    } else {
        let answer = (token(&app, &headers)?, proof.passkey.as_str());
        step_up::confirm_by_passkey(&app.db, &needed(&app)?, who, answer, &from, now).await?
    };
    if fits {
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
