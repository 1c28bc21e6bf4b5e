//! The body: the PDF alone, or the sections that a Consultation Note must have. Of what the note does not tell, the section says
//! that there is no information, which is not the same as saying that there is nothing.

use super::element;
use crate::xml::escaped;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A section's template with its release, its LOINC code, and its title.
struct Kind {
    template: &'static str,
    release: Option<&'static str>,
    code: &'static str,
    title: &'static str,
}

const REASON: Kind = Kind {
    template: "1.3.6.1.4.1.19376.1.5.3.1.3.1",
    release: Some("2014-06-09"),
    code: "42349-1",
    title: "Reason for Referral",
};
const HISTORY: Kind = Kind {
    template: "1.3.6.1.4.1.19376.1.5.3.1.3.4",
    release: None,
    code: "10164-2",
    title: "History of Present Illness",
};
const ASSESSMENT: Kind = Kind {
    template: "2.16.840.1.113883.10.20.22.2.9",
    release: Some("2014-06-09"),
    code: "51847-2",
    title: "Assessment and Plan",
};
const ALLERGIES: Kind = Kind {
    template: "2.16.840.1.113883.10.20.22.2.6.1",
    release: Some("2015-08-01"),
    code: "48765-2",
    title: "Allergies and Intolerances",
};
const PROBLEMS: Kind = Kind {
    template: "2.16.840.1.113883.10.20.22.2.5.1",
    release: Some("2015-08-01"),
    code: "11450-4",
    title: "Problems",
};

pub(super) fn unstructured(pdf: &[u8]) -> String {
    format!(
        "<component><nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">{}</text></nonXMLBody></component>\n",
        BASE64_STANDARD.encode(pdf)
    )
}

pub(super) fn note(reason: &str, text: &str) -> String {
    let sections = [
        told(&REASON, reason),
        untold(&HISTORY),
        told(&ASSESSMENT, text),
        untold(&ALLERGIES),
        untold(&PROBLEMS),
    ];
    format!(
        "<component><structuredBody>\n{}</structuredBody></component>\n",
        sections.concat()
    )
}

fn told(kind: &Kind, text: &str) -> String {
    if text.trim().is_empty() {
        return untold(kind);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let paragraphs: String = lines.map(|line| element("paragraph", line)).collect();
    section(kind, "", &paragraphs)
}

fn untold(kind: &Kind) -> String {
    section(
        kind,
        " nullFlavor=\"NI\"",
        &element("paragraph", "No information in this note."),
    )
}

fn section(kind: &Kind, attributes: &str, narrative: &str) -> String {
    let template = kind.release.map_or_else(
        || format!("<templateId root=\"{}\"/>", kind.template),
        |release| {
            format!(
                "<templateId root=\"{0}\" extension=\"{release}\"/><templateId root=\"{0}\"/>",
                kind.template
            )
        },
    );
    format!(
        "<component><section{attributes}>{template}<code code=\"{}\" codeSystem=\"2.16.840.1.113883.6.1\" \
         codeSystemName=\"LOINC\"/><title>{}</title><text>{narrative}</text></section></component>\n",
        kind.code,
        escaped(kind.title),
    )
}
