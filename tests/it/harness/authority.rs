//! Certificates made for a test, under an authority of its own.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name};
use std::path::PathBuf;

pub struct Authority {
    certificate: X509,
    key: PKey<Private>,
    folder: tempfile::TempDir,
}

/// Where a certificate and its key lie.
#[derive(Clone)]
pub struct Issued {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    pub fn new() -> Self {
        let key = fresh_key();
        let name = named("An authority of a test");
        let mut builder = begun(&name, &name, &key);
        builder
            .append_extension(BasicConstraints::new().critical().ca().build().unwrap())
            .unwrap();
        builder
            .append_extension(KeyUsage::new().critical().key_cert_sign().build().unwrap())
            .unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let authority = Self {
            certificate: builder.build(),
            key,
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(authority.pem(), authority.certificate.to_pem().unwrap()).unwrap();
        authority
    }

    pub fn pem(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// For `localhost`, in files of this name.
    pub fn issue(&self, file: &str) -> Issued {
        let key = fresh_key();
        let mut builder = begun(&named("localhost"), self.certificate.subject_name(), &key);
        let hosts = SubjectAlternativeName::new()
            .dns("localhost")
            .build(&builder.x509v3_context(Some(&self.certificate), None))
            .unwrap();
        builder.append_extension(hosts).unwrap();
        builder
            .append_extension(ExtendedKeyUsage::new().server_auth().build().unwrap())
            .unwrap();
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        let issued = Issued {
            certificate: self.folder.path().join(format!("{file}.pem")),
            key: self.folder.path().join(format!("{file}.key")),
        };
        std::fs::write(&issued.certificate, builder.build().to_pem().unwrap()).unwrap();
        std::fs::write(&issued.key, key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        issued
    }
}

fn fresh_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn named(common: &str) -> X509Name {
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_text("CN", common).unwrap();
    name.build()
}

fn begun(subject: &X509Name, issuer: &openssl::x509::X509NameRef, key: &PKey<Private>) -> X509Builder {
    let mut serial = BigNum::new().unwrap();
    serial.rand(127, MsbOption::MAYBE_ZERO, false).unwrap();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&serial.to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(subject).unwrap();
    builder.set_issuer_name(issuer).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder
}
