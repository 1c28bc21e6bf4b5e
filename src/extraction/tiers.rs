//! Completeness: what a referral must show, tier by tier, and what of it is missing.

use super::fold::fold;
use crate::domain::fields::{FieldContent, FieldKey};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TiersFile {
    pub schema: u32,
    #[expect(dead_code, reason = "for people and for provenance")]
    pub version: u32,
    pub tier: Vec<Tier>,
}

/// A set of needs, as "whom do we answer?".
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    pub name: String,
    pub label: String,
    pub needs: Vec<Need>,
}

/// Met when one of the fields has a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub one_of: Vec<FieldKey>,
    pub unless: Option<Waiver>,
}

/// A field that waives a need when it reads as one of the texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    pub field: FieldKey,
    pub is: Vec<String>,
}

impl Need {
    fn is_met<'a>(&self, value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>) -> bool {
        let waived = self.unless.as_ref().is_some_and(|waiver| match value(&waiver.field) {
            Some(FieldContent::Text(text)) => waiver.is.iter().any(|waives| fold(waives) == fold(text)),
            _ => false,
        });
        waived
            || self
                .one_of
                .iter()
                .any(|key| value(key).is_some_and(|content| !is_empty(content)))
    }
}

fn is_empty(content: &FieldContent) -> bool {
    match content {
        FieldContent::Text(text) => text.trim().is_empty(),
        FieldContent::List(items) => items.is_empty(),
    }
}

/// The first field of each need that is not met, without repetition, in the order of the tiers.
pub(super) fn missing<'a, 't>(
    tiers: impl Iterator<Item = &'t Tier>,
    value: &impl Fn(&FieldKey) -> Option<&'a FieldContent>,
) -> Vec<FieldKey> {
    let mut keys: Vec<FieldKey> = Vec::new();
    for need in tiers.flat_map(|tier| &tier.needs) {
        if let Some(first) = need.one_of.first()
            && !need.is_met(value)
            && !keys.contains(first)
        {
            keys.push(first.clone());
        }
    }
    keys
}
