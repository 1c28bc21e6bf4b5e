//! One page searched in every way: labels, check boxes, running text, the parts of a letter.

use super::catalogue::ValueType;
use super::checkboxes::{self, Choice, Verdict};
use super::classify::classify;
use super::findings::{Candidate, PageFindings, Place, Refused, Signs};
use super::fold::{distance, fold, tokens};
use super::labels::{self, Label, Strength};
use super::layout::Layout;
use super::letter::Letter;
use super::lexicon::{Meaning, NONE};
use super::regions::{Extent, Places, Region};
use super::rules::RuleSets;
use super::running::{self, scan};
use super::sections::Sections;
use super::values::{self, Calendar, Outcome, Reading, Words};
use crate::domain::codes::{Malformed, Npi};
use crate::domain::document::PageKind;
use crate::domain::fields::FieldContent;
use crate::domain::page::PageText;
use crate::domain::page_facts::TextLayer;

pub(super) fn page(text: &PageText, rules: &RuleSets, calendar: Calendar) -> PageFindings {
    let layout = Layout::of(text);
    let labels = labels::find(&layout, rules);
    let rows: Vec<String> = (0..layout.rows.len()).map(|row| layout.row_text(row)).collect();
    let phrases = format!(" {} ", tokens(&rows.join(" ")).collect::<Vec<_>>().join(" "));
    let class = classify(rules, &phrases, &labels);
    // What can't be read may say anything: it is no blank page.
    let blank = text.blank || layout.tokens.is_empty() && text.unreadable.is_none();
    let kind = if blank { PageKind::Blank } else { class.kind };
    let sections = Sections::find(&layout, &labels, rules, kind == PageKind::Cover);
    let places = Places::new(&layout, &labels, &sections);
    let choices = checkboxes::choices(&layout, &labels, &sections, rules);
    let mut page = PageFindings {
        number: text.number,
        kind,
        candidates: Vec::new(),
        refused: Vec::new(),
        document_scores: class.document_scores,
        referral_score: class.referral_score,
        unreadable: text.unreadable.is_some(),
        contradicts_itself: text.facts.text_layer == TextLayer::Contradicts,
    };
    for label in &labels {
        by_label(&places, &sections, label, &choices, rules, calendar, &mut page);
    }
    by_choice(&layout, &choices, rules, &mut page);
    let (found, refused) = running::candidates(&layout, rules, calendar);
    page.candidates.extend(found);
    page.refused.extend(refused);
    if matches!(kind, PageKind::Referral | PageKind::Cover | PageKind::Other) {
        let letter = Letter {
            layout: &layout,
            labels: &labels,
            sections: &sections,
            rules,
            calendar,
        };
        page.candidates.extend(letter.candidates());
    }
    stray_npi(&layout, &labels, rules, &mut page);
    stray_codes(&places, &sections, rules, &mut page);
    by_its_fields(rules, &mut page);
    page
}

/// A page that names patient, sender and request is a referral, whatever it calls itself.
fn by_its_fields(rules: &RuleSets, page: &mut PageFindings) {
    let has = |key: &str| {
        let field = rules.catalogue.position(key);
        page.candidates
            .iter()
            .any(|candidate| Some(candidate.field) == field && candidate.score > 0.5)
    };
    let patient = has("patient.name") && has("patient.birth_date");
    let sender = has("referrer.name") || has("referrer.npi");
    let request = [
        "referral.reason",
        "referral.urgency",
        "referral.diagnoses",
        "referral.procedures",
        "referral.specialty",
    ];
    let count = request.iter().filter(|key| has(key)).count();
    let parties = [
        "recipient.organization",
        "recipient.name",
        "insurance.member_id",
        "referral.authorization_number",
    ];
    let count = count + parties.iter().filter(|key| has(key)).count();
    if patient && sender && count >= 3 {
        page.referral_score += 0.5 * count as f64;
        if page.kind == PageKind::Other {
            page.kind = PageKind::Referral;
        }
    }
}

fn extent(kind: ValueType) -> Extent {
    match kind {
        ValueType::Text | ValueType::Diagnoses | ValueType::Procedures => Extent::Long,
        ValueType::Address => Extent::Block,
        _ => Extent::Short,
    }
}

