//! Which attachments of a specialty the packet shows, which it only names, and which are nowhere.

use super::PacketPage;
use super::signs::{PageSigns, spaced};
use super::specialties::{Attachment, AttachmentNeed, Specialty, day, text};
use super::words::PacketWords;
use crate::domain::codes::{DateOrder, parse_date};
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::remark::Remark;
use crate::extraction::classify::contains_phrase;
use chrono::{Datelike, NaiveDate};

/// Where an attachment was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'r> {
    /// A page is it, by one of its words where the rules give any.
    Page {
        number: u32,
        by: Option<&'r str>,
    },
    /// The referral says that it is attached.
    Named {
        page: u32,
        by: &'r str,
    },
    Nowhere,
}

pub(super) fn find<'r>(attachment: &'r Attachment, pages: &[PacketPage]) -> Found<'r> {
    let shown = pages
        .iter()
        .filter(|page| may_be(attachment, page.kind) && !page.signs.is_list)
        .find_map(|page| {
            let by = attachment
                .words
                .iter()
                .find(|word| contains_phrase(&page.signs.phrases, word));
            let known_by_kind = attachment.words.is_empty() && !attachment.pages.is_empty();
            (by.is_some() || known_by_kind).then_some(Found::Page {
                number: page.signs.number,
                by: by.map(String::as_str),
            })
        });
    let named = || {
        let asking = pages.iter().filter(|page| is_of_the_referral(page));
        asking.into_iter().find_map(|page| {
            let says = |name: &&String| page.signs.attached.iter().any(|part| contains_phrase(part, name));
            let by = attachment.named.iter().find(says)?;
            Some(Found::Named {
                page: page.signs.number,
                by,
            })
        })
    };
    shown.or_else(named).unwrap_or(Found::Nowhere)
}

/// Whether pages of a kind can be the attachment.
fn may_be(attachment: &Attachment, kind: PageKind) -> bool {
    if attachment.pages.is_empty() {
        !matches!(kind, PageKind::Cover | PageKind::Referral | PageKind::Blank)
    } else {
        attachment.pages.contains(&kind)
    }
}

/// Only there does a sender say what is attached; a report names what another report enclosed.
fn is_of_the_referral(page: &PacketPage) -> bool {
    page.signs.is_list || matches!(page.kind, PageKind::Cover | PageKind::Referral | PageKind::Other)
}

/// What a reviewer is told of one set: in one remark what is not there, one more for each attachment that is too old.
pub(super) fn remarks<'a>(
    set: &Specialty,
    pages: &[PacketPage],
    words: &PacketWords,
    value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let lacking = |need: AttachmentNeed| {
        let of_need = set.attachments.iter().filter(move |attachment| attachment.need == need);
        let lacking = of_need.filter(|attachment| find(attachment, pages) == Found::Nowhere);
        lacking.map(|attachment| attachment.label.clone()).collect::<Vec<_>>()
    };
    let required = lacking(AttachmentNeed::Required);
    // What would only help is no reason to speak: most packets lack some of it.
    if !required.is_empty() {
        remarks.push(Remark::AttachmentsMissing {
            specialty: set.title(value),
            required,
            helpful: lacking(AttachmentNeed::Helpful),
            urgent: matches!(text(value, "referral.urgency"), Some("urgent" | "stat")),
        });
    }
    let referred_on = day(value, "referral.date");
    for attachment in &set.attachments {
        remarks.extend(referred_on.and_then(|day| too_old(attachment, pages, words, day)));
    }
    remarks
}

/// Speaks only where the page names the day of the examination.
fn too_old(
    attachment: &Attachment,
    pages: &[PacketPage],
    words: &PacketWords,
    referred_on: NaiveDate,
) -> Option<Remark> {
    let fresh_days = attachment.fresh_days?;
    let Found::Page { number, .. } = find(attachment, pages) else {
        return None;
    };
    let page = pages.iter().find(|page| page.signs.number == number)?;
    let made_on = made_on(page.signs, words, referred_on)?;
    ((referred_on - made_on).num_days() > i64::from(fresh_days)).then(|| Remark::AttachmentOld {
        attachment: attachment.label.clone(),
        page: number,
        made_on,
        fresh_days,
    })
}

/// The latest day in a row that names the day of an examination: a birth date may stand in it, too.
fn made_on(signs: &PageSigns, words: &PacketWords, referred_on: NaiveDate) -> Option<NaiveDate> {
    let rows = signs.rows.iter().filter(|row| {
        let row = spaced(row);
        words.made_on.iter().any(|label| contains_phrase(&row, label))
    });
    let days = rows.flat_map(|row| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let texts = words.windows(1).chain(words.windows(3)).map(|words| words.join(" "));
        let days = texts.filter_map(|text| parse_date(&text, DateOrder::MonthFirst, referred_on.year()).ok());
        days.collect::<Vec<_>>()
    });
    days.filter(|day| *day <= referred_on).max()
}
