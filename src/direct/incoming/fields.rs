//! What the signed headers say: who, to whom, and what is wanted back.

use super::{Answer, Content, Envelope};
use crate::direct::mime::{Entity, Headers};
use chrono::{DateTime, Utc};

impl Envelope {
    /// What the outer headers say, for explaining a message whose envelope is lost. Nothing that arrives is judged by it.
    pub fn guessed(raw: &[u8]) -> Self {
        let headers = Entity::parse(raw).map(|outer| outer.headers).unwrap_or_default();
        let of = |name| {
            addresses(&headers, name)
                .into_iter()
                .filter_map(|text| text.parse().ok())
        };
        Self {
            mail_from: of("From").next(),
            rcpt_to: of("To").chain(of("Cc")).collect(),
        }
    }
}

/// No reply to us has a longer thread behind it.
const REFERENCES_MAX: usize = 50;

/// `In-Reply-To`, then `References` from its end: the last is the message that is answered.
pub(super) fn references(headers: &Headers) -> Vec<String> {
    let ids = |name| -> Vec<String> {
        let values = headers.all(name).flat_map(|value| value.split('<').skip(1));
        let ids = values.filter_map(|rest| rest.split_once('>').map(|(id, _)| format!("<{}>", id.trim())));
        ids.collect()
    };
    let mut all = ids("In-Reply-To");
    all.extend(ids("References").into_iter().rev());
    all.truncate(REFERENCES_MAX);
    all
}

pub(super) fn answer(headers: &Headers, envelope: &Envelope, content: &Content) -> Answer {
    let by_machine = headers
        .first("Auto-Submitted")
        .is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"));
    if matches!(content, Content::Report(_)) || envelope.mail_from.is_none() || by_machine {
        return Answer::Nothing;
    }
    let options = headers.first("Disposition-Notification-Options").unwrap_or_default();
    let options: String = options
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    if options.contains("x-direct-final-destination-delivery=optional,true") {
        Answer::ProcessedAndDispatched
    } else {
        Answer::Processed
    }
}

/// The addresses in a header, groups opened; comments and display names dropped.
pub(super) fn addresses(headers: &Headers, name: &str) -> Vec<String> {
    let Some(text) = parsed_headers(headers, &[name]) else {
        return Vec::new();
    };
    let Some(parsed) = mail_parser::MessageParser::new().parse_headers(&text) else {
        return Vec::new();
    };
    let value = match name {
        "From" => parsed.from(),
        "To" => parsed.to(),
        "Sender" => parsed.sender(),
        _ => parsed.cc(),
    };
    let found = value.into_iter().flat_map(mail_parser::Address::iter);
    // A mailbox that could not be read still counts as one, so that it can't hide behind another.
    found
        .map(|address| address.address().unwrap_or_default().to_owned())
        .collect()
}

/// The Subject with its encoded words read, and the Date if there is one that can be.
pub(super) fn subject_and_date(headers: &Headers) -> (String, Option<DateTime<Utc>>) {
    let text = parsed_headers(headers, &["Subject", "Date"]).unwrap_or_default();
    let Some(parsed) = mail_parser::MessageParser::new().parse_headers(&text) else {
        return (String::new(), None);
    };
    let date = parsed
        .date()
        .and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
    (parsed.subject().unwrap_or_default().to_owned(), date)
}

/// The named fields as a header section of their own, for mail-parser to read their values. It sees only these bytes.
fn parsed_headers(headers: &Headers, names: &[&str]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    for name in names {
        let value = headers.all(name).collect::<Vec<_>>().join(", ");
        if !value.is_empty() {
            text.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
    }
    text.extend_from_slice(b"\r\n");
    (text.len() > 2).then_some(text)
}
