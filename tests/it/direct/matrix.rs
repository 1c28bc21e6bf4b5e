//! Certificates × algorithms × forms: every cell is accepted or refused as `docs/guides/direct.md` says.

use super::press::{Recipe, USUAL, verdict};
use super::workshop::{OURS, THEIRS, Workshop, envelope};
use chrono::TimeDelta;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Judge, Policy, explain};
use referloop::direct::trust::Pinned;

const GUIDE: &str = include_str!("../../../docs/guides/direct.md");
const DOMAIN: &str = "DNS:direct.northside-family.example";
const STEPS: [&str; 8] = [
    "outer", "decrypt", "verify", "inner", "signer", "trust", "content", "envelope",
];

/// The rows of the table under a heading, without its head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let (_, section) = GUIDE.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect()
    };
    rows.map(cells).collect()
}

/// What a table says of its rows, which must be exactly these.
pub fn verdicts<'a, T>(heading: &str, known: &'a [(&'static str, T)]) -> Vec<(&'a T, String)> {
    let rows = table(heading);
    let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        names,
        known.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        "{heading}"
    );
    known
        .iter()
        .zip(rows)
        .map(|((_, what), row)| (what, row[1].clone()))
        .collect()
}

/// Where both refuse, the earlier step speaks.
pub fn earlier<'a>(one: &'a str, other: &'a str) -> &'a str {
    let place = |verdict: &str| {
        let step = verdict.split(':').next().unwrap_or_default();
        STEPS.iter().position(|known| *known == step).unwrap_or(STEPS.len())
    };
    if place(one) <= place(other) { one } else { other }
}

const CIPHERS: [(&str, &[&str]); 8] = [
    ("AES-128-CBC", &["-aes-128-cbc"]),
    ("AES-192-CBC", &["-aes-192-cbc"]),
    ("AES-256-CBC", &["-aes-256-cbc"]),
    ("AES-128-GCM", &["-aes-128-gcm"]),
    ("AES-192-GCM", &["-aes-192-gcm"]),
    ("AES-256-GCM", &["-aes-256-gcm"]),
    ("3DES", &["-des3"]),
    ("RC2", &["-provider", "legacy", "-provider", "default", "-rc2-128"]),
];

/// Whom it is encrypted to, and how.
const KEYS: [(&str, (&str, &[&str])); 5] = [
    ("RSA PKCS#1 v1.5", ("clinic", &[])),
    ("RSA OAEP with SHA-1", ("clinic", &["rsa_padding_mode:oaep"])),
    (
        "RSA OAEP with SHA-256",
        ("clinic", &["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"]),
    ),
    (
        "RSA OAEP with MD5",
        ("clinic", &["rsa_padding_mode:oaep", "rsa_oaep_md:md5"]),
    ),
    ("ECDH", ("clinic-ec", &[])),
];

pub const DIGESTS: [(&str, &str); 5] = [
    ("SHA-256", "sha256"),
    ("SHA-384", "sha384"),
    ("SHA-512", "sha512"),
    ("SHA-1", "sha1"),
    ("MD5", "md5"),
];

/// Opaque, wrapped.
const FORMS: [(&str, (bool, bool)); 4] = [
    ("detached, wrapped", (false, true)),
    ("opaque, wrapped", (true, true)),
    ("detached, unwrapped", (false, false)),
    ("opaque, unwrapped", (true, false)),
];

const EC: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub const RSA: &[&str] = &["rsa:2048"];
const LONG: &[&str] = &["-sha256", "-days", "30"];
const IN_SUBJECT: &[&str] = &[
    "-sha256",
    "-days",
    "30",
    "-subj",
    "/CN=F/emailAddress=dr.osei@direct.northside-family.example",
];

