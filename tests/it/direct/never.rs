//! What must never happen, as far as the protocol alone can see to it; numbers as in the list of ten.

use super::press::{BODY, USUAL, routing};
use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Explanation, Message, Policy};
use referloop::direct::message::{Attachment, Composed, Letter, MessageId, Report, compose};
use referloop::direct::{mdn, split};
use std::path::Path;

/// Planted wherever a patient's data may stand.
const MARKER: &str = "Quillfeather";

fn workshop() -> (Workshop, Vec<Identity>) {
    let workshop = Workshop::new();
    workshop.make_identity("clinic", &["rsa:2048"], "DNS:direct.lakeview-cardiology.example");
    let identity = workshop.identity_of("clinic");
    (workshop, vec![identity])
}

/// A message that says the marker in its subject, its text, and a file's name and content.
fn planted(workshop: &Workshop) -> Vec<u8> {
    let content = format!(
        "Content-Type: message/rfc822\r\n\r\n{}Subject: {MARKER}\r\nIn-Reply-To: <ours@lakeview.example>\r\n\
         Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{BODY}{MARKER}\r\n--m\r\n\
         Content-Type: application/pdf; name={MARKER}.pdf\r\n\r\n%PDF-{MARKER}\r\n--m--\r\n",
        routing()
    );
    workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, content.as_bytes()))
}

#[test]
fn n4_nothing_untrusted_tampered_or_unsigned_has_content() {
    let workshop = Workshop::new();
    let good = envelope(THEIRS, &[OURS]);
    for fault in [
        "tampered",
        "wrong-signer",
        "unbound-from",
        "signed-only",
        "encrypted-only",
        "not-wrapped",
    ] {
        let raw = workshop.referral(Some(fault));
        // A refusal holds a reason and nothing else: there is no content to file.
        let refusal = workshop.open(&raw, &good).unwrap_err();
        assert!(!refusal.code().is_empty(), "{fault}");
    }
    let plain = format!("{}Subject: Referral\r\n{BODY}", routing());
    assert_eq!(
        workshop.open(plain.as_bytes(), &good).unwrap_err().code(),
        "not_encrypted"
    );

    // What stands beside the signed part is not read.
    let (workshop, ours) = self::workshop();
    let signed = workshop.sign(&USUAL);
    let beside = format!("Content-Type: text/plain\r\n\r\n{MARKER}\r\n");
    let around = [
        format!("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n{beside}--o\r\n").as_bytes(),
        &signed,
        b"--o--\r\n",
    ]
    .concat();
    let within = String::from_utf8(signed).unwrap();
    let third = within.replace("--b1--", &format!("--b1\r\n{beside}--b1--"));
    for entity in [&around, third.as_bytes()] {
        let raw = workshop.envelop(&USUAL, entity);
        assert!(workshop.explained(&raw, &ours, Policy::default()).outcome.is_err());
    }
    let preamble = within.replacen("\r\n\r\n", &format!("\r\n\r\n{MARKER}\r\n"), 1) + MARKER;
    let raw = workshop.envelop(&USUAL, preamble.as_bytes());
    let message = workshop.explained(&raw, &ours, Policy::default()).outcome.unwrap();
    assert!(!said(&message).contains(MARKER));
}

/// All that a message hands on.
fn said(message: &Message) -> String {
    use referloop::direct::incoming::Content;
    let content = match &message.content {
        Content::Document { text, attachments } => {
            let files = attachments
                .iter()
                .map(|file| format!("{}{}", file.name, String::from_utf8_lossy(&file.bytes)));
            format!("{text:?}{}", files.collect::<String>())
        }
        Content::Report(report) => format!("{report:?}"),
    };
    format!(
        "{} {:?} {} {} {:?} {:?} {:?} {} {content}",
        message.sender,
        message.recipients,
        message.message_id,
        message.subject,
        message.references,
        message.date,
        message.answer,
        message.inner_sha256,
    )
}

