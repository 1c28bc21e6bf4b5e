//! Values by their labels: which field a label asks for where it stands, and what stands in its place.

mod open_questions;

pub(super) use open_questions::is_marked;

use super::catalogue::ValueType;
use super::checkboxes::{Choice, begins_unticked};
use super::coded_options::is_coded;
use super::findings::{Candidate, PageFindings, Refused, Signs};
use super::fold::fold;
use super::labels::{Label, Strength};
use super::layout::Layout;
use super::lexicon::{LETTERHEAD, Meaning, NONE, Section};
use super::parties::{Party, names_a_practice, party};
use super::regions::{Extent, Places, Region, Relation};
use super::rules::RuleSets;
use super::running::scan;
use super::sections::Sections;
use super::table_rows;
use super::values::name::{is_credential, is_title};
use super::values::{self, Calendar, Outcome, Reading, Words};
use crate::domain::codes::Malformed;
use crate::domain::fields::FieldContent;

pub(super) fn extent(kind: ValueType) -> Extent {
    match kind {
        ValueType::Text | ValueType::Diagnoses | ValueType::Procedures => Extent::Long,
        ValueType::Address => Extent::Block,
        ValueType::Organization | ValueType::Specialty | ValueType::PersonName => Extent::Name,
        _ => Extent::Short,
    }
}

/// Adds what stands in the place of a label that asks for a field where it stands.
pub(super) fn by_label(
    places: &Places,
    sections: &Sections,
    label: &Label,
    choices: &[Choice],
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let Some(meaning) = label.meaning else { return };
    if table_rows::read(places, label, meaning, rules, calendar, page) {
        return;
    }
    let x = places.layout.tokens[label.tokens.start].bounds.x;
    let around = sections.at(label.row, x, places.layout);
    let meant = around
        .iter()
        .find_map(|section| Some((*section, meaning.field(*section)?)));
    let bystander = around.first().is_some_and(|section| {
        let name = rules.lexicon.section_name(*section);
        matches!(name, "emergency" | "history" | "pharmacy" | "pcp" | "office")
    });
    let meant = meant.or_else(|| by_neighbours(places, label, meaning, rules).filter(|_| !bystander));
    let Some((section, field)) = meant else { return };
    let kind = rules.catalogue.all[field].kind;
    // Options with marks are read by their marks, not by the words that stand there.
    if choices.iter().any(|choice| choice.kind == kind) {
        return;
    }
    if matches!(kind, ValueType::Urgency | ValueType::Sex | ValueType::Service) {
        let unseen = |problem| Malformed {
            problem,
            detail: "which of the options is meant can't be seen".to_owned(),
        };
        let malformed = if is_marked(places.layout, label) {
            Some(unseen("unclear_marks"))
        } else {
            open_questions::offers_several(places, label, kind, rules).then(|| unseen("several_values"))
        };
        if let Some(malformed) = malformed {
            page.refused.push(Refused { field, malformed });
            return;
        }
    }
    let certain = match (label.strength, meaning.needs_section(section), section) {
        (_, true, NONE) => 0.9,
        // A letterhead may be that of whoever printed the form.
        (_, _, LETTERHEAD) if matches!(kind, ValueType::Phone | ValueType::Fax) => 0.87,
        (Strength::Whole, ..) => 0.97,
        _ => 1.0,
    };
    let asked = Asked {
        label,
        meaning,
        field,
        certain,
    };
    asked.look(places, rules, calendar, page);
}

/// A head of a table that means nothing where it stands means what it does in the section of most heads beside it: "Company"
/// beside "Group no." and "Subscriber".
fn by_neighbours(places: &Places, label: &Label, meaning: &Meaning, rules: &RuleSets) -> Option<(Section, usize)> {
    if !places.is_column_head(label) {
        return None;
    }
    let side = |other: &Label| {
        let key = rules.catalogue.all[other.meaning?.alone()?].key.as_str();
        let side = if key.starts_with("insurance.secondary") {
            "secondary"
        } else {
            key.split_once('.')?.0
        };
        rules.lexicon.section(side).ok()
    };
    let beside = places
        .labels
        .iter()
        .filter(|other| other.row == label.row && other.tokens != label.tokens);
    let mut sides: Vec<Section> = beside.filter_map(side).collect();
    sides.sort_unstable();
    let most = sides.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?;
    let section = *most
        .first()
        .filter(|_| most.len() > 1 && most.len() * 2 > sides.len())?;
    Some((section, meaning.field(section)?))
}

