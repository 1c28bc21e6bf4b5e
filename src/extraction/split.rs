//! Which pages belong together: one fax may hold several documents.

use super::findings::PageFindings;
use super::rules::RuleSets;
use crate::domain::document::{DocumentKind, PageKind};
use crate::domain::fields::FieldContent;
use std::collections::BTreeMap;
use std::ops::Range;

/// Runs of pages, as ranges of places in `pages`; blank pages at a document's end belong to none.
pub(super) fn split(pages: &[PageFindings], rules: &RuleSets) -> Vec<Range<usize>> {
    let mut documents: Vec<Range<usize>> = Vec::new();
    let mut current: Option<Range<usize>> = None;
    for (at, page) in pages.iter().enumerate() {
        if page.kind == PageKind::Blank {
            continue;
        }
        match current.as_mut() {
            Some(range) if !begins(page, &pages[range.clone()], rules) => range.end = at + 1,
            _ => {
                documents.extend(current.take());
                current = Some(at..at + 1);
            }
        }
    }
    documents.extend(current);
    if documents.is_empty() && !pages.is_empty() {
        documents.push(0..pages.len());
    }
    documents
}

/// Whether a page begins another document than the pages before it.
fn begins(page: &PageFindings, before: &[PageFindings], rules: &RuleSets) -> bool {
    let had_body = before
        .iter()
        .any(|earlier| !matches!(earlier.kind, PageKind::Cover | PageKind::Blank));
    if page.kind == PageKind::Cover {
        return had_body;
    }
    let other_patient = differs(page, before, rules);
    had_body && other_patient == Some(true)
}

/// What tells one patient from another where name or birth date could not be read. Families share some of it.
const BESIDES: [&str; 5] = [
    "patient.mrn",
    "patient.phone",
    "patient.address.line",
    "insurance.member_id",
    "referral.authorization_number",
];

/// Whether a page is about another patient; `None` where it can't be told.
fn differs(page: &PageFindings, before: &[PageFindings], rules: &RuleSets) -> Option<bool> {
    let count = |keys: &[&str]| {
        let compared = keys.iter().filter_map(|key| {
            let field = rules.catalogue.position(key)?;
            let here = best(page, field)?;
            let there = before.iter().rev().find_map(|earlier| best(earlier, field))?;
            Some(same(here, there))
        });
        compared.fold(
            (0, 0),
            |(agree, differ), same| {
                if same { (agree + 1, differ) } else { (agree, differ + 1) }
            },
        )
    };
    match count(&["patient.birth_date", "patient.name"]) {
        (0, 0) => {}
        // A scanner's slip in one of the two is likelier than two patients who share the other.
        (agree, _) => return Some(agree == 0),
    }
    // A second phone on the second page of a form is no other patient; all that is there being different is.
    let form_again = page.kind == PageKind::Referral && before.iter().any(|earlier| earlier.kind == PageKind::Referral);
    match count(&BESIDES) {
        (0, differ) if differ >= 2 && form_again => Some(true),
        _ => None,
    }
}

fn best(page: &PageFindings, field: usize) -> Option<&FieldContent> {
    let of_field = page
        .candidates
        .iter()
        .filter(|candidate| candidate.field == field && candidate.score > 0.5);
    of_field
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .map(|candidate| &candidate.content)
}

fn same(a: &FieldContent, b: &FieldContent) -> bool {
    match (a, b) {
        (FieldContent::Text(a), FieldContent::Text(b)) => {
            let (a, b) = (super::fold::fold(a), super::fold::fold(b));
            super::fold::distance(&a, &b, 15).is_some()
        }
        (a, b) => a == b,
    }
}

/// What the pages are together.
pub(super) fn document_kind(pages: &[PageFindings], rules: &RuleSets) -> DocumentKind {
    let referral: f64 = pages.iter().map(|page| page.referral_score).fold(0.0, f64::max);
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for page in pages {
        for (at, score) in &page.document_scores {
            let sum = sums.entry(*at).or_default();
            *sum = sum.max(*score);
        }
    }
    let best = sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let has = |kind: PageKind| pages.iter().any(|page| page.kind == kind);
    if let Some((at, score)) = best {
        let kind = rules.document_kinds[at].kind;
        // Notes sent along with a referral thank for others; the referral's own page decides.
        let margin = if has(PageKind::Referral) { 1.0 } else { 0.6 };
        if score >= referral * margin {
            return kind;
        }
    }
    if has(PageKind::Referral) || pages.iter().any(|page| page.says_it_all) {
        return DocumentKind::Referral;
    }
    for cues in &rules.document_kinds {
        if cues.from_pages.iter().any(|kind| has(*kind)) {
            return cues.kind;
        }
    }
    let cover_says_so = has(PageKind::Cover) && referral >= 0.8 && pages.len() > 1;
    if cover_says_so {
        DocumentKind::Referral
    } else {
        DocumentKind::Other
    }
}
