//! Which attachments were looked for and where they were found, for people who write rules.

use super::attachments::{Found, find};
use super::signs::PageSigns;
use super::specialties::{Attachment, AttachmentNeed};
use super::{Packet, PacketPage};
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::page::PageText;
use crate::extraction::rules::RuleSets;
use std::fmt::Write;

impl RuleSets {
    /// A transmission's documents in words: which sets of a specialty were asked, what became of each of their attachments,
    /// and the remarks.
    pub fn explain_packet(&self, pages: &[PageText]) -> String {
        let extraction = self.extract(pages);
        let signs: Vec<PageSigns> = pages.iter().map(|page| self.signs(page)).collect();
        let kinds = extraction.pages.iter().map(|page| page.kind);
        let documents = extraction.documents.iter().map(|document| document.pages);
        let packet = Packet::of(kinds.zip(&signs), documents.collect());
        let mut out = String::new();
        for document in &extraction.documents {
            let _ = writeln!(
                out,
                "document of pages {} to {}",
                document.pages.from, document.pages.to
            );
            let value = |key: &FieldKey| document.fields.get(key).map(|found| &found.value);
            self.explain_sets(&packet.pages_of(document.pages), &value, &mut out);
            for remark in &document.remarks {
                let _ = writeln!(out, "  remark: {remark}");
            }
        }
        out
    }

    fn explain_sets<'a>(
        &self,
        pages: &[PacketPage],
        value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
        out: &mut String,
    ) {
        let sets = self.sets_for(value);
        if sets.is_empty() {
            out.push_str("  no set of rules/specialties is for it\n");
        }
        for set in sets {
            let _ = writeln!(out, "  {}", set.title(value));
            for need in &set.tier.needs {
                let key = &need.one_of[0];
                let there = if value(key).is_some() {
                    "has a value"
                } else {
                    "has none"
                };
                let _ = writeln!(out, "    asks for {key}, which {there}");
            }
            for attachment in &set.attachments {
                let _ = writeln!(out, "    {}", of_attachment(attachment, pages));
            }
        }
    }
}

fn of_attachment(attachment: &Attachment, pages: &[PacketPage]) -> String {
    let need = match attachment.need {
        AttachmentNeed::Required => "required",
        AttachmentNeed::Helpful => "helpful",
    };
    let found = match find(attachment, pages) {
        Found::Page { number, by: Some(by) } => format!("page {number} shows it by “{by}”"),
        Found::Page { number, by: None } => format!("page {number} shows it by its kind"),
        Found::Named { page, by } => format!("page {page} says that “{by}” is attached"),
        Found::Nowhere => format!("not found; looked on {}", looked_on(attachment)),
    };
    format!("{} ({need}): {found}", attachment.label)
}

fn looked_on(attachment: &Attachment) -> String {
    let kinds: Vec<String> = attachment.pages.iter().copied().map(kind).collect();
    let kinds = if kinds.is_empty() {
        "all pages behind the referral".to_owned()
    } else {
        format!("pages of the kind {}", kinds.join(" or "))
    };
    let words = match attachment.words[..] {
        [] => String::new(),
        _ => format!(" for “{}”", attachment.words.join("”, “")),
    };
    let named = match attachment.named[..] {
        [] => String::new(),
        _ => format!(
            ", and on the referral for “{}” as attached",
            attachment.named.join("”, “")
        ),
    };
    format!("{kinds}{words}{named}")
}

/// As the rules write it.
fn kind(kind: PageKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
