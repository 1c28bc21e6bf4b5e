//! The one place where an error becomes an answer: a page for a browser, `application/problem+json` (RFC 9457) for a
//! program. Says what happened and what to do; never a value of a patient, never the cause of a fault of ours.

use super::AppState;
use super::layout::{ErrorPage, assets, full_time, render_alone};
use crate::audit::export::ExportError;
use crate::pipeline::quarantine::RetryError;
use crate::pipeline::reconcile::ReconcileError;
use crate::referrals::ActError;
use crate::referrals::arrange::ArrangeError;
use crate::referrals::assign::AssignError;
use crate::referrals::correct::CorrectError;
use crate::referrals::delivery::AbilityError;
use crate::referrals::directory::{DirectoryError, MergeError};
use crate::store;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub status: StatusCode,
    /// Stable, for programs: the last part of the problem's `type`.
    pub code: &'static str,
    /// What happened, in one sentence.
    pub title: String,
    /// What to do about it.
    pub detail: String,
    /// The version that stands now, where a stale one was sent.
    pub version: Option<u64>,
    /// The referral that this person could see by breaking the glass.
    pub emergency: Option<String>,
}

const STEP_UP_REQUIRED: &str = "step_up_required";

impl Error {
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            title: title.into(),
            detail: detail.into(),
            version: None,
            emergency: None,
        }
    }

    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "You are not signed in.",
            "Sign in, or send a valid token as `Authorization: Bearer …`. A session ends after a while without use.",
        )
    }

    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Your role does not allow this.",
            "Ask a coordinator or an administrator if you need it for your work.",
        )
    }

    /// A role that allows it, but not there.
    pub fn not_granted(emergency: Option<String>) -> Self {
        Self {
            emergency,
            ..Self::new(
                StatusCode::FORBIDDEN,
                "not_granted",
                "This is kept at a place where your role was not granted.",
                "Ask an administrator if it belongs to your work.",
            )
        }
    }

    /// ASVS 7.5.3. A browser is led to where it is asked, and back.
    pub fn step_up_required() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            STEP_UP_REQUIRED,
            "Prove once more that it is you.",
            "This needs a fresh proof: confirm at `/account/confirm`, or sign in again. Nothing was changed.",
        )
    }

    pub fn foreign_request() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "foreign_request",
            "This request did not come from a page of Referloop.",
            "Open the page again and repeat the action there. Nothing was changed.",
        )
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no such {what}."),
            "Check the address, or go back to the list.",
        )
    }

    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "What was entered cannot be used.",
            detail,
        )
    }

    /// As [`Self::invalid`], from an error that says what to do.
    pub fn invalid_sentence(error: impl std::fmt::Display) -> Self {
        Self::invalid(sentence(&error))
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "The request could not be understood.",
            detail,
        )
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "This cannot be done now.", detail)
    }

    /// Another person reviews it. An account's name is no secret among those who work here.
    pub fn claimed(holder: &str, until: DateTime<Utc>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "claimed",
            format!("{holder} is reviewing this referral."),
            format!(
                "Nothing was changed. {holder} has it until {} or leaves it before; if it can't wait, take it over on the review \
                 desk and say why.",
                full_time(until)
            ),
        )
    }

    pub fn version_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "version_required",
            "The request does not say which version it changes.",
            "Send the `ETag` of the last answer as `If-Match`.",
        )
    }

    pub fn stale(version: u64) -> Self {
        Self {
            version: Some(version),
            ..Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale",
                "Somebody changed this in the meantime.",
                "Load it again, look at the change, and repeat yours if it is still right. Nothing was overwritten.",
            )
        }
    }

    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The upload is larger than allowed.",
            "Send a smaller file, or ask an operator to raise the limit.",
        )
    }

    pub fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Referloop cannot do this at the moment.",
            "Nothing was changed. Try again in a few seconds; if it stays so, tell an operator.",
        )
    }

    /// A fault of ours. The cause goes to the log, once, and never to the caller.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        // `#` of anyhow prints the whole chain; none of our errors holds a value of a patient.
        tracing::error!(error.cause = %format_args!("{cause:#}"), "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side.",
            "Nothing was changed unless the page says so. Try again; if it stays so, tell an operator the time.",
        )
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::OutcomeUnknown => Self::internal(anyhow::Error::new(error)),
            error if error.is_outage() => {
                tracing::error!(error.cause = %error, "the database can't be used");
                Self::unavailable()
            }
            other => Self::internal(anyhow::Error::new(other)),
        }
    }
}