/// A label that asks for a field where it stands.
struct Asked<'l> {
    label: &'l Label<'l>,
    meaning: &'l Meaning,
    field: usize,
    /// What the kind of label and the section are worth.
    certain: f64,
}

impl Asked<'_> {
    /// Takes the first place that holds a value.
    fn look(&self, places: &Places, rules: &RuleSets, calendar: Calendar, page: &mut PageFindings) {
        let kind = rules.catalogue.all[self.field].kind;
        for region in self.regions(places, kind) {
            if region.relation == Relation::Right && is_of_another_column(places.layout, kind, &region) {
                continue;
            }
            let lines = region.lines.iter().map(|line| {
                let texts = line.iter().map(|at| places.layout.tokens[*at].text.as_str());
                texts.collect()
            });
            let words = Words { lines: lines.collect() }.without_verb();
            if rules.lexicon.is_absent(&words.lines.concat().join(" ")) {
                return;
            }
            match self.found(&words, rules, calendar) {
                Ok(found) => {
                    page.candidates
                        .extend(self.fax_behind(places.layout, &region, &found, rules, calendar));
                    let candidates = found
                        .into_iter()
                        .map(|(field, reading, worth)| self.candidate(places.layout, &region, field, reading, worth));
                    page.candidates.extend(candidates);
                    return;
                }
                Err(Some(malformed)) => page.refused.push(Refused {
                    field: self.field,
                    malformed,
                }),
                Err(None) => {}
            }
        }
    }

    /// "Phone / fax: 402-555-0176 / 402-555-0109" asks for two numbers.
    fn fax_behind(
        &self,
        layout: &Layout,
        region: &Region,
        found: &[(usize, Reading, f64)],
        rules: &RuleSets,
        calendar: Calendar,
    ) -> Option<Candidate> {
        let [(field, phone, worth)] = found else { return None };
        let side = rules.catalogue.all[*field].key.as_str().strip_suffix(".phone")?;
        let asks = layout.text(self.label.tokens.clone()).to_lowercase();
        let fax = rules
            .catalogue
            .position(&format!("{side}.fax"))
            .filter(|_| asks.contains("fax"))?;
        let tokens = region.tokens();
        let after = phone.words.iter().max()? + 1;
        let rest = tokens.get(after..).filter(|rest| !rest.is_empty())?.to_vec();
        let texts = rest.iter().map(|at| layout.tokens[*at].text.as_str()).collect();
        let words = Words { lines: vec![texts] };
        let Outcome::Value(reading) = values::read(ValueType::Fax, &words, rules, calendar) else {
            return None;
        };
        let behind = Region {
            relation: region.relation,
            lines: vec![rest],
        };
        Some(self.candidate(layout, &behind, fax, reading, *worth))
    }

    /// The places for the value, the likeliest first.
    fn regions(&self, places: &Places, kind: ValueType) -> Vec<Region> {
        let mut regions = places.of(self.label, extent(kind));
        if kind == ValueType::PersonName
            && let Some(wrapped) = regions.first().and_then(|right| places.wrapped(self.label, right))
        {
            regions.insert(1, wrapped);
        }
        for region in &mut regions {
            match kind {
                ValueType::Diagnoses => places.with_code_above(region),
                ValueType::Text => places.with_line_above(self.label, region),
                _ => {}
            }
            if is_coded(kind) {
                region.leave_out(&places.coded.unticked);
            }
        }
        regions
    }

    /// What words in the label's place say, each with what it is worth; else why they can't be a value, if they look like one.
    fn found(
        &self,
        words: &Words,
        rules: &RuleSets,
        calendar: Calendar,
    ) -> Result<Vec<(usize, Reading, f64)>, Option<Malformed>> {
        let kind = rules.catalogue.all[self.field].kind;
        // On a cover, whoever sends the fax is staff, unless a title or credentials say otherwise.
        let sender = kind == ValueType::PersonName && matches!(self.label.name, "from" | "sender");
        let flat = words.lines.concat();
        let staff =
            sender && !flat.iter().any(|word| is_title(word) || is_credential(word)) && !names_a_practice(words, rules);
        if let Some(found) = self.several(words, rules, calendar) {
            let kept = found.into_iter().filter(|(field, _)| !staff || *field != self.field);
            return Ok(kept.map(|(field, reading)| (field, reading, 0.97)).collect());
        }
        if staff || is_closed(kind) && begins_unticked(&flat) {
            return Ok(Vec::new());
        }
        let other = || other_sense(self.field, self.meaning, words, rules, calendar);
        match values::read(kind, words, rules, calendar) {
            Outcome::Value(reading) if kind == ValueType::Phone && self.is_toll_free(&reading, rules) => Err(None),
            Outcome::Value(_) if kind == ValueType::Service && is_specialty(words, rules) => {
                let field = rules.catalogue.position("referral.specialty").unwrap_or(self.field);
                match values::read(ValueType::Specialty, words, rules, calendar) {
                    Outcome::Value(reading) => Ok(vec![(field, reading, 1.0)]),
                    _ => Err(None),
                }
            }
            Outcome::Value(reading) => {
                // A guess at an open list gives way to what else the label may ask for; "Harbor View Cardiology Specialists"
                // is a practice, whatever it specialises in.
                let practice = kind == ValueType::Specialty && names_a_practice(words, rules);
                let other = (practice || reading.quality < 0.6).then(other).flatten();
                let (field, reading) = other.unwrap_or((self.field, reading));
                Ok(vec![(field, reading, 1.0)])
            }
            Outcome::Parts(parts) => {
                let of_address = |part: &str| rules.catalogue.position(&format!("patient.address.{part}"));
                let found = parts
                    .into_iter()
                    .filter_map(|(part, reading)| Some((of_address(part)?, reading, 1.0)));
                Ok(found.collect())
            }
            Outcome::Malformed(malformed) => Err(Some(malformed)),
            Outcome::Absent => match other() {
                Some((field, reading)) => Ok(vec![(field, reading, 0.95)]),
                None => Err(None),
            },
        }
    }

    /// Nobody lives behind a toll-free number.
    fn is_toll_free(&self, reading: &Reading, rules: &RuleSets) -> bool {
        const CODES: [&str; 7] = ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"];
        let of_patient = rules.catalogue.all[self.field].key.as_str() == "patient.phone";
        match &reading.content {
            FieldContent::Text(number) => of_patient && CODES.iter().any(|code| number.starts_with(code)),
            FieldContent::List(_) => false,
        }
    }

    /// Whoever is asked for by name often stands there with the practice, and the other way round; "Send to: Urologic Surgery"
    /// names neither.
    fn several(&self, words: &Words, rules: &RuleSets, calendar: Calendar) -> Option<Vec<(usize, Reading)>> {
        let key = rules.catalogue.all[self.field].key.as_str();
        let (side, what) = key.split_once('.')?;
        if !matches!((side, what), ("referrer" | "recipient", "name" | "organization")) {
            return None;
        }
        if let Some(Party { person, organization }) = party(words, rules, calendar) {
            let position = |what: &str| rules.catalogue.position(&format!("{side}.{what}"));
            return Some(vec![
                (position("name")?, person),
                (position("organization")?, organization),
            ]);
        }
        let whole = words.lines.concat().join(" ");
        rules.vocabularies.whole(ValueType::Specialty, &whole)?;
        let specialty = rules.catalogue.position("referral.specialty")?;
        match values::read(ValueType::Specialty, words, rules, calendar) {
            Outcome::Value(reading) if key == "recipient.organization" => Some(vec![(specialty, reading)]),
            _ => None,
        }
    }

    fn candidate(&self, layout: &Layout, region: &Region, field: usize, reading: Reading, worth: f64) -> Candidate {
        let base = region.relation.weight() * self.certain * self.label.likeness.max(0.5).sqrt() * worth;
        let rule = format!("label:{}:{}", self.label.name, region.relation.name());
        candidate(layout, region, field, reading, (base, self.label.likeness), &rule)
    }
}

