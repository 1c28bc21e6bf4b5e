//! The work queue: every referral on its way, with who owns it and what is left of its time.

use super::layout::{Frame, Tag, When, filters};
use askama::Template;

#[derive(Template)]
#[template(path = "web/work/work.html")]
pub struct WorkPage {
    pub frame: Frame,
    pub filters: Vec<FilterLink>,
    pub rows: Vec<WorkRow>,
    pub empty: &'static str,
    /// The query under which the list refreshes itself.
    pub poll: String,
}

pub struct FilterLink {
    pub label: &'static str,
    pub query: String,
    pub current: bool,
}

pub struct WorkRow {
    pub id: String,
    pub version: i64,
    pub patient: String,
    pub birth_date: String,
    pub urgency: Tag,
    pub status: Tag,
    pub specialty: String,
    pub referrer: String,
    pub age: When,
    pub deadline: Tag,
    pub owner: String,
    pub escalated: bool,
    pub may_take: bool,
}
