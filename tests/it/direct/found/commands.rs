//! `referloop direct`: keys, certificates, anchors, bundles and the search, by the program itself.

use super::pki::Pki;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

struct Clinic {
    folder: TempDir,
}

impl Clinic {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_referloop"))
            .arg("direct")
            .args(words)
            .env("REFERLOOP_DATA", self.folder.path().join("data"))
            .env("REFERLOOP_MAIL__DIRECT_DOMAIN", "direct.clinic.example")
            .env("REFERLOOP_DIRECT__FETCH_FROM", "[\"127.0.0.0/8\"]")
            // Nobody listens there.
            .env("REFERLOOP_DIRECT__DNS_SERVERS", "[\"127.0.0.1:9\"]")
            .output()
            .unwrap()
    }

    /// The exit code, and the answer as JSON.
    fn told(&self, words: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[words, &["--json"]].concat());
        let answer = serde_json::from_slice(&output.stdout);
        let answer = answer.unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), answer)
    }

    fn answer(&self, words: &[&str]) -> Value {
        let (code, answer) = self.told(words);
        assert_eq!(code, Some(0), "{words:?}: {answer}");
        answer
    }

    fn refusal(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_key_is_made_and_its_certificate_brought_in() {
    let (clinic, pki) = (Clinic::new(), Pki::new());
    assert!(clinic.refusal(&["request"]).contains("referloop direct keygen"));
    let made = clinic.answer(&["keygen"]);
    assert_eq!(made["bound_to"], "direct.clinic.example");
    let request = clinic.answer(&["request"]);
    let request = request["request"].as_str().unwrap();
    std::fs::write(pki.path("seen.csr"), request).unwrap();
    let seen = pki.openssl(&["req", "-in", "seen.csr", "-noout", "-verify", "-text"]);
    let seen = String::from_utf8(seen).unwrap();
    assert!(
        seen.contains("DNS:direct.clinic.example") && seen.contains("Digital Signature, Key Encipherment"),
        "{seen}"
    );

    pki.sign_request("ours", request, "DNS:direct.clinic.example");
    let ours = pki.path("ours.pem");
    let imported = clinic.answer(&["import", path(&ours)]);
    assert_eq!(
        imported["fingerprint"],
        Value::String(pki.certificate("ours").fingerprint())
    );
    // The key waits no longer.
    assert!(clinic.refusal(&["import", path(&ours)]).contains("no key waits"));
    assert!(
        clinic
            .refusal(&["keygen", "--for", "direct.other.example"])
            .contains("is none of our")
    );
}

/// Authorities send their own certificates along, in one file.
#[test]
fn a_file_of_several_certificates_is_brought_in_whole() {
    let (clinic, pki) = (Clinic::new(), Pki::new());
    clinic.answer(&["keygen"]);
    let request = clinic.answer(&["request"]);
    let ours = pki.sign_request(
        "ours",
        request["request"].as_str().unwrap(),
        "DNS:direct.clinic.example",
    );
    std::fs::write(
        pki.path("all.pem"),
        [ours, pki.read("sub.pem"), pki.read("root.pem")].concat(),
    )
    .unwrap();
    let imported = clinic.answer(&["import", path(&pki.path("all.pem"))]);
    assert_eq!(
        imported["fingerprint"],
        Value::String(pki.certificate("ours").fingerprint())
    );
}

#[test]
fn no_partner_can_be_tried_while_mail_is_off() {
    let refusal = Clinic::new().refusal(&["send", "dr@direct.partner.example"]);
    assert!(
        refusal.contains("mail is off") && refusal.contains("direct doctor"),
        "{refusal}"
    );
}

/// With its key, as authorities hand it out: for one address.
#[test]
fn a_certificate_comes_with_its_key_and_doctor_sees_its_end() {
    let (clinic, pki) = (Clinic::new(), Pki::new());
    pki.issue("desk", "email:desk@direct.clinic.example");
    pki.openssl(&[
        "pkcs12",
        "-export",
        "-in",
        "desk.pem",
        "-inkey",
        "desk.key",
        "-passout",
        "pass:secret",
        "-out",
        "desk.p12",
    ]);
    std::fs::write(pki.path("word"), "secret\n").unwrap();
    std::fs::write(pki.path("other"), "other\n").unwrap();
    let (file, word, other) = (pki.path("desk.p12"), pki.path("word"), pki.path("other"));
    let import = ["import", path(&file), "--pkcs12", "--passphrase-file"];
    assert!(
        clinic
            .refusal(&[&import[..], &[path(&other)]].concat())
            .contains("passphrase is another")
    );
    let imported = clinic.answer(&[&import[..], &[path(&word)]].concat());
    assert_eq!(imported["bound_to"], "desk@direct.clinic.example");

    let (_, report) = clinic.told(&["doctor"]);
    let certificates = &report["checks"][0];
    // Theirs ends in 30 days: time to renew it.
    assert_eq!(
        (&certificates["name"], &certificates["ok"]),
        (&"certificates".into(), &false.into()),
        "{report}"
    );
    assert!(
        certificates["fix"]
            .as_str()
            .unwrap()
            .contains("referloop direct keygen --for "),
        "{report}"
    );
}

#[test]
fn anchors_and_bundles_are_listed_added_and_removed() {
    let (clinic, pki) = (Clinic::new(), Pki::new());
    assert_eq!(clinic.answer(&["anchors", "list"])["items"], Value::Array(Vec::new()));
    let sub = pki.path("sub.pem");
    let added = clinic.answer(&["anchors", "add", path(&sub), "--incoming"]);
    assert_eq!(
        (&added["direction"], &added["added"]),
        (&"incoming".into(), &true.into())
    );
    assert_eq!(
        clinic.answer(&["anchors", "add", path(&sub), "--incoming"])["added"],
        false
    );
    clinic.answer(&[
        "anchors",
        "add",
        path(&sub),
        "--outgoing",
        "--for",
        "desk@direct.clinic.example",
    ]);
    let listed = clinic.answer(&["anchors", "list"]);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    assert!(
        listed["items"][0]["subject"].as_str().unwrap().contains("CN=sub"),
        "{listed}"
    );
    let fingerprint = added["fingerprint"].as_str().unwrap();
    assert!(
        clinic
            .refusal(&["anchors", "remove", fingerprint, "--outgoing"])
            .contains("no such anchor")
    );
    clinic.answer(&["anchors", "remove", fingerprint, "--incoming"]);

    pki.openssl(&[
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        "sub.pem",
        "-certfile",
        "root.pem",
        "-out",
        "community.p7b",
    ]);
    let file = pki.path("community.p7b");
    let bundle = clinic.answer(&["bundle", "add", path(&file)]);
    assert_eq!(
        (&bundle["anchors"], &bundle["source"]),
        (&2.into(), &"file:community.p7b".into())
    );
    assert!(clinic.refusal(&["bundle", "add", path(&file)]).contains("here already"));
    pki.web.serve("community.p7b", &pki.read("community.p7b"));
    let url = pki.web.url("community.p7b");
    assert!(clinic.refusal(&["bundle", "add", &url]).contains("without https"));
    assert_eq!(
        clinic.answer(&["anchors", "list"])["items"].as_array().unwrap().len(),
        5
    );
    clinic.answer(&["bundle", "remove", bundle["bundle"].as_str().unwrap()]);
    assert_eq!(
        clinic.answer(&["anchors", "list"])["items"].as_array().unwrap().len(),
        1
    );
    assert_eq!(clinic.answer(&["bundle", "list"])["items"], Value::Array(Vec::new()));
}

#[test]
fn a_search_that_nobody_answers_says_so() {
    let clinic = Clinic::new();
    let (code, answer) = clinic.told(&["discover", "dr@direct.partner.example"]);
    assert_eq!(code, Some(1));
    assert_eq!(answer["try_again"], true, "{answer}");
    assert_eq!(answer["steps"][0]["step"], "dns_address");
    assert_eq!(answer["steps"][0]["detail"]["code"], "dns_away", "{answer}");
    let (code, report) = clinic.told(&["doctor"]);
    let dns = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["name"] == "DNS");
    assert_eq!((code, &dns.unwrap()["ok"]), (Some(1), &false.into()), "{report}");
}