/// Right of a narrow column with captions and their values, a letter goes on: no name begins small, and no street without a
/// number.
fn is_of_another_column(layout: &Layout, kind: ValueType, region: &Region) -> bool {
    let Some(&first) = region.lines.first().and_then(|line| line.first()) else {
        return false;
    };
    let text = layout.tokens[first].text.as_str();
    match kind {
        ValueType::Organization | ValueType::PersonName => {
            text.starts_with(char::is_lowercase) && region.tokens().len() > 2 && text.len() > 3
        }
        ValueType::Address => text.chars().all(char::is_alphabetic) && region.tokens().len() > 1 && !is_box(text),
        _ => false,
    }
}

/// "PO Box 12", "RR 3", "One Main Street"
fn is_box(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "po" | "pobox" | "rr" | "one" | "apt" | "unit" | "hc" | "general" | "county" | "route" | "rt"
    )
}

/// "Service: General Surgery" asks for a department, and not for surgery.
fn is_specialty(words: &Words, rules: &RuleSets) -> bool {
    let whole = words.lines.concat().join(" ");
    let exact = |kind| {
        rules
            .vocabularies
            .whole(kind, &whole)
            .is_some_and(|(_, likeness)| likeness > 0.97)
    };
    exact(ValueType::Specialty) && !exact(ValueType::Service)
}

