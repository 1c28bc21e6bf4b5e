//! What a clinical document proposes for the fields.

use super::values::{Proposal, Standing, day, passage};
use super::{Clinical, Numbered};
use crate::cda::{
    Address, ClinicalDocument, Code, CodeSystem, Found, Id, Party, Patient, Section, SectionKind, Sex, Telecom,
    TelecomKind, Unread, What,
};
use crate::domain::fields::{DataFormat, Passage};

/// Social security numbers are nobody's record number.
const SOCIAL_SECURITY: &str = "2.16.840.1.113883.4.1";

impl Clinical {
    pub(super) fn of_documents(&self) -> Vec<Proposal> {
        self.documents.iter().flat_map(of_document).collect()
    }
}

/// The places of one document.
#[derive(Clone, Copy)]
struct Places(u32);

impl Places {
    fn at<T>(self, found: &Found<T>) -> Passage {
        passage(DataFormat::CCda, self.0, [&found.xpath])
    }

    /// Of an identifier, its number.
    fn number(self, key: &'static str, found: &Found<Id>) -> Proposal {
        let number = found.value.extension.clone().unwrap_or_default();
        let path = format!("{}/@extension", found.xpath);
        Proposal::of(key, number, passage(DataFormat::CCda, self.0, [path]))
    }

    fn text(self, key: &'static str, found: &Found<String>) -> Proposal {
        Proposal::of(key, &found.value, self.at(found))
    }
}

fn of_document(Numbered { number, value }: &Numbered<ClinicalDocument>) -> Vec<Proposal> {
    let places = Places(*number);
    let mut all = Vec::new();
    // Of several nobody knows whose the referral is.
    if let [patient] = &value.patients[..] {
        all.extend(of_patient(patient, places));
    }
    if let Some(author) = value.authors.iter().find(|author| author.person.is_some()) {
        all.extend(of_party(author, &REFERRER, places));
    }
    // What the author leaves out, the organisation that keeps the document has.
    if let Some(custodian) = &value.custodian {
        all.extend(of_party(custodian, &CUSTODIAN, places));
    }
    if let Some(recipient) = value.recipients.first() {
        all.extend(of_party(recipient, &RECIPIENT, places));
    }
    let written = value.written_on.as_ref();
    all.extend(written.map(|date| {
        Proposal::of("referral.date", date.value.to_string(), places.at(date)).printed_as(day(date.value))
    }));
    all.extend(value.unread.as_ref().map(|unread| of_unread(unread, places)));
    all.extend(reason(value, places));
    all.extend(diagnoses(value, places));
    all.extend(coverages(value, places));
    all
}

fn of_patient(patient: &Patient, places: Places) -> Vec<Proposal> {
    let mut all = Vec::new();
    let name = patient.name.as_ref();
    all.extend(name.map(|name| Proposal::of("patient.name", name.value.text(), places.at(name))));
    let born = patient.birth_date.as_ref();
    all.extend(born.map(|date| {
        Proposal::of("patient.birth_date", date.value.to_string(), places.at(date)).printed_as(day(date.value))
    }));
    all.extend(patient.sex.as_ref().map(|sex| {
        let word = match sex.value {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Undifferentiated => "other",
        };
        Proposal::of("patient.sex", word, places.at(sex))
    }));
    all.extend(telecom("patient.phone", &patient.telecoms, TelecomKind::Phone, places));
    all.extend(telecom("patient.email", &patient.telecoms, TelecomKind::Email, places));
    all.extend(patient.address.iter().flat_map(|address| of_address(address, places)));
    let record = patient
        .ids
        .iter()
        .find(|id| id.value.root != SOCIAL_SECURITY && id.value.extension.is_some());
    all.extend(record.map(|id| places.number("patient.mrn", id)));
    all.extend(patient.language.as_ref().map(|language| {
        // The country behind it says nothing of the language: "en-US".
        let code = language.value.split(['-', '_']).next().unwrap_or_default();
        Proposal::of("patient.language", language_of(code), places.at(language)).printed_as(&language.value)
    }));
    all.extend(patient.unread.iter().map(|unread| of_unread(unread, places)));
    all
}

