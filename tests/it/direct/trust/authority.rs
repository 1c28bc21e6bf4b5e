//! A small public key infrastructure, made once by the openssl command, none of it by our code.
//!
//! `root` issued `sub`, `sub` issued most of the others. `stranger` is another root.

use chrono::{DateTime, Utc};
use referloop::clock::Clock;
use referloop::direct::address::Address;
use referloop::direct::certificate::Certificate;
use referloop::direct::trust::revocation::Crl;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

pub const DOMAIN: &str = "direct.northside-family.example";
pub const SENDER: &str = "dr.osei@direct.northside-family.example";
pub const OURS: &str = "referrals@direct.lakeview-cardiology.example";

const ROOT: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
const USES: &str = "keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement";

/// How a certificate is made.
struct Made<'a> {
    name: &'a str,
    /// Itself, when it has no issuer.
    issuer: Option<&'a str>,
    key: &'a [&'a str],
    digest: &'a str,
    days: &'a str,
    serial: &'a str,
    extensions: &'a str,
}

const EC: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

impl Default for Made<'_> {
    fn default() -> Self {
        Self {
            name: "",
            issuer: Some("sub"),
            key: EC,
            digest: "-sha256",
            days: "30",
            serial: "1",
            extensions: "",
        }
    }
}

fn rsa(bits: &str) -> [&str; 4] {
    ["-algorithm", "RSA", "-pkeyopt", bits]
}

pub struct Authority {
    folder: TempDir,
}

pub static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::make);

impl Authority {
    fn make() -> Self {
        let authority = Self {
            folder: TempDir::new().unwrap(),
        };
        for (name, issuer, extensions) in [
            ("root", None, ROOT),
            ("stranger", None, ROOT),
            ("sub", Some("root"), ROOT),
            ("no-authority", Some("root"), "basicConstraints=critical,CA:FALSE"),
            (
                "no-issuing",
                Some("root"),
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign",
            ),
        ] {
            authority.certify(&Made {
                name,
                issuer,
                extensions,
                serial: "7",
                key: &rsa("rsa_keygen_bits:2048"),
                ..Made::default()
            });
        }
        for (name, key, digest, days) in [
            ("weak-sub", &rsa("rsa_keygen_bits:1024")[..], "-sha256", "30"),
            ("sha1-sub", EC, "-sha1", "30"),
            ("short-sub", EC, "-sha256", "1"),
        ] {
            authority.certify(&Made {
                name,
                key,
                digest,
                days,
                issuer: Some("root"),
                extensions: ROOT,
                ..Made::default()
            });
        }
        authority.make_ends();
        authority
    }

    fn make_ends(&self) {
        let named = |san: &str, more: &str| format!("subjectAltName={san}\n{USES}\n{more}");
        let dns = format!("DNS:{DOMAIN}");
        let urls = "crlDistributionPoints=URI:http://pki.example/sub.crl,URI:ldap://pki.example/sub\n\
                    authorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://pki.example/sub.cer";
        for (name, serial, san, more) in [
            ("good", "10", dns.as_str(), urls),
            ("revoked", "11", dns.as_str(), urls),
            ("address", "12", &format!("email:{SENDER}"), ""),
            ("wildcard", "13", "DNS:*.northside-family.example", ""),
            ("no-list", "14", dns.as_str(), ""),
            ("for-servers", "15", dns.as_str(), "extendedKeyUsage=serverAuth"),
            ("for-mail", "16", dns.as_str(), "extendedKeyUsage=emailProtection"),
        ] {
            let extensions = named(san, more);
            self.certify(&Made {
                name,
                serial,
                extensions: &extensions,
                ..Made::default()
            });
        }
        let extensions = named(&dns, "");
        for issuer in [
            "root",
            "stranger",
            "no-authority",
            "no-issuing",
            "weak-sub",
            "sha1-sub",
            "short-sub",
        ] {
            self.certify(&Made {
                name: &format!("by-{issuer}"),
                issuer: Some(issuer),
                serial: "20",
                extensions: &extensions,
                ..Made::default()
            });
        }
        for (name, key, digest, days) in [
            ("sha1", EC, "-sha1", "30"),
            ("short", EC, "-sha256", "1"),
            ("ends-before-it-begins", EC, "-sha256", "-1"),
            ("rsa-3072", &rsa("rsa_keygen_bits:3072")[..], "-sha384", "30"),
            ("rsa-4096", &rsa("rsa_keygen_bits:4096")[..], "-sha512", "30"),
            ("weak", &rsa("rsa_keygen_bits:1024")[..], "-sha256", "30"),
        ] {
            self.certify(&Made {
                name,
                key,
                digest,
                days,
                serial: "21",
                extensions: &extensions,
                ..Made::default()
            });
        }
        let signing = format!("subjectAltName={dns}\nkeyUsage=critical,digitalSignature");
        self.certify(&Made {
            name: "signing-only",
            serial: "22",
            extensions: &signing,
            ..Made::default()
        });
    }

