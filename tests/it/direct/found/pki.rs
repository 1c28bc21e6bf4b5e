//! Authorities and certificates that name a web server for their lists and issuers, made by the openssl command.

use super::servers::Web;
use referloop::direct::certificate::Certificate;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
const USES: &str = "keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement";

/// `root` issued `sub`, which issues the others. `stranger` is another root. Both lists are served.
pub struct Pki {
    folder: TempDir,
    pub web: Web,
    serial: AtomicU32,
}

impl Pki {
    pub fn new() -> Self {
        let pki = Self {
            folder: TempDir::new().unwrap(),
            web: Web::start(),
            serial: AtomicU32::new(0x10),
        };
        for (name, issuer) in [("root", None), ("stranger", None), ("sub", Some("root"))] {
            pki.certify(name, issuer, &format!("{AUTHORITY}\n{}", pki.lists(issuer)), &[]);
        }
        pki.serve_list("root", &[]);
        pki.serve_list("sub", &[]);
        pki.web.serve("sub.cer", &pki.der("sub"));
        pki
    }

    /// Where the lists of an issuer are said to be.
    pub fn lists(&self, issuer: Option<&str>) -> String {
        issuer.map_or_else(String::new, |issuer| {
            format!("crlDistributionPoints=URI:{}", self.web.url(&format!("{issuer}.crl")))
        })
    }

    /// For somebody, by `sub`, as authorities issue it: bound to a name (`email:…` or `DNS:…`), with a list.
    pub fn issue(&self, name: &str, san: &str) {
        self.issue_by(name, san, "sub", "");
    }

    pub fn issue_by(&self, name: &str, san: &str, issuer: &str, more: &str) {
        let extensions = format!("subjectAltName={san}\n{USES}\n{}\n{more}", self.lists(Some(issuer)));
        self.certify(name, Some(issuer), &extensions, &[]);
    }

    /// Already over when it is used.
    pub fn issue_expired(&self, name: &str, san: &str) {
        let extensions = format!("subjectAltName={san}\n{USES}\n{}", self.lists(Some("sub")));
        self.certify(name, Some("sub"), &extensions, &["-days", "-1"]);
    }

    pub fn certify_authority(&self, name: &str, issuer: &str, more: &str) {
        let extensions = format!("{AUTHORITY}\n{}\n{more}", self.lists(Some(issuer)));
        self.certify(name, Some(issuer), &extensions, &[]);
    }

    fn certify(&self, name: &str, issuer: Option<&str>, extensions: &str, more: &[&str]) {
        let file = |suffix: &str| format!("{name}.{suffix}");
        let (key, request, ext, pem) = (file("key"), file("csr"), file("ext"), file("pem"));
        std::fs::write(self.path(&ext), extensions).unwrap();
        let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
        self.openssl(&[&["genpkey", "-out", &key], &curve[..]].concat());
        let subject = format!("/CN={name}");
        self.openssl(&["req", "-new", "-key", &key, "-subj", &subject, "-out", &request]);
        let serial = self.serial.fetch_add(1, Ordering::Relaxed).to_string();
        let common = [
            "x509",
            "-req",
            "-in",
            &request,
            "-extfile",
            &ext,
            "-out",
            &pem,
            "-set_serial",
            &serial,
        ];
        let days: &[&str] = if more.is_empty() { &["-days", "30"] } else { more };
        match issuer {
            None => self.openssl(&[&common[..], days, &["-signkey", &key]].concat()),
            Some(issuer) => {
                let (authority, by) = (format!("{issuer}.pem"), format!("{issuer}.key"));
                self.openssl(&[&common[..], days, &["-CA", &authority, "-CAkey", &by]].concat())
            }
        };
    }

    /// A request by somebody else's key becomes a certificate.
    pub fn sign_request(&self, name: &str, request: &str, san: &str) -> Vec<u8> {
        let (csr, ext, pem) = (format!("{name}.csr"), format!("{name}.ext"), format!("{name}.pem"));
        std::fs::write(self.path(&csr), request).unwrap();
        std::fs::write(self.path(&ext), format!("subjectAltName={san}\n{USES}")).unwrap();
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            &csr,
            "-extfile",
            &ext,
            "-days",
            "30",
            "-set_serial",
            "99",
            "-CA",
            "sub.pem",
            "-CAkey",
            "sub.key",
            "-out",
            &pem,
        ]);
        self.read(&pem)
    }

    /// Serves the list of an issuer, for a week, which names these certificates.
    pub fn serve_list(&self, issuer: &str, revoked: &[&str]) {
        let at = |name: &str| self.path(&format!("{issuer}.{name}")).to_str().unwrap().to_owned();
        let line = |name: &&str| {
            let serial = self.openssl(&["x509", "-noout", "-serial", "-in", &format!("{name}.pem")]);
            let serial = String::from_utf8(serial).unwrap();
            let serial = serial.trim().trim_start_matches("serial=").to_owned();
            format!("R\t491231000000Z\t260101000000Z\t{serial}\tunknown\t/CN=x\n")
        };
        std::fs::write(at("index"), revoked.iter().map(line).collect::<String>()).unwrap();
        std::fs::write(at("number"), "01\n").unwrap();
        let conf = format!(
            "[ca]\ndefault_ca=this\n[this]\ndatabase={}\ncrlnumber={}\n",
            at("index"),
            at("number")
        );
        std::fs::write(at("conf"), conf).unwrap();
        let (conf, out, pem, key) = (at("conf"), at("crl"), format!("{issuer}.pem"), format!("{issuer}.key"));
        self.openssl(&[
            "ca", "-gencrl", "-config", &conf, "-cert", &pem, "-keyfile", &key, "-md", "sha256", "-crldays", "7",
            "-out", &out,
        ]);
        self.web
            .serve(&format!("{issuer}.crl"), &self.read(&format!("{issuer}.crl")));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::parse(&self.read(&format!("{name}.pem"))).unwrap()
    }

    pub fn der(&self, name: &str) -> Vec<u8> {
        self.certificate(name).to_der()
    }

    /// Runs the openssl command in the folder; it must succeed.
    pub fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }
}
