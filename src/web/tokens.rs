//! API tokens, for who manages accounts: what there is, a new one, and revoking one.

use super::AppState;
use super::action::Choice;
use super::error::{Error, Result};
use super::fields::Names;
use super::layout::{Frame, Place, Tag, When, filters, full_time, render, words};
use crate::auth::bearer::{self, NewToken, TokenError};
use crate::auth::{Caller, step_up};
use crate::domain::ids::TokenId;
use crate::domain::people::Scope;
use crate::domain::permission::{Permission, Resource};
use crate::domain::site::{SiteKey, Sites};
use crate::store::sites::{self, Site};
use crate::store::tokens::{self, ApiToken};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use chrono::{DateTime, TimeDelta, Utc};

/// Unless somebody says otherwise.
const DAYS: u16 = 90;
/// A token that nobody renews is one that nobody knows of.
const DAYS_MAX: u16 = 365;

#[derive(Template)]
#[template(path = "web/tokens/tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<TokenView>,
    scopes: Vec<(&'static str, &'static str)>,
    /// Where there are several.
    sites: Vec<Choice>,
    days: u16,
    days_max: u16,
    /// A token that was just made: shown this once.
    made: Option<Made>,
    is_fresh: bool,
}

struct TokenView {
    id: String,
    name: String,
    scope: String,
    /// The names of the sites that it reaches, where it doesn't reach all.
    sites: String,
    expiry: Tag,
    last_used: Option<When>,
    made_by: String,
    made: When,
    is_live: bool,
}

struct Made {
    name: String,
    secret: String,
}

pub async fn list(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    page(&app, &caller, None).await
}

async fn page(app: &AppState, caller: &Caller, made: Option<Made>) -> Result<Response> {
    if !caller.may(Permission::ManageUsers, Resource::Installation) {
        return Err(Error::forbidden());
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let tokens = tokens::list(&mut tx).await?;
    let places = sites::list(&mut tx).await?;
    let names = Names::load(&mut tx).await?;
    drop(tx);
    let view = |token: ApiToken| TokenView {
        expiry: expiry(&token, now),
        last_used: token.last_used_at.map(|at| When::ago(at, now)),
        made_by: token.made_by.as_deref().map_or_else(String::new, |by| names.of(by)),
        made: When::ago(token.created_at, now),
        is_live: token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now),
        id: token.id.to_string(),
        scope: words(token.scope.as_str()),
        sites: token
            .sites
            .chosen()
            .map_or_else(String::new, |chosen| site_names(chosen, &places)),
        name: token.name,
    };
    render(&TokensPage {
        frame: Frame::new(app, caller, Place::Tokens),
        tokens: tokens.into_iter().map(view).collect(),
        scopes: Scope::ALL
            .iter()
            .map(|scope| (scope.as_str(), meaning(*scope)))
            .collect(),
        sites: if places.len() > 1 {
            places.iter().map(site_choice).collect()
        } else {
            Vec::new()
        },
        days: DAYS,
        days_max: DAYS_MAX,
        made,
        is_fresh: step_up::is_fresh(&caller.proof, app.config.auth.step_up_within(), now),
    })
}

fn site_choice(site: &Site) -> Choice {
    Choice {
        value: site.key.to_string(),
        label: site.name.clone(),
    }
}

fn site_names(chosen: &[SiteKey], places: &[Site]) -> String {
    let name = |key: &SiteKey| {
        let known = places.iter().find(|site| site.key == *key);
        known.map_or_else(|| key.to_string(), |site| site.name.clone())
    };
    chosen.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn meaning(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Read referrals and documents",
        Scope::Intake => "Bring documents in",
        Scope::Act => "Read, correct and move referrals",
        Scope::Admin => "Everything",
    }
}

fn expiry(token: &ApiToken, now: DateTime<Utc>) -> Tag {
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => Tag::new("Revoked", "no", "plain").because(full_time(at)),
        (None, None) => Tag::new("Never", "problem", "warn").because("Made when tokens needed no end: replace it"),
        (None, Some(end)) if end <= now => Tag::new("Over", "no", "plain").because(full_time(end)),
        (None, Some(end)) => {
            let tone = if end - now < TimeDelta::days(14) {
                "warn"
            } else {
                "plain"
            };
            Tag::new(format!("in {}", super::layout::span(end - now)), "", tone).because(full_time(end))
        }
    }
}

#[derive(Default)]
struct TokenForm {
    name: String,
    scope: String,
    days: String,
    sites: Vec<SiteKey>,
}

impl TokenForm {
    /// A site may stand there several times, which serde's forms don't take.
    fn read(pairs: Vec<(String, String)>) -> Result<Self> {
        let mut form = Self::default();
        for (field, value) in pairs {
            match field.as_str() {
                "name" => value.trim().clone_into(&mut form.name),
                "scope" => form.scope = value,
                "days" => form.days = value,
                "site" => form.sites.push(value.parse().map_err(Error::invalid_sentence)?),
                _ => {}
            }
        }
        Ok(form)
    }
}

pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let form = TokenForm::read(pairs)?;
    let scope: Scope = form.scope.parse().map_err(Error::invalid_sentence)?;
    let days = form
        .days
        .trim()
        .parse()
        .ok()
        .filter(|days| (1..=DAYS_MAX).contains(days));
    let days = days.ok_or_else(|| Error::invalid(format!("A token lasts for 1 to {DAYS_MAX} days.")))?;
    let now = app.clock.now();
    let new = NewToken {
        name: &form.name,
        scope,
        sites: Sites::of(form.sites),
        expires_at: Some(now + TimeDelta::days(i64::from(days))),
    };
    let (token, secret) = bearer::add(&app.db, &caller.actor, new, now).await?;
    let made = Made {
        name: token.name,
        secret,
    };
    page(&app, &caller, Some(made)).await
}

pub async fn revoke(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id: TokenId = id.parse().map_err(|_| Error::not_found("token"))?;
    bearer::revoke(&app.db, &caller.actor, &id, app.clock.now()).await?;
    Ok(Redirect::to("/tokens").into_response())
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Store(error) => error.into(),
            TokenError::Denied(_) => Self::forbidden(),
            TokenError::Unknown => Self::not_found("token"),
            TokenError::Name | TokenError::UnknownSite(_) => Self::invalid_sentence(error),
        }
    }
}
