//! From what the places propose to one value a field, with its confidence and what is wrong with it.

use super::catalogue::ValueType;
use super::cross_check;
use super::findings::{Candidate, PageFindings, Place, Signs};
use super::fold::{fold, tokens};
use super::known_names::share_known;
use super::letterheads;
use super::rule_file::Part;
use super::rules::RuleSets;
use crate::domain::codes::Malformed;
use crate::domain::document::PageKind;
use crate::domain::fields::{Alternative, Evidence, FieldContent, FieldKey, FieldProblem, FoundField};
use std::collections::BTreeMap;

/// A field's value before it is weighed.
struct Chosen {
    found: FoundField,
    contradicted: bool,
    remark: Option<Malformed>,
}

pub(super) struct Decided {
    pub fields: BTreeMap<FieldKey, FoundField>,
    pub problems: Vec<FieldProblem>,
}

pub(super) fn decide(pages: &[PageFindings], rules: &RuleSets) -> Decided {
    let mut candidates: Vec<Candidate> = pages.iter().flat_map(|page| weighted(page, rules)).collect();
    compose_names(&mut candidates, rules);
    letterheads::give_to_recipient(&mut candidates, rules);
    let mut decided = Decided {
        fields: BTreeMap::new(),
        problems: Vec::new(),
    };
    for (number, field) in rules.catalogue.all.iter().enumerate() {
        if field.part_of.is_some() {
            continue;
        }
        let of_field: Vec<&Candidate> = candidates
            .iter()
            .filter(|candidate| candidate.field == number)
            .collect();
        let chosen = if field.kind.is_list() {
            union(&of_field)
        } else {
            choose(&of_field, field.kind)
        };
        let Some(Chosen {
            mut found,
            contradicted,
            remark,
        }) = chosen
        else {
            continue;
        };
        if contradicted {
            decided.problem(&field.key, "contradiction", "two places say different things");
        }
        if let Some(remark) = &remark {
            decided.problem(&field.key, remark.problem, &remark.detail);
        }
        if let Some(evidence) = &mut found.evidence {
            if !rules.uses(Part::Agreement) {
                evidence.agreeing = 0;
            }
            let of_page = pages.iter().find(|page| page.number == found.page);
            evidence.worn = rounded(of_page.map_or(0.0, |page| page.worn));
            evidence.known = match (field.kind, &found.value) {
                (ValueType::PersonName, FieldContent::Text(name)) => rounded(share_known(name)),
                // Nothing had to be forgiven only where the words beside each code describe it.
                (ValueType::Diagnoses, _) if evidence.reading > 0.995 => 1.0,
                _ => 0.0,
            };
            found.confidence = rules.confidence.of(field, evidence, contradicted, remark.is_some());
        }
        found.rule = format!("{} {}", rules.provenance, found.rule);
        decided.fields.insert(field.key.clone(), found);
    }
    for refused in pages.iter().flat_map(|page| &page.refused) {
        let key = &rules.catalogue.all[refused.field].key;
        let is_part = rules.catalogue.all[refused.field].part_of.is_some();
        let sure = decided.fields.get(key).is_some_and(|field| field.confidence > 0.8);
        if !is_part && (!sure || refused.malformed.problem == "unclear_marks") {
            decided.problem(key, refused.malformed.problem, &refused.malformed.detail);
        }
    }
    cross_check::cross_check(&mut decided);
    decided
}

