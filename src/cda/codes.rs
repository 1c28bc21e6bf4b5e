//! Codes with their systems, by the OIDs that documents name them with.

use super::{Found, one_line};
use crate::xml::Element;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub system: CodeSystem,
    /// The name that the document gives it; may be empty.
    pub display: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeSystem {
    Icd10Cm,
    Icd9Cm,
    SnomedCt,
    RxNorm,
    Loinc,
    Cpt,
    /// By its OID, or empty.
    Other(String),
}

impl CodeSystem {
    fn by_oid(oid: &str) -> Self {
        match oid.trim() {
            "2.16.840.1.113883.6.90" => Self::Icd10Cm,
            "2.16.840.1.113883.6.103" => Self::Icd9Cm,
            "2.16.840.1.113883.6.96" => Self::SnomedCt,
            "2.16.840.1.113883.6.88" => Self::RxNorm,
            "2.16.840.1.113883.6.1" => Self::Loinc,
            "2.16.840.1.113883.6.12" => Self::Cpt,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A coded element and its translations into other systems, each that has a code.
pub(super) fn with_translations(element: Element<'_>) -> impl Iterator<Item = Found<Code>> {
    std::iter::once(element)
        .chain(element.all("translation"))
        .filter_map(code)
}

fn code(element: Element<'_>) -> Option<Found<Code>> {
    let code = element
        .attribute("code")
        .map(str::trim)
        .filter(|code| !code.is_empty())?;
    let value = Code {
        code: code.to_owned(),
        system: CodeSystem::by_oid(element.attribute("codeSystem").unwrap_or_default()),
        display: one_line(element.attribute("displayName").unwrap_or_default()),
    };
    Some(Found::in_attribute(element, "code", value))
}
