//! The review desk: what needs a person. Referrals to review, notes that did not arrive, documents set aside.

use super::layout::{Frame, Tag, When, filters};
use askama::Template;

#[derive(Template)]
#[template(path = "web/desk/desk.html")]
pub struct DeskPage {
    pub frame: Frame,
    pub done: Option<String>,
    pub reviews: Vec<ReviewRow>,
    pub failed: Vec<FailedRow>,
    /// `None` for who may not see documents.
    pub quarantined: Option<Vec<QuarantineRow>>,
}

pub struct ReviewRow {
    pub id: String,
    pub patient: String,
    pub birth_date: String,
    pub urgency: Tag,
    pub referrer: String,
    pub specialty: String,
    pub check: Tag,
    pub age: When,
    pub deadline: Tag,
    pub owner: String,
}

pub struct FailedRow {
    /// The referral's.
    pub id: String,
    pub patient: String,
    pub to: String,
    pub what: String,
}

pub struct QuarantineRow {
    /// The transmission's.
    pub id: String,
    pub title: String,
    pub reason: String,
    pub from: String,
    pub door: String,
    pub age: When,
    pub may_retry: bool,
}
