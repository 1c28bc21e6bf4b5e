//! Tells in which section of a page a label stands, from the headings and opening labels above it and beside it.

mod columns;
mod headings;
mod unread;

use super::labels::{Label, Strength};
use super::layout::Layout;
use super::lexicon::{COVER_FROM, COVER_TO, LETTERHEAD, NONE, Section};
use super::rule_file::Part;
use super::rules::RuleSets;
use columns::{column, column_right, opens_column};
use headings::{asks_within, heading, is_pair_of_captions, is_table_head, is_unknown_title};
use std::ops::Range;
use unread::{begin_at_npi, call_patients_recipients, part_parties};

struct Mark {
    section: Section,
    row: usize,
    left: f64,
    right: f64,
    by: By,
}

/// What begins a section.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Heading,
    Label(Opening),
}

/// How far a label that opens a section does so.
#[derive(Clone, Copy, PartialEq)]
struct Opening {
    /// Whether a label that means nothing in this section may belong to the one before.
    passing: bool,
    /// Whether it speaks of little more than its own lines.
    brief: bool,
    /// Whether it stands right of another that opens the other party: "TO: … FROM: …".
    begins_column: bool,
}

impl Mark {
    fn heading(section: Section, row: usize, left: f64, right: f64) -> Self {
        Self {
            section,
            row,
            left,
            right,
            by: By::Heading,
        }
    }

    fn is_heading(&self) -> bool {
        self.by == By::Heading
    }

    fn is(&self, how: impl Fn(Opening) -> bool) -> bool {
        matches!(self.by, By::Label(opening) if how(opening))
    }
}

pub(super) struct Sections {
    marks: Vec<Mark>,
    headings: Vec<Range<usize>>,
}

impl Sections {
    pub fn find(layout: &Layout, labels: &[Label], rules: &RuleSets, is_cover: bool) -> Self {
        let mut marks = Vec::new();
        let mut headings = Vec::new();
        for row in (0..layout.rows.len()).filter(|_| rules.uses(Part::Sections)) {
            let segments = layout.segments(row);
            if is_table_head(layout, labels, &segments)
                || is_pair_of_captions(layout, labels, rules, row, &segments, &marks)
            {
                continue;
            }
            let known = |at: usize, marks: &[Mark]| {
                heading(layout, labels, rules, &segments, at)
                    .filter(|_| !asks_within(layout, labels, marks, &segments[at]))
            };
            let is_known: Vec<bool> = (0..segments.len()).map(|at| known(at, &marks).is_some()).collect();
            for (at, segment) in segments.iter().enumerate() {
                let beside = is_known.contains(&true) && is_unknown_title(layout, labels, segment);
                if let Some(section) = known(at, &marks).or(beside.then_some(NONE)) {
                    let (left, right) = column(layout, labels, &segments, at);
                    marks.push(Mark::heading(on_cover(section, rules, is_cover), row, left, right));
                    headings.push(segment.clone());
                }
            }
        }
        call_patients_recipients(layout, labels, rules, &mut marks);
        part_parties(layout, labels, rules, &mut marks);
        begin_at_npi(layout, labels, rules, &mut marks);
        let mut this = Self { marks, headings };
        this.sort();
        for label in labels.iter().filter(|_| rules.uses(Part::Sections)) {
            this.open(layout, label, rules, is_cover);
        }
        this
    }

