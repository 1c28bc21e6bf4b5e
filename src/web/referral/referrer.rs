//! Who sent a referral: by what they were recognised, whether the address that the note goes to is known to be theirs, and who
//! else it may be.

use crate::domain::contact::ContactKind;
use crate::domain::referral::{Referral, ReferrerBasis};
use crate::referrals::referrer::{Candidate, candidates};
use crate::store::directory::{self, Entry};
use crate::store::directory_contacts::{self, Contact};
use crate::store::{self, Tx};
use crate::web::directory::{is_unverified, unverified_tag};
use crate::web::layout::Tag;
use crate::web::loaded::Row;

/// What the directory knows of a referral's sender.
pub(super) struct Sender {
    entry: Option<Entry>,
    contacts: Vec<Contact>,
    candidates: Vec<Candidate>,
}

impl Sender {
    pub(super) async fn load(tx: &mut Tx, referral: &Referral) -> store::Result<Self> {
        let entry = match &referral.referrer {
            Some(referrer) => directory::standing(tx, &referrer.entry).await?,
            None => None,
        };
        let contacts = match &entry {
            Some(entry) => directory_contacts::of_entry(tx, &entry.id).await?,
            None => Vec::new(),
        };
        Ok(Self {
            candidates: candidates(tx, referral).await?,
            entry,
            contacts,
        })
    }
}

pub(super) struct ReferrerView {
    pub(super) name: String,
    /// The entry's page.
    pub(super) href: Option<String>,
    /// By what they were recognised.
    pub(super) basis: &'static str,
    pub(super) reply_to: String,
    /// Whether anybody has checked that the address is theirs.
    pub(super) flag: Tag,
    /// Who it may be besides, for a person to choose from.
    pub(super) candidates: Vec<CandidateView>,
}

pub(super) struct CandidateView {
    pub(super) entry: String,
    pub(super) title: String,
    /// What speaks for them.
    pub(super) reasons: String,
}

/// Who sent it, by what we know, and whether that is enough to send a patient's data there.
pub(super) fn referrer_view(row: &Row, sender: &Sender) -> ReferrerView {
    let candidates = others(row, sender);
    let Some((referrer, entry)) = row.referral.referrer.as_ref().zip(sender.entry.as_ref()) else {
        let name = if row.referrer.is_empty() {
            "Not known".to_owned()
        } else {
            row.referrer.clone()
        };
        return ReferrerView {
            name,
            href: None,
            basis: if candidates.is_empty() {
                "Not found in the directory by Direct address, NPI, name or fax number"
            } else {
                "Several entries of the directory fit: choose the right one"
            },
            reply_to: "By hand, until the directory knows a Direct address".to_owned(),
            flag: Tag::default(),
            candidates,
        };
    };
    let address = entry.direct_address.clone().unwrap_or_default();
    let flag = if is_unverified(&sender.contacts, ContactKind::Direct, &address) {
        unverified_tag()
    } else {
        Tag::default()
    };
    ReferrerView {
        name: entry.title(),
        href: Some(format!("/directory/{}", entry.id)),
        basis: basis_text(referrer.basis),
        reply_to: match &entry.direct_address {
            Some(address) if referrer.basis.is_enough_to_send() => address.clone(),
            Some(_) => {
                "Nowhere yet: a fax number alone does not prove who sent it. Confirm the referrer first.".to_owned()
            }
            None => "By hand: the directory knows no Direct address".to_owned(),
        },
        flag,
        candidates,
    }
}

/// A person's word ends the question; what is only guessed may be confirmed.
fn others(row: &Row, sender: &Sender) -> Vec<CandidateView> {
    let basis = row.referral.referrer.as_ref().map(|referrer| referrer.basis);
    if basis == Some(ReferrerBasis::Person) {
        return Vec::new();
    }
    let is_settled = basis.is_some_and(ReferrerBasis::is_enough_to_send);
    let known = sender.entry.as_ref().filter(|_| is_settled).map(|entry| &entry.id);
    let others = sender
        .candidates
        .iter()
        .filter(|candidate| Some(&candidate.entry.id) != known);
    others
        .map(|candidate| CandidateView {
            entry: candidate.entry.id.to_string(),
            title: candidate.entry.title(),
            reasons: format!(
                "By {}",
                candidate
                    .reasons
                    .iter()
                    .map(|basis| reason(*basis))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        })
        .collect()
}

fn reason(basis: ReferrerBasis) -> &'static str {
    match basis {
        ReferrerBasis::Person => "a person's word",
        ReferrerBasis::DirectAddress => "Direct address",
        ReferrerBasis::Npi => "NPI",
        ReferrerBasis::PracticeAndProvider => "practice and provider",
        ReferrerBasis::FaxNumber => "fax number",
        ReferrerBasis::StationId => "the fax machine's name",
    }
}

fn basis_text(basis: ReferrerBasis) -> &'static str {
    match basis {
        ReferrerBasis::Person => "Confirmed by a person",
        ReferrerBasis::DirectAddress => "Recognised by the Direct address",
        ReferrerBasis::Npi => "Recognised by NPI",
        ReferrerBasis::PracticeAndProvider => "Recognised by practice and provider",
        ReferrerBasis::FaxNumber => "Guessed by the fax number: anybody can forge it",
        ReferrerBasis::StationId => "Guessed by the fax machine's name: anybody can forge it",
    }
}
