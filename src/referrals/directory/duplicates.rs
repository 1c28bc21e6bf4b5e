//! Entries that may be one: found by what they share, the likeliest first. Whether they are, a person says.

use crate::domain::contact::ContactKind;
use crate::domain::ids::DirectoryId;
use crate::domain::names::{first_letter, practice_words, same_practice, similar};
use crate::store::directory::Entry;
use crate::store::directory_contacts::Contact;
use crate::store::{self, Tx};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A directory beyond this is compared as far as its oldest entries go.
const ENTRIES_MAX: u32 = 50_000;
/// A number that more entries than these share says nothing of any two of them.
const SHARING_MAX: usize = 200;

/// What two entries have in common, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    Npi,
    DirectAddress,
    /// A fax number, and names that are alike.
    FaxAndName,
    /// A practice, and names that are alike.
    PracticeAndName,
}

impl Likeness {
    pub fn label(self) -> &'static str {
        match self {
            Self::Npi => "the same NPI",
            Self::DirectAddress => "the same Direct address",
            Self::FaxAndName => "the same fax number and a similar name",
            Self::PracticeAndName => "the same practice and a similar name",
        }
    }
}

/// Two entries that may be one, the older first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub entries: [Entry; 2],
    pub alike: BTreeSet<Likeness>,
    /// One person may work at two practices; then both entries are right.
    pub two_practices: bool,
}

/// All pairs that nobody has told apart.
pub async fn duplicates(tx: &mut Tx) -> store::Result<Vec<Pair>> {
    let entries = store::directory::list(tx, None, ENTRIES_MAX).await?;
    let contacts = match (entries.first(), entries.last()) {
        (Some(first), Some(last)) => store::directory_contacts::between(tx, &first.id, &last.id).await?,
        _ => Vec::new(),
    };
    let apart = store::directory_merges::apart(tx).await?;
    Ok(pairs(&entries, &contacts, &apart))
}

/// As [`duplicates`], of these entries, by id, and their contacts.
pub fn pairs(entries: &[Entry], contacts: &[Contact], apart: &BTreeSet<(DirectoryId, DirectoryId)>) -> Vec<Pair> {
    let mut found: BTreeMap<(usize, usize), BTreeSet<Likeness>> = BTreeMap::new();
    for ((likeness, _), sharing) in shared(entries, contacts) {
        if sharing.len() > SHARING_MAX {
            continue;
        }
        for (nth, &one) in sharing.iter().enumerate() {
            for &other in &sharing[nth + 1..] {
                if may_be_one(likeness, &entries[one], &entries[other]) {
                    let pair = (one.min(other), one.max(other));
                    found.entry(pair).or_default().insert(likeness);
                }
            }
        }
    }
    let pairs = found.into_iter().map(|((one, other), alike)| Pair {
        two_practices: two_practices(&entries[one], &entries[other]),
        entries: [entries[one].clone(), entries[other].clone()],
        alike,
    });
    let mut pairs: Vec<Pair> = pairs.filter(|pair| !is_apart(pair, apart)).collect();
    pairs.sort_by_key(|pair| {
        (
            pair.two_practices,
            std::cmp::Reverse(pair.alike.len()),
            pair.alike.first().copied(),
        )
    });
    pairs
}

fn is_apart(pair: &Pair, apart: &BTreeSet<(DirectoryId, DirectoryId)>) -> bool {
    let [one, other] = &pair.entries;
    let ids = (
        one.id.clone().min(other.id.clone()),
        one.id.clone().max(other.id.clone()),
    );
    apart.contains(&ids)
}

type Shared = HashMap<(Likeness, String), Vec<usize>>;

/// Which entries share what: only those are compared with each other.
fn shared(entries: &[Entry], contacts: &[Contact]) -> Shared {
    let places: HashMap<&DirectoryId, usize> = entries.iter().enumerate().map(|(at, entry)| (&entry.id, at)).collect();
    let mut shared = Shared::new();
    let mut put = |likeness, value: String, at: usize| {
        let sharing: &mut Vec<usize> = shared.entry((likeness, value)).or_default();
        if !sharing.contains(&at) {
            sharing.push(at);
        }
    };
    for (at, entry) in entries.iter().enumerate() {
        if let Some(npi) = &entry.npi {
            put(Likeness::Npi, npi.clone(), at);
        }
        if let Some(practice) = &entry.organization {
            let letter = entry.name.as_deref().and_then(first_letter);
            let words = practice_words(practice).join(" ");
            put(
                Likeness::PracticeAndName,
                format!("{words}/{}", letter.map(String::from).unwrap_or_default()),
                at,
            );
        }
    }
    for contact in contacts {
        let Some(&at) = places.get(&contact.entry) else {
            continue;
        };
        match contact.kind {
            ContactKind::Direct => put(Likeness::DirectAddress, contact.value.clone(), at),
            ContactKind::Fax => put(Likeness::FaxAndName, contact.value.clone(), at),
            ContactKind::Phone | ContactKind::Station => {}
        }
    }
    shared
}