    /// Adds the section that a label with a value opens, if it means what it says where it stands.
    fn open(&mut self, layout: &Layout, label: &Label, rules: &RuleSets, is_cover: bool) {
        let opens = match label.name {
            "to" | "recipient" => Some(COVER_TO),
            "from" | "sender" => Some(COVER_FROM),
            _ => label.meaning.and_then(|meaning| meaning.opens),
        };
        let Some(section) = opens else { return };
        if label.strength == Strength::Typed || self.is_heading(label.tokens.start) {
            return;
        }
        let x = layout.tokens[label.tokens.start].bounds.x;
        let field = self
            .at(label.row, x, layout)
            .into_iter()
            .find_map(|around| label.meaning?.field(around));
        let key = field.map_or("", |field| rules.catalogue.all[field].key.as_str());
        let name = rules.lexicon.section_name(section);
        // "Practice" under "Refer to" is the other party's practice.
        let other_party = matches!(
            (name, key.split('.').next()),
            ("referrer", Some("recipient")) | ("recipient", Some("referrer"))
        );
        if !other_party {
            let left = f64::from(x) - 2.0 * layout.unit;
            let section = on_cover(section, rules, is_cover);
            let right = column_right(layout, &self.marks, label.tokens.start, label.row);
            self.marks.push(Mark {
                section,
                row: label.row,
                left,
                right,
                by: By::Label(Opening {
                    // A child's guardian is named among what is the child's.
                    passing: is_passing(name) || is_parent(label.name),
                    brief: name == "history",
                    begins_column: opens_column(layout, &self.marks, label.row, left),
                }),
            });
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.marks
            .sort_by(|a, b| a.row.cmp(&b.row).then(a.left.total_cmp(&b.left)));
        for at in 0..self.marks.len() {
            let row = self.marks[at].row;
            let next = self.marks[at + 1..]
                .iter()
                .take_while(|next| next.row == row)
                .map(|next| next.left)
                .next();
            if let Some(next) = next.filter(|_| !self.marks[at].is_heading()) {
                self.marks[at].right = self.marks[at].right.min(next);
            }
        }
    }

    /// Whether a token belongs to a heading.
    pub fn is_heading(&self, token: usize) -> bool {
        self.headings.iter().any(|heading| heading.contains(&token))
    }

    /// The sections that a place on the page may belong to, the likeliest first.
    pub fn at(&self, row: usize, x: u32, layout: &Layout) -> Vec<Section> {
        let x = f64::from(x);
        // A label does not open the section that it stands in itself.
        let above = |mark: &&Mark| mark.row < row || (mark.row == row && mark.left + 2.5 * layout.unit <= x);
        let covers = |mark: &&Mark| mark.left <= x && x < mark.right;
        let candidates: Vec<&Mark> = self.marks.iter().filter(above).filter(covers).collect();
        let heading = candidates.iter().rposition(|mark| mark.is_heading());
        let openers = candidates.iter().enumerate().rev().filter(|(at, mark)| {
            let after_heading = heading.is_none_or(|heading| heading < *at);
            // Under a heading, an opening label holds for its row and the two after it, and so does "Allergies:" in a letter.
            let near = heading.is_none() && !mark.is(|opening| opening.brief) || mark.row + 2 >= row;
            !mark.is_heading() && after_heading && near
        });
        let mut sections: Vec<Section> = Vec::new();
        for (_, opener) in openers {
            sections.push(opener.section);
            // What an opener says on the same row is final; further down, the label may be back at what came before.
            if opener.row == row || !opener.is(|opening| opening.passing) {
                return sections;
            }
        }
        match heading {
            Some(heading) => sections.push(candidates[heading].section),
            None if candidates.is_empty() && is_head(row, layout) => sections.extend([LETTERHEAD, NONE]),
            // Some practices print theirs at the foot.
            None if layout.rows[row].y > f64::from(layout.height) * 0.88 => sections.extend([LETTERHEAD, NONE]),
            None => sections.push(NONE),
        }
        sections
    }
}

fn is_head(row: usize, layout: &Layout) -> bool {
    layout.rows[row].y < f64::from(layout.height) * 0.25
}

/// What belongs to a bystander never means the patient or a party of the referral.
fn is_passing(section: &str) -> bool {
    matches!(
        section,
        "patient" | "insurance" | "secondary" | "referrer" | "recipient"
    )
}

fn is_parent(label: &str) -> bool {
    ["mother", "father", "parent", "guardian"]
        .iter()
        .any(|word| label.contains(word))
}

/// On a cover sheet the parties are "to" and "from", and "from" is usually staff.
fn on_cover(section: Section, rules: &RuleSets, is_cover: bool) -> Section {
    match rules.lexicon.section_name(section) {
        "referrer" if is_cover => COVER_FROM,
        "recipient" if is_cover => COVER_TO,
        _ => section,
    }
}
