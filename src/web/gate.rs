//! What stands before every route: who is it, may they, and did a change really come from a page of ours.

use super::AppState;
use super::cookies::session_token;
use super::error::{Error, Result};
use super::named::{Named, named};
use crate::auth::session::{self, Limits, Use};
use crate::auth::{Caller, Proof, bearer, step_up};
use crate::domain::ids::ReferralId;
use crate::domain::permission::{Permission, Resource};
use crate::store::audit::{self, Outcome};
use axum::RequestExt;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, RawPathParams, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use chrono::TimeDelta;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody. A change must still come from our own page.
    Public,
    /// A machine that brings its own proof, which the handler checks: a fax gateway's signature.
    OwnProof,
    /// Anybody who is signed in.
    SignedIn,
    /// Who has this permission.
    May(Permission),
    /// Anybody who is signed in and has just proved once more who they are.
    SignedInNow,
    /// Who has this permission, and has just proved once more who they are.
    MayNow(Permission),
}

impl Access {
    /// Whether a session must be [stepped up](step_up); a program's token need not.
    fn asks_again(self) -> bool {
        match self {
            Self::SignedInNow | Self::MayNow(_) => true,
            Self::Public | Self::OwnProof | Self::SignedIn | Self::May(_) => false,
        }
    }
}

/// A route's access with what is needed to check it.
#[derive(Clone)]
pub struct Gate {
    pub app: AppState,
    pub access: Access,
}

/// Forms without a file.
const FORM_BYTES_MAX: usize = 256 * 1024;
/// A PDF that is attached to a note.
pub const UPLOAD_BYTES_MAX: usize = 20 * 1024 * 1024;

/// What is still heard of a request that is refused, and for how long.
const HEARD_BYTES_MAX: usize = 256 * 1024;
const HEARD_FOR: Duration = Duration::from_secs(1);

/// Lets a request through, with its [`Caller`] as an extension, or refuses it.
pub async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Result<Response> {
    if let Err(refusal) = admit(&gate, &mut request).await {
        let _ = timeout(HEARD_FOR, hear_out(request.into_body())).await;
        return Err(refusal);
    }
    Ok(next.run(request).await)
}

async fn admit(gate: &Gate, request: &mut Request) -> Result<()> {
    let permission = match gate.access {
        Access::OwnProof => return Ok(()),
        Access::Public => {
            if !request.method().is_safe() && !is_from_here(request.headers(), request.uri()) {
                return Err(Error::foreign_request());
            }
            return Ok(());
        }
        Access::SignedIn | Access::SignedInNow => None,
        Access::May(permission) | Access::MayNow(permission) => Some(permission),
    };
    let caller = identify(&gate.app, request.headers(), request.uri()).await?;
    if let Some(permission) = permission {
        check(&gate.app, &caller, permission, request).await?;
    }
    if let Proof::Session { csrf, .. } = &caller.proof
        && !request.method().is_safe()
    {
        check_for_forgery(request, csrf).await?;
    }
    let within = gate.app.config.auth.step_up_within();
    if gate.access.asks_again() && !step_up::is_fresh(&caller.proof, within, gate.app.clock.now()) {
        return Err(Error::step_up_required());
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

/// A client that is answered while it still sends may lose the answer: over HTTP/2 its stream is reset (RFC 9113
/// §8.1), which some take for a failure.
async fn hear_out(body: Body) {
    let (mut stream, mut heard) = (body.into_data_stream(), 0);
    while let Some(Ok(bytes)) = stream.next().await {
        heard += bytes.len();
        if heard > HEARD_BYTES_MAX {
            break;
        }
    }
}

/// Whether the caller has the permission, and over each thing that the address names.
async fn check(app: &AppState, caller: &Caller, permission: Permission, request: &mut Request) -> Result<()> {
    if !caller.may(permission, Resource::Somewhere) {
        return Err(refused(app, caller, permission, None).await?);
    }
    let parts: Vec<String> = match request.extract_parts::<RawPathParams>().await {
        Ok(parameters) => parameters.iter().map(|(_, value)| value.to_owned()).collect(),
        // Not UTF-8: that names nothing of ours.
        Err(_) => Vec::new(),
    };
    for thing in named(app, &parts).await? {
        let covered = thing.resource().map(|resource| caller.may(permission, resource));
        // One answer for what is not there and what lies beyond the token's sites, so that trying ids tells nothing.
        let hidden = caller.actor.is_bound_program().then(|| Error::not_found(thing.what()));
        match (covered, hidden) {
            (Some(true), _) | (None, None) => {}
            (None, Some(hidden)) => return Err(hidden),
            (Some(false), hidden) => {
                let refused = refused(app, caller, permission, referral_of(&thing)).await?;
                return Err(hidden.unwrap_or(refused));
            }
        }
    }
    Ok(())
}

fn referral_of(thing: &Named) -> Option<&ReferralId> {
    match thing {
        Named::Referral { id, .. } => Some(id),
        Named::Arrival { .. } | Named::Nothing { .. } => None,
    }
}

/// The refusal, kept in the audit log. Who may break the glass is shown how.
async fn refused(
    app: &AppState,
    caller: &Caller,
    permission: Permission,
    referral: Option<&ReferralId>,
) -> Result<Error> {
    let entry = audit::Entry {
        actor: &caller.actor,
        action: "request",
        resource_kind: if referral.is_some() { "referral" } else { "permission" },
        resource_id: referral.map_or(permission.as_str(), ReferralId::as_str),
        outcome: Outcome::Denied,
        detail: serde_json::json!({ "permission": permission.as_str() }),
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    let Some(referral) = referral else {
        return Ok(Error::forbidden());
    };
    let may_break_in =
        permission == Permission::ViewReferrals && caller.may(Permission::BreakGlass, Resource::Somewhere);
    Ok(Error::not_granted(may_break_in.then(|| referral.to_string())))
}

/// Who makes this request, by bearer token or by cookie.
async fn identify(app: &AppState, headers: &HeaderMap, uri: &Uri) -> Result<Caller> {
    let now = app.clock.now();
    let found = if let Some(secret) = bearer_of(headers) {
        bearer::find(&app.db, secret, now).await?
    } else if let Some(token) = session_token(headers, app.config.is_https()) {
        let by = if is_background(uri) {
            Use::Background
        } else {
            Use::ByPerson
        };
        session::find(&app.db, token, session_limits(app), by, now).await?
    } else {
        None
    };
    found.ok_or_else(Error::unauthenticated)
}

/// Lists refresh themselves under `?…poll`; that is no sign of a person.
fn is_background(uri: &Uri) -> bool {
    uri.query()
        .is_some_and(|query| query.split('&').any(|part| part == "poll"))
}

pub fn session_limits(app: &AppState) -> Limits {
    Limits {
        idle: TimeDelta::minutes(i64::from(app.config.desk.idle_minutes)),
        absolute: TimeDelta::hours(i64::from(app.config.desk.session_hours)),
    }
}

fn bearer_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::trim)
}

/// Whether the browser says that a page of this very host made the request. Both signs are beyond a page's reach.
fn is_from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let site_fits = text(header::HeaderName::from_static("sec-fetch-site")).map(|site| site == "same-origin");
    // HTTP/2 has no `Host`: the host stands in the address.
    let host = text(header::HOST).or_else(|| uri.authority().map(Authority::as_str));
    let origin_fits = text(header::ORIGIN).map(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some() && authority == host
    });
    match (site_fits, origin_fits) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