fn by_label(
    places: &Places,
    sections: &Sections,
    label: &Label,
    choices: &[Choice],
    rules: &RuleSets,
    calendar: Calendar,
    page: &mut PageFindings,
) {
    let Some(meaning) = label.meaning else { return };
    let x = places.layout.tokens[label.tokens.start].bounds.x;
    let around = sections.at(label.row, x, places.layout);
    let meant = around
        .iter()
        .find_map(|section| Some((*section, meaning.field(*section)?)));
    let Some((section, field)) = meant else { return };
    let kind = rules.catalogue.all[field].kind;
    // Options with marks are read by their marks, not by the words that stand there.
    if choices.iter().any(|choice| choice.kind == kind) {
        return;
    }
    if matches!(kind, ValueType::Urgency | ValueType::Sex | ValueType::Service)
        && offers_several(places, label, kind, rules)
    {
        let malformed = Malformed {
            problem: "several_values",
            detail: "which of the options is meant can't be seen".to_owned(),
        };
        page.refused.push(Refused { field, malformed });
        return;
    }
    let certain = match (label.strength, meaning.needs_section(section), section) {
        (_, true, NONE) => 0.9,
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
        let mut regions = places.of(self.label, extent(kind));
        if kind == ValueType::PersonName
            && let Some(wrapped) = regions.first().and_then(|right| places.wrapped(self.label, right))
        {
            regions.insert(1, wrapped);
        }
        for region in regions {
            let lines = region.lines.iter().map(|line| {
                let texts = line.iter().map(|at| places.layout.tokens[*at].text.as_str());
                texts.collect()
            });
            let words = Words { lines: lines.collect() };
            if rules.lexicon.is_absent(&words.lines.concat().join(" ")) {
                return;
            }
            let outcome = values::read(kind, &words, rules, calendar);
            let other = || other_sense(self.field, self.meaning, &words, rules, calendar);
            let mut add = |field, reading, worth: f64| {
                page.candidates
                    .push(self.candidate(places.layout, &region, field, reading, worth));
            };
            match outcome {
                Outcome::Value(reading) => {
                    // A guess at an open list gives way to what else the label may ask for.
                    let other = (reading.quality < 0.6).then(other).flatten();
                    let (field, reading) = other.unwrap_or((self.field, reading));
                    return add(field, reading, 1.0);
                }
                Outcome::Parts(parts) => {
                    for (part, reading) in parts {
                        if let Some(field) = rules.catalogue.position(&format!("patient.address.{part}")) {
                            add(field, reading, 1.0);
                        }
                    }
                    return;
                }
                Outcome::Malformed(malformed) => page.refused.push(Refused {
                    field: self.field,
                    malformed,
                }),
                Outcome::Absent => {
                    if let Some((field, reading)) = other() {
                        return add(field, reading, 0.95);
                    }
                }
            }
        }
    }

    fn candidate(&self, layout: &Layout, region: &Region, field: usize, reading: Reading, worth: f64) -> Candidate {
        let base = region.relation.weight() * self.certain * self.label.likeness.max(0.5).sqrt() * worth;
        let rule = format!("label:{}:{}", self.label.name, region.relation.name());
        candidate(layout, region, field, reading, (base, self.label.likeness), &rule)
    }
}

/// Whether a label is followed by more than one of its options, in its row or one below the other: then the first is no
/// value, since the mark that tells them apart was not seen.
fn offers_several(places: &Places, label: &Label, kind: ValueType, rules: &RuleSets) -> bool {
    let layout = places.layout;
    let row_end = layout.rows[label.row].tokens.end;
    let next = places
        .labels
        .iter()
        .find(|other| other.row == label.row && other.tokens.start >= label.tokens.end);
    let right = layout.text(label.tokens.end..next.map_or(row_end, |next| next.tokens.start));
    let mut values = rules.vocabularies.anywhere(kind, &right);
    if values.is_empty() {
        values = options_below(layout, label, kind, rules);
    }
    values.sort_unstable();
    values.dedup();
    // "Evaluate and treat, then a procedure" is one answer; options of services stand apart.
    let segments = layout
        .segments(label.row)
        .into_iter()
        .filter(|segment| segment.end > label.tokens.end)
        .count();
    values.len() > 1 && (kind != ValueType::Service || segments > 1 || right.is_empty())
}

/// The options that begin the rows under a label, as far as they go.
fn options_below<'r>(layout: &Layout, label: &Label, kind: ValueType, rules: &'r RuleSets) -> Vec<&'r str> {
    let left = layout.tokens[label.tokens.start].bounds.x;
    let mut values = Vec::new();
    for row in layout.rows.iter().skip(label.row + 1).take(4) {
        let near = |at: &usize| f64::from(layout.tokens[*at].bounds.x.abs_diff(left)) < 4.0 * layout.unit;
        let Some(at) = row.tokens.clone().find(near) else {
            continue;
        };
        let text = layout.text(at..layout.segment_of(at).end);
        let words: Vec<&str> = text.split_whitespace().collect();
        match rules.vocabularies.leading(kind, &words) {
            Some((value, ..)) => values.push(value),
            None => break,
        }
    }
    values
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
        "recipient.name" => &["referral.specialty", "recipient.organization"],
        "recipient.organization" => &["recipient.name"],
        "referrer.name" => &["referrer.organization"],
        "referral.specialty" if asks_for_a_party => &["recipient.organization", "recipient.name"],
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

