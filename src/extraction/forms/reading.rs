//! Reads a recognised form: the words in each zone by the reader of the field's type, the marks of options by their ink.

use super::answer::answer;
use super::marks::{Mark, marks};
use super::recognition::Recognised;
use super::registration::Registration;
use super::template::{OptionZone, Zone, middle};
use super::weighing::{blank, weigh};
use crate::domain::alphabet::Alphabet;
use crate::domain::document::PageKind;
use crate::domain::fields::{FieldContent, Place};
use crate::domain::page::{PageText, PixelBox};
use crate::domain::region::Region;
use crate::extraction::checkboxes::{Choice, Verdict, verdict};
use crate::extraction::findings::{Candidate, PageFindings, Refused, Signs};
use crate::extraction::layout::{Layout, Token};
use crate::extraction::rules::RuleSets;
use crate::extraction::running::scan;
use crate::extraction::second_look::alphabet;
use crate::extraction::values::{Calendar, Outcome, Reading, Words};
use std::collections::{BTreeMap, BTreeSet};

/// How often what stands in the zone of a recognised form is the value: more often than beside any label.
const WORTH: f64 = 0.99;

/// Adds what the zones of a known form say, if the page is one.
pub(in crate::extraction) fn read(
    text: &PageText,
    layout: &Layout,
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let Some(known) = rules.forms.recognise(layout) else {
        return;
    };
    page.form = Some(known.form.title());
    if page.kind != PageKind::Blank {
        page.kind = known.page.kind;
    }
    if page.kind == PageKind::Referral {
        // As much as a page that calls itself a referral.
        page.referral_score += 4.0;
    }
    let sheet = Sheet::of(&known, text, layout, rules, calendar);
    for zone in &known.page.zones {
        sheet.zone(zone, page);
    }
    sheet.options(page);
}

/// Where a known form has numbers and codes, each with what can stand there: what is worth reading once more.
pub(in crate::extraction) fn regions(layout: &Layout, rules: &RuleSets) -> Vec<Region> {
    let Some(known) = rules.forms.recognise(layout) else {
        return Vec::new();
    };
    let registration = &known.registration;
    let printed: BTreeSet<usize> = registration.found.iter().map(|found| found.token).collect();
    let mut regions = Vec::new();
    for zone in &known.page.zones {
        let Some(field) = rules.catalogue.get(&zone.field) else {
            continue;
        };
        let shift = registration.shift_of(&zone.bounds);
        let words = layout.tokens.iter().enumerate().filter(|(at, token)| {
            let (x, y) = registration.on_form_moved(middle(&token.bounds), shift);
            !printed.contains(at) && is_within(&zone.bounds, x, y)
        });
        let words: Vec<&Token> = words.map(|(_, token)| token).collect();
        let texts: Vec<&str> = words.iter().map(|token| token.text.as_str()).collect();
        let alphabet = alphabet(field.kind, &texts.join(" "));
        if alphabet == Alphabet::Any {
            continue;
        }
        // The box of an option beside a code, read as a letter, is no part of it.
        let numbers = words
            .iter()
            .filter(|token| token.text.contains(|c: char| c.is_ascii_digit()));
        let boxes = numbers.map(|token| token.bounds);
        let boxes: Vec<PixelBox> = if field.kind.is_list() {
            boxes.collect()
        } else {
            let hull = PixelBox::hull_of(boxes);
            hull.into_iter()
                .chain(words.is_empty().then(|| on_page(registration, &zone.bounds)))
                .collect()
        };
        regions.extend(boxes.into_iter().map(|bounds| Region { bounds, alphabet }));
    }
    regions
}

/// The zone as it lies on the page.
fn on_page(registration: &Registration, zone: &PixelBox) -> PixelBox {
    let corner = |x: u32, y: u32| {
        let (x, y) = registration.on_page((f64::from(x), f64::from(y)));
        (x.max(0.0) as u32, y.max(0.0) as u32)
    };
    let ((left, top), (right, bottom)) = (corner(zone.x, zone.y), corner(zone.right(), zone.bottom()));
    PixelBox::from([
        left,
        top,
        right.saturating_sub(left).max(1),
        bottom.saturating_sub(top).max(1),
    ])
}

struct Sheet<'s> {
    known: &'s Recognised<'s>,
    layout: &'s Layout,
    rules: &'s RuleSets,
    calendar: Calendar,
    text: &'s PageText,
    /// Words of the page that are printed.
    printed: BTreeSet<usize>,
}

impl<'s> Sheet<'s> {
    fn of(
        known: &'s Recognised,
        text: &'s PageText,
        layout: &'s Layout,
        rules: &'s RuleSets,
        calendar: Calendar,
    ) -> Self {
        Self {
            known,
            layout,
            rules,
            calendar,
            text,
            printed: known.registration.found.iter().map(|found| found.token).collect(),
        }
    }

    /// Whether the middle of something on the page lies in a box of the form. The box moves with the print next to it, so
    /// that a list that pushes it down does not come to lie in it.
    fn within(&self, bounds: &PixelBox) -> impl Fn(&PixelBox) -> bool {
        let shift = self.known.registration.shift_of(bounds);
        let bounds = *bounds;
        move |other| {
            let (x, y) = self.known.registration.on_form_moved(middle(other), shift);
            is_within(&bounds, x, y)
        }
    }

