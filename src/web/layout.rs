//! What every page shares: the frame with its navigation, tags, times, and how a template becomes an answer.

use super::AppState;
use super::assets::FINGERPRINT;
use super::error::{Error, Result};
use crate::auth::Caller;
use crate::config::Brand;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// Filters for templates; askama looks for a module of this name.
#[expect(clippy::inline_always, reason = "askama's macro asks for it")]
pub mod filters {
    use super::Tag;
    use crate::web::icons;
    use askama::filters::Safe;
    use askama::{Result, Values};

    #[askama::filter_fn]
    pub fn icon(name: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
        Ok(Safe(icons::icon(name.as_ref())))
    }

    /// A tag with its icon. Nothing at all for an empty one.
    #[askama::filter_fn]
    pub fn tag(tag: &Tag, _: &dyn Values) -> Result<Safe<String>> {
        if tag.text.is_empty() {
            return Ok(Safe(String::new()));
        }
        let icon = if tag.icon.is_empty() {
            String::new()
        } else {
            icons::icon(tag.icon)
        };
        let (text, why) = (escaped(&tag.text), escaped(&tag.why));
        Ok(Safe(format!(
            r#"<span class="tag {}" title="{why}">{icon}{text}</span>"#,
            tag.tone
        )))
    }

    fn escaped(text: &str) -> String {
        askama::filters::escape(text, askama::filters::Html)
            .map_or_else(|_| String::new(), |escaped| escaped.to_string())
    }
}

/// Where the style sheets and scripts of this build are.
pub fn assets() -> String {
    format!("/assets/{}", *FINGERPRINT)
}

/// A word with an icon and a colour; the colour never stands alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    pub text: String,
    pub icon: &'static str,
    /// `good`, `warn`, `bad`, `human`, `accent`, `plain` or nothing.
    pub tone: &'static str,
    /// Shown when the pointer rests on it.
    pub why: String,
    /// A class for the row that it stands in.
    pub class: &'static str,
}

impl Tag {
    pub fn new(text: impl Into<String>, icon: &'static str, tone: &'static str) -> Self {
        Self {
            text: text.into(),
            icon,
            tone,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn because(self, why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            ..self
        }
    }
}

/// A time as people read it, with the exact one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    pub text: String,
    pub full: String,
    pub iso: String,
}

/// "14 Feb 1961, 09:30 UTC": a month by name can't be taken for a day.
pub fn full_time(at: DateTime<Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

impl When {
    pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let passed = now - at;
        let text = if passed < TimeDelta::minutes(1) {
            "just now".to_owned()
        } else {
            format!("{} ago", span(passed))
        };
        Self {
            text,
            full: full_time(at),
            iso: at.to_rfc3339(),
        }
    }
}

/// The two largest units: "2 h 10 min", "3 days 4 h".
pub fn span(time: TimeDelta) -> String {
    let minutes = time.num_minutes().max(0);
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, 0, _) => format!("{days} days"),
        (days, hours, _) if days < 7 => format!("{days} days {hours} h"),
        (days, ..) => format!("{days} days"),
    }
}

/// What is left of the time to a deadline; amber in its last quarter, red when it is over.
pub fn deadline_tag(from: DateTime<Utc>, deadline: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Tag {
    let Some(deadline) = deadline else {
        return Tag::default();
    };
    let left = deadline - now;
    let why = format!("Due {}", full_time(deadline));
    if left < TimeDelta::zero() {
        return Tag::new(format!("{} over", span(-left)), "problem", "bad").because(why);
    }
    let tone = if left * 4 < deadline - from { "warn" } else { "plain" };
    Tag::new(format!("{} left", span(left)), "clock", tone).because(why)
}

pub fn urgency_tag(urgency: &str) -> Tag {
    match urgency {
        "stat" => Tag {
            class: "stat",
            ..Tag::new("Stat", "problem", "bad")
        },
        "urgent" => Tag {
            class: "urgent",
            ..Tag::new("Urgent", "up", "warn")
        },
        _ => Tag::new("Routine", "", "plain"),
    }
}

/// `no_show` as "No show".
pub fn words(code: &str) -> String {
    let text = code.replace(['_', '.'], " ");
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One line of the navigation.
#[derive(Clone, Debug)]
pub struct NavigationItem {
    pub href: &'static str,
    pub label: &'static str,
    pub icon: &'static str,
    pub current: bool,
    pub count: Option<u32>,
}

/// What surrounds the content of a page: who is signed in, and where they may go.
#[derive(Clone, Debug)]
pub struct Frame {
    pub person: String,
    pub initial: String,
    pub role: String,
    pub csrf: String,
    pub assets: String,
    pub brand: Arc<Brand>,
    /// Whose paper it is, when the page is printed.
    pub clinic: String,
    pub now: When,
    pub items: Vec<NavigationItem>,
    /// Until when this person sees what they were not granted.
    pub emergency: Option<When>,
    /// Whether its pages are told what changes: who sees no referrals has nothing to be told.
    pub listens: bool,
    /// Whether this is the person's own page.
    pub at_account: bool,
}

/// Who has the permission is shown the way.
const PLACES: [(Permission, Place, &str, &str, &str); 9] = [
    (Permission::ViewReferrals, Place::Desk, "/desk", "Review desk", "desk"),
    (Permission::ViewReferrals, Place::Work, "/work", "Work queue", "queue"),
    (
        Permission::ViewOwnReferrals,
        Place::Own,
        "/own",
        "My referrals",
        "queue",
    ),
    (
        Permission::ViewDirectory,
        Place::Directory,
        "/directory",
        "Directory",
        "book",
    ),
    (Permission::ViewAudit, Place::Audit, "/audit", "Audit", "seen"),
    (
        Permission::ReviewEmergencies,
        Place::Emergencies,
        "/emergencies",
        "Emergencies",
        "problem",
    ),
    (Permission::ManageUsers, Place::People, "/people", "People", "people"),
    (Permission::ManageUsers, Place::Tokens, "/tokens", "API tokens", "key"),
    (Permission::ManageDoors, Place::Direct, "/direct", "Direct", "send"),
];

/// Where a place of the navigation asks for its permission: nobody is led to where they are refused.
fn extent(permission: Permission) -> Resource<'static> {
    match permission {
        Permission::ViewAudit | Permission::ReviewEmergencies | Permission::ManageUsers | Permission::ManageDoors => {
            Resource::Installation
        }
        _ => Resource::Somewhere,
    }
}

/// The pages of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Desk,
    Work,
    Own,
    Emergencies,
    Directory,
    Audit,
    People,
    Tokens,
    Direct,
    /// Where who has no other place is.
    Start,
    /// One's own, which the name at the navigation's foot leads to.
    Account,
}

