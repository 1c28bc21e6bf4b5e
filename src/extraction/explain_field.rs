//! One field in words, for people who write rules: where it was looked for, what stood there, what was chosen and why.

use super::decide;
use super::findings::PageFindings;
use super::labels;
use super::layout::Layout;
use super::rules::RuleSets;
use super::sections::Sections;
use super::values::Calendar;
use super::{gather, split};
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldKey, FoundField};
use crate::domain::page::PageText;
use std::fmt::Write;

/// Holds what stands on the pages: PHI. `None` where the catalogue has no such field.
pub(super) fn explain_field(
    pages: &[PageText],
    key: &FieldKey,
    rules: &RuleSets,
    calendar: Calendar,
) -> Option<String> {
    let field = rules.catalogue.position(key.as_str())?;
    let entry = &rules.catalogue.all[field];
    let mut out = format!("{key} ({}), read as {:?}", entry.label, entry.kind);
    if entry.critical {
        let _ = write!(out, ", critical, goes straight through from {:.3}", entry.threshold);
    }
    out.push('\n');
    let found: Vec<PageFindings> = pages.iter().map(|page| gather::page(page, rules, calendar)).collect();
    for (page, findings) in pages.iter().zip(&found) {
        on_page(page, findings, field, rules, &mut out);
    }
    for range in split::split(&found, rules) {
        let decided = decide::decide(&found[range.clone()], rules);
        let numbers: Vec<String> = found[range].iter().map(|page| page.number.to_string()).collect();
        let _ = writeln!(out, "\ndocument of pages {}", numbers.join(", "));
        match decided.fields.get(key) {
            Some(field) => chosen(field, &mut out),
            None => out.push_str("  nothing was chosen\n"),
        }
        for problem in decided.problems.iter().filter(|problem| problem.field == *key) {
            let _ = writeln!(out, "  problem {}: {}", problem.problem, problem.detail);
        }
    }
    Some(out)
}

fn on_page(text: &PageText, findings: &PageFindings, field: usize, rules: &RuleSets, out: &mut String) {
    let layout = Layout::of(text);
    let labels = labels::find(&layout, rules);
    let sections = Sections::find(&layout, &labels, rules, findings.kind == PageKind::Cover);
    let _ = writeln!(out, "\npage {}, {:?}", text.number, findings.kind);
    let mut looked = false;
    for label in &labels {
        let Some(meaning) = label
            .meaning
            .filter(|meaning| meaning.fields().any(|other| other == field))
        else {
            continue;
        };
        looked = true;
        let around = sections.at(label.row, layout.tokens[label.tokens.start].bounds.x, &layout);
        let names: Vec<&str> = around
            .iter()
            .map(|section| rules.lexicon.section_name(*section))
            .collect();
        let means = around.iter().find_map(|section| meaning.field(*section));
        let verdict = match means {
            Some(means) if means == field => "which asks for it".to_owned(),
            Some(other) => format!("which asks for {} there", rules.catalogue.all[other].key),
            None => "which asks for nothing there".to_owned(),
        };
        let _ = writeln!(
            out,
            "  looked at “{}” in line {}, in the section {}, {verdict}",
            layout.text(label.tokens.clone()),
            label.row + 1,
            names.join(" or ")
        );
    }
    if !looked {
        out.push_str("  no label of it stands here\n");
    }
    for candidate in findings.candidates.iter().filter(|candidate| candidate.field == field) {
        let _ = writeln!(
            out,
            "  found “{}” read from “{}” by {}, score {:.2}",
            candidate.content, candidate.raw, candidate.rule, candidate.score
        );
    }
    for refused in findings.refused.iter().filter(|refused| refused.field == field) {
        let _ = writeln!(out, "  refused: {}", refused.malformed);
    }
}

fn chosen(field: &FoundField, out: &mut String) {
    let _ = writeln!(
        out,
        "  chose “{}” on page {}, confidence {:.3}, by {}",
        field.value, field.page, field.confidence, field.rule
    );
    let Some(evidence) = &field.evidence else { return };
    let _ = writeln!(
        out,
        "  because its place scores highest: {:.2} (label {:.2}, reading {:.2}, scan {:.2}); {} more say the same",
        evidence.score, evidence.likeness, evidence.reading, evidence.scan, evidence.agreeing
    );
    for other in &evidence.alternatives {
        let _ = writeln!(
            out,
            "  refused “{}” on page {}, score {:.2}, by {}",
            other.value, other.page, other.score, other.rule
        );
    }
}
