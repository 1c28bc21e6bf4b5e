//! Tells in which section of a page a label stands, from the headings and opening labels above it and beside it.

use super::fold::fold;
use super::labels::{Label, Strength, answers};
use super::layout::Layout;
use super::lexicon::{COVER_FROM, COVER_TO, LETTERHEAD, NONE, Section};
use super::rules::{Part, RuleSets};
use std::ops::Range;

struct Mark {
    section: Section,
    row: usize,
    left: f64,
    right: f64,
    heading: bool,
    /// Whether a label that means nothing in this section may belong to the one before.
    passing: bool,
    /// Whether it speaks of little more than its own lines.
    brief: bool,
    /// Whether it stands right of another that opens the other party: "TO: … FROM: …".
    opens_column: bool,
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
                    let (left, right) = column(layout, &segments, at);
                    marks.push(Mark {
                        section: on_cover(section, rules, is_cover),
                        row,
                        left,
                        right,
                        heading: true,
                        passing: false,
                        brief: false,
                        opens_column: false,
                    });
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
                heading: false,
                passing: is_passing(name),
                brief: name == "history",
                opens_column: opens_column(layout, &self.marks, label.row, left),
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
            if let Some(next) = next.filter(|_| !self.marks[at].heading) {
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
        let heading = candidates.iter().rposition(|mark| mark.heading);
        let openers = candidates.iter().enumerate().rev().filter(|(at, mark)| {
            let after_heading = heading.is_none_or(|heading| heading < *at);
            // Under a heading, an opening label holds for its row and the two after it, and so does "Allergies:" in a letter.
            let near = heading.is_none() && !mark.brief || mark.row + 2 >= row;
            !mark.heading && after_heading && near
        });
        let mut sections: Vec<Section> = Vec::new();
        for (_, opener) in openers {
            sections.push(opener.section);
            // What an opener says on the same row is final; further down, the label may be back at what came before.
            if opener.row == row || !opener.passing {
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

/// On a cover sheet the parties are "to" and "from", and "from" is usually staff.
fn on_cover(section: Section, rules: &RuleSets, is_cover: bool) -> Section {
    match rules.lexicon.section_name(section) {
        "referrer" if is_cover => COVER_FROM,
        "recipient" if is_cover => COVER_TO,
        _ => section,
    }
}

/// Medicaid calls its patients recipients, and some forms speak to them ("About you"): a section that asks for a birth date is
/// the patient's.
fn call_patients_recipients(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let birth = rules.catalogue.position("patient.birth_date");
    let (Ok(patient), Ok(recipient)) = (rules.lexicon.section("patient"), rules.lexicon.section("recipient")) else {
        return;
    };
    let referrer = rules.lexicon.section("referrer");
    let mut unread = Vec::new();
    for at in 0..marks.len() {
        let mark = &marks[at];
        let next = marks[at + 1..].iter().find(|next| next.row > mark.row);
        let rows = mark.row..next.map_or(layout.rows.len(), |next| next.row).min(mark.row + 8);
        let under = |label: &&Label| {
            let x = f64::from(layout.tokens[label.tokens.start].bounds.x);
            mark.left <= x && x < mark.right
        };
        let asks = |label: &&Label| {
            rows.contains(&label.row) && under(label) && label.meaning.is_some_and(|m| m.alone() == birth)
        };
        let called_so = mark.section == recipient || Ok(mark.section) == referrer;
        let Some(asked) = labels.iter().find(asks).filter(|_| called_so && birth.is_some()) else {
            continue;
        };
        let of_a_party = |label: &&Label| {
            let key = label.meaning.and_then(super::lexicon::Meaning::alone);
            let key = key.map_or("", |field| rules.catalogue.all[field].key.as_str());
            mark.row <= label.row && label.row < asked.row && (label.name == "npi" || key.starts_with("referrer."))
        };
        if labels.iter().any(|label| of_a_party(&label)) {
            // The heading over the patient could not be read.
            unread.push(Mark {
                section: patient,
                row: asked.row - 1,
                left: mark.left,
                right: mark.right,
                heading: true,
                passing: false,
                brief: false,
                opens_column: false,
            });
        } else {
            marks[at].section = patient;
        }
    }
    marks.extend(unread);
}

/// "Name | NPI" among the patient's labels: the heading over whoever refers could not be read.
fn begin_at_npi(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let Ok(referrer) = rules.lexicon.section("referrer") else {
        return;
    };
    if marks.iter().any(|mark| mark.heading && mark.section == referrer) {
        return;
    }
    let npi = |label: &&Label| label.name.ends_with("npi") || label.name.ends_with("npinumber");
    let Some(npi) = labels.iter().find(npi).filter(|npi| npi.row > 0) else {
        return;
    };
    let named = labels
        .iter()
        .any(|label| label.row == npi.row && matches!(label.name, "name" | "providername" | "fullname"));
    let x = f64::from(layout.tokens[npi.tokens.start].bounds.x);
    let around = marks
        .iter()
        .filter(|mark| mark.heading && mark.row < npi.row && mark.left <= x && x < mark.right)
        .next_back();
    let patients = around.is_some_and(|mark| {
        matches!(
            rules.lexicon.section_name(mark.section),
            "patient" | "insurance" | "secondary"
        )
    });
    if named && patients {
        marks.push(Mark {
            section: referrer,
            row: npi.row - 1,
            left: 0.0,
            right: f64::INFINITY,
            heading: true,
            passing: false,
            brief: false,
            opens_column: false,
        });
    }
}

/// "Phone … Phone" and "Fax … Fax" side by side under one party: the heading over the other column could not be read, and it
/// is the other party's.
fn part_parties(layout: &Layout, labels: &[Label], rules: &RuleSets, marks: &mut Vec<Mark>) {
    let x = |label: &Label| f64::from(layout.tokens[label.tokens.start].bounds.x);
    let mut parted = Vec::new();
    for mark in marks.iter().filter(|mark| mark.heading) {
        let other = match rules.lexicon.section_name(mark.section) {
            "referrer" => "recipient",
            "recipient" => "referrer",
            _ => continue,
        };
        let end = marks
            .iter()
            .filter(|next| next.heading && next.row > mark.row)
            .map(|next| next.row)
            .min();
        let rows = mark.row + 1..end.unwrap_or(usize::MAX).min(mark.row + 8);
        let within = |label: &&Label| {
            let asks = matches!(label.strength, Strength::Colon | Strength::Whole) && !label.name.is_empty();
            asks && rows.contains(&label.row) && mark.left <= x(label) && x(label) < mark.right
        };
        let twice: Vec<(&str, f64)> = labels
            .iter()
            .filter(within)
            .filter_map(|first| {
                let second = labels.iter().filter(within).find(|second| {
                    second.row == first.row && second.name == first.name && x(second) > x(first) + 8.0 * layout.unit
                })?;
                Some((first.name, x(second)))
            })
            .collect();
        let [(one, left), (two, again), ..] = twice[..] else {
            continue;
        };
        if one != two
            && (left - again).abs() < 2.0 * layout.unit
            && let Ok(section) = rules.lexicon.section(other)
        {
            parted.push(Mark {
                section,
                row: mark.row,
                left: left - 2.0 * layout.unit,
                right: mark.right,
                heading: true,
                passing: false,
                brief: false,
                opens_column: false,
            });
        }
    }
    marks.extend(parted);
}

/// What a heading stands over: from its left edge to the next heading of its row. One that is centred in a cell stands over the
/// whole cell, one centred on the page over the page.
fn column(layout: &Layout, segments: &[Range<usize>], at: usize) -> (f64, f64) {
    let token = &layout.tokens[segments[at].start];
    let x = f64::from(token.bounds.x);
    let own = x - 2.0 * layout.unit;
    let next = segments
        .get(at + 1)
        .map(|next| f64::from(layout.tokens[next.start].bounds.x) - layout.unit);
    if segments.len() == 1 {
        let left = if is_centred(layout, &segments[at]) { 0.0 } else { own };
        return (left, f64::INFINITY);
    }
    let (left, right) = (
        layout.rule_left_of(token.bounds.x, token.middle_y()),
        layout.rule_right_of(token.bounds.right(), token.middle_y()),
    );
    // A box around both is no cell of either.
    let before = at
        .checked_sub(1)
        .map_or(0, |before| layout.tokens[segments[before].end - 1].bounds.right());
    let after = segments
        .get(at + 1)
        .map_or(u32::MAX, |next| layout.tokens[next.start].bounds.x);
    let own_cell = left.is_none_or(|left| left + 4 >= before) && right.is_none_or(|right| right <= after + 4);
    match (left, right) {
        (Some(left), Some(right)) if own_cell && (at > 0 || next.is_some()) => {
            let last = at + 1 == segments.len();
            (
                f64::from(left) - 0.5 * layout.unit,
                if last { f64::INFINITY } else { f64::from(right) },
            )
        }
        _ => (
            begins_below(layout, segments, at).unwrap_or(own),
            next.unwrap_or(f64::INFINITY),
        ),
    }
}

/// Where the lines under a centred heading begin, if they begin further left than it does.
fn begins_below(layout: &Layout, segments: &[Range<usize>], at: usize) -> Option<f64> {
    let x = |token: usize| f64::from(layout.tokens[token].bounds.x);
    let own = x(segments[at].start);
    let row = layout.tokens[segments[at].start].row;
    let after = at
        .checked_sub(1)
        .map_or(0.0, |before| x(segments[before].end - 1) + layout.unit);
    let lines = (row + 1..layout.rows.len().min(row + 4)).flat_map(|row| layout.segments(row));
    let begin = lines
        .map(|line| x(line.start))
        .filter(|left| *left > after && *left < own - 2.0 * layout.unit);
    let left = begin.fold(f64::INFINITY, f64::min);
    left.is_finite().then_some(left - layout.unit)
}

/// "Organization | Practice" above two names, in blocks that are known: captions, and no headings.
fn is_pair_of_captions(
    layout: &Layout,
    labels: &[Label],
    rules: &RuleSets,
    row: usize,
    segments: &[Range<usize>],
    marks: &[Mark],
) -> bool {
    let in_a_party = |segment: &Range<usize>| {
        let x = f64::from(layout.tokens[segment.start].bounds.x);
        let around = marks.iter().rfind(|mark| mark.left <= x && x < mark.right);
        around.is_some_and(|mark| {
            let name = rules.lexicon.section_name(mark.section);
            matches!(name, "referrer" | "recipient" | "cover_to" | "cover_from" | "patient")
        })
    };
    if !segments.iter().all(in_a_party) {
        return false;
    }
    // "Recipient | Referral from" are the two parties, whatever stood above.
    let names: Vec<&str> = segments
        .iter()
        .filter_map(|segment| rules.lexicon.heading_in(&layout.text(segment.clone())))
        .map(|section| rules.lexicon.section_name(section))
        .collect();
    if names.contains(&"referrer") && names.contains(&"recipient") {
        return false;
    }
    let label = |segment: &Range<usize>| labels.iter().find(|label| label.tokens == *segment);
    let asks = |segment: &Range<usize>| {
        label(segment).is_some_and(|label| label.meaning.is_some_and(|meaning| meaning.fields().next().is_some()))
    };
    let answered = row + 1 < layout.rows.len() && !labels.iter().any(|label| label.row == row + 1);
    segments.len() == 2 && segments.iter().all(asks) && answered
}

/// A row of column heads: its labels may be the names of sections, but none is a heading.
fn is_table_head(layout: &Layout, labels: &[Label], segments: &[Range<usize>]) -> bool {
    let asks = |segment: &&Range<usize>| {
        // "Practice / Consultorio" is a label of two languages.
        let label = labels.iter().find(|label| {
            let whole = label.tokens == **segment && label.strength == Strength::Whole;
            whole || label.tokens.start == segment.start && layout.text((*segment).clone()).contains('/')
        });
        label.is_some_and(|label| label.meaning.is_some_and(|meaning| meaning.fields().next().is_some()))
    };
    segments.len() >= 3 && segments.iter().filter(asks).count() * 4 >= segments.len() * 3
}

/// Whether another opening label stands to the left in the same row.
fn opens_column(layout: &Layout, marks: &[Mark], row: usize, left: f64) -> bool {
    marks
        .iter()
        .any(|mark| !mark.heading && mark.row == row && mark.left + 6.0 * layout.unit < left)
}

/// Where the column ends in which a heading or label stands: at the next column, if a heading above began one that the row
/// still keeps to.
fn column_right(layout: &Layout, marks: &[Mark], token: usize, row: usize) -> f64 {
    let x = f64::from(layout.tokens[token].bounds.x);
    let keeps_to = |column: f64| {
        let starts = |row: usize| {
            let segments = if row < layout.rows.len() {
                layout.segments(row)
            } else {
                Vec::new()
            };
            segments
                .into_iter()
                .any(|segment| (f64::from(layout.tokens[segment.start].bounds.x) - column).abs() < 1.2 * layout.unit)
        };
        starts(row) || starts(row + 1)
    };
    // "TO: … FROM: …" begin columns, too, for the few rows of a cover.
    let begins = |mark: &&Mark| mark.heading || mark.opens_column && mark.row + 6 >= row;
    let columns = marks
        .iter()
        .filter(begins)
        .filter(|mark| mark.row < row && mark.left > x + 4.0 * layout.unit);
    columns
        .map(|mark| mark.left)
        .filter(|left| keeps_to(left + 2.0 * layout.unit))
        .fold(f64::INFINITY, f64::min)
}

/// A heading in the middle holds for the whole width.
fn is_centred(layout: &Layout, segment: &Range<usize>) -> bool {
    let left = layout.tokens.iter().map(|token| token.bounds.x).min().unwrap_or(0);
    let right = layout
        .tokens
        .iter()
        .map(|token| token.bounds.right())
        .max()
        .unwrap_or(0);
    let middle = layout.tokens[segment.start].bounds.x + layout.tokens[segment.end - 1].bounds.right();
    let near = (right - left) / 6;
    let off_the_edge = layout.tokens[segment.start].bounds.x > left + near;
    off_the_edge && ((left + right).abs_diff(middle) < near || layout.width.abs_diff(middle) < near)
}

/// "Provider:" without an answer, in a section that asks for one: a blank label, not the next section's heading.
fn asks_within(layout: &Layout, labels: &[Label], marks: &[Mark], segment: &Range<usize>) -> bool {
    let x = f64::from(layout.tokens[segment.start].bounds.x);
    let last = layout.text(segment.end - 1..segment.end);
    let around = marks.iter().rfind(|mark| mark.left <= x && x < mark.right);
    let label = labels.iter().find(|label| label.tokens == *segment);
    let Some(meaning) = label.and_then(|label| label.meaning) else {
        return false;
    };
    if !last.ends_with(':') && heads_a_row_of_labels(layout, labels, segment) {
        return false;
    }
    if !last.ends_with(':') {
        // "Provider | Paul Wright | Provider": in the second column of a block, a label without an answer.
        let row = &layout.rows[layout.tokens[segment.start].row].tokens;
        let beside = labels.iter().any(|other| {
            other.tokens.start == row.start
                && other.tokens.end < segment.start
                && layout.segment_of(other.tokens.start).end < segment.start
                && layout.tokens[other.tokens.end].segment != layout.tokens[segment.start].segment
        });
        return beside && around.is_some_and(|mark| mark.heading && meaning.needs_section(mark.section));
    }
    // "Authorization:" asks for its number wherever it stands; "Referring provider:" opens its section even as a label.
    around.is_some_and(|mark| meaning.needs_section(mark.section))
        || meaning.opens.is_none() && meaning.alone().is_some()
}

/// Alone in its row, and right under it a row of labels: what asks for something here is the row.
fn heads_a_row_of_labels(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let row = layout.tokens[segment.start].row;
    let x = |token: usize| f64::from(layout.tokens[token].bounds.x);
    let mut below = labels
        .iter()
        .filter(|label| label.row == row + 1 && label.strength == Strength::Whole);
    let first = below.next();
    let aligned = first.is_some_and(|label| (x(label.tokens.start) - x(segment.start)).abs() < 2.0 * layout.unit);
    layout.rows[row].tokens == *segment && aligned && below.next().is_some()
}

/// A heading fills its segment, and no value stands to the right of it.
fn heading(
    layout: &Layout,
    labels: &[Label],
    rules: &RuleSets,
    segments: &[Range<usize>],
    at: usize,
) -> Option<Section> {
    let segment = &segments[at];
    if segment.len() > 8 && !is_spaced_out(layout, segment) {
        return None;
    }
    let text = without_numbering(&layout.text(segment.clone()));
    let before = labels.iter().rfind(|label| label.tokens.end <= segment.start);
    if answers(layout, segment.start, before) {
        return None;
    }
    let section = rules.lexicon.heading_in(&text).or_else(|| {
        // "Patient / Paciente"
        let asks = text.contains(':') || text.chars().any(|c| c.is_ascii_digit());
        let (first, second) = text.split_once('/').filter(|_| !asks)?;
        let known = |part: &str| rules.lexicon.heading_in(part.trim()).filter(|_| fold(part).len() > 5);
        // "Name / Paciente" asks for the name.
        let is_label = segments.len() > 1
            && rules
                .lexicon
                .label(&fold(first))
                .is_some_and(|(_, meaning)| meaning.fields().next().is_some())
            && rules.lexicon.heading_in(first.trim()).is_none();
        known(first).or_else(|| known(second).filter(|_| !is_label))
    })?;
    let Some(next) = segments.get(at + 1) else {
        return Some(section);
    };
    let gap = f64::from(layout.tokens[next.start].bounds.x) - f64::from(layout.tokens[segment.end - 1].bounds.right());
    let next_is_label = labels.iter().any(|label| label.tokens.start == next.start);
    let next_is_heading = rules.lexicon.heading(&fold(&layout.text(next.clone()))).is_some();
    let colon = text.ends_with(':');
    // "Plan | Cigna" is a label with its answer, far as that may be.
    let asks = labels.iter().any(|label| {
        label.tokens == *segment && label.meaning.is_some_and(|meaning| meaning.fields().next().is_some())
    });
    let over = !colon && stands_over_labels(layout, labels, segment) && stands_over_labels(layout, labels, next);
    (over || next_is_heading || !colon && (next_is_label || gap > 8.0 * layout.unit && !asks)).then_some(section)
}

/// Whether a label with a colon begins right under a stretch: two that do so are the heads of two columns.
fn stands_over_labels(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let x = f64::from(layout.tokens[segment.start].bounds.x);
    let below = layout.tokens[segment.start].row + 1;
    labels.iter().any(|label| {
        let left = f64::from(layout.tokens[label.tokens.start].bounds.x);
        label.row == below && label.strength == Strength::Colon && (left - x).abs() < 2.5 * layout.unit
    })
}

/// Beside a heading over labels, a title that the rules do not know ends what stood above it in its column.
fn is_unknown_title(layout: &Layout, labels: &[Label], segment: &Range<usize>) -> bool {
    let text = layout.text(segment.clone());
    let plain =
        !text.contains(':') && !text.chars().any(|c| c.is_ascii_digit()) && text.starts_with(char::is_uppercase);
    let free = !labels.iter().any(|label| segment.contains(&label.tokens.start));
    plain && free && segment.len() <= 6 && stands_over_labels(layout, labels, segment)
}

/// "D E M O G R A P H I C S" is one word.
fn is_spaced_out(layout: &Layout, segment: &Range<usize>) -> bool {
    let letters: usize = layout.tokens[segment.clone()]
        .iter()
        .map(|token| token.text.chars().count())
        .sum();
    segment.len() < 40 && letters < 2 * segment.len()
}

/// "SECTION 2 - INSURANCE", "B. Insurance", "3) Insurance" are all "Insurance".
fn without_numbering(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let is_number = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.chars().all(|c| c.is_ascii_digit())
            || (bare.len() == 1 && word.len() > 1)
            || matches!(bare, "II" | "III" | "IV")
    };
    let named = |word: &str| matches!(word.to_lowercase().as_str(), "section" | "part" | "step" | "box");
    if words.len() > 2 && named(words[0]) {
        words.drain(..2);
    }
    while words.len() > 1 && is_number(words[0]) {
        words.remove(0);
    }
    words.join(" ")
}
