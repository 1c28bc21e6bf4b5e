use super::clinic::inner;
use super::press::{Recipe, USUAL};
use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use chrono::TimeDelta;
use referloop::clock::Clock;
use referloop::direct::address::Address;
use referloop::direct::certificate::{Certificate, CertificateProblem, Use};
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Answer, Content, Judge, Message, Policy, open};
use referloop::direct::message::{Attachment, Composed, Letter, MessageId, Report, SealError, compose};
use referloop::direct::split;
use referloop::direct::trust::{Distrust, Pinned, Trust, TrustedBy};

const PDF: &[u8] = b"%PDF-1.4 fictional\n%%EOF";

fn letter(workshop: &Workshop) -> Composed {
    compose(&Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: "Consult note – réponse",
        text: "The consult note is attached.\n.\nÀ bientôt.",
        attachments: &[Attachment {
            name: "consult-note.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: PDF.repeat(400),
        }],
        message_id: &MessageId::new("dlv_01TEST", "direct.lakeview-cardiology.example"),
        date: workshop.now,
        report: Report::Delivery,
        in_reply_to: "",
    })
}

#[test]
fn openssl_decrypts_and_verifies_what_we_send() {
    let workshop = Workshop::new();
    let composed = letter(&workshop);
    let sealed = composed
        .seal(&workshop.identity, &workshop.partner_certificate(), workshop.now)
        .unwrap();
    workshop.write("sealed.eml", &sealed);
    let key = ["-recip", "theirs/cert.pem", "-inkey", "theirs/key.pem"];
    workshop.run(
        "openssl",
        &[
            &["cms", "-decrypt", "-in", "sealed.eml", "-out", "signed.eml"],
            &key[..],
        ]
        .concat(),
    );
    workshop.run(
        "openssl",
        &[
            "cms",
            "-verify",
            "-in",
            "signed.eml",
            "-CAfile",
            "ours.pem",
            "-purpose",
            "any",
            "-out",
            "wrapped.eml",
        ],
    );
    let wrapped = workshop.read("wrapped.eml");
    assert!(wrapped.starts_with(b"Content-Type: message/rfc822\r\n"));
    assert!(wrapped.ends_with(composed.inner()));

    let text = String::from_utf8(sealed).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_ascii_lowercase().contains("subject"), "{head}");
    assert!(!head.contains("eponse") && head.contains("smime-type=enveloped-data"));
    assert!(body.split("\r\n").all(|line| line.len() <= 76) && !split::has_bare_line_feed(text.as_bytes()));
    assert!(!text.contains("%PDF") && composed.inner().is_ascii());
    let printed = workshop.run("openssl", &["cms", "-cmsout", "-print", "-noout", "-in", "sealed.eml"]);
    let printed = String::from_utf8(printed).unwrap();
    assert!(
        printed.contains("aes-256-cbc") && printed.contains("rsaEncryption"),
        "{printed}"
    );
}

#[test]
fn the_same_letter_composes_to_the_same_bytes() {
    let workshop = Workshop::new();
    assert_eq!(letter(&workshop).inner(), letter(&workshop).inner());
}

#[test]
fn a_referral_made_by_openssl_is_read() {
    let workshop = Workshop::new();
    // Opaque signing and base64 in one endless line have both been seen, and are as good as the usual form.
    for fault in [None, Some("opaque"), Some("unfolded")] {
        let raw = workshop.referral(fault);
        let message = workshop.open(&raw, &envelope(THEIRS, &[OURS])).unwrap();
        assert_eq!(message.sender, address(THEIRS));
        assert_eq!(message.subject, "Referral");
        assert_eq!(message.answer, Answer::ProcessedAndDispatched);
        assert_eq!(message.signer, Some(workshop.partner_certificate()));
        assert!(message.date.is_some() && message.message_id.starts_with('<'));
        let Content::Document { text, attachments } = message.content else {
            panic!("not a document")
        };
        assert!(text.unwrap().contains("attached referral"));
        let [pdf] = &attachments[..] else {
            panic!("{} attachments", attachments.len())
        };
        assert_eq!(
            (pdf.name.as_str(), pdf.media_type.as_str()),
            ("referral.pdf", "application/pdf")
        );
        assert!(pdf.bytes.starts_with(b"%PDF-1.4") && pdf.bytes.ends_with(b"%%EOF\n"));
    }
}

#[test]
fn each_wrong_message_is_refused_with_its_own_reason() {
    let workshop = Workshop::new();
    for (fault, code) in [
        ("tampered", "signature_invalid"),
        ("wrong-signer", "unknown_sender"),
        ("unbound-from", "signer_not_bound"),
        ("signed-only", "not_encrypted"),
        ("encrypted-only", "not_signed"),
        ("not-wrapped", "not_wrapped"),
    ] {
        let raw = workshop.referral(Some(fault));
        let refusal = workshop.open(&raw, &envelope(THEIRS, &[OURS])).unwrap_err();
        assert_eq!(refusal.code(), code, "{fault}");
    }
}

