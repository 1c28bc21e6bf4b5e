//! Encrypted as a partner's system wants it: opened by the openssl command, and by ourselves.

use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use referloop::direct::certificate::Certificate;
use referloop::direct::context::{self, Context};
use referloop::direct::envelope::Sealing;
use referloop::direct::incoming::{Content, Judge, Policy, open};
use referloop::direct::message::{Composed, Letter, MessageId, Report, compose_in_context};
use referloop::direct::mime::Entity;
use referloop::direct::split;
use referloop::direct::trust::Pinned;
use referloop::domain::ability::{Cipher, KeyTransport};

fn letter(workshop: &Workshop, context: Option<&Context>) -> Composed {
    let letter = Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: "Consult note",
        text: "About a fictional patient.",
        attachments: &[],
        message_id: &MessageId::new("dlv_01SEALED", "direct.lakeview-cardiology.example"),
        date: workshop.now,
        report: Report::Nothing,
        in_reply_to: "",
    };
    compose_in_context(&letter, context)
}

#[test]
fn every_way_to_encrypt_is_opened_by_openssl_and_by_us() {
    let mut workshop = Workshop::new();
    workshop.make_identity("rsa", &["rsa:2048"], &format!("email:{THEIRS}"));
    let curve = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    workshop.make_identity("ec", &curve, &format!("email:{THEIRS}"));
    // The certificates are younger than the workshop.
    workshop.now += chrono::TimeDelta::minutes(1);
    let composed = letter(&workshop, None);
    let (v15, oaep) = (KeyTransport::RsaV15, KeyTransport::RsaOaep);
    for (name, key_transport, cipher, shown) in [
        ("rsa", v15, Cipher::Aes256, ["rsaEncryption", "aes-256-cbc"]),
        ("rsa", v15, Cipher::Aes128, ["rsaEncryption", "aes-128-cbc"]),
        ("rsa", oaep, Cipher::Aes256, ["rsaesOaep", "aes-256-cbc"]),
        ("rsa", oaep, Cipher::Aes128, ["rsaesOaep", "aes-128-cbc"]),
        ("ec", oaep, Cipher::Aes256, ["dhSinglePass", "aes-256-cbc"]),
    ] {
        let recipient = Certificate::parse(&workshop.read(&format!("{name}.pem"))).unwrap();
        let sealing = Sealing { key_transport, cipher };
        let sealed = composed
            .seal_as(sealing, &workshop.identity, &recipient, workshop.now)
            .unwrap();
        let enveloped = Entity::parse(&sealed).unwrap().decoded().unwrap().into_owned();
        workshop.write("enveloped.der", &enveloped);
        let printed = workshop.run(
            "openssl",
            &[
                "cms",
                "-cmsout",
                "-print",
                "-noout",
                "-inform",
                "DER",
                "-in",
                "enveloped.der",
            ],
        );
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(
            shown.iter().all(|shown| printed.contains(shown)),
            "{name} {sealing:?}: {printed}"
        );
        // The digest of OAEP is told, since SHA-1 would be meant otherwise.
        assert_eq!(printed.contains("sha256"), shown[0] == "rsaesOaep", "{printed}");
        let (pem, key) = (format!("{name}.pem"), format!("{name}.key"));
        let mut decrypt = vec![
            "cms",
            "-decrypt",
            "-inform",
            "DER",
            "-in",
            "enveloped.der",
            "-out",
            "opened",
        ];
        decrypt.extend(["-recip", &pem, "-inkey", &key]);
        workshop.run("openssl", &decrypt);
        let opened = workshop.read("opened");
        let inner = composed.inner();
        assert!(opened.windows(inner.len()).any(|window| window == inner));

        let theirs = workshop.identity_of(name);
        let judge = Judge {
            identities: &[theirs],
            trust: &Pinned::new([workshop.identity.certificate().fingerprint()]),
            policy: Policy::default(),
            now: workshop.now,
        };
        let message = open(&sealed, &envelope(OURS, &[THEIRS]), &judge).unwrap();
        assert_eq!(message.sender, address(OURS), "{name} {sealing:?}");
    }
}

#[test]
fn what_a_message_says_to_machines_stands_inside_and_is_no_attachment() {
    let workshop = Workshop::new();
    let said = Context::of_note("dlv_01SEALED", [("2.25.17", "MRN-5")], "Ana", "Example", None);
    let composed = letter(&workshop, Some(&said));
    let theirs = workshop.partner_certificate();
    let sealed = composed.seal(&workshop.identity, &theirs, workshop.now).unwrap();
    let outer = Entity::parse(&sealed).unwrap();
    assert!(outer.headers.first(context::HEADER).is_none());
    let inner = Entity::parse(composed.inner()).unwrap();
    let named = inner.headers.first(context::HEADER).unwrap();
    assert!(named.starts_with("<context.dlv_01SEALED@"), "{named}");
    let kind = inner.content_type().unwrap();
    let parts = split::parts(inner.body, kind.parameter("boundary").unwrap())
        .unwrap()
        .parts;
    let part = Entity::parse(parts[1]).unwrap();
    assert_eq!(part.headers.first("Content-ID"), Some(named));
    assert_eq!(part.file_name().as_deref(), Some("metadata.txt"));

    let judge = Judge {
        identities: &[referloop::direct::identity::Identity::new(
            &workshop.read("theirs/cert.pem"),
            &workshop.read("theirs/key.pem"),
        )
        .unwrap()],
        trust: &Pinned::new([workshop.identity.certificate().fingerprint()]),
        policy: Policy::default(),
        now: workshop.now,
    };
    let message = open(&sealed, &envelope(OURS, &[THEIRS]), &judge).unwrap();
    assert_eq!(message.context, Some(said));
    let Content::Document { attachments, text } = message.content else {
        panic!("no document")
    };
    assert!(attachments.is_empty() && text.unwrap().contains("fictional patient"));
}
