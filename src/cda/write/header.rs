//! The header, by the US Realm Header of C-CDA R2.1, its elements in the order of the schema.

use super::{NewAddress, NewDocument, NewId, NewParty, NewPatient, NewSex, element, time};
use crate::xml::escaped;

const US_REALM_HEADER: &str = "2.16.840.1.113883.10.20.22.1.1";
const RELEASE: &str = "2015-08-01";
const NPI: &str = "2.16.840.1.113883.4.6";

pub(super) fn header(document: &NewDocument<'_>, template: &str) -> String {
    let at = time(document.made_at);
    [
        "<realmCode code=\"US\"/>\n<typeId root=\"2.16.840.1.113883.1.3\" extension=\"POCD_HD000040\"/>\n".to_owned(),
        templates(US_REALM_HEADER),
        templates(template),
        id(document.id),
        "\n<code code=\"11488-4\" codeSystem=\"2.16.840.1.113883.6.1\" codeSystemName=\"LOINC\" \
         displayName=\"Consult note\"/>\n"
            .to_owned(),
        element("title", document.title),
        format!("\n<effectiveTime value=\"{at}\"/>\n"),
        "<confidentialityCode code=\"N\" codeSystem=\"2.16.840.1.113883.5.25\"/>\n<languageCode code=\"en-US\"/>\n"
            .to_owned(),
        patient(&document.patient),
        author(&document.author, &at),
        custodian(&document.custodian, document.id.root),
        recipient(&document.recipient),
        format!(
            "<inFulfillmentOf><order>{}</order></inFulfillmentOf>\n",
            ids(document.order)
        ),
        encounter(document),
    ]
    .concat()
}

/// The template of R2.1, and that of R1.1 for older readers.
fn templates(root: &str) -> String {
    format!("<templateId root=\"{root}\" extension=\"{RELEASE}\"/>\n<templateId root=\"{root}\"/>\n")
}