fn candidate(
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

fn by_choice(layout: &Layout, choices: &[Choice], rules: &RuleSets, page: &mut PageFindings) {
    for (kind, key) in [
        (ValueType::Urgency, "referral.urgency"),
        (ValueType::Sex, "patient.sex"),
        (ValueType::Service, "referral.service"),
        (ValueType::Specialty, "referral.specialty"),
    ] {
        let Some(field) = rules.catalogue.position(key) else {
            continue;
        };
        let unclear = |detail: &str| Malformed {
            problem: "unclear_marks",
            detail: detail.to_owned(),
        };
        let (choice, weight) = match checkboxes::verdict(choices, kind) {
            None => continue,
            Some(Verdict::None) => {
                page.refused.push(Refused {
                    field,
                    malformed: unclear("no option is marked"),
                });
                continue;
            }
            Some(Verdict::One(choice)) => (choice, if choice.sure { 0.97 } else { 0.85 }),
            Some(Verdict::Unclear(choice)) => {
                page.refused.push(Refused {
                    field,
                    malformed: unclear("more than one option may be marked"),
                });
                (choice, 0.5)
            }
        };
        page.candidates.push(Candidate {
            field,
            content: FieldContent::Text(choice.value.clone()),
            page: layout.number,
            bounds: choice.bounds,
            boxes: Vec::new(),
            raw: choice
                .tokens
                .iter()
                .map(|at| layout.tokens[*at].text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            rule: format!("choice:{key}"),
            score: weight * choice.likeness * scan(layout, &choice.tokens).max(0.9),
            labelled: true,
            signs: Signs {
                place: Place::Choice,
                likeness: choice.likeness,
                reading: weight,
                scan: f64::from(layout.least_confidence(&choice.tokens)),
            },
            remark: None,
        });
    }
}

/// A sound NPI behind a label that the scanner misread beyond what a label of three letters may bear.
fn stray_npi(layout: &Layout, labels: &[Label], rules: &RuleSets, page: &mut PageFindings) {
    let Some(field) = rules.catalogue.position("referrer.npi") else {
        return;
    };
    for at in 1..layout.tokens.len() {
        let (before, token) = (&layout.tokens[at - 1], &layout.tokens[at]);
        let labelled = labels
            .iter()
            .any(|label| label.meaning.is_some() && label.tokens.contains(&(at - 1)));
        let Ok(npi) = Npi::parse(&token.text) else { continue };
        let near = distance(&fold(&before.text), "npi", 10).is_some();
        if before.row == token.row && near && !labelled {
            page.candidates.push(Candidate {
                field,
                content: FieldContent::Text(npi.into()),
                page: layout.number,
                bounds: token.bounds,
                boxes: Vec::new(),
                raw: token.text.clone(),
                rule: "form:npi".to_owned(),
                score: 0.8 * scan(layout, &[at]),
                labelled: false,
                signs: Signs {
                    place: Place::Form,
                    likeness: 0.5,
                    reading: 1.0,
                    scan: f64::from(layout.least_confidence(&[at])),
                },
                remark: None,
            });
        }
    }
}

/// Diagnosis codes that no label announces, outside of what is only background.
fn stray_codes(places: &Places, sections: &Sections, rules: &RuleSets, page: &mut PageFindings) {
    let layout = places.layout;
    let Some(field) = rules.catalogue.position("referral.diagnoses") else {
        return;
    };
    let mut codes = Vec::new();
    let mut found = Vec::new();
    let mut least: f64 = 1.0;
    let mut remark = None;
    for (at, token) in layout.tokens.iter().enumerate() {
        let around = sections.at(token.row, token.bounds.x, layout);
        let section = around
            .first()
            .map_or("", |section| rules.lexicon.section_name(*section));
        if section == "history" || section == "office" || places.is_taken(at) {
            continue;
        }
        for part in token.text.split(['(', ')', '[', ']', ',', ';', ':']) {
            // Without a label, only the dot tells a code from a part number.
            if part.contains('.')
                && let Some((code, quality)) = values::icd10(part)
            {
                let row = &layout.rows[token.row].tokens;
                let text = |range: std::ops::Range<usize>| -> Vec<&str> {
                    range.map(|at| layout.tokens[at].text.as_str()).collect()
                };
                let after = text(at + 1..row.end.min(at + 9));
                let before = text(row.start.max(at.saturating_sub(8))..at);
                let known = values::believed(&code, quality, &after, &before);
                if !codes.contains(&known.code) {
                    codes.push(known.code);
                    found.push(at);
                    least = least.min(known.quality);
                    remark = remark.or(known.remark);
                }
            }
        }
    }
    if codes.is_empty() {
        return;
    }
    page.candidates.push(Candidate {
        field,
        raw: codes.join(" "),
        content: FieldContent::List(codes),
        page: layout.number,
        bounds: layout.hull(&found),
        boxes: found.iter().map(|at| layout.tokens[*at].bounds).collect(),
        rule: "form:icd10".to_owned(),
        score: 0.7 * least * scan(layout, &found),
        labelled: false,
        signs: Signs {
            place: Place::Form,
            likeness: 0.5,
            reading: least,
            scan: f64::from(layout.least_confidence(&found)),
        },
        remark,
    });
}