#[test]
fn n7_outer_headers_are_never_believed() {
    let (workshop, ours) = workshop();
    let raw = String::from_utf8(planted(&workshop)).unwrap();
    let (_, enveloped) = raw.split_once("Content-Type: application/pkcs7-mime").unwrap();
    let lying = format!(
        "From: ceo@elsewhere.example\r\nTo: other@elsewhere.example\r\nSubject: Outside\r\n\
         Message-ID: <outside@elsewhere.example>\r\nDate: Mon, 1 Jan 2001 00:00:00 +0000\r\n\
         In-Reply-To: <outside@elsewhere.example>\r\nAuto-Submitted: auto-replied\r\n\
         Disposition-Notification-To: ceo@elsewhere.example\r\n\
         Disposition-Notification-Options: X-DIRECT-FINAL-DESTINATION-DELIVERY=optional,true\r\n\
         MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime{enveloped}"
    );
    let unwrapped = Policy {
        accept_unwrapped: true,
        ..Policy::default()
    };
    for policy in [Policy::default(), unwrapped] {
        let honest = workshop.explained(raw.as_bytes(), &ours, policy).outcome.unwrap();
        let lied_to = workshop.explained(lying.as_bytes(), &ours, policy).outcome.unwrap();
        assert_eq!(said(&honest), said(&lied_to));
        assert_eq!(lied_to.sender, address(THEIRS));
        assert_eq!(lied_to.subject, MARKER);
    }
}

fn consult_note(workshop: &Workshop, message_id: &MessageId) -> Composed {
    compose(&Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: MARKER,
        text: MARKER,
        attachments: &[Attachment {
            name: format!("{MARKER}.pdf"),
            media_type: "application/pdf".to_owned(),
            bytes: MARKER.into(),
        }],
        message_id,
        date: workshop.now,
        report: Report::Delivery,
        in_reply_to: "<theirs@northside.example>",
    })
}

#[test]
fn n9_nothing_but_the_route_stands_outside() {
    let workshop = Workshop::new();
    let id = MessageId::new("dlv_01NEVER", "direct.lakeview-cardiology.example");
    let (ours, theirs) = (address(OURS), address(THEIRS));
    let notification = mdn::compose(&mdn::Notification {
        disposition: mdn::Disposition::Processed,
        reason: "",
        recipient: &ours,
        to: &theirs,
        original_message_id: "<theirs@northside.example>",
        message_id: &id,
        date: workshop.now,
    });
    for composed in [consult_note(&workshop, &id), notification] {
        let partner = workshop.partner_certificate();
        let sealed = composed.seal(&workshop.identity, &partner, workshop.now).unwrap();
        let text = String::from_utf8(sealed).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let names = head.split("\r\n").filter(|line| !line.starts_with(' '));
        let names: Vec<&str> = names
            .filter_map(|line| line.split_once(':').map(|(name, _)| name))
            .collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Content-Disposition",
            ]
        );
        let inside = split::base64_decode(body.as_bytes()).unwrap();
        for bytes in [text.as_bytes(), &inside] {
            assert!(!bytes.windows(MARKER.len()).any(|window| window == MARKER.as_bytes()));
        }
    }
}

#[test]
fn n10_neither_keys_nor_plaintext_can_be_logged() {
    let (workshop, ours) = workshop();
    let raw = planted(&workshop);
    let id = MessageId::new("dlv_01NEVER", "direct.lakeview-cardiology.example");
    let accepted = workshop.explained(&raw, &ours, Policy::default());
    assert!(said(accepted.outcome.as_ref().unwrap()).contains(MARKER));
    let tampered = workshop.sign(&USUAL);
    let tampered = String::from_utf8(tampered).unwrap().replace("Referral", MARKER);
    let refused = workshop.explained(&workshop.envelop(&USUAL, tampered.as_bytes()), &ours, Policy::default());
    let composed = consult_note(&workshop, &id);
    let shown = [
        told(&accepted),
        told(&refused),
        format!("{:?} {:?}", composed, composed.message_id),
        format!("{:?}", ours[0]),
    ];
    let key = workshop.identity_of("clinic").private_key_der().unwrap();
    let bytes = format!("{MARKER:?} {:?}", MARKER.as_bytes());
    let (_, bytes) = bytes.split_once(' ').unwrap();
    for text in shown {
        assert!(
            !text.contains(MARKER) && !text.contains(bytes.trim_matches(['[', ']'])),
            "{text}"
        );
        assert!(!text.contains(&hex::encode(&key[key.len() - 16..])) && !text.contains("PRIVATE"));
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/direct");
    assert!(
        logging(&source).is_empty(),
        "the protocol logs nothing by itself: {:?}",
        logging(&source)
    );
}

fn told(explanation: &Explanation) -> String {
    let refusal = explanation.outcome.as_ref().err().map(ToString::to_string);
    format!("{explanation:?} {refusal:?}")
}

/// The files in a folder that could log.
fn logging(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(logging(&path));
        } else if ["tracing::", "println!", "log::"]
            .iter()
            .any(|word| std::fs::read_to_string(&path).unwrap().contains(word))
        {
            found.push(path.display().to_string());
        }
    }
    found
}