/// Checks where a change comes from and that it knows the session's CSRF token, in a header or in the form's body.
async fn check_for_forgery(request: &mut Request, expected: &str) -> Result<()> {
    if !is_from_here(request.headers(), request.uri()) {
        return Err(Error::foreign_request());
    }
    let sent = match request.headers().get("x-csrf-token") {
        Some(sent) => Some(sent.to_str().unwrap_or_default().to_owned()),
        None => token_in_body(request).await?,
    };
    if sent.is_some_and(|sent| session::csrf_fits(expected, &sent)) {
        Ok(())
    } else {
        Err(Error::foreign_request())
    }
}

/// Reads the form, takes its token, and puts the form back for the handler.
async fn token_in_body(request: &mut Request) -> Result<Option<String>> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_upload = kind.starts_with("multipart/form-data");
    let limit = if is_upload {
        UPLOAD_BYTES_MAX + FORM_BYTES_MAX
    } else {
        FORM_BYTES_MAX
    };
    let body = std::mem::take(request.body_mut());
    let bytes = to_bytes(body, limit).await.map_err(|_| Error::too_large())?;
    *request.body_mut() = Body::from(bytes.clone());
    if !is_upload {
        return Ok(form_value(&bytes));
    }
    let mut upload = Request::new(Body::from(bytes));
    upload.headers_mut().clone_from(request.headers());
    Ok(first_part(upload).await)
}

/// The token must be the first part of an upload, before the file.
async fn first_part(request: Request) -> Option<String> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let field = form.next_field().await.ok()??;
    if field.name() == Some("csrf") {
        field.text().await.ok()
    } else {
        None
    }
}

fn form_value(body: &Bytes) -> Option<String> {
    form_urlencoded::parse(body)
        .find(|(key, _)| key == "csrf")
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        let from = |headers: &HeaderMap| is_from_here(headers, &Uri::from_static("/desk"));
        let host = ("host", "desk.example:8080");
        let ours = ("origin", "https://desk.example:8080");
        assert!(from(&headers(&[host, ours])));
        assert!(from(&headers(&[host, ours, ("sec-fetch-site", "same-origin")])));
        assert!(from(&headers(&[host, ("sec-fetch-site", "same-origin")])));
        assert!(!from(&headers(&[host])));
        assert!(!from(&headers(&[host, ("origin", "null")])));
        assert!(!from(&headers(&[host, ("origin", "https://evil.example")])));
        assert!(!from(&headers(&[host, ours, ("sec-fetch-site", "same-site")])));
        assert!(!from(&headers(&[("origin", "https://desk.example:8080")])));
        let by_http_2 = Uri::from_static("https://desk.example:8080/desk");
        assert!(is_from_here(&headers(&[ours]), &by_http_2));
        assert!(!is_from_here(
            &headers(&[("origin", "https://evil.example")]),
            &by_http_2
        ));
        assert!(!is_from_here(&headers(&[]), &by_http_2));
    }

    #[test]
    fn a_poll_is_no_use() {
        assert!(is_background(&Uri::from_static("/desk?poll")));
        assert!(is_background(&Uri::from_static("/work?show=mine&poll")));
        assert!(!is_background(&Uri::from_static("/work?show=poll")));
    }
}