impl Decided {
    fn problem(&mut self, key: &FieldKey, problem: &str, detail: &str) {
        if !self
            .problems
            .iter()
            .any(|known| known.field == *key && known.problem == problem)
        {
            let (problem, detail) = (problem.to_owned(), detail.to_owned());
            self.problems.push(FieldProblem {
                field: key.clone(),
                problem,
                detail,
            });
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.fields.get(&FieldKey::new(key)).map(|field| &field.value) {
            Some(FieldContent::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn doubt(&mut self, key: &str, factor: f64, problem: &str, detail: &str) {
        let key = FieldKey::new(key);
        if let Some(field) = self.fields.get_mut(&key) {
            field.confidence *= factor;
            self.problem(&key, problem, detail);
        }
    }
}

/// A page's candidates, each worth what such a page says about such a field.
fn weighted<'p>(page: &'p PageFindings, rules: &'p RuleSets) -> impl Iterator<Item = Candidate> + 'p {
    page.candidates.iter().filter_map(|candidate| {
        let key = rules.catalogue.all[candidate.field].key.as_str();
        let is_identity = matches!(key, "patient.name" | "patient.birth_date" | "patient.sex");
        let is_code = matches!(key, "referral.diagnoses" | "referral.procedures");
        let factor = match page.kind {
            PageKind::Referral => 1.0,
            PageKind::Cover if page.says_it_all => 1.0,
            PageKind::Cover => match key {
                "patient.name" if candidate.labelled => 0.8,
                _ if key.starts_with("referrer.") => 0.95,
                _ if key.starts_with("recipient.") => 0.97,
                "referral.date" | "referral.reason" | "referral.specialty" | "referral.service" => 0.6,
                _ => 0.85,
            },
            PageKind::InsuranceCard if key.starts_with("insurance.") => 0.9,
            PageKind::Blank => 0.0,
            _ if is_identity => 0.88,
            _ if is_code => 0.4,
            _ if key.starts_with("patient.") || key.starts_with("insurance.") => 0.75,
            _ => 0.5,
        };
        (factor > 0.0).then(|| Candidate {
            score: candidate.score * factor,
            ..candidate.clone()
        })
    })
}

/// First and last name from their own boxes.
fn compose_names(candidates: &mut Vec<Candidate>, rules: &RuleSets) {
    for whole in ["patient.name", "referrer.name"] {
        let best = |part: &str| {
            let field = rules.catalogue.position(&format!("{whole}.{part}"))?;
            let of_field = candidates.iter().filter(|candidate| candidate.field == field);
            of_field.max_by(|a, b| a.score.total_cmp(&b.score)).cloned()
        };
        let (Some(given), Some(family), Some(field)) = (best("given"), best("family"), rules.catalogue.position(whole))
        else {
            continue;
        };
        let parts: Vec<Candidate> = [Some(given), best("middle"), Some(family)]
            .into_iter()
            .flatten()
            .collect();
        let texts = parts.iter().filter_map(|part| match &part.content {
            FieldContent::Text(text) => Some(text.as_str()),
            FieldContent::List(_) => None,
        });
        let name = texts.collect::<Vec<_>>().join(" ");
        let raw = parts.iter().map(|part| part.raw.as_str()).collect::<Vec<_>>().join(" ");
        let first = parts[0].clone();
        candidates.push(Candidate {
            field,
            content: FieldContent::Text(name),
            bounds: parts.iter().fold(first.bounds, |hull, part| hull.hull(&part.bounds)),
            raw,
            rule: "parts".to_owned(),
            score: parts.iter().map(|part| part.score).fold(1.0, f64::min),
            signs: Signs {
                place: Place::Parts,
                likeness: least(&parts, |signs| signs.likeness),
                reading: least(&parts, |signs| signs.reading),
                scan: least(&parts, |signs| signs.scan),
            },
            ..first
        });
    }
}

fn least(parts: &[Candidate], sign: impl Fn(&Signs) -> f64) -> f64 {
    parts.iter().map(|part| sign(&part.signs)).fold(1.0, f64::min)
}

/// Whether two values say the same.
pub(super) fn alike(a: &FieldContent, b: &FieldContent, kind: ValueType) -> bool {
    let (FieldContent::Text(a), FieldContent::Text(b)) = (a, b) else {
        return a == b;
    };
    match kind {
        ValueType::PersonName | ValueType::Organization | ValueType::Text | ValueType::Address => {
            let words = |text: &str| tokens(text).filter(|word| word.len() > 1).collect::<Vec<_>>();
            let (a, b) = (words(a), words(b));
            let common = a.iter().filter(|word| b.contains(word)).count();
            common > 0 && common * 2 >= a.len().max(b.len()) && common >= a.len().min(b.len()).min(2)
        }
        _ => fold(a) == fold(b),
    }
}

/// The best value of a field, and whether another place contradicts it.
fn choose(candidates: &[&Candidate], kind: ValueType) -> Option<Chosen> {
    let urgent_first = |candidate: &Candidate| match (&candidate.content, kind) {
        (FieldContent::Text(text), ValueType::Urgency) => ["routine", "urgent", "stat"].iter().position(|u| u == text),
        _ => None,
    };
    let best = candidates
        .iter()
        .filter(|c| c.score > 0.2)
        .max_by(|a, b| a.score.total_cmp(&b.score))?;
    let agreeing: Vec<&&Candidate> = candidates
        .iter()
        .filter(|c| alike(&c.content, &best.content, kind))
        .collect();
    let rivals = candidates.iter().filter(|c| !alike(&c.content, &best.content, kind));
    let rival = rivals.filter(|c| c.score > 0.45 && c.score > best.score * 0.72 && (c.labelled || !best.labelled));
    let strongest = rival.max_by(|a, b| a.score.total_cmp(&b.score));
    // Urgency is never downgraded on doubt.
    let winner = match strongest {
        Some(rival) if urgent_first(rival) > urgent_first(best) => rival,
        _ => best,
    };
    // Of those that agree on a name, the fullest says the most.
    let shown = match kind {
        ValueType::PersonName if std::ptr::eq(*winner, *best) => agreeing
            .iter()
            .filter(|c| c.score > best.score * 0.9)
            .max_by_key(|c| c.raw.split_whitespace().count())
            .map_or(*winner, |c| **c),
        _ => *winner,
    };
    let places = agreeing
        .iter()
        .filter(|c| (c.page, c.bounds) != (best.page, best.bounds) && c.score > 0.5)
        .count();
    let others = candidates.iter().filter(|c| !alike(&c.content, &winner.content, kind));
    Some(Chosen {
        found: FoundField {
            value: shown.content.clone(),
            confidence: shown.score,
            page: shown.page,
            bounds: shown.bounds,
            boxes: shown.boxes.clone(),
            raw: shown.raw.clone(),
            rule: shown.rule.clone(),
            evidence: Some(evidence(winner, places, others.copied())),
            passage: None,
        },
        contradicted: strongest.is_some(),
        remark: shown.remark.clone(),
    })
}

fn evidence<'c>(chosen: &Candidate, agreeing: usize, others: impl Iterator<Item = &'c Candidate>) -> Evidence {
    let mut others: Vec<&Candidate> = others.filter(|c| c.score > 0.2).collect();
    others.sort_by(|a, b| b.score.total_cmp(&a.score));
    let alternatives = others
        .iter()
        .take(Evidence::MOST_ALTERNATIVES)
        .map(|other| Alternative {
            value: other.content.clone(),
            score: rounded(other.score),
            page: other.page,
            bounds: other.bounds,
            raw: other.raw.clone(),
            rule: other.rule.clone(),
        });
    Evidence {
        place: chosen.signs.place,
        likeness: rounded(chosen.signs.likeness),
        reading: rounded(chosen.signs.reading),
        scan: rounded(chosen.signs.scan),
        worn: 0.0,
        known: 0.0,
        score: rounded(chosen.score),
        agreeing: agreeing as u32,
        rival: rounded(others.first().map_or(0.0, |other| other.score)),
        alternatives: alternatives.collect(),
    }
}

/// Three places are as many as mean something.
fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// All codes of the places that are as good as the best one.
fn union(candidates: &[&Candidate]) -> Option<Chosen> {
    let best = candidates.iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
    if best.score < 0.2 {
        return None;
    }
    let mut codes: Vec<String> = Vec::new();
    let mut boxes = Vec::new();
    let mut raw = Vec::new();
    let mut least: f64 = 1.0;
    let as_good = |c: &&&Candidate| c.labelled == best.labelled && c.score > best.score * 0.75;
    for candidate in candidates.iter().filter(as_good) {
        let FieldContent::List(items) = &candidate.content else {
            continue;
        };
        for (at, code) in items.iter().enumerate() {
            if !codes.contains(code) {
                codes.push(code.clone());
                boxes.extend(candidate.boxes.get(at).copied());
                least = least.min(candidate.score);
            }
        }
        raw.push(candidate.raw.as_str());
    }
    // A dotted code elsewhere on the form that the labelled list lacks.
    let stray = candidates.iter().any(|c| match &c.content {
        FieldContent::List(items) => c.score > 0.5 && items.iter().any(|code| !codes.contains(code)),
        FieldContent::Text(_) => false,
    });
    let mut weakest = (*best).clone();
    weakest.score = least;
    for candidate in candidates.iter().filter(as_good) {
        weakest.signs.reading = weakest.signs.reading.min(candidate.signs.reading);
        weakest.signs.scan = weakest.signs.scan.min(candidate.signs.scan);
    }
    let same = candidates
        .iter()
        .filter(|c| c.content == FieldContent::List(codes.clone()))
        .count();
    let others = candidates.iter().filter(|c| match &c.content {
        FieldContent::List(items) => items.iter().any(|code| !codes.contains(code)),
        FieldContent::Text(_) => false,
    });
    let found = FoundField {
        confidence: least,
        evidence: Some(evidence(&weakest, same.saturating_sub(1), others.copied())),
        passage: None,
        page: best.page,
        bounds: crate::domain::page::PixelBox::hull_of(boxes.iter().copied()).unwrap_or(best.bounds),
        boxes,
        raw: raw.join(" "),
        rule: best.rule.clone(),
        value: FieldContent::List(codes),
    };
    Some(Chosen {
        found,
        contradicted: stray,
        remark: candidates.iter().filter(as_good).find_map(|c| c.remark.clone()),
    })
}
