//! How people arrange the pages of a transmission: which document each belongs to, in which order, how far it is turned, and
//! which are not ours. The original and what the machine made of it stay as they are, so that everything can be put back.

use super::ids::DocumentId;
use super::page::Rotation;
use serde::{Deserialize, Serialize};

/// All documents of a transmission with their pages. One whose pages went elsewhere stays, empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    pub documents: Vec<ArrangedDocument>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrangedDocument {
    pub id: DocumentId,
    pub pages: Vec<ArrangedPage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrangedPage {
    /// Counted from 1 within the transmission, as the page was read.
    pub number: u32,
    /// How far a person turned it clockwise, from as it was read.
    #[serde(default, skip_serializing_if = "is_upright")]
    pub turn: Rotation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_ours: Option<Misdirected>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_upright(turn: &Rotation) -> bool {
    *turn == Rotation::Upright
}

/// Why a page should not have come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Misdirected {
    OtherClinic,
    UnknownPatient,
    WrongNumber,
    Other,
}

impl Misdirected {
    pub const ALL: [Self; 4] = [Self::OtherClinic, Self::UnknownPatient, Self::WrongNumber, Self::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherClinic => "other_clinic",
            Self::UnknownPatient => "unknown_patient",
            Self::WrongNumber => "wrong_number",
            Self::Other => "other",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::OtherClinic => "Meant for another clinic",
            Self::UnknownPatient => "About a patient who has nothing to do with us",
            Self::WrongNumber => "Sent to a wrong number",
            Self::Other => "Other reason",
        }
    }
}

/// What a person does to the pages of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rearrangement {
    /// Clockwise, from as it stands now.
    Turn {
        page: u32,
        by: Rotation,
    },
    /// This page and those behind it become a document of their own.
    Split {
        before: u32,
    },
    /// The pages of another document of the transmission come behind this one's.
    Merge {
        other: DocumentId,
    },
    /// One place towards the beginning.
    Earlier {
        page: u32,
    },
    Later {
        page: u32,
    },
    NotOurs {
        page: u32,
        reason: Misdirected,
    },
    Ours {
        page: u32,
    },
    /// All documents of the transmission as the machine made them.
    Revert,
}

impl Rearrangement {
    /// A code, for history and audit log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Turn { .. } => "turn",
            Self::Split { .. } => "split",
            Self::Merge { .. } => "merge",
            Self::Earlier { .. } => "earlier",
            Self::Later { .. } => "later",
            Self::NotOurs { .. } => "not_ours",
            Self::Ours { .. } => "ours",
            Self::Revert => "revert",
        }
    }

    pub fn page(&self) -> Option<u32> {
        match self {
            Self::Turn { page, .. }
            | Self::Split { before: page }
            | Self::Earlier { page }
            | Self::Later { page }
            | Self::NotOurs { page, .. }
            | Self::Ours { page } => Some(*page),
            Self::Merge { .. } | Self::Revert => None,
        }
    }
}

/// Why pages can't be arranged so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidArrangement {
    #[error("this document has no such page now; reload, and look again")]
    NoSuchPage,
    #[error("there is no such document in this transmission")]
    NoSuchDocument,
    #[error("a document can only be split before its second or a later page")]
    NothingBefore,
    #[error("the page stands at the end already")]
    AtTheEnd,
    #[error("the pages stand as they were read; there is nothing to put back")]
    AsRead,
    #[error("what was on this page is destroyed; it can't come back")]
    Destroyed,
}

impl Arrangement {
    pub fn document(&self, id: &DocumentId) -> Option<&ArrangedDocument> {
        self.documents.iter().find(|document| document.id == *id)
    }

    pub fn pages_of(&self, id: &DocumentId) -> &[ArrangedPage] {
        self.document(id).map_or(&[], |document| &document.pages)
    }

    /// The document that a page stands in now.
    pub fn holder(&self, number: u32) -> Option<&DocumentId> {
        let holds = |document: &&ArrangedDocument| document.pages.iter().any(|page| page.number == number);
        self.documents.iter().find(holds).map(|document| &document.id)
    }