impl Frame {
    pub fn new(app: &AppState, caller: &Caller, here: Place) -> Self {
        let person = caller.actor.display_name();
        let role = match &caller.actor {
            Actor::User { access, .. } => access.role_names(),
            _ => "program".to_owned(),
        };
        let item = |place: Place, href, label, icon| NavigationItem {
            href,
            label,
            icon,
            current: place == here,
            count: None,
        };
        Self {
            person: person.to_owned(),
            initial: person.chars().take(1).collect(),
            role: words(&role),
            csrf: caller.csrf().to_owned(),
            assets: assets(),
            brand: Arc::clone(&app.brand),
            clinic: clinic(app),
            now: When::ago(app.clock.now(), app.clock.now()),
            listens: caller.may(Permission::ViewReferrals, Resource::Somewhere),
            emergency: caller
                .emergency
                .as_ref()
                .map(|emergency| When::ago(emergency.ends_at, app.clock.now())),
            items: PLACES
                .iter()
                .filter(|(permission, ..)| caller.may(*permission, extent(*permission)))
                .map(|(_, place, href, label, icon)| item(*place, href, label, icon))
                .collect(),
            at_account: here == Place::Account,
        }
    }
}

/// The name on paper: the brand's, else the one on the clinic's letters.
fn clinic(app: &AppState) -> String {
    let names = [&app.config.brand.name, &app.config.clinic.name];
    let named = names.into_iter().map(|name| name.trim()).find(|name| !name.is_empty());
    named.unwrap_or(&app.brand.name).to_owned()
}

/// An error as a page of its own.
#[derive(Template)]
#[template(path = "web/error/error.html")]
pub struct ErrorPage {
    pub error: Error,
    pub assets: String,
    pub brand: Arc<Brand>,
}

/// A template as an HTML answer.
pub fn render(page: &impl Template) -> Result<Response> {
    Ok(Html(page.render()?).into_response())
}

pub fn render_alone(page: &ErrorPage) -> Option<Response> {
    page.render().ok().map(|html| Html(html).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    #[test]
    fn spans_name_two_units() {
        assert_eq!(span(TimeDelta::minutes(9)), "9 min");
        assert_eq!(span(TimeDelta::minutes(130)), "2 h 10 min");
        assert_eq!(span(TimeDelta::hours(25)), "1 day 1 h");
        assert_eq!(span(TimeDelta::hours(24 * 9 + 5)), "9 days");
    }

    #[test]
    fn a_deadline_turns_amber_and_red() {
        let tone = |now| deadline_tag(at(0), Some(at(8)), now).tone;
        assert_eq!((tone(at(1)), tone(at(7)), tone(at(9))), ("plain", "warn", "bad"));
        assert_eq!(deadline_tag(at(0), Some(at(8)), at(9)).text, "1 h over");
    }

    #[test]
    fn a_month_is_a_word() {
        assert_eq!(full_time(at(0)), "1 Jan 1970, 00:00 UTC");
        assert_eq!(words("no_show"), "No show");
    }

    #[test]
    fn a_tag_escapes_what_it_shows() {
        #[derive(Template)]
        #[template(source = "{{ tag|tag }}", ext = "html")]
        struct One {
            tag: Tag,
        }
        let html = One {
            tag: Tag::new("<b>", "", "bad"),
        }
        .render()
        .unwrap();
        assert!(html.contains("&#60;b&#62;"), "{html}");
    }
}