    /// The words within a box of the form, row by row.
    fn lines(&self, bounds: &PixelBox) -> Vec<Vec<usize>> {
        let is_in = self.within(bounds);
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, token) in self.layout.tokens.iter().enumerate() {
            if !self.printed.contains(&at) && is_in(&token.bounds) {
                rows.entry(token.row).or_default().push(at);
            }
        }
        rows.into_values().collect()
    }

    fn zone(&self, zone: &Zone, page: &mut PageFindings) {
        let Some(field) = self.rules.catalogue.position(&zone.field) else {
            return;
        };
        let lines = self.lines(&zone.bounds);
        let texts = lines.iter().map(|line| {
            let texts = line.iter().map(|at| self.layout.tokens[*at].text.as_str());
            texts.collect()
        });
        let words = Words { lines: texts.collect() };
        let tokens = lines.concat();
        let kind = self.rules.catalogue.all[field].kind;
        let is_in = self.within(&zone.bounds);
        let inked = self.text.illegible.iter().any(|ink| is_in(&ink.bounds));
        if tokens.is_empty() && inked {
            return;
        }
        if tokens.is_empty() || self.rules.lexicon.is_absent(&words.lines.concat().join(" ")) {
            blank(field, page);
            return;
        }
        match answer(kind, &words, self.rules, self.calendar) {
            Outcome::Value(reading) => weigh(self.candidate(field, &tokens, reading), kind, page),
            Outcome::Parts(parts) => {
                for (part, reading) in parts {
                    let key = format!("patient.address.{part}");
                    if let Some(field) = self.rules.catalogue.position(&key) {
                        let kind = self.rules.catalogue.all[field].kind;
                        weigh(self.candidate(field, &tokens, reading), kind, page);
                    }
                }
            }
            Outcome::Malformed(malformed) => page.refused.push(Refused { field, malformed }),
            Outcome::Absent => {}
        }
    }

    fn candidate(&self, field: usize, tokens: &[usize], reading: Reading) -> Candidate {
        let pick = |words: &[usize]| -> Vec<usize> { words.iter().filter_map(|at| tokens.get(*at).copied()).collect() };
        let used = pick(&reading.words);
        let boxes = match &reading.content {
            FieldContent::List(_) => reading.items.iter().map(|item| self.layout.hull(&pick(item))).collect(),
            FieldContent::Text(_) => Vec::new(),
        };
        let raw: Vec<&str> = used.iter().map(|at| self.layout.tokens[*at].text.as_str()).collect();
        Candidate {
            field,
            page: self.layout.number,
            bounds: self.layout.hull(&used),
            boxes,
            raw: raw.join(" "),
            rule: self.rule(),
            score: WORTH * reading.quality * scan(self.layout, &used),
            content: reading.content,
            labelled: true,
            signs: Signs {
                place: Place::Zone,
                likeness: self.known.share.min(1.0),
                reading: reading.quality,
                scan: f64::from(self.layout.least_confidence(&used)),
            },
            remark: reading.remark,
        }
    }

    fn rule(&self) -> String {
        format!("form:{}", self.known.form.title())
    }

    /// The marks of options, field by field.
    fn options(&self, page: &mut PageFindings) {
        if self.known.page.options.is_empty() {
            return;
        }
        let marks = marks(self.layout);
        let mut fields: BTreeMap<usize, Vec<Choice>> = BTreeMap::new();
        for option in &self.known.page.options {
            let Some(field) = self.rules.catalogue.position(&option.field) else {
                continue;
            };
            if let Some(mark) = self.mark_of(option, &marks) {
                fields.entry(field).or_default().push(Choice {
                    kind: self.rules.catalogue.all[field].kind,
                    value: option.value.clone(),
                    ink: mark.ink,
                    tokens: Vec::new(),
                    bounds: mark.bounds,
                    likeness: 1.0,
                    sure: mark.drawn || mark.ink > 0.0,
                });
            }
        }
        for (field, choices) in fields {
            let kind = self.rules.catalogue.all[field].kind;
            // One that is ticked among others whose marks were not seen tells as much; none that is ticked tells nothing.
            if let Some(Verdict::One(choice)) = verdict(&choices, kind) {
                weigh(self.chosen(field, choice), kind, page);
            }
        }
    }

    fn mark_of<'m>(&self, option: &OptionZone, marks: &'m [Mark]) -> Option<&'m Mark> {
        let shift = self.known.registration.shift_of(&option.bounds);
        let distance = |mark: &Mark| {
            let (x, y) = self.known.registration.on_form_moved(middle(&mark.bounds), shift);
            let (option_x, option_y) = middle(&option.bounds);
            (x - option_x).hypot(y - option_y)
        };
        let reach = f64::from(option.bounds.width.max(option.bounds.height)) * 0.75;
        let nearest = marks.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        (distance(nearest) < reach).then_some(nearest)
    }

    fn chosen(&self, field: usize, choice: &Choice) -> Candidate {
        let weight = if choice.sure { 0.98 } else { 0.85 };
        Candidate {
            field,
            content: FieldContent::Text(choice.value.clone()),
            page: self.layout.number,
            bounds: choice.bounds,
            boxes: Vec::new(),
            raw: choice.value.clone(),
            rule: self.rule(),
            score: WORTH * weight,
            labelled: true,
            signs: Signs {
                place: Place::Choice,
                likeness: self.known.share.min(1.0),
                reading: weight,
                scan: 1.0,
            },
            remark: None,
        }
    }
}

fn is_within(bounds: &PixelBox, x: f64, y: f64) -> bool {
    f64::from(bounds.x) <= x
        && x <= f64::from(bounds.right())
        && f64::from(bounds.y) <= y
        && y <= f64::from(bounds.bottom())
}
