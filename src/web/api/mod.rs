//! The API for programs, one file a resource. Answers are JSON, refusals `application/problem+json`, lists have keyset
//! cursors. What may be done is decided by the route's permission and, for acts, by `referrals::act`.

pub mod audit;
pub mod directory;
pub mod doors;
pub mod extract;
pub mod gaps;
pub mod notes;
pub mod operations;
pub mod page;
pub mod pages;
pub mod referrals;
pub mod region;
pub mod search;
pub mod transmissions;
mod view;

use axum::http::header;
use axum::response::IntoResponse;

/// Kept by hand; a test holds it against the router.
pub const OPENAPI: &str = include_str!("openapi.json");

pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
