//! Two programs that decrypt, neither of them ours.

use crate::journeys::Partner;
use std::process::Command;

fn run(partner: &Partner, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(partner.folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

pub fn decrypted_by_openssl(partner: &Partner, enveloped: &[u8]) -> Vec<u8> {
    std::fs::write(partner.folder.path().join("enveloped.der"), enveloped).unwrap();
    let mut decrypt = vec![
        "cms",
        "-decrypt",
        "-inform",
        "DER",
        "-in",
        "enveloped.der",
        "-out",
        "by-openssl",
    ];
    decrypt.extend(["-recip", "theirs/cert.pem", "-inkey", "theirs/key.pem"]);
    run(partner, "openssl", &decrypt);
    partner.read("by-openssl")
}

pub fn decrypted_by_nss(partner: &Partner, enveloped: &[u8]) -> Vec<u8> {
    std::fs::write(partner.folder.path().join("enveloped.der"), enveloped).unwrap();
    std::fs::create_dir(partner.folder.path().join("db")).unwrap();
    run(partner, "certutil", &["-N", "-d", "sql:db", "--empty-password"]);
    let mut export = vec![
        "pkcs12",
        "-export",
        "-inkey",
        "theirs/key.pem",
        "-in",
        "theirs/cert.pem",
    ];
    export.extend(["-name", "partner", "-passout", "pass:x", "-out", "partner.p12"]);
    run(partner, "openssl", &export);
    run(
        partner,
        "pk12util",
        &["-i", "partner.p12", "-d", "sql:db", "-W", "x", "-K", ""],
    );
    run(
        partner,
        "cmsutil",
        &["-D", "-d", "sql:db", "-i", "enveloped.der", "-o", "by-nss"],
    );
    partner.read("by-nss")
}