/// Key, names, and options of `openssl req`.
type Kind = (&'static [&'static str], &'static str, &'static [&'static str]);

const CERTIFICATES: [(&str, Kind); 13] = [
    ("organisation, RSA 2048", (RSA, DOMAIN, LONG)),
    (
        "address, RSA 2048",
        (RSA, "email:dr.osei@direct.northside-family.example", LONG),
    ),
    ("EC P-256", (EC, DOMAIN, LONG)),
    ("RSA 3072", (&["rsa:3072"], DOMAIN, LONG)),
    ("RSA 4096", (&["rsa:4096"], DOMAIN, LONG)),
    ("RSA 1024", (&["rsa:1024"], DOMAIN, LONG)),
    ("expired", (RSA, DOMAIN, &["-sha256", "-days", "1"])),
    ("dates that can't be read", (RSA, DOMAIN, LONG)),
    ("issued with SHA-1", (RSA, DOMAIN, &["-sha1", "-days", "30"])),
    ("wildcard", (RSA, "DNS:*.northside-family.example", LONG)),
    (
        "another address in an organisation's",
        (
            RSA,
            "DNS:direct.northside-family.example,email:other@direct.northside-family.example",
            LONG,
        ),
    ),
    ("address in the subject alone", (RSA, "", IN_SUBJECT)),
    ("unknown to the directory", (RSA, DOMAIN, LONG)),
];

struct Matrix {
    workshop: Workshop,
    ours: Vec<Identity>,
    trust: Pinned,
}

impl Matrix {
    fn new() -> Self {
        let workshop = Workshop::new();
        workshop.make_identity("clinic", RSA, "DNS:direct.lakeview-cardiology.example");
        workshop.make_identity("clinic-ec", EC, "DNS:direct.lakeview-cardiology.example");
        let ours = ["clinic", "clinic-ec"].map(|name| workshop.identity_of(name)).to_vec();
        let trust = Pinned::new([workshop.partner_certificate().fingerprint()]);
        Self { workshop, ours, trust }
    }

    fn check(&self, what: &str, recipe: &Recipe<'_>, policy: Policy, expect: &str) {
        let raw = self.workshop.press(recipe);
        let judge = Judge {
            identities: &self.ours,
            trust: &self.trust,
            policy,
            // Two days on, so that a certificate for one day has expired.
            now: self.workshop.now + TimeDelta::days(2),
        };
        let found = explain(&raw, &envelope(THEIRS, &[OURS]), &judge);
        assert_eq!(verdict(&found), expect, "{what}: {found:#?}");
    }
}

#[test]
fn every_cipher_with_every_key() {
    let matrix = Matrix::new();
    for (cipher, of_cipher) in verdicts("Content encryption", &CIPHERS) {
        for ((recipient, key_options), of_key) in verdicts("Content key", &KEYS) {
            // Both are looked at in one step, the cipher first.
            let expect = earlier(&of_cipher, &of_key);
            let recipe = Recipe {
                recipient,
                cipher,
                key_options,
                ..USUAL
            };
            matrix.check(
                &format!("{cipher:?} {recipient} {key_options:?}"),
                &recipe,
                Policy::default(),
                expect,
            );
        }
    }
}

#[test]
fn every_form_with_every_digest_and_policy() {
    let matrix = Matrix::new();
    let policies = [
        Policy::default(),
        Policy {
            accept_opaque: false,
            ..Policy::default()
        },
        Policy {
            accept_unwrapped: true,
            ..Policy::default()
        },
    ];
    for ((_, (opaque, wrapped)), row) in FORMS.iter().zip(table("Form")) {
        for (digest, of_digest) in verdicts("Signature", &DIGESTS) {
            let recipe = Recipe {
                opaque: *opaque,
                wrapped: *wrapped,
                digest,
                ..USUAL
            };
            for (policy, of_form) in policies.iter().zip(&row[1..]) {
                // Whether an opaque signature is taken at all is asked before it is looked at.
                let expect = earlier(of_form, &of_digest);
                matrix.check(&format!("{} {digest} {policy:?}", row[0]), &recipe, *policy, expect);
            }
        }
    }
    assert_eq!(verdicts("Form", &FORMS).len(), 4);
}

#[test]
fn every_certificate_with_every_digest_and_form() {
    let mut matrix = Matrix::new();
    let mut pinned = Vec::new();
    for (at, (name, (key, names, options))) in CERTIFICATES.iter().enumerate() {
        let file = format!("signer-{at}");
        matrix.workshop.make_certificate(&file, key, names, options);
        if *name == "dates that can't be read" {
            spoil_dates(&matrix.workshop, &file);
        }
        let certificate = Certificate::parse(&matrix.workshop.read(&format!("{file}.pem"))).unwrap();
        if *name != "unknown to the directory" {
            pinned.push(certificate.fingerprint());
        }
    }
    matrix.trust = Pinned::new(pinned);
    for (at, (_, of_certificate)) in verdicts("Signer's certificate", &CERTIFICATES).into_iter().enumerate() {
        for (digest, of_digest) in verdicts("Signature", &DIGESTS) {
            let is_ec = CERTIFICATES[at].1.0 == EC;
            // There is no such signature.
            if is_ec && *digest == "md5" {
                continue;
            }
            for opaque in [false, true] {
                let signer = format!("signer-{at}");
                let recipe = Recipe {
                    signer: &signer,
                    digest,
                    opaque,
                    ..USUAL
                };
                let expect = earlier(&of_digest, &of_certificate);
                let what = format!("{} {digest} opaque {opaque}", CERTIFICATES[at].0);
                matrix.check(&what, &recipe, Policy::default(), expect);
            }
        }
    }
}

/// Overwrites the thirteen characters of both dates: openssl makes no such certificate.
fn spoil_dates(workshop: &Workshop, file: &str) {
    let pem = format!("{file}.pem");
    let mut der = Certificate::parse(&workshop.read(&pem)).unwrap().to_der();
    let dates: Vec<usize> = (0..der.len() - 15)
        .filter(|&at| der[at..at + 2] == [0x17, 0x0D] && der[at + 14] == b'Z')
        .collect();
    assert_eq!(dates.len(), 2);
    for at in dates {
        der[at + 2..at + 14].fill(b'?');
    }
    workshop.write("spoiled.der", &der);
    workshop.run(
        "openssl",
        &["x509", "-in", "spoiled.der", "-inform", "DER", "-out", &pem],
    );
}
