//! Signing in at the clinic's identity provider, and linking what it knows a person by to their account.
//!
//! The browser comes back by a link of a foreign site. So the cookie of the login under way is `Lax`, and the session's, which
//! stays `Strict`, would not go along with a redirect from there: a page of ours leads on.

use super::AppState;
use super::cookies::{self, Cookie, session_token};
use super::error::{Error, Result};
use super::layout::{assets, filters, full_time, render};
use super::login::{gone_on, rules, step};
use crate::auth::client::Client;
use crate::auth::login::Login;
use crate::auth::oidc::{self, Answer, Completed, OidcError, Provider, ProviderSaid, Purpose, Refusal, link};
use crate::auth::{Caller, session};
use crate::config::Brand;
use crate::domain::ids::UserId;
use crate::store::user_identities;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use std::sync::Arc;

/// The provider, where one is configured: one for all requests, since it remembers what the provider said of itself.
pub type SignInWith = Extension<Option<Arc<Provider>>>;

pub fn provider(app: &AppState) -> Option<Arc<Provider>> {
    Provider::of(&app.config).map(Arc::new)
}

/// Leads on by itself: to the provider, or from it to the start page.
#[derive(Template)]
#[template(path = "web/login/onward.html")]
struct OnwardPage {
    assets: String,
    brand: Arc<Brand>,
    title: String,
    url: String,
    label: String,
}

#[derive(Template)]
#[template(path = "web/login/refused.html")]
struct RefusedPage {
    assets: String,
    brand: Arc<Brand>,
    title: String,
    detail: String,
    code: &'static str,
    /// To be handed to an administrator.
    handed: Option<oidc::Subject>,
}

#[derive(Template)]
#[template(path = "web/login/link.html")]
struct LinkPage {
    assets: String,
    brand: Arc<Brand>,
    csrf: String,
    label: String,
    /// Since when, one line an identity.
    linked: Vec<String>,
    done: bool,
    refused: bool,
}

/// The browser is sent to the provider. By a page, not by a redirect: `form-action` of our own policy would hold it back.
pub async fn begin(
    State(app): State<AppState>,
    Extension(provider): SignInWith,
    from: Client,
    headers: HeaderMap,
) -> Result<Response> {
    let provider = provider.ok_or_else(|| Error::not_found("page"))?;
    // Whatever session this browser has, planted or left over, ends here: the way back doesn't carry its cookie.
    if let Some(old) = session_token(&headers, app.config.is_https()) {
        session::end(&app.db, old, app.clock.now()).await?;
    }
    leave(&app, &provider, Purpose::SignIn, &from).await
}

async fn leave(app: &AppState, provider: &Provider, purpose: Purpose, from: &Client) -> Result<Response> {
    let begun = match oidc::begin(&app.db, provider, purpose, from, app.clock.now()).await {
        Ok(begun) => begun,
        Err(OidcError::Refused(refusal)) => return refused(app, refusal),
        Err(OidcError::Store(error)) => return Err(error.into()),
    };
    let label = &app.config.oidc.label;
    let page = render(&OnwardPage {
        assets: assets(),
        brand: app.brand.clone(),
        title: format!("On to {label}"),
        url: begun.url,
        label: format!("Go on to {label}"),
    })?;
    let kept = Cookie::AtProvider.set(&begun.token, app.config.is_https())?;
    Ok(([(header::SET_COOKIE, kept)], page).into_response())
}

/// The provider sends the browser back.
pub async fn come_back(
    State(app): State<AppState>,
    Extension(provider): SignInWith,
    Query(answer): Query<Answer>,
    from: Client,
    headers: HeaderMap,
) -> Result<Response> {
    let provider = provider.ok_or_else(|| Error::not_found("page"))?;
    let https = app.config.is_https();
    let token = Cookie::AtProvider.of(&headers, https);
    let now = app.clock.now();
    match oidc::complete(&app.db, &provider, token, answer, (&from, rules(&app)), now).await {
        Ok(Completed::Known(login)) => known(&app, login),
        Ok(Completed::Linked) => {
            let page = render(&OnwardPage {
                assets: assets(),
                brand: app.brand.clone(),
                title: "The account is linked".to_owned(),
                url: "/login/oidc/link?done".to_owned(),
                label: "Go on".to_owned(),
            })?;
            Ok(([(header::SET_COOKIE, Cookie::AtProvider.clear(https)?)], page).into_response())
        }
        Err(OidcError::Refused(refusal)) => refused(&app, refusal),
        Err(OidcError::Store(error)) => Err(error.into()),
    }
}

