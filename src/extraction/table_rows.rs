//! Tables whose rows are named: under "Member ID", the row "Secondary" holds the other insurance's number.

use super::by_label::candidate;
use super::findings::PageFindings;
use super::labels::Label;
use super::regions::{Places, Region, Relation};
use super::rules::RuleSets;
use super::values::{self, Calendar, Outcome, Words};

/// How far below its head a table goes on.
const MOST_ROWS: usize = 4;

/// Adds what stands under a column's head in the row of the secondary insurance.
pub(super) fn secondary(
    places: &Places,
    label: &Label,
    field: usize,
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let key = rules.catalogue.all[field].key.as_str();
    let Some(what) = key.strip_prefix("insurance.") else {
        return;
    };
    let Some(of_secondary) = rules.catalogue.position(&format!("insurance.secondary.{what}")) else {
        return;
    };
    if !places.is_column_head(label) {
        return;
    }
    let rows = label.row + 1..places.layout.rows.len().min(label.row + 1 + MOST_ROWS);
    for row in rows.filter(|row| names_secondary(places, *row, rules)) {
        let Some(tokens) = places.in_column(label, row) else {
            continue;
        };
        let texts = tokens.iter().map(|at| places.layout.tokens[*at].text.as_str());
        let words = Words {
            lines: vec![texts.collect()],
        };
        let region = Region {
            relation: Relation::Below,
            lines: vec![tokens.clone()],
        };
        if let Outcome::Value(reading) = values::read(rules.catalogue.all[of_secondary].kind, &words, rules, calendar) {
            let base = Relation::Below.weight() * label.likeness;
            let rule = format!("table:{}:secondary", label.name);
            page.candidates.push(candidate(
                places.layout,
                &region,
                of_secondary,
                reading,
                (base, label.likeness),
                &rule,
            ));
        }
    }
}

/// Whether the row begins with a label that opens the section of the secondary insurance.
fn names_secondary(places: &Places, row: usize, rules: &RuleSets) -> bool {
    places
        .labels
        .iter()
        .filter(|label| label.row == row)
        .filter_map(|label| label.meaning?.opens)
        .any(|section| rules.lexicon.section_name(section) == "secondary")
}
