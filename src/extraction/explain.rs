//! A page as the rules see it, for people who write rules.

use super::gather;
use super::labels;
use super::layout::Layout;
use super::rules::RuleSets;
use super::sections::Sections;
use super::values::Calendar;
use crate::domain::page::PageText;
use std::fmt::Write;

/// Rows with their segments and labels, then what every place proposes. Shows what stands on the page: PHI.
pub(super) fn explain(text: &PageText, rules: &RuleSets, calendar: Calendar) -> String {
    let layout = Layout::of(text);
    let labels = labels::find(&layout, rules);
    let findings = gather::page(text, rules, calendar);
    let is_cover = findings.kind == crate::domain::document::PageKind::Cover;
    let sections = Sections::find(&layout, &labels, rules, is_cover);
    let mut out = format!("page {} {:?}, unit {:.0}\n", text.number, findings.kind, layout.unit);
    for row in 0..layout.rows.len() {
        let segments = layout.segments(row).into_iter().map(|segment| {
            let heading = if sections.is_heading(segment.start) { "#" } else { "" };
            format!("{heading}{}", layout.text(segment))
        });
        let _ = writeln!(out, "{row:3} {}", segments.collect::<Vec<_>>().join(" │ "));
        for label in labels.iter().filter(|label| label.row == row) {
            let around = sections.at(row, layout.tokens[label.tokens.start].bounds.x, &layout);
            let field = label
                .meaning
                .and_then(|meaning| around.iter().find_map(|section| meaning.field(*section)));
            let key = field.map_or("-", |field| rules.catalogue.all[field].key.as_str());
            let names: Vec<&str> = around
                .iter()
                .map(|section| rules.lexicon.section_name(*section))
                .collect();
            let _ = writeln!(
                out,
                "      {} ({:?}) in {} → {key}",
                label.name,
                label.strength,
                names.join(", ")
            );
        }
    }
    for candidate in &findings.candidates {
        let key = &rules.catalogue.all[candidate.field].key;
        let _ = writeln!(
            out,
            "{key} = {:?} {:.2} {}",
            candidate.content, candidate.score, candidate.rule
        );
    }
    for refused in &findings.refused {
        let _ = writeln!(
            out,
            "{} refused: {}",
            rules.catalogue.all[refused.field].key, refused.malformed
        );
    }
    out
}
