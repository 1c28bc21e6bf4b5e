//! Messages of every kind, made by the openssl command: whom they are signed by, with what, in which form.

use super::workshop::{OURS, THEIRS, Workshop, address, envelope};
use referloop::direct::address::Address;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Explanation, Judge, Policy, explain};
use referloop::direct::split;
use referloop::direct::trust::{Distrust, Trust, TrustedBy};

/// Trusts anybody: for tests of what comes before trust.
pub struct Anybody;

impl Trust for Anybody {
    fn of_signer(&self, _: &Address, _: &Address, _: &Certificate, _: &[Certificate]) -> Result<TrustedBy, Distrust> {
        Ok(TrustedBy::Pinned)
    }
}

/// How a message is made. Names are those of files in the workshop: `name.pem` and `name.key`.
#[derive(Clone, Copy)]
pub struct Recipe<'a> {
    pub signer: &'a str,
    pub recipient: &'a str,
    pub digest: &'a str,
    pub opaque: bool,
    pub wrapped: bool,
    /// Options of `openssl cms -encrypt`.
    pub cipher: &'a [&'a str],
    pub key_options: &'a [&'a str],
}

/// The usual form.
pub const USUAL: Recipe<'static> = Recipe {
    signer: "theirs/cert",
    recipient: "clinic",
    digest: "sha256",
    opaque: false,
    wrapped: true,
    cipher: &["-aes-256-cbc"],
    key_options: &[],
};

pub const BODY: &str = "Content-Type: text/plain; charset=us-ascii\r\n\r\nPlease see this fictional patient.\r\n";

pub fn routing() -> String {
    format!("From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <one@northside.example>\r\nMIME-Version: 1.0\r\n")
}

impl Workshop {
    /// Makes a key and a self-signed certificate of ours by openssl, since some kinds our code does not make.
    pub fn make_identity(&self, name: &str, key: &[&str], names: &str) {
        self.make_certificate(name, key, names, &["-sha256", "-days", "30"]);
    }

    /// `key` as openssl's `-newkey` takes it.
    pub fn make_certificate(&self, name: &str, key: &[&str], names: &str, options: &[&str]) {
        let (pem, private) = (format!("{name}.pem"), format!("{name}.key"));
        let san = format!("subjectAltName={names}");
        let mut arguments = vec!["req", "-x509", "-noenc", "-keyout", &private, "-out", &pem, "-newkey"];
        arguments.extend(key);
        if !options.contains(&"-subj") {
            arguments.extend(["-subj", "/CN=Fictional"]);
        }
        if !names.is_empty() {
            arguments.extend(["-addext", &san]);
        }
        arguments.extend(options);
        self.run("openssl", &arguments);
    }

    pub fn identity_of(&self, name: &str) -> Identity {
        Identity::new(&self.read(&format!("{name}.pem")), &self.read(&format!("{name}.key"))).unwrap()
    }

    /// The signed entity of a recipe.
    pub fn sign(&self, recipe: &Recipe<'_>) -> Vec<u8> {
        let content = if recipe.wrapped {
            let subject = "Subject: Referral of a fictional patient\r\n";
            format!("Content-Type: message/rfc822\r\n\r\n{}{subject}{BODY}", routing())
        } else {
            BODY.to_owned()
        };
        self.sign_content(recipe, content.as_bytes())
    }

    pub fn sign_content(&self, recipe: &Recipe<'_>, content: &[u8]) -> Vec<u8> {
        self.write("content", content);
        let certificate = format!("{}.pem", recipe.signer);
        let key = format!("{}.key", recipe.signer.replace("theirs/cert", "theirs/key.pem"));
        let key = key.replace(".pem.key", ".pem");
        let mut arguments = vec![
            "cms",
            "-sign",
            "-binary",
            "-md",
            recipe.digest,
            "-outform",
            "DER",
            "-in",
            "content",
        ];
        arguments.extend(["-signer", &certificate, "-inkey", &key, "-out", "signature"]);
        if recipe.opaque {
            arguments.push("-nodetach");
        }
        self.run("openssl", &arguments);
        let signature = split::base64_lines(&self.read("signature"));
        if recipe.opaque {
            return format!(
                "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{signature}"
            )
            .into_bytes();
        }
        let head = format!(
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={}; \
             boundary=\"b1\"\r\n\r\n--b1\r\n",
            recipe.digest
        );
        let tail = format!(
            "\r\n--b1\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{signature}--b1--\r\n"
        );
        [head.as_bytes(), content, tail.as_bytes()].concat()
    }

    /// The outer message around an entity.
    pub fn envelop(&self, recipe: &Recipe<'_>, entity: &[u8]) -> Vec<u8> {
        self.write("entity", entity);
        let recipient = format!("{}.pem", recipe.recipient);
        let mut arguments = vec![
            "cms",
            "-encrypt",
            "-binary",
            "-outform",
            "DER",
            "-in",
            "entity",
            "-out",
            "enveloped",
        ];
        arguments.extend(recipe.cipher);
        arguments.extend(["-recip", &recipient]);
        arguments.extend(recipe.key_options.iter().flat_map(|option| ["-keyopt", option]));
        self.run("openssl", &arguments);
        outer(&self.read("enveloped"))
    }

    pub fn press(&self, recipe: &Recipe<'_>) -> Vec<u8> {
        self.envelop(recipe, &self.sign(recipe))
    }

    pub fn explained(&self, raw: &[u8], identities: &[Identity], policy: Policy) -> Explanation {
        let judge = Judge {
            identities,
            trust: &Anybody,
            policy,
            now: self.now,
        };
        explain(raw, &envelope(THEIRS, &[OURS]), &judge)
    }
}

/// The outer message around an enveloped structure.
pub fn outer(enveloped: &[u8]) -> Vec<u8> {
    let body = split::base64_lines(enveloped);
    format!(
        "{}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}",
        routing()
    )
    .into_bytes()
}

/// `accepted`, or the step and the reason of the refusal.
pub fn verdict(explanation: &Explanation) -> String {
    match &explanation.outcome {
        Ok(message) => {
            assert_eq!(message.recipients, [address(OURS)]);
            "accepted".to_owned()
        }
        Err(refusal) => format!("{}: {}", explanation.reached.as_str(), refusal.code()),
    }
}