    /// All pages that are not ours, with the reasons.
    pub fn not_ours(&self) -> impl Iterator<Item = (u32, Misdirected)> + '_ {
        let pages = self.documents.iter().flat_map(|document| &document.pages);
        pages.filter_map(|page| page.not_ours.map(|reason| (page.number, reason)))
    }

    /// Whether a document consists of other pages, or the same in another order. Turning a page changes nothing of what it says.
    pub fn says_other_than(&self, before: &Self, id: &DocumentId) -> bool {
        let said = |arrangement: &Self| -> Vec<u32> {
            arrangement.document(id).map(ArrangedDocument::ours).unwrap_or_default()
        };
        said(self) != said(before)
    }

    /// The pages of document `own` arranged anew. `fresh` names the document that a split makes; `skipped` are pages that no
    /// screen shows, so that a page moves past them; `machine` is how it all was read.
    pub fn after(
        &self,
        own: &DocumentId,
        change: &Rearrangement,
        fresh: DocumentId,
        skipped: impl Fn(u32) -> bool,
        machine: &Self,
    ) -> Result<Self, InvalidArrangement> {
        let mut next = self.clone();
        match change {
            Rearrangement::Turn { page, by } => {
                let page = next.page(own, *page)?;
                page.turn = page.turn.and(*by);
            }
            Rearrangement::Split { before } => next.split(own, *before, fresh)?,
            Rearrangement::Merge { other } => next.merge(own, other)?,
            Rearrangement::Earlier { page } => next.shift(own, *page, skipped, false)?,
            Rearrangement::Later { page } => next.shift(own, *page, skipped, true)?,
            Rearrangement::NotOurs { page, reason } => next.page(own, *page)?.not_ours = Some(*reason),
            Rearrangement::Ours { page } => next.page(own, *page)?.not_ours = None,
            Rearrangement::Revert => next = self.reverted(machine)?,
        }
        Ok(next)
    }

    fn at(&mut self, id: &DocumentId) -> Result<&mut ArrangedDocument, InvalidArrangement> {
        let mut documents = self.documents.iter_mut();
        let found = documents.find(|document| document.id == *id);
        found.ok_or(InvalidArrangement::NoSuchDocument)
    }

    fn page(&mut self, own: &DocumentId, number: u32) -> Result<&mut ArrangedPage, InvalidArrangement> {
        let mut pages = self.at(own)?.pages.iter_mut();
        let found = pages.find(|page| page.number == number);
        found.ok_or(InvalidArrangement::NoSuchPage)
    }

    fn split(&mut self, own: &DocumentId, before: u32, fresh: DocumentId) -> Result<(), InvalidArrangement> {
        let document = self.at(own)?;
        match document.place(before)? {
            0 => Err(InvalidArrangement::NothingBefore),
            at => {
                let pages = document.pages.split_off(at);
                self.documents.push(ArrangedDocument { id: fresh, pages });
                Ok(())
            }
        }
    }

    fn merge(&mut self, own: &DocumentId, other: &DocumentId) -> Result<(), InvalidArrangement> {
        if own == other {
            return Err(InvalidArrangement::NoSuchDocument);
        }
        let pages = std::mem::take(&mut self.at(other)?.pages);
        if pages.is_empty() {
            return Err(InvalidArrangement::NoSuchDocument);
        }
        self.at(own)?.pages.extend(pages);
        Ok(())
    }

    fn shift(
        &mut self,
        own: &DocumentId,
        number: u32,
        skipped: impl Fn(u32) -> bool,
        later: bool,
    ) -> Result<(), InvalidArrangement> {
        let document = self.at(own)?;
        let at = document.place(number)?;
        let shown = |at: &usize| !skipped(document.pages[*at].number);
        let to = if later {
            (at + 1..document.pages.len()).find(shown)
        } else {
            (0..at).rev().find(shown)
        };
        let to = to.ok_or(InvalidArrangement::AtTheEnd)?;
        let page = document.pages.remove(at);
        document.pages.insert(to, page);
        Ok(())
    }

    /// What is marked as not ours was marked by a person and may be destroyed: that alone stays.
    fn reverted(&self, machine: &Self) -> Result<Self, InvalidArrangement> {
        let mut next = machine.clone();
        let made_since = self
            .documents
            .iter()
            .filter(|document| machine.document(&document.id).is_none());
        next.documents.extend(made_since.map(|document| ArrangedDocument {
            id: document.id.clone(),
            pages: Vec::new(),
        }));
        for page in next.documents.iter_mut().flat_map(|document| &mut document.pages) {
            let marked = self.not_ours().find(|(number, _)| *number == page.number);
            page.not_ours = marked.map(|(_, reason)| reason);
        }
        if next == *self {
            return Err(InvalidArrangement::AsRead);
        }
        Ok(next)
    }
}

