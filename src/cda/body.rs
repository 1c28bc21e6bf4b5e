//! The body: its sections with their narrative and their codes, or the one file of an unstructured document.

use super::codes::{Code, with_translations};
use super::header::{Id, attribute, id};
use super::{Found, narrative, text_of};
use crate::xml::Element;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    ReasonForReferral,
    Problems,
    Medications,
    Allergies,
    Payers,
    /// Read for its narrative alone.
    Other,
}

#[derive(Clone, Debug)]
pub struct Section {
    pub kind: SectionKind,
    pub title: Option<Found<String>>,
    /// What people read: plain text, a line for each paragraph, item and row.
    pub narrative: Option<Found<String>>,
    /// What the section is about: reasons, problems, substances. Nothing that an entry says is absent.
    pub codes: Vec<Found<Code>>,
    /// Of a section of payers.
    pub coverages: Vec<Coverage>,
}

/// One payer as the section tells of it.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub payer: Option<Found<String>>,
    pub member_id: Option<Found<String>>,
    /// Of the policy: a group's or a contract's number.
    pub policy_ids: Vec<Found<Id>>,
}

/// A file within the document.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// As the document says it: look at the bytes.
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub xpath: String,
}

pub(super) fn sections(root: Element<'_>) -> Vec<Section> {
    let body = root
        .all("component")
        .find_map(|component| component.first("structuredBody"));
    let within = body.into_iter().flat_map(Element::descendants);
    within
        .filter(|element| element.name() == "section")
        .map(section)
        .collect()
}

pub(super) fn embedded(root: Element<'_>) -> Option<Embedded> {
    let body = root
        .all("component")
        .find_map(|component| component.first("nonXMLBody"))?;
    let text = body.first("text")?;
    let encoded = text
        .attribute("representation")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("B64"));
    let content = text.text();
    // What can't be decoded is kept as it came: a person sees that there was something.
    let decoded = encoded.then(|| decoded(&content)).flatten();
    let bytes = decoded.unwrap_or_else(|| content.trim().as_bytes().to_vec());
    if bytes.is_empty() {
        return None;
    }
    Some(Embedded {
        media_type: text.attribute("mediaType").unwrap_or_default().to_ascii_lowercase(),
        bytes,
        xpath: text.xpath(),
    })
}

/// Base64 as systems write it: with line breaks, with padding or not, and some in the alphabet of addresses.
fn decoded(content: &str) -> Option<Vec<u8>> {
    const TOLERANT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let content: String = content.split_whitespace().collect();
    let content = content.trim_end_matches('=').replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&alphabet::STANDARD, TOLERANT).decode(content).ok()
}

fn section(element: Element<'_>) -> Section {
    let kind = kind(element);
    Section {
        kind,
        title: element.first("title").and_then(text_of),
        narrative: element
            .first("text")
            .map(|text| Found::at(text, narrative::plain(text)))
            .filter(|text| !text.value.is_empty()),
        codes: codes(kind, element),
        coverages: if kind == SectionKind::Payers {
            coverages(element)
        } else {
            Vec::new()
        },
    }
}

/// By the section's code; where that says nothing, by its templates.
fn kind(section: Element<'_>) -> SectionKind {
    match section.first("code").and_then(|code| code.attribute("code")) {
        Some("42349-1") => return SectionKind::ReasonForReferral,
        Some("11450-4") => return SectionKind::Problems,
        Some("10160-0") => return SectionKind::Medications,
        Some("48765-2") => return SectionKind::Allergies,
        Some("48768-6") => return SectionKind::Payers,
        _ => {}
    }
    let by_template = |template: Element<'_>| match template.attribute("root")? {
        "1.3.6.1.4.1.19376.1.5.3.1.3.1" => Some(SectionKind::ReasonForReferral),
        "2.16.840.1.113883.10.20.22.2.5" | "2.16.840.1.113883.10.20.22.2.5.1" => Some(SectionKind::Problems),
        "2.16.840.1.113883.10.20.22.2.1" | "2.16.840.1.113883.10.20.22.2.1.1" => Some(SectionKind::Medications),
        "2.16.840.1.113883.10.20.22.2.6" | "2.16.840.1.113883.10.20.22.2.6.1" => Some(SectionKind::Allergies),
        "2.16.840.1.113883.10.20.22.2.18" => Some(SectionKind::Payers),
        _ => None,
    };
    section
        .all("templateId")
        .find_map(by_template)
        .unwrap_or(SectionKind::Other)
}

fn codes(kind: SectionKind, section: Element<'_>) -> Vec<Found<Code>> {
    let bearing: fn(Element<'_>) -> Option<Element<'_>> = match kind {
        SectionKind::ReasonForReferral | SectionKind::Problems => observed,
        SectionKind::Medications => |element| named(element, "manufacturedMaterial")?.first("code"),
        SectionKind::Allergies => |element| named(element, "playingEntity")?.first("code"),
        SectionKind::Payers | SectionKind::Other => return Vec::new(),
    };
    let mut codes = Vec::new();
    for entry in section.all("entry") {
        collect(entry, bearing, &mut codes);
    }
    codes
}

/// Passes over whatever is said not to be so: "no known allergies" names the very allergy.
fn collect<'t>(element: Element<'t>, bearing: fn(Element<'t>) -> Option<Element<'t>>, codes: &mut Vec<Found<Code>>) {
    if element.attribute("negationInd").map(str::trim) == Some("true") {
        return;
    }
    codes.extend(bearing(element).into_iter().flat_map(with_translations));
    for inner in element.children() {
        collect(inner, bearing, codes);
    }
}

fn named<'t>(element: Element<'t>, name: &str) -> Option<Element<'t>> {
    (element.name() == name).then_some(element)
}

/// The value of a problem. The observations within one tell its status, its severity or its onset, not a problem.
fn observed(element: Element<'_>) -> Option<Element<'_>> {
    let observation = named(element, "observation")?;
    let code = observation.first("code").and_then(|code| code.attribute("code"));
    let about_a_problem = !matches!(code, Some("33999-4" | "11323-3" | "445518008" | "SEV"));
    about_a_problem.then(|| observation.first("value")).flatten()
}

/// A coverage holds its policies: an act within an act.
fn coverages(section: Element<'_>) -> Vec<Coverage> {
    let acts = section.all("entry").filter_map(|entry| entry.first("act"));
    acts.flat_map(|act| {
        let policies: Vec<_> = act
            .all("entryRelationship")
            .filter_map(|relation| relation.first("act"))
            .collect();
        if policies.is_empty() { vec![act] } else { policies }
    })
    .map(coverage)
    .filter(|coverage| coverage.payer.is_some() || coverage.member_id.is_some())
    .collect()
}

fn coverage(policy: Element<'_>) -> Coverage {
    let organization = |performer: Element<'_>| {
        performer
            .at(&["assignedEntity", "representedOrganization", "name"])
            .and_then(text_of)
    };
    // The other performer is the guarantor: usually the patient.
    let is_payer = |performer: &Element<'_>| {
        let code = performer
            .at(&["assignedEntity", "code"])
            .and_then(|code| code.attribute("code"));
        code != Some("GUAR")
    };
    let covered = policy
        .all("participant")
        .find(|participant| participant.attribute("typeCode") == Some("COV"));
    Coverage {
        payer: policy.all("performer").filter(is_payer).find_map(organization),
        member_id: covered
            .and_then(|participant| participant.at(&["participantRole", "id"]))
            .and_then(|id| attribute(id, "extension")),
        policy_ids: policy.all("id").filter_map(id).collect(),
    }
}