/// Nothing that is written vanishes: a person sees it, and where it stands.
fn of_unread(unread: &Unread, places: Places) -> Proposal {
    let key = match unread.what {
        What::Name => "patient.name",
        What::BirthDate => "patient.birth_date",
        What::Sex => "patient.sex",
        What::Phone => "patient.phone",
        What::WrittenOn => "referral.date",
    };
    let place = places.at(&unread.raw);
    if !unread.is_said_unknown {
        return Proposal::malformed(key, &unread.raw.value, place);
    }
    Proposal {
        standing: Standing::SaidUnknown,
        ..Proposal::of(key, format!("not known ({})", unread.raw.value), place)
    }
}

/// The English name of a language by its code (ISO 639-1, 639-3); the code where it is a rarer one.
fn language_of(code: &str) -> &str {
    const NAMES: [(&str, &str, &str); 24] = [
        ("ar", "ara", "Arabic"),
        ("bn", "ben", "Bengali"),
        ("de", "deu", "German"),
        ("en", "eng", "English"),
        ("es", "spa", "Spanish"),
        ("fa", "fas", "Farsi"),
        ("fr", "fra", "French"),
        ("gu", "guj", "Gujarati"),
        ("hi", "hin", "Hindi"),
        ("hmn", "hmn", "Hmong"),
        ("ht", "hat", "Haitian Creole"),
        ("it", "ita", "Italian"),
        ("ja", "jpn", "Japanese"),
        ("km", "khm", "Khmer"),
        ("ko", "kor", "Korean"),
        ("ne", "nep", "Nepali"),
        ("pl", "pol", "Polish"),
        ("pt", "por", "Portuguese"),
        ("ru", "rus", "Russian"),
        ("so", "som", "Somali"),
        ("tl", "tgl", "Tagalog"),
        ("uk", "ukr", "Ukrainian"),
        ("vi", "vie", "Vietnamese"),
        ("zh", "zho", "Chinese"),
    ];
    let known =
        |(two, three, _): &&(&str, &str, &str)| code.eq_ignore_ascii_case(two) || code.eq_ignore_ascii_case(three);
    NAMES.iter().find(known).map_or(code, |(_, _, name)| name)
}

fn of_address(address: &Found<Address>, places: Places) -> Vec<Proposal> {
    let Address {
        lines,
        city,
        state,
        postal_code,
    } = &address.value;
    let parts = [
        ("patient.address.line", lines.join(", ")),
        ("patient.address.city", city.clone()),
        ("patient.address.state", state.clone()),
        ("patient.address.postal_code", postal_code.clone()),
    ];
    let filled = parts.into_iter().filter(|(_, text)| !text.is_empty());
    filled
        .map(|(key, text)| Proposal::of(key, text, places.at(address)))
        .collect()
}

fn telecom(key: &'static str, all: &[Found<Telecom>], kind: TelecomKind, places: Places) -> Option<Proposal> {
    let found = all.iter().find(|telecom| telecom.value.kind == kind)?;
    Some(Proposal::of(key, &found.value.value, places.at(found)))
}

/// The fields of a party; nothing where the catalogue has none.
struct PartyKeys {
    name: &'static str,
    npi: &'static str,
    organization: &'static str,
    phone: &'static str,
    fax: &'static str,
}

const REFERRER: PartyKeys = PartyKeys {
    name: "referrer.name",
    npi: "referrer.npi",
    organization: "referrer.organization",
    phone: "referrer.phone",
    fax: "referrer.fax",
};

/// An organisation's number is not its doctor's.
const CUSTODIAN: PartyKeys = PartyKeys {
    name: "",
    npi: "",
    ..REFERRER
};