/// The provider named somebody who has an account here.
fn known(app: &AppState, login: Login) -> Result<Response> {
    let https = app.config.is_https();
    let onward = |title: &str, url: &str| {
        render(&OnwardPage {
            assets: assets(),
            brand: app.brand.clone(),
            title: title.to_owned(),
            url: url.to_owned(),
            label: "Go on".to_owned(),
        })
    };
    let mut answer = match login {
        Login::Done(signed_in) => cookies::signed_in(&signed_in, https, onward("You are signed in", "/")?)?,
        Login::Next(stage, token) => {
            let kept = Cookie::Step.set(&token, https)?;
            ([(header::SET_COOKIE, kept)], onward("One more step", step(stage))?).into_response()
        }
        other => gone_on(app, other)?,
    };
    answer
        .headers_mut()
        .append(header::SET_COOKIE, Cookie::AtProvider.clear(https)?);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Shown {
    done: Option<String>,
}

/// What the provider knows a person by, and a form to link more.
pub async fn show_link(
    State(app): State<AppState>,
    Extension(provider): SignInWith,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    if provider.is_none() {
        return Err(Error::not_found("page"));
    }
    let user = person(&caller)?;
    link_page(&app, &caller, user, shown.done.is_some(), false).await
}

#[derive(Deserialize)]
pub struct Confirmation {
    password: String,
}

pub async fn link(
    State(app): State<AppState>,
    Extension(provider): SignInWith,
    Extension(caller): Extension<Caller>,
    from: Client,
    Form(given): Form<Confirmation>,
) -> Result<Response> {
    let provider = provider.ok_or_else(|| Error::not_found("page"))?;
    let user = person(&caller)?;
    if link::confirm(&app.db, user, &given.password, &from, app.clock.now()).await? {
        return leave(&app, &provider, Purpose::Link(user.clone()), &from).await;
    }
    let mut page = link_page(&app, &caller, user, false, true).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// Programs have no identity at the provider.
fn person(caller: &Caller) -> Result<&UserId> {
    caller.actor.user().ok_or_else(Error::forbidden)
}

async fn link_page(app: &AppState, caller: &Caller, user: &UserId, done: bool, refused: bool) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let identities = user_identities::of_user(&mut tx, user).await?;
    drop(tx);
    let linked = identities.iter().map(|identity| {
        let used = identity.last_used_at.map_or_else(
            || "not used yet".to_owned(),
            |at| format!("last used {}", full_time(at)),
        );
        format!("{}, linked {}, {used}", identity.issuer, full_time(identity.linked_at))
    });
    render(&LinkPage {
        assets: assets(),
        brand: app.brand.clone(),
        csrf: caller.csrf().to_owned(),
        label: app.config.oidc.label.clone(),
        linked: linked.collect(),
        done,
        refused,
    })
}

/// Says plainly what happened, and offers the other way in.
fn refused(app: &AppState, refusal: Refusal) -> Result<Response> {
    let (status, title, detail) = told(&refusal, &app.config.oidc.label);
    // Nobody who is locked out learns by this page whether an account exists.
    let (code, handed) = match refusal {
        Refusal::UnknownSubject(subject) | Refusal::Disabled(subject) => ("unknown_subject", Some(subject)),
        other => (other.code(), None),
    };
    let mut page = render(&RefusedPage {
        assets: assets(),
        brand: app.brand.clone(),
        title,
        detail: detail.to_owned(),
        code,
        handed,
    })?;
    *page.status_mut() = status;
    Ok(page)
}

/// What a person is told: what happened, and what to do.
fn told(refusal: &Refusal, label: &str) -> (StatusCode, String, &'static str) {
    let no = StatusCode::FORBIDDEN;
    match refusal {
        Refusal::NoAttempt | Refusal::ForeignState => (
            no,
            "This sign-in was not begun here.".to_owned(),
            "It was begun in another browser or window, has been used already, or took longer than ten minutes. Begin it again.",
        ),
        Refusal::ProviderAway | Refusal::ProviderRefused(ProviderSaid::Unavailable) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("{label} can't be reached."),
            "Try again in a minute, or sign in with your name and password here.",
        ),
        Refusal::ProviderRefused(ProviderSaid::AccessDenied) => (
            no,
            format!("The sign-in at {label} was not allowed."),
            "It was cancelled there, or you may not use Referloop with it. Begin again, or ask those who run it.",
        ),
        Refusal::ProviderRefused(_) | Refusal::ProviderNonsense | Refusal::ForeignIssuer | Refusal::CodeRefused => (
            no,
            format!("The sign-in at {label} did not work."),
            "Begin it again. If it stays so, sign in with your name and password here, and tell an operator.",
        ),
        Refusal::Token(fault) => (
            no,
            format!("The sign-in at {label} can't be accepted."),
            about_token(*fault),
        ),
        Refusal::UnknownSubject(_) | Refusal::Disabled(_) => (
            no,
            "No account here belongs to this sign-in.".to_owned(),
            "Hand the two lines below to an administrator, who can link them to your account. With a password here you can do it \
             yourself: sign in with it and open /login/oidc/link.",
        ),
        Refusal::Taken => (
            no,
            "This is linked to an account already.".to_owned(),
            "Each account there opens one account here. If it opens the wrong one, ask an administrator.",
        ),
    }
}

fn about_token(fault: oidc::TokenFault) -> &'static str {
    use oidc::TokenFault as Fault;
    match fault {
        Fault::Context | Fault::Methods => {
            "Referloop asks for a stronger sign-in than this was, with a second factor. Begin again and use one there."
        }
        Fault::Old => "It was too long ago. Sign out there, and begin again.",
        Fault::Expired => "It took too long, or a clock is wrong. Begin it again; if it stays so, tell an operator.",
        Fault::Missing
        | Fault::Unreadable
        | Fault::Signature
        | Fault::UnknownKey
        | Fault::Issuer
        | Fault::Audience
        | Fault::Party
        | Fault::Nonce
        | Fault::AccessToken => {
            "What it says of you could not be verified. Begin it again; if it stays so, tell an operator."
        }
    }
}