fn is_closed(kind: ValueType) -> bool {
    matches!(kind, ValueType::Urgency | ValueType::Service | ValueType::Sex)
}

/// "Refer to" and "Referred by" ask for a person as well as for a practice; what stands there tells which.
fn other_sense(
    field: usize,
    meaning: &Meaning,
    words: &Words,
    rules: &RuleSets,
    calendar: Calendar,
) -> Option<(usize, Reading)> {
    let asks_for_a_party = meaning
        .fields()
        .any(|field| rules.catalogue.all[field].key.as_str().starts_with("recipient."));
    let keys: &[&str] = match rules.catalogue.all[field].key.as_str() {
        "recipient.name" if names_a_practice(words, rules) => &["recipient.organization"],
        "recipient.name" => &["referral.specialty", "recipient.organization"],
        "recipient.organization" => &["recipient.name"],
        "referrer.name" => &["referrer.organization"],
        "referral.specialty" if asks_for_a_party || names_a_practice(words, rules) => {
            &["recipient.organization", "recipient.name"]
        }
        _ => return None,
    };
    keys.iter().find_map(|key| {
        let field = rules.catalogue.position(key)?;
        match values::read(rules.catalogue.all[field].kind, words, rules, calendar) {
            Outcome::Value(reading) if reading.quality > 0.7 => Some((field, reading)),
            _ => None,
        }
    })
}

/// What was read in a region, as evidence for a field.
pub(super) fn candidate(
    layout: &Layout,
    region: &Region,
    field: usize,
    reading: Reading,
    (base, likeness): (f64, f64),
    rule: &str,
) -> Candidate {
    let tokens = region.tokens();
    let pick = |words: &[usize]| {
        words
            .iter()
            .filter_map(|at| tokens.get(*at).copied())
            .collect::<Vec<_>>()
    };
    let used = pick(&reading.words);
    let is_list = matches!(reading.content, FieldContent::List(_));
    Candidate {
        field,
        page: layout.number,
        bounds: layout.hull(&used),
        boxes: if is_list {
            reading.items.iter().map(|item| layout.hull(&pick(item))).collect()
        } else {
            Vec::new()
        },
        raw: used
            .iter()
            .map(|at| layout.tokens[*at].text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        rule: rule.to_owned(),
        score: base * reading.quality * scan(layout, &used),
        content: reading.content,
        labelled: true,
        signs: Signs {
            place: region.relation.place(),
            likeness,
            reading: reading.quality,
            scan: f64::from(layout.least_confidence(&used)),
        },
        remark: reading.remark,
    }
}
