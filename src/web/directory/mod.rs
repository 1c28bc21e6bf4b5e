//! The directory: who refers to us, how they are reached, and what of it somebody has verified.

mod ability;
mod duplicates;
mod entry;
mod view;

pub use ability::change as change_ability;
pub use duplicates::{decide, show as duplicates};
pub use entry::{contact, edit, show, undo};
pub use view::{is_unverified, unverified_tag};

use self::view::{entry_id, npi_tag};
use super::AppState;
use super::error::Result;
use super::layout::{Frame, Place, Tag, filters, render};
use crate::auth::Caller;
use crate::domain::contact::ContactKind;
use crate::domain::permission::{Permission, Resource};
use crate::referrals::directory::{self, NewEntry};
use crate::store::directory::{Entry, Only, Wanted};
use crate::store::directory_contacts::{self, Contact};
use crate::store::{self, Tx};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

const PAGE_ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "web/directory/list.html")]
struct ListPage {
    frame: Frame,
    filters: Vec<FilterLink>,
    searched: String,
    show: &'static str,
    may_edit: bool,
    rows: Vec<EntryRow>,
    empty: &'static str,
    /// The query of the next page.
    next: Option<String>,
}

struct FilterLink {
    label: &'static str,
    query: String,
    current: bool,
}

struct EntryRow {
    id: String,
    name: String,
    organization: String,
    specialty: String,
    npi: Tag,
    /// Another entry has the same NPI.
    npi_twice: bool,
    direct: Reached,
    fax: Reached,
}

/// The preferred one of its kind, and how many there are besides.
struct Reached {
    value: String,
    flag: Tag,
    further: usize,
}

/// What the list shows; the address keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    All,
    Unverified,
    WithoutNpi,
    WithoutAddress,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "", "All"),
        (Self::Unverified, "unverified", "Not verified"),
        (Self::WithoutNpi, "without_npi", "Without NPI"),
        (Self::WithoutAddress, "without_address", "Without Direct address"),
    ];

    fn only(self) -> Only {
        match self {
            Self::All => Only::All,
            Self::Unverified => Only::Unverified,
            Self::WithoutNpi => Only::WithoutNpi,
            Self::WithoutAddress => Only::WithoutAddress,
        }
    }

    fn word(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(show, ..)| *show == self);
        known.map_or("", |(_, word, _)| word)
    }
}

#[derive(Deserialize)]
pub struct Shown {
    /// Names, numbers and addresses of practices are no patient's data, so that they may stand in an address.
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    /// The last entry of the page before.
    after: Option<String>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let show = show_of(&shown.show);
    let after = shown.after.as_deref().map(entry_id).transpose()?;
    let wanted = Wanted {
        text: shown.q.trim().to_owned(),
        only: show.only(),
    };
    let mut tx = app.db.read().await?;
    let mut entries = store::directory::search(&mut tx, &wanted, after.as_ref(), PAGE_ROWS + 1).await?;
    let more = entries.len() > PAGE_ROWS as usize;
    entries.truncate(PAGE_ROWS as usize);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| query(&wanted.text, show, Some(last.id.as_str())));
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        rows.push(row(&mut tx, entry).await?);
    }
    drop(tx);
    render(&ListPage {
        frame: Frame::new(&app, &caller, Place::Directory),
        filters: filter_links(&wanted.text, show),
        show: show.word(),
        may_edit: caller.may(Permission::EditDirectory, Resource::Installation),
        empty: if wanted.text.is_empty() {
            "No entry is of this kind. Entries come from a file (`referloop directory import`), by the API, or by the form above."
        } else {
            "No entry fits. A part of a name, of a number or of an address is enough."
        },
        searched: wanted.text,
        rows,
        next,
    })
}

fn show_of(word: &str) -> Show {
    let known = Show::ALL.into_iter().find(|(_, known, _)| *known == word);
    known.map_or(Show::All, |(show, ..)| show)
}

fn filter_links(text: &str, current: Show) -> Vec<FilterLink> {
    let link = |(show, _, label)| FilterLink {
        label,
        query: query(text, show, None),
        current: show == current,
    };
    Show::ALL.into_iter().map(link).collect()
}

fn query(text: &str, show: Show, after: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !text.is_empty() {
        query.append_pair("q", text);
    }
    if show != Show::All {
        query.append_pair("show", show.word());
    }
    if let Some(after) = after {
        query.append_pair("after", after);
    }
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

async fn row(tx: &mut Tx, entry: Entry) -> store::Result<EntryRow> {
    let contacts = directory_contacts::of_entry(tx, &entry.id).await?;
    let npi_twice = match &entry.npi {
        Some(npi) => store::directory::find_by_npi(tx, npi).await?.len() > 1,
        None => false,
    };
    Ok(EntryRow {
        npi: npi_tag(entry.npi.as_deref()),
        npi_twice,
        direct: reached(&entry, &contacts, ContactKind::Direct),
        fax: reached(&entry, &contacts, ContactKind::Fax),
        id: entry.id.to_string(),
        name: entry.name.or_else(|| entry.organization.clone()).unwrap_or_default(),
        organization: entry.organization.unwrap_or_default(),
        specialty: entry.specialty.unwrap_or_default(),
    })
}

fn reached(entry: &Entry, contacts: &[Contact], kind: ContactKind) -> Reached {
    let of_kind = contacts.iter().filter(|contact| contact.kind == kind).count();
    let value = entry.preferred(kind).unwrap_or_default().to_owned();
    Reached {
        flag: if is_unverified(contacts, kind, &value) {
            unverified_tag()
        } else {
            Tag::default()
        },
        further: of_kind.saturating_sub(1),
        value,
    }
}

/// A new entry, by hand.
pub async fn add(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(form): Form<AddForm>,
) -> Result<Redirect> {
    let new = NewEntry {
        name: form.name,
        organization: form.organization,
        npi: form.npi,
        phone: form.phone,
        fax: form.fax,
        station_id: None,
        direct_address: form.direct_address,
        specialty: form.specialty,
    };
    let added = directory::add(&app.db, &caller.actor, new, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/directory/{}", added.id)))
}

#[derive(Deserialize)]
pub struct AddForm {
    name: Option<String>,
    organization: Option<String>,
    npi: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    direct_address: Option<String>,
    specialty: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_shown() {
        assert_eq!(query("", Show::All, None), "");
        assert_eq!(
            query("Lee & Ortiz", Show::Unverified, None),
            "?q=Lee+%26+Ortiz&show=unverified"
        );
        assert_eq!(
            query("", Show::WithoutNpi, Some("dir_1")),
            "?show=without_npi&after=dir_1"
        );
        assert_eq!(show_of("without_address"), Show::WithoutAddress);
        assert_eq!(show_of("nonsense"), Show::All);
    }
}
