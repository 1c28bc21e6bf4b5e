//! A clinic that trusts anybody: what it refuses, it refuses for what a message is.

use crate::direct::address::Address;
use crate::direct::certificate::Certificate;
use crate::direct::cms;
use crate::direct::envelope::{self, Sealing};
use crate::direct::identity::Identity;
use crate::direct::incoming::{Envelope, Explanation, Judge, Policy, explain};
use crate::direct::split;
use crate::direct::trust::{Distrust, Trust, TrustedBy};
use chrono::{DateTime, TimeDelta, Utc};
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509Builder, X509Name};
use std::sync::LazyLock;

pub struct Clinic {
    /// Ours: the published one of the samples, whose key opens them, and one with a key on a curve, which is quick.
    pub identities: Vec<Identity>,
    /// The partner's, on a curve too.
    partner: Identity,
    envelope: Envelope,
    now: DateTime<Utc>,
}

/// Made once a process.
pub static CLINIC: LazyLock<Clinic> = LazyLock::new(Clinic::new);

struct Anybody;

impl Trust for Anybody {
    fn of_signer(&self, _: &Address, _: &Address, _: &Certificate, _: &[Certificate]) -> Result<TrustedBy, Distrust> {
        Ok(TrustedBy::Pinned)
    }
}

impl Clinic {
    fn new() -> Self {
        // The samples' certificates are good for a hundred years from here.
        let now = DateTime::from_timestamp(1_796_000_000, 0).expect("a date in 2026");
        let published = Identity::new(
            include_bytes!("../../samples/direct/test-keys/clinic-cert.pem"),
            include_bytes!("../../samples/direct/test-keys/clinic-key.pem"),
        );
        let quick = |domain| on_a_curve(domain, now).expect("OpenSSL makes keys");
        let address = |text: &str| text.parse::<Address>().expect("an address");
        Self {
            identities: vec![
                quick("direct.lakeview-cardiology.example"),
                published.expect("the samples' key"),
            ],
            partner: quick("direct.northside-family.example"),
            envelope: Envelope {
                mail_from: Some(address("dr.osei@direct.northside-family.example")),
                rcpt_to: vec![address("referrals@direct.lakeview-cardiology.example")],
            },
            now,
        }
    }

    /// Takes a raw message through every step, whatever the form, with all that is told on the way.
    pub fn open(&self, raw: &[u8]) -> Explanation {
        let judge = Judge {
            identities: &self.identities,
            trust: &Anybody,
            policy: Policy {
                accept_opaque: true,
                accept_unwrapped: true,
            },
            now: self.now,
        };
        explain(raw, &self.envelope, &judge)
    }

    /// A raw message with this entity inside its envelope.
    pub fn enveloped(&self, entity: &[u8]) -> Vec<u8> {
        let enveloped = envelope::encrypt(entity, self.identities[0].certificate(), Sealing::default()).expect("OpenSSL encrypts");
        let head = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\
                    Content-Transfer-Encoding: base64\r\n\r\n";
        [head, &split::base64_lines(&enveloped)].concat().into_bytes()
    }

    /// An entity in which the partner has signed these bytes.
    pub fn signed(&self, content: &[u8]) -> Vec<u8> {
        let signature = cms::sign_detached(content, &self.partner).expect("OpenSSL signs");
        let head = "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; \
                    boundary=\"=_sealed_by_the_fuzzer\"\r\n\r\n--=_sealed_by_the_fuzzer\r\n";
        let middle = "\r\n--=_sealed_by_the_fuzzer\r\nContent-Type: application/pkcs7-signature\r\n\
                      Content-Transfer-Encoding: base64\r\n\r\n";
        let signature = split::base64_lines(&signature);
        let tail = [middle, &signature, "--=_sealed_by_the_fuzzer--\r\n"].concat();
        [head.as_bytes(), content, tail.as_bytes()].concat()
    }
}

fn on_a_curve(domain: &str, now: DateTime<Utc>) -> Result<Identity, ErrorStack> {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = PKey::from_ec_key(EcKey::generate(&curve)?)?;
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    let name = X509Name::builder()?.build();
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(&key)?;
    builder.set_not_before(Asn1Time::from_unix((now - TimeDelta::days(1)).timestamp())?.as_ref())?;
    builder.set_not_after(Asn1Time::from_unix((now + TimeDelta::days(1)).timestamp())?.as_ref())?;
    let names = SubjectAlternativeName::new()
        .dns(domain)
        .build(&builder.x509v3_context(None, None))?;
    builder.append_extension(names)?;
    builder.sign(&key, MessageDigest::sha256())?;
    let identity = Identity::new(&builder.build().to_der()?, &key.private_key_to_pkcs8()?);
    Ok(identity.expect("they belong together"))
}