impl ArrangedDocument {
    /// The numbers of its pages, in order, but for those that are not ours.
    pub fn ours(&self) -> Vec<u32> {
        let ours = self.pages.iter().filter(|page| page.not_ours.is_none());
        ours.map(|page| page.number).collect()
    }

    fn place(&self, number: u32) -> Result<usize, InvalidArrangement> {
        let found = self.pages.iter().position(|page| page.number == number);
        found.ok_or(InvalidArrangement::NoSuchPage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn doc(at: i64) -> DocumentId {
        DocumentId::new(DateTime::from_timestamp(at, 0).unwrap())
    }

    fn read(id: &DocumentId, numbers: &[u32]) -> ArrangedDocument {
        let page = |number: &u32| ArrangedPage {
            number: *number,
            turn: Rotation::Upright,
            not_ours: None,
        };
        ArrangedDocument {
            id: id.clone(),
            pages: numbers.iter().map(page).collect(),
        }
    }

    fn numbers(arrangement: &Arrangement, id: &DocumentId) -> Vec<u32> {
        arrangement.pages_of(id).iter().map(|page| page.number).collect()
    }

    #[test]
    fn everything_that_was_done_can_be_put_back() {
        let (first, second, fresh) = (doc(1), doc(2), doc(3));
        let machine = Arrangement {
            documents: vec![read(&first, &[1, 2, 3]), read(&second, &[5])],
        };
        let mut now = machine.clone();
        let mut does = |change: Rearrangement| {
            let next = now.after(&first, &change, fresh.clone(), |number| number == 2, &machine);
            if let Ok(next) = &next {
                now = next.clone();
            }
            next
        };
        let quarter = Rotation::Quarter;
        does(Rearrangement::Turn { page: 3, by: quarter }).unwrap();
        let turned = does(Rearrangement::Turn { page: 3, by: quarter }).unwrap();
        assert_eq!(turned.pages_of(&first)[2].turn, Rotation::Half);
        assert!(!turned.says_other_than(&machine, &first));
        // Page 2 is shown nowhere: page 3 goes past it in one step.
        let moved = does(Rearrangement::Earlier { page: 3 }).unwrap();
        assert_eq!(numbers(&moved, &first), [3, 1, 2]);
        assert_eq!(
            does(Rearrangement::Earlier { page: 3 }),
            Err(InvalidArrangement::AtTheEnd)
        );
        assert_eq!(
            does(Rearrangement::Split { before: 3 }),
            Err(InvalidArrangement::NothingBefore)
        );
        let split = does(Rearrangement::Split { before: 1 }).unwrap();
        assert_eq!(
            (numbers(&split, &first), numbers(&split, &fresh)),
            (vec![3], vec![1, 2])
        );
        assert!(split.says_other_than(&machine, &first));
        let merged = does(Rearrangement::Merge { other: second.clone() }).unwrap();
        assert_eq!(
            (numbers(&merged, &first), numbers(&merged, &second)),
            (vec![3, 5], vec![])
        );
        let reason = Misdirected::OtherClinic;
        let marked = does(Rearrangement::NotOurs { page: 5, reason }).unwrap();
        assert_eq!(marked.not_ours().collect::<Vec<_>>(), [(5, reason)]);
        let back = does(Rearrangement::Revert).unwrap();
        assert_eq!(numbers(&back, &first), [1, 2, 3]);
        assert_eq!((numbers(&back, &second), numbers(&back, &fresh)), (vec![5], vec![]));
        assert_eq!(back.not_ours().count(), 1, "a mark is no matter of order");
        assert_eq!(does(Rearrangement::Revert), Err(InvalidArrangement::AsRead));
    }

    #[test]
    fn an_arrangement_reads_as_it_was_written() {
        let arrangement = Arrangement {
            documents: vec![read(&doc(1), &[2, 1])],
        };
        let written = serde_json::to_string(&arrangement).unwrap();
        assert!(!written.contains("turn"), "{written}");
        assert_eq!(serde_json::from_str::<Arrangement>(&written).unwrap(), arrangement);
    }
}
