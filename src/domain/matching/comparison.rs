//! Two people held against each other: what fits how well, what it weighs together, and what speaks against joining them.

use super::class::Class;
use super::criterion::{Criterion, Level, Levels};
use super::facts_fit;
use super::guard::Guard;
use super::identifier::IdentifierKind;
use super::model::Model;
use super::names_fit;
use super::person::Person;
use super::rule::Rule;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Log2 of the odds that the two are one: the prior, all evidence, and what the household's cap takes off.
    pub weight: f64,
    pub evidence: Vec<CriterionEvidence>,
    /// Zero or less: what phone, address and member id say beyond what a household may.
    pub household_cut: f64,
    pub rules: Vec<Rule>,
    pub guards: Vec<Guard>,
    pub class: Class,
}

/// What one criterion adds, for a person to see.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriterionEvidence {
    pub criterion: Criterion,
    pub level: Level,
    pub weight: f64,
}

impl CriterionEvidence {
    /// "birth date: one sign differs, +2.9".
    pub fn text(&self) -> String {
        format!("{}: {}, {:+.1}", self.criterion.text(), self.level.text(), self.weight)
    }
}

/// How each criterion fits. The same both ways.
pub fn levels(one: &Person, other: &Person) -> Levels {
    let mut levels = Levels::default();
    let (given, middle, family) = names_fit::levels(&one.name, &other.name);
    let (here, there) = (&one.address, &other.address);
    let (street, second_line) = facts_fit::address_lines(here, there);
    let sex = match (one.sex, other.sex) {
        (Some(one), Some(other)) if one == other => Level::Exact,
        (Some(_), Some(_)) => Level::Different,
        _ => Level::Missing,
    };
    let identifiers = |kind| facts_fit::identifiers(&one.identifiers, &other.identifiers, kind);
    let found = [
        (Criterion::Given, given),
        (Criterion::Middle, middle),
        (Criterion::Family, family),
        (
            Criterion::BirthDate,
            facts_fit::birth_date(one.birth_date, other.birth_date),
        ),
        (Criterion::Sex, sex),
        (Criterion::Phone, facts_fit::phones(&one.phones, &other.phones)),
        (
            Criterion::StreetNumber,
            facts_fit::signs(here.street_number.as_deref(), there.street_number.as_deref()),
        ),
        (Criterion::Street, street),
        (Criterion::SecondLine, second_line),
        (
            Criterion::City,
            facts_fit::words(here.city.as_deref(), there.city.as_deref()),
        ),
        (
            Criterion::PostalCode,
            facts_fit::signs(here.postal_code.as_deref(), there.postal_code.as_deref()),
        ),
        (Criterion::RecordNumber, identifiers(IdentifierKind::RecordNumber)),
        (Criterion::MemberId, identifiers(IdentifierKind::MemberId)),
    ];
    for (criterion, level) in found {
        levels.set(criterion, level);
    }
    levels
}

/// Whether the two are one, and why. The same both ways.
pub fn compare(model: &Model, one: &Person, other: &Person) -> Comparison {
    let levels = levels(one, other);
    let evidence: Vec<CriterionEvidence> = levels
        .all()
        .filter(|(_, level)| *level != Level::Missing)
        .map(|(criterion, level)| CriterionEvidence {
            criterion,
            level,
            weight: model.weight(criterion, level) + rarity(model, (one, other), criterion, level),
        })
        .collect();
    let of_household = evidence.iter().filter(|found| found.criterion.is_of_household());
    let shared: f64 = of_household.map(|found| found.weight).sum();
    let household_cut = (model.household_max - shared).min(0.0);
    let weight = model.prior + evidence.iter().map(|found| found.weight).sum::<f64>() + household_cut;
    let rules = Rule::kept_by(&levels);
    let guards = Guard::against(one, other, &levels, &model.frequencies);
    let class = class(model, weight, &rules, &guards);
    Comparison {
        weight,
        evidence,
        household_cut,
        rules,
        guards,
        class,
    }
}

/// What a name that both share adds for being rare, or takes off for being common. Of two spellings, the more common.
fn rarity(model: &Model, (one, other): (&Person, &Person), criterion: Criterion, level: Level) -> f64 {
    let names = match (criterion, level) {
        (Criterion::Given, Level::Exact) => [&one.name.given, &other.name.given],
        (Criterion::Family, Level::Exact) => [&one.name.family, &other.name.family],
        _ => return 0.0,
    };
    let of = |name: &String| model.frequencies.adjustment(criterion, name);
    names.into_iter().flatten().map(of).reduce(f64::min).unwrap_or_default()
}

/// The score or a rule, whichever says more; with a guard against it never more than a question.
fn class(model: &Model, weight: f64, rules: &[Rule], guards: &[Guard]) -> Class {
    let scored = match weight {
        weight if weight >= model.thresholds.link => Class::High,
        weight if weight >= model.thresholds.ask => Class::Medium,
        _ => Class::Low,
    };
    let ruled = rules.iter().map(|rule| rule.class()).max().unwrap_or(Class::Low);
    let most = if guards.is_empty() { Class::High } else { Class::Medium };
    scored.max(ruled).min(most)
}
