//! The envelope of a message that lies in a mailbox: what is left of it in the headers that the mailbox's server added.

use super::Envelope;
use super::fields::addresses;
use crate::direct::address::Address;
use crate::direct::mime::{Entity, Headers};
use crate::domain::mail_mode::MailMode;

/// Servers name the recipient by one of these.
const RECIPIENT_FIELDS: [&str; 3] = ["Delivered-To", "X-Original-To", "Envelope-To"];

impl Envelope {
    /// `is_ours` tells our addresses; `own` stands where the message names none of them, as a blind copy.
    pub fn delivered(raw: &[u8], mode: MailMode, is_ours: impl Fn(&Address) -> bool, own: &Address) -> Self {
        let headers = Entity::parse(raw).map(|outer| outer.headers).unwrap_or_default();
        Self {
            mail_from: sender(&headers, mode),
            rcpt_to: recipients(&headers, is_ours, own),
        }
    }
}

/// `Return-Path`, which the last server writes (RFC 5321 §4.4). A HISP puts itself there, having held the sender's against the
/// message before; that a report has none still shows.
fn sender(headers: &Headers, mode: MailMode) -> Option<Address> {
    let from = || addresses(headers, "From").first().and_then(|from| from.parse().ok());
    match headers.first("Return-Path").map(str::trim) {
        Some("<>") => None,
        Some(path) if mode == MailMode::Agent => {
            let path = path.trim_start_matches('<').trim_end_matches('>');
            path.parse().ok().or_else(from)
        }
        _ => from(),
    }
}

fn recipients(headers: &Headers, is_ours: impl Fn(&Address) -> bool, own: &Address) -> Vec<Address> {
    let named = RECIPIENT_FIELDS
        .iter()
        .flat_map(|name| headers.all(name).map(str::to_owned));
    let addressed = ["To", "Cc"].into_iter().flat_map(|name| addresses(headers, name));
    let mut found: Vec<Address> = Vec::new();
    // Named by the server, else by the sender.
    for address in named.filter_map(|text| text.parse().ok()).filter(&is_ours) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    if found.is_empty() {
        for address in addressed.filter_map(|text| text.parse().ok()).filter(&is_ours) {
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    if found.is_empty() {
        found.push(own.clone());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &str, mode: MailMode, from: Option<&str>, to: &[&str]) {
        let raw = format!("{headers}\r\nContent-Type: text/plain\r\n\r\nx\r\n");
        let own: Address = "referrals@ours.example".parse().unwrap();
        let is_ours = |address: &Address| address.domain() == "ours.example";
        let envelope = Envelope::delivered(raw.as_bytes(), mode, is_ours, &own);
        assert_eq!(envelope.mail_from, from.map(|from| from.parse().unwrap()), "{headers}");
        let expect: Vec<Address> = to.iter().map(|to| to.parse().unwrap()).collect();
        assert_eq!(envelope.rcpt_to, expect, "{headers}");
    }

    #[test]
    fn the_headers_tell_the_envelope() {
        let plain = "From: Dr A <a@x.example>\r\nTo: b@ours.example, c@elsewhere.example";
        check(plain, MailMode::Edge, Some("a@x.example"), &["b@ours.example"]);
        let relayed = format!("Return-Path: <bounce-1@hisp.example>\r\n{plain}");
        check(&relayed, MailMode::Edge, Some("a@x.example"), &["b@ours.example"]);
        check(
            &relayed,
            MailMode::Agent,
            Some("bounce-1@hisp.example"),
            &["b@ours.example"],
        );
        let report = format!("Return-Path: <>\r\nDelivered-To: d@ours.example\r\n{plain}");
        check(&report, MailMode::Edge, None, &["d@ours.example"]);
        let blind = "From: a@x.example\r\nTo: c@elsewhere.example";
        check(blind, MailMode::Edge, Some("a@x.example"), &["referrals@ours.example"]);
    }
}