impl From<ActError> for Error {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::not_found("referral"),
            ActError::Denied(_) => Self::forbidden(),
            ActError::Stale { current } => Self::stale(current),
            ActError::Claimed { holder, until } => Self::claimed(&holder, until),
            ActError::Invalid(invalid) => Self::conflict(sentence(&invalid)),
            ActError::NotPossible(obstacle) => Self {
                code: obstacle.code(),
                ..Self::invalid(sentence(&obstacle))
            },
            ActError::Store(error) => error.into(),
            ActError::Vault(error) => Self::internal(anyhow::Error::new(error)),
        }
    }
}

impl From<CorrectError> for Error {
    fn from(error: CorrectError) -> Self {
        match error {
            CorrectError::Act(error) => error.into(),
            CorrectError::Invalid(problem) => {
                Self::invalid(super::fields::problem_text(&problem.problem, &problem.detail))
            }
            CorrectError::Ended => Self::conflict(sentence(&CorrectError::Ended)),
        }
    }
}

impl From<AssignError> for Error {
    fn from(error: AssignError) -> Self {
        match error {
            AssignError::Act(error) => error.into(),
            AssignError::NoSuchPerson | AssignError::NotTheirs => Self::invalid_sentence(error),
        }
    }
}

impl From<AbilityError> for Error {
    fn from(error: AbilityError) -> Self {
        match error {
            AbilityError::Name => Self::invalid(sentence(&error)),
            AbilityError::Denied(_) => Self::forbidden(),
            AbilityError::Store(error) => error.into(),
        }
    }
}

impl From<DirectoryError> for Error {
    fn from(error: DirectoryError) -> Self {
        match error {
            // Programs know these texts.
            DirectoryError::Field { .. } | DirectoryError::Nobody => Self::invalid(error.to_string()),
            DirectoryError::NotFound => Self::not_found("entry of the directory"),
            DirectoryError::NoSuchContact
            | DirectoryError::Stale
            | DirectoryError::Merged
            | DirectoryError::NoCertificate => Self::conflict(sentence(&error)),
            DirectoryError::Denied(_) => Self::forbidden(),
            DirectoryError::Store(error) => error.into(),
        }
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Denied(_) => Self::forbidden(),
            ExportError::Store(error) => error.into(),
        }
    }
}

impl From<MergeError> for Error {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NotFound => Self::not_found("entry of the directory"),
            MergeError::NoSuchMerge => Self::not_found("merge"),
            MergeError::Denied(_) => Self::forbidden(),
            MergeError::Store(error) => error.into(),
            MergeError::Same
            | MergeError::Gone
            | MergeError::TwoNpis
            | MergeError::Stale
            | MergeError::Undone
            | MergeError::OnTop(_)
            | MergeError::Further
            | MergeError::Changed => Self::conflict(sentence(&error)),
        }
    }
}

impl From<ArrangeError> for Error {
    fn from(error: ArrangeError) -> Self {
        match error {
            ArrangeError::Act(error) => error.into(),
            ArrangeError::Invalid(_) | ArrangeError::PastReview | ArrangeError::OtherPastReview => {
                Self::conflict(sentence(&error))
            }
        }
    }
}

impl From<RetryError> for Error {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::NotFound => Self::not_found("document"),
            RetryError::NotSetAside | RetryError::Hopeless(_) => Self::conflict(sentence(&error)),
            RetryError::Denied(_) => Self::forbidden(),
            RetryError::Store(error) => error.into(),
        }
    }
}

