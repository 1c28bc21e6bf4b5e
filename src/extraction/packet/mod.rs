//! The packet as a whole: what a specialty wants to have with a referral, and whether all pages came. Both end in remarks for
//! a person; neither proposes a value.

mod attachments;
mod counts;
mod explain;
mod lint;
mod numbering;
mod received;
mod signs;
mod specialties;
mod words;

pub(super) use lint::slips;
pub(super) use signs::PageSigns;
pub use specialties::{Attachment, AttachmentNeed, Specialty};
pub(super) use specialties::{FOLDER, from_files};
pub(super) use words::{AttachedEntry, PacketWords, PageCountEntry};

use super::layout::Layout;
use super::rules::RuleSets;
use crate::domain::document::{DocumentKind, PageKind, PageRange};
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::PageText;
use crate::domain::remark::Remark;

/// All pages of a transmission, and the documents that they were split into.
pub(super) struct Packet<'s> {
    pages: Vec<PacketPage<'s>>,
    documents: Vec<PageRange>,
}

/// A page, of which it is known what it is.
#[derive(Clone, Copy)]
struct PacketPage<'s> {
    kind: PageKind,
    signs: &'s PageSigns,
}

impl<'s> Packet<'s> {
    pub fn of(pages: impl Iterator<Item = (PageKind, &'s PageSigns)>, documents: Vec<PageRange>) -> Self {
        Self {
            pages: pages.map(|(kind, signs)| PacketPage { kind, signs }).collect(),
            documents,
        }
    }

    fn pages_of(&self, document: PageRange) -> Vec<PacketPage<'s>> {
        let own = self.pages.iter().filter(|page| document.contains(page.signs.number));
        own.copied().collect()
    }
}

impl RuleSets {
    /// What a person should know of one document of a transmission beside its values, those last corrected included.
    ///
    /// `pages` are all pages of the transmission with their kinds, `documents` the ranges that they were split into.
    pub fn remarks<'a>(
        &self,
        pages: &[(PageKind, PageText)],
        documents: Vec<PageRange>,
        own: PageRange,
        value: impl Fn(&FieldKey) -> Option<&'a FieldContent>,
    ) -> Vec<Remark> {
        let signs: Vec<PageSigns> = pages.iter().map(|(_, text)| self.signs(text)).collect();
        let kinds = pages.iter().map(|(kind, _)| *kind);
        let packet = Packet::of(kinds.zip(&signs), documents);
        self.remarks_on(&packet, own, &value)
    }

    fn signs(&self, text: &PageText) -> PageSigns {
        PageSigns::of(text, &Layout::of(text), &self.packet_words)
    }

    /// What to say of a document of some kind: of reports without a referral only that pages are missing, of what nobody waits
    /// for nothing.
    pub(super) fn remarks_of_kind<'a>(
        &self,
        kind: DocumentKind,
        packet: &Packet,
        own: PageRange,
        value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
    ) -> Vec<Remark> {
        let mut remarks = match kind {
            DocumentKind::RecordsRequest | DocumentKind::Junk => return Vec::new(),
            _ => self.remarks_on(packet, own, value),
        };
        if matches!(kind, DocumentKind::LabResult | DocumentKind::ConsultNote) {
            remarks.retain(Remark::holds);
        }
        remarks
    }

    fn remarks_on<'a>(
        &self,
        packet: &Packet,
        own: PageRange,
        value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
    ) -> Vec<Remark> {
        let mut remarks = received::remarks(&packet.pages, &packet.documents, own);
        let pages = packet.pages_of(own);
        for set in self.sets_for(value) {
            remarks.extend(attachments::remarks(set, &pages, &self.packet_words, value));
        }
        remarks
    }

    /// The sets that speak of a referral with these values.
    pub(super) fn sets_for<'a, 's>(
        &'s self,
        value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
    ) -> Vec<&'s Specialty> {
        self.specialties.iter().filter(|set| set.applies(value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::page::{PageText, PixelBox, Unreadable, Word};

    /// A page of lines, a fixed width a character.
    pub(super) fn page(number: u32, lines: &[&str]) -> PageText {
        let mut words = Vec::new();
        for (row, line) in (0..).zip(lines) {
            let mut x = 100;
            for part in line.split(' ') {
                let width = part.chars().count() as u32 * 12;
                if !part.is_empty() {
                    words.push(Word {
                        text: part.to_owned(),
                        bounds: PixelBox::from([x, 300 + row * 45, width, 24]),
                        confidence: 1.0,
                        line: row,
                        second: None,
                    });
                }
                x += width + 12;
            }
        }
        PageText {
            unreadable: None,
            width: 1700,
            height: 2200,
            words,
            ..PageText::unreadable(number, Unreadable::Damaged)
        }
    }
}