fn ids(all: &[NewId<'_>]) -> String {
    all.iter().map(|one| id(*one)).collect()
}

fn id(id: NewId<'_>) -> String {
    let attribute = |name: &str, text: &str| match text {
        "" => String::new(),
        text => format!(" {name}=\"{}\"", escaped(text)),
    };
    let root = match id.root {
        "" => " nullFlavor=\"UNK\"".to_owned(),
        root => attribute("root", root),
    };
    format!("<id{root}{}/>", attribute("extension", id.extension))
}

/// The visit. A Consultation Note must have it, and its day where that is known.
fn encounter(document: &NewDocument<'_>) -> String {
    let at = document.seen_at.map_or_else(
        || "nullFlavor=\"UNK\"".to_owned(),
        |seen| format!("value=\"{}\"", time(seen)),
    );
    format!(
        "<componentOf><encompassingEncounter>{}<effectiveTime {at}/></encompassingEncounter></componentOf>\n",
        id(document.id)
    )
}

fn patient(patient: &NewPatient<'_>) -> String {
    let born = patient.birth_date.map_or_else(
        || "<birthTime nullFlavor=\"UNK\"/>".to_owned(),
        |date| format!("<birthTime value=\"{}\"/>", date.format("%Y%m%d")),
    );
    let sex = match patient.sex {
        NewSex::Female => "code=\"F\" codeSystem=\"2.16.840.1.113883.5.1\"",
        NewSex::Male => "code=\"M\" codeSystem=\"2.16.840.1.113883.5.1\"",
        NewSex::Unknown => "nullFlavor=\"UNK\"",
    };
    let name = if patient.given.is_empty() && patient.family.is_empty() {
        "<name nullFlavor=\"UNK\"/>".to_owned()
    } else {
        format!("<name use=\"L\">{}</name>", name_parts(patient.given, patient.family))
    };
    format!(
        "<recordTarget><patientRole>{}{}{}<patient>{name}<administrativeGenderCode {sex}/>{born}\
         <raceCode nullFlavor=\"UNK\"/><ethnicGroupCode nullFlavor=\"UNK\"/></patient></patientRole></recordTarget>\n",
        ids(patient.ids),
        address(&patient.address, "HP"),
        telecoms(patient.phone, "", "HP"),
    )
}

fn author(author: &NewParty<'_>, at: &str) -> String {
    format!(
        "<author><time value=\"{at}\"/><assignedAuthor>{}{}{}<assignedPerson>{}</assignedPerson>{}</assignedAuthor></author>\n",
        npi(author.npi),
        address(&author.address, "WP"),
        telecoms(author.phone, author.direct_address, "WP"),
        person_name(author.name),
        organization("representedOrganization", author),
    )
}

fn custodian(custodian: &NewParty<'_>, root: &str) -> String {
    // Exactly one way to reach it (CONF:1198-5525).
    let telecom = ways(custodian.phone, custodian.direct_address, "WP");
    let telecom = telecom.first().map_or(NO_TELECOM, String::as_str);
    format!(
        "<custodian><assignedCustodian><representedCustodianOrganization><id root=\"{}\"/>{}{telecom}{}\
         </representedCustodianOrganization></assignedCustodian></custodian>\n",
        escaped(root),
        element("name", custodian.organization),
        address(&custodian.address, "WP"),
    )
}

fn recipient(recipient: &NewParty<'_>) -> String {
    format!(
        "<informationRecipient><intendedRecipient>{}{}<informationRecipient>{}</informationRecipient>{}\
         </intendedRecipient></informationRecipient>\n",
        npi(recipient.npi),
        telecoms(recipient.phone, recipient.direct_address, "WP"),
        person_name(recipient.name),
        organization("receivedOrganization", recipient),
    )
}

fn npi(npi: &str) -> String {
    if npi.is_empty() {
        return "<id nullFlavor=\"UNK\"/>".to_owned();
    }
    format!("<id root=\"{NPI}\" extension=\"{}\"/>", escaped(npi))
}

/// Of a person whose name we have as one text.
fn person_name(name: &str) -> String {
    if name.trim().is_empty() {
        return "<name nullFlavor=\"UNK\"/>".to_owned();
    }
    let (given, family) = split_name(name);
    format!("<name>{}</name>", name_parts(given, family))
}

/// A name in parts has both kinds of them (CONF:81-7157, 7159).
fn name_parts(given: &str, family: &str) -> String {
    let part = |name, text: &str| match text.trim() {
        "" => format!("<{name} nullFlavor=\"UNK\"/>"),
        text => element(name, text),
    };
    let first = given.split_whitespace().next().unwrap_or_default();
    let further = given.split_whitespace().skip(1).map(|given| element("given", given));
    [part("given", first), further.collect(), part("family", family)].concat()
}

/// Given and family name of a name as people write it: `Ana Maria Example`, `Example, Ana Maria`, or `Ana Maria Example, MD`,
/// whose degrees are no part of it.
pub fn split_name(name: &str) -> (&str, &str) {
    let mut name = name.trim();
    // What stands before it is a whole name: `Vang, Pa` has no degree.
    let behind_a_name = |(before, behind): &(&str, &str)| before.trim().contains([' ', ',']) && is_degree(behind);
    while let Some((before, _)) = name.rsplit_once(',').filter(behind_a_name) {
        name = before.trim();
    }
    match (name.split_once(','), name.rsplit_once(char::is_whitespace)) {
        (Some((family, given)), _) => (given.trim(), family.trim()),
        (None, Some((given, family))) => (given.trim(), family),
        (None, None) => ("", name),
    }
}

/// Degrees as they stand behind names, one or several.
fn is_degree(text: &str) -> bool {
    const DEGREES: [&str; 34] = [
        "md", "do", "np", "pa", "pac", "rn", "phd", "aprn", "arnp", "fnp", "fnpc", "fnpbc", "dnp", "pharmd", "dpm",
        "dds", "dmd", "od", "dc", "mbbs", "facc", "facp", "facs", "faap", "facog", "crna", "cnm", "lcsw", "mph", "msn",
        "jr", "sr", "ii", "iii",
    ];
    let bare = |word: &str| word.replace(['.', '-'], "").to_lowercase();
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| DEGREES.contains(&bare(word).as_str()))
}

fn organization(role: &str, party: &NewParty<'_>) -> String {
    if party.organization.is_empty() {
        return String::new();
    }
    format!("<{role}>{}</{role}>", element("name", party.organization))
}

fn telecoms(phone: &str, direct_address: &str, place: &str) -> String {
    let known = ways(phone, direct_address, place);
    if known.is_empty() {
        NO_TELECOM.to_owned()
    } else {
        known.concat()
    }
}

const NO_TELECOM: &str = "<telecom nullFlavor=\"UNK\"/>";

fn ways(phone: &str, direct_address: &str, place: &str) -> Vec<String> {
    let phone: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let ways = [("tel:", phone.as_str()), ("mailto:", direct_address)];
    let known = ways.into_iter().filter(|(_, value)| !value.is_empty());
    known
        .map(|(scheme, value)| format!("<telecom use=\"{place}\" value=\"{scheme}{}\"/>", escaped(value)))
        .collect()
}

fn address(address: &NewAddress<'_>, place: &str) -> String {
    let parts = [
        ("streetAddressLine", address.line),
        ("city", address.city),
        ("state", address.state),
        ("postalCode", address.postal_code),
    ];
    if parts.iter().all(|(_, value)| value.is_empty()) {
        return "<addr nullFlavor=\"UNK\"/>".to_owned();
    }
    // An address that is known in part says so of each part (CONF:81-7291, 7292, 10024, 10025).
    let part = |(name, value): &(&str, &str)| match *value {
        "" => format!("<{name} nullFlavor=\"UNK\"/>"),
        value => element(name, value),
    };
    let parts: String = parts.iter().map(part).collect();
    format!("<addr use=\"{place}\">{parts}</addr>")
}