impl From<ReconcileError> for Error {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::NotFound => Self::not_found("gap"),
            ReconcileError::Closed => Self::conflict(sentence(&error)),
            ReconcileError::Denied(_) => Self::forbidden(),
            ReconcileError::Store(error) => error.into(),
        }
    }
}

/// An error's text as a sentence.
pub(super) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

impl From<crate::vault::VaultError> for Error {
    fn from(error: crate::vault::VaultError) -> Self {
        if matches!(error, crate::vault::VaultError::Shredded { .. }) {
            return Self::new(
                StatusCode::GONE,
                "shredded",
                "This document was destroyed.",
                "Its time of keeping was over, or somebody destroyed it by hand; the audit log says which and when.",
            );
        }
        if error.is_outage() {
            tracing::warn!(error.cause = %error, "a document can't be opened now");
            Self::unavailable()
        } else {
            Self::internal(error)
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "type": format!("urn:referloop:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut answer = (self.status, body.to_string()).into_response();
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if let Some(version) = self.version {
            headers.insert(header::ETAG, etag(version));
        }
        answer.extensions_mut().insert(self);
        answer
    }
}

/// A version as a strong entity tag.
pub fn etag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes are legal in a header")
}

/// The version in `If-Match`, which every changing call must send.
pub fn if_match(headers: &HeaderMap) -> Result<u64> {
    let sent = headers.get(header::IF_MATCH).ok_or_else(Error::version_required)?;
    sent.to_str()
        .ok()
        .and_then(|text| text.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Error::malformed("`If-Match` must be the quoted number from an `ETag`."))
}

/// Whether the caller is a person who looks at a page, and not a program or a part of a page.
fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts_html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    accepts_html && !path.starts_with("/api/") && !path.starts_with("/intake/")
}

/// The page that a person looks at: the one they ask for, or the one whose form they sent.
fn page_of(request: &Request) -> String {
    if request.method().is_safe() {
        let asked = request.uri().path_and_query();
        return asked.map_or_else(|| "/".to_owned(), ToString::to_string);
    }
    let referer = request.headers().get(header::REFERER);
    let referer = referer.and_then(|referer| referer.to_str().ok()?.parse::<Uri>().ok());
    // Only the path is taken, so that it is ours whatever the host was.
    referer.map_or_else(|| "/account".to_owned(), |page| page.path().to_owned())
}

fn ask_again(then: &str) -> Response {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("then", then)
        .finish();
    Redirect::to(&format!("/account/confirm?{query}")).into_response()
}

/// Shows a person a page instead of JSON, and sends one who isn't signed in to the login.
pub async fn pages_for_people(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let page = wants_page(&request);
    let here = page_of(&request);
    let answer = next.run(request).await;
    if !page {
        return answer;
    }
    let Some(error) = answer.extensions().get::<Error>().cloned() else {
        return answer;
    };
    if error.status == StatusCode::UNAUTHORIZED {
        return Redirect::to("/login").into_response();
    }
    if error.code == STEP_UP_REQUIRED {
        return ask_again(&here);
    }
    let status = error.status;
    let mut page = render_alone(&ErrorPage {
        error,
        assets: assets(),
        brand: app.brand,
    })
    .unwrap_or(answer);
    *page.status_mut() = status;
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_required_and_must_be_a_number() {
        let mut headers = HeaderMap::new();
        assert_eq!(
            if_match(&headers).unwrap_err().status,
            StatusCode::PRECONDITION_REQUIRED
        );
        headers.insert(header::IF_MATCH, etag(7));
        assert_eq!(if_match(&headers), Ok(7));
        headers.insert(header::IF_MATCH, HeaderValue::from_static("*"));
        assert_eq!(if_match(&headers).unwrap_err().status, StatusCode::BAD_REQUEST);
    }
}
