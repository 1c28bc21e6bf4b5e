//! Tables whose rows are named: under "Member ID", the row "Secondary" holds the other insurance's number; under "Fax", the
//! row "Referred by" holds the sender's.

use super::by_label::candidate;
use super::findings::PageFindings;
use super::labels::{Label, Strength};
use super::lexicon::{Meaning, Section};
use super::regions::{Places, Region, Relation};
use super::rules::RuleSets;
use super::values::{self, Calendar, Outcome, Words};

/// How far below its head a table goes on.
const MOST_ROWS: usize = 5;

/// Adds what stands under a column's head in the rows that name a section. Returns whether there are two such rows: then
/// what stands directly below the head means nothing without its row's name.
pub(super) fn read(
    places: &Places,
    label: &Label,
    meaning: &Meaning,
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) -> bool {
    if !heads_a_table(places, label) {
        return false;
    }
    let layout = places.layout;
    let mut named = 0;
    for row in label.row + 1..layout.rows.len().min(label.row + 1 + MOST_ROWS) {
        // The next head, or a line of a form: the table has ended.
        let more_labels = layout
            .segments(row)
            .iter()
            .skip(1)
            .any(|segment| places.is_taken(segment.start));
        if more_labels {
            break;
        }
        let Some(section) = section_of_row(places, row, rules) else {
            continue;
        };
        named += 1;
        let Some(field) = field_in(meaning, section, rules) else {
            continue;
        };
        let Some(tokens) = places.in_column(label, row) else {
            continue;
        };
        let texts = tokens.iter().map(|at| layout.tokens[*at].text.as_str());
        let words = Words {
            lines: vec![texts.collect()],
        };
        let region = Region {
            relation: Relation::Below,
            lines: vec![tokens.clone()],
        };
        if let Outcome::Value(reading) = values::read(rules.catalogue.all[field].kind, &words, rules, calendar) {
            let base = Relation::Below.weight() * label.likeness;
            let rule = format!("table:{}:{}", label.name, rules.lexicon.section_name(section));
            page.candidates.push(candidate(
                layout,
                &region,
                field,
                reading,
                (base, label.likeness),
                &rule,
            ));
        }
    }
    named >= 2
}

/// A row of names without values or colons.
fn heads_a_table(places: &Places, label: &Label) -> bool {
    let segments = places.layout.segments(label.row);
    let in_row = places.labels.iter().filter(|other| other.row == label.row);
    let (mut heads, mut others) = (0, 0);
    for other in in_row {
        if other.strength == Strength::Whole && segments.contains(&other.tokens) {
            heads += 1;
        } else {
            others += 1;
        }
    }
    label.strength == Strength::Whole && segments.len() >= 3 && heads * 2 >= segments.len() && others == 0
}

/// The section that the first cell of a row names.
fn section_of_row(places: &Places, row: usize, rules: &RuleSets) -> Option<Section> {
    let first = places.layout.segments(row).into_iter().next()?;
    let numbered = places.layout.text(first.clone());
    let text = numbered.trim_start_matches(|c: char| !c.is_alphabetic());
    let opens = places
        .labels
        .iter()
        .filter(|label| first.contains(&label.tokens.start))
        .find_map(|label| label.meaning?.opens);
    let section = opens.or_else(|| rules.lexicon.heading_in(text))?;
    let party = ["referrer", "recipient", "secondary", "insurance"];
    party.contains(&rules.lexicon.section_name(section)).then_some(section)
}

/// What a head asks for in the row of a section.
fn field_in(meaning: &Meaning, section: Section, rules: &RuleSets) -> Option<usize> {
    let key = |field: usize| rules.catalogue.all[field].key.as_str();
    let name = rules.lexicon.section_name(section);
    let own = |field: &usize| match name {
        "secondary" => key(*field).starts_with("insurance.secondary."),
        name => key(*field).split('.').next() == Some(name),
    };
    meaning.field(section).filter(own).or_else(|| {
        let primary = meaning.fields().find(|field| key(*field).starts_with("insurance."))?;
        let what = key(primary).strip_prefix("insurance.")?;
        (name == "secondary").then(|| rules.catalogue.position(&format!("insurance.secondary.{what}")))?
    })
}
