//! The header, by the US Realm Header of C-CDA R2.1, its elements in the order of the schema.

use super::{NewAddress, NewDocument, NewId, NewParty, NewPatient, NewSex, element, time};
use quick_xml::escape::escape;

const US_REALM_HEADER: &str = "2.16.840.1.113883.10.20.22.1.1";
const RELEASE: &str = "2015-08-01";
const NPI: &str = "2.16.840.1.113883.4.6";

pub(super) fn header(document: &NewDocument<'_>, template: &str) -> String {
    let at = time(document.made_at);
    let order = |order: &NewId<'_>| format!("<inFulfillmentOf><order>{}</order></inFulfillmentOf>\n", id(*order));
    let orders = document.orders.iter().map(order).collect::<Vec<_>>().concat();
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
        orders,
        // When the patient was seen is not said by the note; the schema wants the element.
        format!(
            "<componentOf><encompassingEncounter>{}<effectiveTime nullFlavor=\"UNK\"/></encompassingEncounter></componentOf>\n",
            id(document.id)
        ),
    ]
    .concat()
}

/// The template of R2.1, and that of R1.1 for older readers.
fn templates(root: &str) -> String {
    format!("<templateId root=\"{root}\" extension=\"{RELEASE}\"/>\n<templateId root=\"{root}\"/>\n")
}

fn id(id: NewId<'_>) -> String {
    format!(
        "<id root=\"{}\" extension=\"{}\"/>",
        escape(id.root),
        escape(id.extension)
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
        let given: String = patient
            .given
            .split_whitespace()
            .map(|given| element("given", given))
            .collect();
        format!("<name use=\"L\">{given}{}</name>", element("family", patient.family))
    };
    format!(
        "<recordTarget><patientRole>{}{}{}<patient>{name}<administrativeGenderCode {sex}/>{born}\
         <raceCode nullFlavor=\"UNK\"/><ethnicGroupCode nullFlavor=\"UNK\"/></patient></patientRole></recordTarget>\n",
        id(patient.id),
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
    format!(
        "<custodian><assignedCustodian><representedCustodianOrganization><id root=\"{}\"/>{}{}{}\
         </representedCustodianOrganization></assignedCustodian></custodian>\n",
        escape(root),
        element("name", custodian.organization),
        telecoms(custodian.phone, custodian.direct_address, "WP"),
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
    format!("<id root=\"{NPI}\" extension=\"{}\"/>", escape(npi))
}

/// Of a person whose name we have as one text.
fn person_name(name: &str) -> String {
    if name.trim().is_empty() {
        return "<name nullFlavor=\"UNK\"/>".to_owned();
    }
    let (given, family) = split_name(name);
    let given: String = given.split_whitespace().map(|given| element("given", given)).collect();
    format!("<name>{given}{}</name>", element("family", family))
}

/// Given and family name of a name as people write it: `Ana Maria Example`, or `Example, Ana Maria`.
pub fn split_name(name: &str) -> (&str, &str) {
    let name = name.trim();
    match (name.split_once(','), name.rsplit_once(char::is_whitespace)) {
        (Some((family, given)), _) => (given.trim(), family.trim()),
        (None, Some((given, family))) => (given.trim(), family),
        (None, None) => ("", name),
    }
}

fn organization(role: &str, party: &NewParty<'_>) -> String {
    if party.organization.is_empty() {
        return String::new();
    }
    format!("<{role}>{}</{role}>", element("name", party.organization))
}

fn telecoms(phone: &str, direct_address: &str, place: &str) -> String {
    let phone: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let ways = [("tel:", phone.as_str()), ("mailto:", direct_address)];
    let written =
        |(scheme, value): &(&str, &str)| format!("<telecom use=\"{place}\" value=\"{scheme}{}\"/>", escape(*value));
    let known = ways.iter().filter(|(_, value)| !value.is_empty()).map(written);
    let known = known.collect::<Vec<_>>().concat();
    if known.is_empty() {
        "<telecom nullFlavor=\"UNK\"/>".to_owned()
    } else {
        known
    }
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
    let parts: String = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| element(name, value))
        .collect();
    format!("<addr use=\"{place}\">{parts}</addr>")
}