const RECIPIENT: PartyKeys = PartyKeys {
    name: "recipient.name",
    npi: "recipient.npi",
    organization: "recipient.organization",
    phone: "recipient.phone",
    fax: "recipient.fax",
};

fn of_party(party: &Party, keys: &PartyKeys, places: Places) -> Vec<Proposal> {
    let name = party.person.as_ref();
    let all = [
        name.map(|name| Proposal::of(keys.name, name.value.text(), places.at(name))),
        party.npi.as_ref().map(|npi| places.text(keys.npi, npi)),
        party
            .organization
            .as_ref()
            .map(|organization| places.text(keys.organization, organization)),
        telecom(keys.phone, &party.telecoms, TelecomKind::Phone, places),
        telecom(keys.fax, &party.telecoms, TelecomKind::Fax, places),
    ];
    let named = all.into_iter().flatten();
    named.filter(|proposal| !proposal.key.is_empty()).collect()
}

/// In the words of the section, else by the names of its codes.
fn reason(document: &ClinicalDocument, places: Places) -> Option<Proposal> {
    let section = document.section(SectionKind::ReasonForReferral)?;
    if let Some(narrative) = &section.narrative {
        return Some(Proposal::of(
            "referral.reason",
            shortened(&narrative.value),
            places.at(narrative),
        ));
    }
    let named: Vec<_> = section
        .codes
        .iter()
        .filter(|code| !code.value.display.is_empty())
        .collect();
    let first = named.first()?;
    let names: Vec<&str> = named.iter().map(|code| code.value.display.as_str()).collect();
    Some(Proposal::of("referral.reason", names.join("; "), places.at(first)))
}

/// As much as anybody reads in a form; all of it stands on the sheet.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 2000;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text,
    }
}

/// Those that the reason names. A list of problems tells what the patient has, not why the patient comes: it is only a suggestion.
fn diagnoses(document: &ClinicalDocument, places: Places) -> Option<Proposal> {
    let of = |kind| document.section(kind).and_then(|section| coded(section, places));
    of(SectionKind::ReasonForReferral).or_else(|| {
        Some(Proposal {
            standing: Standing::Suggested,
            ..of(SectionKind::Problems)?
        })
    })
}

fn coded(section: &Section, places: Places) -> Option<Proposal> {
    let mut codes: Vec<&Found<Code>> = Vec::new();
    for code in section
        .codes
        .iter()
        .filter(|code| code.value.system == CodeSystem::Icd10Cm)
    {
        if !codes.iter().any(|known| known.value.code == code.value.code) {
            codes.push(code);
        }
    }
    (!codes.is_empty()).then(|| Proposal {
        key: "referral.diagnoses",
        printed: codes
            .iter()
            .map(|code| format!("{} {}", code.value.code, code.value.display))
            .collect(),
        texts: codes.iter().map(|code| code.value.code.clone()).collect(),
        passage: passage(DataFormat::CCda, places.0, codes.iter().map(|code| &code.xpath)),
        standing: Standing::Stated,
    })
}

/// The first payer, and the one behind it.
fn coverages(document: &ClinicalDocument, places: Places) -> Vec<Proposal> {
    let mut all = Vec::new();
    let Some(section) = document.section(SectionKind::Payers) else {
        return all;
    };
    let keys = [
        ("insurance.payer", "insurance.member_id"),
        ("insurance.secondary.payer", "insurance.secondary.member_id"),
    ];
    for (coverage, (payer, member)) in section.coverages.iter().zip(keys) {
        all.extend(coverage.payer.as_ref().map(|found| places.text(payer, found)));
        all.extend(coverage.member_id.as_ref().map(|found| places.text(member, found)));
    }
    let group = section.coverages.first().and_then(|coverage| {
        let mut numbered = coverage.policy_ids.iter();
        numbered.find(|id| id.value.extension.is_some())
    });
    all.extend(group.map(|id| places.number("insurance.group_number", id)));
    all
}