/// Two NPIs are two people, whatever they share.
fn may_be_one(likeness: Likeness, one: &Entry, other: &Entry) -> bool {
    let two_people = matches!((&one.npi, &other.npi), (Some(npi), Some(another)) if npi != another);
    !two_people
        && match likeness {
            Likeness::Npi | Likeness::DirectAddress => true,
            Likeness::FaxAndName | Likeness::PracticeAndName => similar_names(one, other),
        }
}

/// A practice is never like a person who works there.
fn similar_names(one: &Entry, other: &Entry) -> bool {
    match (&one.name, &other.name) {
        (Some(name), Some(another)) => similar(name, another),
        (None, None) => same_practices(one, other),
        _ => false,
    }
}

fn same_practices(one: &Entry, other: &Entry) -> bool {
    match (&one.organization, &other.organization) {
        (Some(practice), Some(another)) => same_practice(practice, another),
        _ => false,
    }
}

fn two_practices(one: &Entry, other: &Entry) -> bool {
    one.organization.is_some() && other.organization.is_some() && !same_practices(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::directory::{NewEntry, checked};
    use chrono::{DateTime, TimeDelta};

    fn entry(second: i64, name: &str, practice: &str, npi: Option<&str>) -> Entry {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let new = NewEntry {
            name: text(name),
            organization: text(practice),
            npi: npi.map(str::to_owned),
            ..NewEntry::default()
        };
        checked(new, DateTime::UNIX_EPOCH + TimeDelta::seconds(second)).unwrap()
    }

    fn contact(entry: &Entry, kind: ContactKind, value: &str) -> Contact {
        Contact {
            entry: entry.id.clone(),
            kind,
            value: value.to_owned(),
            verified_at: None,
            verified_by: None,
            evidence: None,
            source: crate::domain::contact::ContactSource::Import,
            created_at: entry.created_at,
        }
    }

    fn alike(entries: &[Entry], contacts: &[Contact]) -> Vec<Vec<Likeness>> {
        let pairs = pairs(entries, contacts, &BTreeSet::new());
        pairs.into_iter().map(|pair| pair.alike.into_iter().collect()).collect()
    }

    #[test]
    fn entries_are_alike_by_what_they_share() {
        let helen = entry(1, "Helen Adeyemi", "Willow Creek", Some("1234567893"));
        let same = entry(2, "H. Adeyemi, MD", "Willow Creek, PLLC", None);
        let omar = entry(3, "Omar Okonjo", "Willow Creek", None);
        let fax = |entry| contact(entry, ContactKind::Fax, "+14125550123");
        let all = [helen.clone(), same.clone(), omar.clone()];
        assert_eq!(
            alike(&all, &[fax(&helen), fax(&same), fax(&omar)]),
            [vec![Likeness::FaxAndName, Likeness::PracticeAndName]]
        );
        let direct = |entry| contact(entry, ContactKind::Direct, "jane@direct.example.org");
        assert_eq!(
            alike(&[helen.clone(), omar.clone()], &[direct(&helen), direct(&omar)]),
            [vec![Likeness::DirectAddress]]
        );
        let other = entry(4, "Omar Okonjo", "Elsewhere", Some("1003000126"));
        assert!(
            alike(&[helen.clone(), other.clone()], &[direct(&helen), direct(&other)]).is_empty(),
            "two NPIs"
        );
        let practices = [
            entry(5, "", "Lee & Ortiz", None),
            entry(6, "", "Lee and Ortiz PC", None),
        ];
        assert_eq!(alike(&practices, &[]), [vec![Likeness::PracticeAndName]]);
    }

    #[test]
    fn one_person_at_two_practices_comes_last_and_what_was_told_apart_is_left_out() {
        let here = entry(1, "Helen Adeyemi", "Willow Creek", Some("1234567893"));
        let there = entry(2, "Helen Adeyemi", "Northside", Some("1234567893"));
        let again = entry(3, "Helen Adeyemi", "Willow Creek", None);
        let all = [here.clone(), there.clone(), again.clone()];
        let found = pairs(&all, &[], &BTreeSet::new());
        let order: Vec<_> = found
            .iter()
            .map(|pair| (pair.entries[1].id.clone(), pair.two_practices))
            .collect();
        assert_eq!(order, [(again.id.clone(), false), (there.id.clone(), true)]);
        let apart = BTreeSet::from([(here.id, again.id)]);
        assert_eq!(pairs(&all, &[], &apart).len(), 1);
    }
}
