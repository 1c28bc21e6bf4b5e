//! axum's extractors, refusing with `application/problem+json` instead of plain text.

use super::super::error::Error;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;

#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Error))]
pub struct Query<T>(pub T);

#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Error))]
pub struct Path<T>(pub T);

#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Error))]
pub struct Json<T>(pub T);

impl From<QueryRejection> for Error {
    fn from(_: QueryRejection) -> Self {
        Self::malformed("A parameter behind the `?` has the wrong form.")
    }
}

impl From<PathRejection> for Error {
    /// An id of another form names nothing.
    fn from(_: PathRejection) -> Self {
        Self::not_found("thing")
    }
}

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            // The rejection's own text may quote the body.
            _ => Self::malformed(
                "The body must be JSON (`Content-Type: application/json`) of the form in the API's description.",
            ),
        }
    }
}
