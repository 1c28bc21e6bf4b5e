//! The forms that a message may have: which are taken, and which by configuration alone.

use super::press::{BODY, Recipe, USUAL, outer, routing, verdict};
use super::workshop::Workshop;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Content, Policy};
use referloop::direct::message::is_tnef;
use referloop::direct::split;

fn workshop() -> (Workshop, Vec<Identity>) {
    let workshop = Workshop::new();
    workshop.make_identity("clinic", &["rsa:2048"], "DNS:direct.lakeview-cardiology.example");
    let identity = workshop.identity_of("clinic");
    (workshop, vec![identity])
}

const UNWRAPPED: Policy = Policy {
    accept_opaque: true,
    accept_unwrapped: true,
};
const STRICT: Policy = Policy {
    accept_opaque: false,
    accept_unwrapped: false,
};

#[test]
fn opaque_and_unwrapped_messages_are_taken_as_the_policy_says() {
    let (workshop, ours) = workshop();
    let opaque = workshop.press(&Recipe { opaque: true, ..USUAL });
    let unwrapped = workshop.press(&Recipe {
        wrapped: false,
        ..USUAL
    });
    let both = workshop.press(&Recipe {
        wrapped: false,
        opaque: true,
        ..USUAL
    });
    let usual = workshop.press(&USUAL);
    for (raw, policy, expect) in [
        (&usual, STRICT, "accepted"),
        (&usual, UNWRAPPED, "accepted"),
        (&opaque, Policy::default(), "accepted"),
        (&opaque, STRICT, "verify: opaque"),
        (&unwrapped, Policy::default(), "inner: not_wrapped"),
        (&unwrapped, UNWRAPPED, "accepted"),
        (&both, UNWRAPPED, "accepted"),
        (&both, Policy::default(), "inner: not_wrapped"),
    ] {
        assert_eq!(verdict(&workshop.explained(raw, &ours, policy)), expect, "{policy:?}");
    }
    let taken = workshop.explained(&unwrapped, &ours, UNWRAPPED).outcome.unwrap();
    assert!(matches!(taken.content, Content::Document { text: Some(text), .. } if text.contains("fictional patient")));
}

#[test]
fn a_signed_part_with_a_sender_of_its_own_is_believed_before_the_outer_headers() {
    let (workshop, ours) = workshop();
    let signed = workshop.sign_content(&USUAL, format!("{}Subject: Inside\r\n{BODY}", routing()).as_bytes());
    let raw = workshop.envelop(&USUAL, &signed);
    let raw = String::from_utf8(raw)
        .unwrap()
        .replace("From: dr.osei", "Subject: Outside\r\nFrom: dr.else");
    let message = workshop.explained(raw.as_bytes(), &ours, UNWRAPPED).outcome.unwrap();
    assert_eq!(message.subject, "Inside");
}

#[test]
fn what_is_signed_or_encrypted_once_more_is_refused_by_name() {
    let (workshop, ours) = workshop();
    let signed = workshop.sign(&USUAL);
    let inside = workshop.envelop(&USUAL, &signed);
    let twice_encrypted = workshop.envelop(&USUAL, &inside);
    // Another boundary, so that the two do not mix.
    let renamed = String::from_utf8(signed.clone()).unwrap();
    let renamed = renamed.replace("--b1", "--b2").replace("\"b1\"", "\"b2\"");
    let twice_signed = workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, renamed.as_bytes()));
    let wrapped = [b"Content-Type: message/rfc822\r\n\r\n", &inside[..]].concat();
    let hidden = workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, &wrapped));
    let triple = [routing().as_bytes(), &workshop.sign_content(&USUAL, &inside)].concat();
    for (raw, expect) in [
        (twice_encrypted, "verify: nested"),
        (twice_signed, "inner: nested"),
        (hidden, "content: nested"),
        (triple, "outer: not_encrypted"),
    ] {
        assert_eq!(verdict(&workshop.explained(&raw, &ours, UNWRAPPED)), expect);
    }
}

#[test]
fn a_relay_may_turn_line_ends_and_a_sender_leave_base64_unfolded() {
    let (workshop, ours) = workshop();
    let signed = workshop.sign(&USUAL);
    let bare: Vec<u8> = signed.iter().copied().filter(|&byte| byte != b'\r').collect();
    let relayed = workshop.envelop(&USUAL, &bare);
    assert_eq!(verdict(&workshop.explained(&relayed, &ours, STRICT)), "accepted");

    // A line of more than a million characters.
    let long = format!(
        "Content-Type: message/rfc822\r\n\r\n{}{BODY}{}",
        routing(),
        "x\r\n".repeat(300_000)
    );
    let raw = workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, long.as_bytes()));
    let text = String::from_utf8(raw).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body: String = body.split_whitespace().collect();
    assert!(body.len() > 1_000_000);
    let unfolded = format!("{head}\r\n\r\n{body}");
    assert_eq!(
        verdict(&workshop.explained(unfolded.as_bytes(), &ours, STRICT)),
        "accepted"
    );
}

#[test]
fn a_key_that_opens_garbage_is_not_the_last_one_tried() {
    let (workshop, ours) = workshop();
    workshop.make_identity("other", &["rsa:2048"], "DNS:direct.lakeview-cardiology.example");
    let other = workshop.identity_of("other");
    let both = [other, ours[0].clone()];
    let raw = workshop.press(&USUAL);
    assert_eq!(verdict(&workshop.explained(&raw, &both, STRICT)), "accepted");
    assert_eq!(
        verdict(&workshop.explained(&raw, &both[..1], STRICT)),
        "decrypt: not_for_us"
    );

    let garbage = workshop.envelop(&USUAL, b"\x01\x02\x03 no headers at all");
    assert_eq!(
        verdict(&workshop.explained(&garbage, &ours, STRICT)),
        "decrypt: decrypt_garbage"
    );
    let mut damaged = split::base64_decode(body_of(&raw)).unwrap();
    let end = damaged.len();
    damaged[end - 20] ^= 0x40;
    let refused = verdict(&workshop.explained(&outer(&damaged), &ours, STRICT));
    assert!(refused != "accepted", "{refused}");
}

fn body_of(raw: &[u8]) -> &[u8] {
    let start = raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    &raw[start + 4..]
}

#[test]
fn a_winmail_dat_is_told_by_its_first_bytes() {
    let (workshop, ours) = workshop();
    let tnef = [&[0x78, 0x9F, 0x3E, 0x22], &b"fictional"[..]].concat();
    let inner = format!(
        "{}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\
         Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--m--\r\n",
        routing(),
        split::base64_lines(&tnef)
    );
    let wrapped = format!("Content-Type: message/rfc822\r\n\r\n{inner}");
    let raw = workshop.envelop(&USUAL, &workshop.sign_content(&USUAL, wrapped.as_bytes()));
    let message = workshop.explained(&raw, &ours, STRICT).outcome.unwrap();
    let Content::Document { attachments, .. } = message.content else {
        panic!("not a document")
    };
    assert!(is_tnef(&attachments[0].bytes) && !is_tnef(b"%PDF"));
}
