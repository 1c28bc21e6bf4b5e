//! A message as a HISP hands it to its edge: plain, since the HISP has decrypted and verified it. Whoever handed it over has
//! proved to be the HISP before; nothing here does.

use super::trail::Trail;
use super::{Envelope, MESSAGE_BYTES_MAX, Message, Refusal, Refused, belief, fields, layers, parts};
use crate::direct::address::Address;
use crate::direct::mime::Entity;

/// As [`super::open`], without the steps that are the HISP's.
pub fn open_plain(raw: &[u8], envelope: &Envelope) -> Result<Message, Refused> {
    let mut trail = Trail::default();
    let outcome = walk(raw, envelope, &mut trail);
    outcome.map_err(|refusal| Refused {
        step: trail.reached,
        refusal,
    })
}

fn walk(raw: &[u8], envelope: &Envelope, trail: &mut Trail) -> Result<Message, Refusal> {
    if raw.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let message = Entity::parse(raw)?;
    // Not opened by the HISP: nobody has verified it.
    if layers::is_nested(&message)? {
        return Err(Refusal::Sealed);
    }
    let sender = belief::sender(&message.headers, trail)?;
    let (content, context) = parts::read_content(&message)?;
    belief::check_envelope(envelope, &message.headers, &sender, &content, trail)?;
    let message_id = message.headers.once("Message-ID")?.filter(|id| !id.is_empty());
    let message_id = message_id.ok_or(Refusal::NoMessageId)?;
    let (subject, date) = fields::subject_and_date(&message.headers);
    let mut recipients: Vec<Address> = Vec::new();
    for recipient in &envelope.rcpt_to {
        if !recipients.contains(recipient) {
            recipients.push(recipient.clone());
        }
    }
    Ok(Message {
        sender,
        recipients,
        refused: Vec::new(),
        message_id: message_id.to_owned(),
        subject,
        references: fields::references(&message.headers),
        date,
        signer: None,
        inner_sha256: hex::encode(digest(&message)),
        answer: fields::answer(&message.headers, envelope, &content),
        content,
        context,
    })
}

/// Written by every server on the way (RFC 5321 §4.4), so that they say nothing of whether a message came again.
const TRACE: [&str; 6] = [
    "Received",
    "Return-Path",
    "Delivered-To",
    "X-Original-To",
    "Authentication-Results",
    "Received-SPF",
];

/// By what a message that comes again is known: all that its sender wrote.
fn digest(message: &Entity) -> [u8; 32] {
    let mut sha256 = openssl::sha::Sha256::new();
    let is_trace = |name: &str| TRACE.iter().any(|trace| trace.eq_ignore_ascii_case(name));
    for (name, value) in message.headers.iter().filter(|(name, _)| !is_trace(name)) {
        for part in [name, ":", value, "\n"] {
            sha256.update(part.as_bytes());
        }
    }
    sha256.update(b"\n");
    sha256.update(message.body);
    sha256.finish()
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Content};
    use super::*;

    const PLAIN: &str = "From: Dr Osei <dr.osei@direct.northside.example>\r\nTo: referrals@direct.clinic.example\r\n\
        Subject: Referral\r\nMessage-ID: <1@northside.example>\r\n\
        Disposition-Notification-Options: X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true\r\n\
        Content-Type: text/plain\r\n\r\nPlease see.\r\n";

    fn envelope(from: &str, to: &[&str]) -> Envelope {
        Envelope {
            mail_from: (!from.is_empty()).then(|| from.parse().unwrap()),
            rcpt_to: to.iter().map(|to| to.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn what_the_hisp_hands_over_is_read_and_held_against_its_envelope() {
        let (theirs, ours) = ("dr.osei@direct.northside.example", "referrals@direct.clinic.example");
        let message = open_plain(
            PLAIN.as_bytes(),
            &envelope(theirs, &[ours, "Referrals@direct.clinic.example"]),
        )
        .unwrap();
        assert_eq!((message.sender.as_str(), message.recipients.len()), (theirs, 1));
        assert_eq!((message.signer, message.answer), (None, Answer::ProcessedAndDispatched));
        assert!(matches!(&message.content, Content::Document { text: Some(text), .. } if text.contains("Please")));
        let refused = |raw: &str, envelope: &Envelope| open_plain(raw.as_bytes(), envelope).unwrap_err().refusal.code();
        assert_eq!(
            refused(PLAIN, &envelope("ceo@elsewhere.example", &[ours])),
            "envelope_mismatch"
        );
        assert_eq!(refused(PLAIN, &envelope("", &[ours])), "envelope_mismatch");
        let blind = envelope(theirs, &["other@direct.clinic.example"]);
        assert_eq!(refused(PLAIN, &blind), "envelope_mismatch");
        let sealed = PLAIN.replace("text/plain", "application/pkcs7-mime; smime-type=enveloped-data");
        assert_eq!(refused(&sealed, &envelope(theirs, &[ours])), "sealed");
        let nameless = PLAIN.replace("Message-ID: <1@northside.example>\r\n", "");
        assert_eq!(refused(&nameless, &envelope(theirs, &[ours])), "no_message_id");
        let again = PLAIN.replace("From: Dr", "Received: from relay-2.hisp.example; later\r\nFrom: Dr");
        let again = open_plain(again.as_bytes(), &envelope(theirs, &[ours])).unwrap();
        assert_eq!(again.inner_sha256, message.inner_sha256);
        for (this, other) in [
            ("Subject: Referral", "Subject: Referral!"),
            ("Please see.", "Please see!"),
        ] {
            let changed = PLAIN.replace(this, other);
            let changed = open_plain(changed.as_bytes(), &envelope(theirs, &[ours])).unwrap();
            assert_ne!(changed.inner_sha256, message.inner_sha256);
        }
        let two = PLAIN.replace("Subject:", "From: x@y.example\r\nSubject:");
        assert!(open_plain(two.as_bytes(), &envelope(theirs, &[ours])).is_err());
    }
}
