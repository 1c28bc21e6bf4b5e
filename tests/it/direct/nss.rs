//! A second stack, both ways: NSS, by Debian's `cmsutil`.

use super::press::{USUAL, outer, verdict};
use super::workshop::{OURS, THEIRS, Workshop, address};
use chrono::TimeDelta;
use referloop::direct::certificate::Certificate;
use referloop::direct::incoming::Policy;
use referloop::direct::message::{Composed, Letter, MessageId, Report, compose};
use referloop::direct::split;

/// NSS finds people by their e-mail address: both sides have a certificate for one.
fn workshop() -> Workshop {
    let mut workshop = Workshop::new();
    // The certificates below are younger than the workshop.
    workshop.now += TimeDelta::minutes(1);
    workshop.make_identity("clinic", &["rsa:2048"], &format!("email:{OURS}"));
    workshop.make_identity("partner", &["rsa:2048"], &format!("email:{THEIRS}"));
    std::fs::create_dir(workshop.path("db")).unwrap();
    workshop.run("certutil", &["-N", "-d", "sql:db", "--empty-password"]);
    let (key, certificate) = ("partner.key", "partner.pem");
    let mut export = vec![
        "pkcs12",
        "-export",
        "-inkey",
        key,
        "-in",
        certificate,
        "-name",
        "partner",
    ];
    export.extend(["-passout", "pass:x", "-out", "partner.p12"]);
    workshop.run("openssl", &export);
    workshop.run("pk12util", &["-i", "partner.p12", "-d", "sql:db", "-W", "x", "-K", ""]);
    workshop.run(
        "certutil",
        &["-M", "-d", "sql:db", "-n", "partner", "-t", "CTu,CTu,CTu"],
    );
    let known = [
        "-A",
        "-d",
        "sql:db",
        "-n",
        "clinic",
        "-t",
        "CT,CT,CT",
        "-i",
        "clinic.pem",
    ];
    workshop.run("certutil", &known);
    workshop
}

fn letter(workshop: &Workshop) -> Composed {
    compose(&Letter {
        from: &address(OURS),
        to: &address(THEIRS),
        subject: "Consult note",
        text: "About a fictional patient.",
        attachments: &[],
        message_id: &MessageId::new("dlv_01NSS", "direct.lakeview-cardiology.example"),
        date: workshop.now,
        report: Report::Nothing,
        in_reply_to: "",
    })
}

/// The decoded body of an entity.
fn body(entity: &[u8]) -> Vec<u8> {
    let start = entity.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    split::base64_decode(&entity[start + 4..]).unwrap()
}

#[test]
fn nss_decrypts_and_verifies_what_we_send() {
    let workshop = workshop();
    let composed = letter(&workshop);
    let partner = Certificate::parse(&workshop.read("partner.pem")).unwrap();
    let identity = workshop.identity_of("clinic");
    let sealed = composed.seal(&identity, &partner, workshop.now).unwrap();
    workshop.write("sealed.der", &body(&sealed));
    workshop.run(
        "cmsutil",
        &["-D", "-d", "sql:db", "-i", "sealed.der", "-o", "signed.eml"],
    );
    let signed = workshop.read("signed.eml");
    let head = String::from_utf8_lossy(&signed).into_owned();
    let (_, boundary) = head.split_once("boundary=\"").unwrap();
    let boundary = boundary.split('"').next().unwrap();
    let found = split::parts(&signed, boundary).unwrap();
    let [content, signature] = found.parts[..] else {
        panic!("{} parts", found.parts.len())
    };
    assert!(content.ends_with(composed.inner()));
    workshop.write("content", content);
    workshop.write("signature.der", &body(signature));
    let verify = [
        "-D",
        "-d",
        "sql:db",
        "-c",
        "content",
        "-i",
        "signature.der",
        "-o",
        "verified",
    ];
    workshop.run("cmsutil", &verify);
    let tampered: Vec<u8> = content.iter().map(u8::to_ascii_lowercase).collect();
    workshop.write("content", &tampered);
    let refused = std::process::Command::new("cmsutil")
        .args(verify)
        .current_dir(workshop.folder.path())
        .output();
    assert!(!refused.unwrap().status.success(), "NSS verifies nothing");
}

#[test]
fn what_nss_signs_and_encrypts_is_accepted() {
    let workshop = workshop();
    let ours = [workshop.identity_of("clinic")];
    workshop.sign(&USUAL);
    for digest in ["SHA256", "SHA384", "SHA512", "SHA1"] {
        let mut sign = vec!["-S", "-d", "sql:db", "-N", "partner", "-T", "-H", digest, "-G", "-P"];
        sign.extend(["-i", "content", "-o", "signature.der"]);
        workshop.run("cmsutil", &sign);
        let content = workshop.read("content");
        let entity = [
            b"Content-Type: multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=b1\r\n\r\n--b1\r\n",
            &content[..],
            b"\r\n--b1\r\nContent-Type: application/x-pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            split::base64_lines(&workshop.read("signature.der")).as_bytes(),
            b"--b1--\r\n",
        ]
        .concat();
        workshop.write("entity", &entity);
        workshop.run(
            "cmsutil",
            &["-E", "-d", "sql:db", "-r", OURS, "-i", "entity", "-o", "enveloped.der"],
        );
        let found = workshop.explained(&outer(&workshop.read("enveloped.der")), &ours, Policy::default());
        let expect = if digest == "SHA1" {
            "verify: weak_digest"
        } else {
            "accepted"
        };
        assert_eq!(verdict(&found), expect, "{digest}: {found:#?}");
    }
}
