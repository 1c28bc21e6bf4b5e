//! An entry's parts as they are shown.

use crate::domain::codes::Npi;
use crate::domain::contact::{ContactKind, Evidence};
use crate::domain::ids::DirectoryId;
use crate::store::directory::Entry;
use crate::store::directory_contacts::Contact;
use crate::web::error::{Error, Result};
use crate::web::fields::Names;
use crate::web::layout::{Tag, full_time};

pub(super) struct ContactView {
    pub(super) kind: &'static str,
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) preferred: bool,
    pub(super) state: Tag,
    /// What can be done with it.
    pub(super) acts: Vec<ActView>,
}

pub(super) struct ActView {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) what: &'static str,
    /// `danger` or nothing.
    pub(super) class: &'static str,
}

/// The id in a path; what is none is simply not there.
pub(super) fn entry_id(text: &str) -> Result<DirectoryId> {
    text.parse().map_err(|_| Error::not_found("entry of the directory"))
}

pub(super) fn npi_tag(npi: Option<&str>) -> Tag {
    match npi {
        Some(npi) if Npi::parse(npi).is_ok() => {
            Tag::new(format!("NPI {npi}"), "check", "good").because("The number checks out")
        }
        Some(npi) => Tag::new(format!("NPI {npi}"), "problem", "bad").because("The number does not check out"),
        None => Tag::new("No NPI", "", "plain"),
    }
}

pub fn unverified_tag() -> Tag {
    Tag::new("Not verified", "problem", "warn").because(
        "Nobody has checked that this is theirs: no person, no certificate of its own, no delivery that arrived",
    )
}

/// Whether patients' data may be sent to this value of an entry, of which nobody knows that it is theirs.
pub fn is_unverified(contacts: &[Contact], kind: ContactKind, value: &str) -> bool {
    let mut known = contacts
        .iter()
        .filter(|contact| contact.kind == kind && contact.value == value);
    kind.is_sent_to() && !value.is_empty() && !known.any(Contact::is_verified)
}

pub(super) fn state(contact: &Contact, names: &Names) -> Tag {
    if !contact.kind.is_sent_to() {
        return Tag::default();
    }
    let (Some(at), Some(by)) = (contact.verified_at, &contact.verified_by) else {
        return unverified_tag();
    };
    let (text, why) = match contact.evidence {
        Some(Evidence::Certificate) => ("Verified by certificate", "a certificate of this very address"),
        Some(Evidence::Delivery) => ("Verified by delivery", "a message that demonstrably arrived there"),
        Some(Evidence::Person) | None => ("Verified", "somebody who asked"),
    };
    Tag::new(text, "check", "good").because(format!("By {why}; {}, {}", names.of(by), full_time(at)))
}

pub(super) fn contact_view(contact: &Contact, entry: &Entry, names: &Names) -> ContactView {
    let preferred = entry.preferred(contact.kind) == Some(contact.value.as_str());
    ContactView {
        kind: contact.kind.as_str(),
        label: contact.kind.label(),
        state: state(contact, names),
        acts: acts(contact, preferred),
        preferred,
        value: contact.value.clone(),
    }
}

fn acts(contact: &Contact, preferred: bool) -> Vec<ActView> {
    let act = |word, label, what| ActView {
        word,
        label,
        what,
        class: "",
    };
    let mut acts = Vec::new();
    match (contact.kind.is_sent_to(), contact.is_verified()) {
        (true, false) => {
            acts.push(act("verify", "Mark as verified", "You asked them, as by phone"));
            if contact.kind == ContactKind::Direct {
                let what = "Verified if we hold a certificate of this very address";
                acts.push(act("check", "By certificate", what));
            }
        }
        (true, true) => acts.push(act("unverify", "Doubt", "Nobody knows any more whose it is")),
        (false, _) => {}
    }
    if !preferred {
        acts.push(act("prefer", "Prefer", "It is the one that is used from now on"));
    }
    acts.push(ActView {
        class: "danger",
        ..act("remove", "Remove", "It is theirs no longer")
    });
    acts
}