#[test]
fn a_good_message_in_the_wrong_place_is_refused() {
    let workshop = Workshop::new();
    let raw = workshop.referral(None);
    let other = "other@direct.lakeview-cardiology.example";
    for (from, to, code) in [
        (
            "dr.other@direct.northside-family.example",
            &[OURS][..],
            "envelope_mismatch",
        ),
        // A blind copy: the envelope names someone whom the message does not.
        (THEIRS, &[OURS, other], "envelope_mismatch"),
        (THEIRS, &[other], "envelope_mismatch"),
        // The null sender is for reports.
        ("", &[OURS], "envelope_mismatch"),
        (THEIRS, &["x@direct.elsewhere.example"], "unknown_recipient"),
    ] {
        assert_eq!(
            workshop.open(&raw, &envelope(from, to)).unwrap_err().code(),
            code,
            "{from} {to:?}"
        );
    }
    let good = envelope(THEIRS, &[OURS]);
    let (early, late) = (workshop.now - TimeDelta::days(2), workshop.now + TimeDelta::days(2000));
    assert_eq!(
        workshop.open_at(&raw, &good, early).unwrap_err().code(),
        "signer_not_yet_valid"
    );
    assert_eq!(
        workshop.open_at(&raw, &good, late).unwrap_err().code(),
        "signer_expired"
    );

    let stranger =
        Identity::self_signed("direct.lakeview-cardiology.example", workshop.now, TimeDelta::days(1)).unwrap();
    let judge = Judge {
        identities: &[stranger],
        trust: &Pinned::new([workshop.partner_certificate().fingerprint()]),
        policy: Policy::default(),
        now: workshop.now,
    };
    assert_eq!(open(&raw, &good, &judge).unwrap_err().code(), "not_for_us");
    let judge = Judge {
        identities: std::slice::from_ref(&workshop.identity),
        trust: &Pinned::default(),
        policy: Policy::default(),
        now: workshop.now,
    };
    assert_eq!(open(&raw, &good, &judge).unwrap_err().code(), "unknown_sender");
}

/// A practice's system may send for its physician, if the signed headers say so.
#[test]
fn the_envelope_may_name_the_signed_sender_in_place_of_the_author() {
    let workshop = Workshop::new();
    let office = "office@direct.northside-family.example";
    let sealed = |headers: &str| {
        let inner = inner("for-another", headers, "Please see this fictional patient.");
        let signed = workshop.sign_content(
            &USUAL,
            format!("Content-Type: message/rfc822\r\n\r\n{inner}").as_bytes(),
        );
        workshop.write("ours-encryption.pem", &workshop.read("ours.pem"));
        let recipe = Recipe {
            recipient: "ours-encryption",
            ..USUAL
        };
        workshop.envelop(&recipe, &signed)
    };
    let from_office = envelope(office, &[OURS]);
    let refused = workshop.open(&sealed(""), &from_office).unwrap_err();
    assert_eq!(refused.code(), "envelope_mismatch");
    let said = sealed(&format!("Sender: {office}\r\n"));
    assert_eq!(workshop.open(&said, &from_office).unwrap().sender, address(THEIRS));
    assert_eq!(
        workshop.open(&said, &envelope(THEIRS, &[OURS])).unwrap().sender,
        address(THEIRS)
    );
    let stranger = envelope("x@direct.northside-family.example", &[OURS]);
    assert_eq!(workshop.open(&said, &stranger).unwrap_err().code(), "envelope_mismatch");
}

/// Trusts for one recipient alone.
struct Choosy(Address);

impl Trust for Choosy {
    fn of_signer(
        &self,
        recipient: &Address,
        _: &Address,
        _: &Certificate,
        _: &[Certificate],
    ) -> Result<TrustedBy, Distrust> {
        if *recipient == self.0 {
            Ok(TrustedBy::Anchor("an anchor".to_owned()))
        } else {
            Err(Distrust::NoPath)
        }
    }
}

#[test]
fn each_recipient_trusts_for_itself() {
    let workshop = Workshop::new();
    let other = "front-desk@direct.lakeview-cardiology.example";
    let raw = workshop.referral_to(&format!("{OURS}, {other}"), None);
    let both = envelope(THEIRS, &[OURS, other]);
    let judged = |trusting: &str| {
        let judge = Judge {
            identities: std::slice::from_ref(&workshop.identity),
            trust: &Choosy(address(trusting)),
            policy: Policy::default(),
            now: workshop.now,
        };
        open(&raw, &both, &judge)
    };
    let message = judged(other).unwrap();
    assert_eq!(message.recipients, [address(other)]);
    let [(refused, refusal)] = &message.refused[..] else {
        panic!("{:?}", message.refused)
    };
    assert_eq!((refused, refusal.code()), (&address(OURS), "no_trust_path"));
    assert_eq!(judged("nobody@elsewhere.example").unwrap_err().code(), "no_trust_path");
}