    fn certify(&self, made: &Made<'_>) {
        let file = |suffix: &str| format!("{}.{suffix}", made.name);
        let (key, request, extensions, pem) = (file("key"), file("csr"), file("ext"), file("pem"));
        let subject = format!("/CN={}", made.name);
        std::fs::write(self.path(&extensions), made.extensions).unwrap();
        self.openssl(&[&["genpkey", "-out", &key], made.key].concat());
        self.openssl(&["req", "-new", "-key", &key, "-subj", &subject, "-out", &request]);
        let common = [
            "x509",
            "-req",
            "-in",
            &request,
            "-extfile",
            &extensions,
            "-out",
            &pem,
            made.digest,
            "-days",
            made.days,
            "-set_serial",
            made.serial,
        ];
        match made.issuer {
            None => self.openssl(&[&common[..], &["-signkey", &key]].concat()),
            Some(issuer) => {
                let (authority, by) = (format!("{issuer}.pem"), format!("{issuer}.key"));
                self.openssl(&[&common[..], &["-CA", &authority, "-CAkey", &by]].concat())
            }
        };
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
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

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::parse(&self.read(&format!("{name}.pem"))).unwrap()
    }

    /// A list of the issuer's, for a week, that names these serial numbers (hex). `more` goes into its extensions.
    pub fn list(&self, issuer: &str, serials: &[&str], digest: &str, more: &str) -> Vec<u8> {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let revoked = |serial: &&str| format!("R\t491231000000Z\t260101000000Z\t{serial}\tunknown\t/CN=x\n");
        std::fs::write(at("index"), serials.iter().map(revoked).collect::<String>()).unwrap();
        std::fs::write(at("number"), "01\n").unwrap();
        let (index, number) = (at("index"), at("number"));
        let conf = format!(
            "[ca]\ndefault_ca=this\n[this]\ndatabase={index}\ncrlnumber={number}\ncrl_extensions=ext\n[ext]\n\
             authorityKeyIdentifier=keyid\n{more}\n"
        );
        std::fs::write(at("conf"), conf).unwrap();
        let (conf, out) = (at("conf"), at("crl"));
        let (pem, key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        self.openssl(&[
            "ca", "-gencrl", "-config", &conf, "-cert", &pem, "-keyfile", &key, "-md", digest, "-crldays", "7", "-out",
            &out,
        ]);
        std::fs::read(at("crl")).unwrap()
    }

    pub fn crl(&self, issuer: &str, serials: &[&str]) -> Crl {
        Crl::parse(&self.list(issuer, serials, "sha256", "")).unwrap()
    }
}

/// After everything was made.
pub fn now() -> DateTime<Utc> {
    LazyLock::force(&AUTHORITY);
    Clock::System.now()
}

pub fn certificate(name: &str) -> Certificate {
    AUTHORITY.certificate(name)
}

pub fn address(text: &str) -> Address {
    text.parse().unwrap()
}
