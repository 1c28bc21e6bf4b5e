//! One referral: what it says, who owns it, what can be done now, where its notes went, and everything that happened.

use super::action::ActionForm;
use super::layout::{Frame, Tag, When, filters};
use askama::Template;

#[derive(Template)]
#[template(path = "web/referral/referral.html")]
pub struct ReferralPage {
    pub frame: Frame,
    pub id: String,
    pub transmission: String,
    pub version: i64,
    pub patient: String,
    pub summary: String,
    pub urgency: Tag,
    pub status: Tag,
    pub deadline: Tag,
    pub done: Option<String>,
    /// On whom or what it waits, where that isn't this clinic.
    pub waiting: Option<String>,
    pub visit: Option<When>,
    pub may_review: bool,
    pub may_take: bool,
    pub sections: Vec<FactSection>,
    pub notes: Vec<NoteView>,
    pub deliveries: Vec<DeliveryView>,
    pub actions: Vec<ActionForm>,
    pub nothing_to_do: String,
    pub referrer: ReferrerView,
    pub owner: String,
    pub door: String,
    pub arrived: When,
    pub timeline: Vec<EventView>,
}

pub struct FactSection {
    pub title: String,
    pub facts: Vec<Fact>,
}

pub struct Fact {
    pub label: String,
    pub value: String,
}

pub struct NoteView {
    pub id: String,
    pub kind: String,
    pub author: String,
    pub at: When,
    pub text: String,
    pub letter: bool,
}

pub struct DeliveryView {
    pub channel: String,
    pub state: Tag,
    pub address: String,
    pub steps: Vec<Step>,
    pub proof: String,
    pub error: String,
}

pub struct Step {
    pub label: &'static str,
    pub at: When,
}

pub struct ReferrerView {
    pub name: String,
    /// By what they were recognised.
    pub basis: String,
    pub reply_to: String,
}

pub struct EventView {
    pub what: String,
    pub who: String,
    pub note: String,
    /// `good`, `bad` or nothing.
    pub tone: &'static str,
    pub at: When,
}