#[test]
fn no_damage_gets_through() {
    let workshop = Workshop::new();
    let raw = workshop.referral(None);
    let good = envelope(THEIRS, &[OURS]);
    let whole = workshop.open(&raw, &good).unwrap();
    let text = String::from_utf8(raw.clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let der = split::base64_decode(body.as_bytes()).unwrap();
    for at in (0..der.len()).step_by(der.len() / 97) {
        let mut damaged = der.clone();
        damaged[at] ^= 0x41;
        let message = format!("{head}\r\n\r\n{}", split::base64_lines(&damaged));
        // Damage to the wrapping around the signed part may go unnoticed; to what is read, never.
        let unchanged = |opened: Message| opened.inner_sha256 == whole.inner_sha256 && opened.content == whole.content;
        assert!(
            workshop.open(message.as_bytes(), &good).map_or(true, unchanged),
            "byte {at}"
        );
    }
    for end in (0..raw.len()).step_by(raw.len() / 41) {
        assert!(workshop.open(&raw[..end], &good).is_err(), "cut at {end}");
    }
    for odd in [
        &b""[..],
        b"\r\n\r\n",
        b"Content-Type: application/pkcs7-mime\r\n\r\n",
        b"From: x\r\n\r\nhello",
    ] {
        assert!(workshop.open(odd, &good).is_err());
    }
}

#[test]
fn nothing_is_sealed_to_or_by_a_certificate_that_should_not_be_used() {
    let workshop = Workshop::new();
    let composed = letter(&workshop);
    let refused = |recipient: &Certificate, days: i64| {
        composed
            .seal(&workshop.identity, recipient, workshop.now + TimeDelta::days(days))
            .unwrap_err()
    };
    workshop.partner(&[
        "make-identity",
        "other",
        "--domain",
        "sub.direct.northside-family.example",
        "--self-signed",
    ]);
    let other = Certificate::parse(&workshop.read("other/cert.pem")).unwrap();
    assert!(matches!(refused(&other, 0), SealError::RecipientNotBound));
    assert!(matches!(
        refused(&workshop.partner_certificate(), 60),
        SealError::SenderCertificate(_)
    ));
    assert!(matches!(
        refused(workshop.identity.certificate(), 0),
        SealError::RecipientNotBound
    ));

    let check = |days: i64| {
        workshop
            .partner_certificate()
            .check(Use::Encrypting, workshop.now + TimeDelta::days(days))
    };
    assert_eq!(check(0), Ok(()));
    assert_eq!(check(1000), Err(CertificateProblem::Expired));
    assert_eq!(check(-1), Err(CertificateProblem::NotYetValid));

    let odd = |bits: &str, extensions: &[&str]| {
        let mut arguments = vec![
            "req", "-x509", "-newkey", bits, "-noenc", "-keyout", "odd.key", "-out", "odd.pem",
        ];
        arguments.extend(["-days", "9", "-subj", "/CN=odd"]);
        arguments.extend(extensions.iter().flat_map(|extension| ["-addext", extension]));
        workshop.run("openssl", &arguments);
        let certificate = Certificate::parse(&workshop.read("odd.pem")).unwrap();
        (certificate.check(Use::Encrypting, Clock::System.now()), certificate)
    };
    let san = "subjectAltName=email:DR.OSEI@direct.northside-family.example";
    assert_eq!(odd("rsa:1024", &[san]).0, Err(CertificateProblem::WeakKey));
    assert_eq!(
        odd("rsa:2048", &[san, "keyUsage=digitalSignature"]).0,
        Err(CertificateProblem::KeyUsage)
    );
    assert_eq!(
        odd("rsa:2048", &["subjectAltName=DNS:*.northside-family.example"]).0,
        Err(CertificateProblem::Unbound)
    );
    let (usable, by_address) = odd("rsa:2048", &[san]);
    assert_eq!(usable, Ok(()));
    assert!(by_address.binds(&address(THEIRS)) && !by_address.binds(&address("x@direct.northside-family.example")));
    assert_eq!(by_address.bound_to(), Some(THEIRS));
}

#[test]
fn an_identity_survives_storage_and_refuses_a_foreign_key() {
    let workshop = Workshop::new();
    let (certificate, key) = (
        workshop.identity.certificate().to_der(),
        workshop.identity.private_key_der().unwrap(),
    );
    let again = Identity::new(&certificate, &key).unwrap();
    assert_eq!(again.certificate(), workshop.identity.certificate());
    assert!(Identity::new(&certificate, &workshop.read("theirs/key.pem")).is_err());
    assert!(!format!("{again:?}").contains("PRIVATE"));
}

#[test]
fn the_committed_samples_still_mean_what_they_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/direct");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let identity = Identity::new(&read("test-keys/clinic-cert.pem"), &read("test-keys/clinic-key.pem")).unwrap();
    let partner = Certificate::parse(&read("test-keys/partner-cert.pem")).unwrap();
    let judge = Judge {
        identities: &[identity],
        trust: &Pinned::new([partner.fingerprint()]),
        policy: Policy::default(),
        now: Clock::System.now(),
    };
    let good = envelope(THEIRS, &[OURS]);
    let message = open(&read("referral.eml"), &good, &judge).unwrap();
    assert!(matches!(message.content, Content::Document { attachments, .. } if attachments.len() == 1));
    assert_eq!(
        open(&read("tampered.eml"), &good, &judge).unwrap_err().code(),
        "signature_invalid"
    );
}
