//! A partner with its authority, and the partner's messages: all made by the openssl command, none by our code.

use anyhow::Context;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::split;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const OUR_DOMAIN: &str = "direct.lakeview-cardiology.example";
pub const OURS: &str = "referrals@direct.lakeview-cardiology.example";
pub const THEIRS: &str = "dr.osei@direct.northside-family.example";
/// Where the lists of `root` and `sub` are said to lie. Nobody fetches them here: they are at hand.
pub const LISTS: [(&str, &str); 2] = [
    ("root", "http://pki.northside.example/root.crl"),
    ("sub", "http://pki.northside.example/sub.crl"),
];
const DOCUMENT_BYTES: usize = 100_000;

/// `root`, an anchor, issued `sub`, and that the partner's certificate. `ours` is our own.
pub struct Authority {
    folder: PathBuf,
    strangers: usize,
}

impl Authority {
    /// `anchors` counts `root` in; the others trust somebody else.
    pub fn make(folder: &Path, anchors: usize, revoked: usize) -> anyhow::Result<Self> {
        let authority = Self {
            folder: folder.to_owned(),
            strangers: anchors - 1,
        };
        let ca = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
        let list_of = |issuer: usize| format!("crlDistributionPoints=URI:{}\n", LISTS[issuer].1);
        let uses = "keyUsage=critical,digitalSignature,keyEncipherment\n";
        let theirs = format!(
            "{uses}subjectAltName=DNS:direct.northside-family.example\n{}",
            list_of(1)
        );
        authority.certify("root", None, ca)?;
        authority.certify("sub", Some("root"), &format!("{ca}{}", list_of(0)))?;
        authority.certify("theirs", Some("sub"), &theirs)?;
        authority.certify("ours", None, &format!("{uses}subjectAltName=DNS:{OUR_DOMAIN}\n"))?;
        for stranger in 0..authority.strangers {
            authority.certify(&format!("stranger-{stranger}"), None, ca)?;
        }
        authority.list("root", 0)?;
        authority.list("sub", revoked)?;
        Ok(authority)
    }

    pub fn ours(&self) -> anyhow::Result<Identity> {
        Ok(Identity::new(&self.read("ours.pem")?, &self.read("ours.key")?)?)
    }

    pub fn root(&self) -> anyhow::Result<Certificate> {
        Ok(Certificate::parse(&self.read("root.pem")?)?)
    }

    pub fn anchors(&self) -> anyhow::Result<Vec<Certificate>> {
        let mut anchors = vec![self.root()?];
        for stranger in 0..self.strangers {
            anchors.push(Certificate::parse(&self.read(&format!("stranger-{stranger}.pem"))?)?);
        }
        Ok(anchors)
    }

    /// The list of an issuer, DER.
    pub fn list_of(&self, issuer: &str) -> anyhow::Result<Vec<u8>> {
        self.openssl(&["crl", "-in", &format!("{issuer}.crl"), "-outform", "DER"])
    }

    /// Messages as they stand in `message-0.eml` and so on.
    pub fn messages(&self, count: usize) -> anyhow::Result<Vec<Vec<u8>>> {
        (0..count)
            .map(|number| {
                let message = self.message(number)?;
                std::fs::write(self.folder.join(format!("message-{number}.eml")), &message)?;
                Ok(message)
            })
            .collect()
    }

    fn message(&self, number: usize) -> anyhow::Result<Vec<u8>> {
        let inner = inner(number);
        std::fs::write(self.folder.join("content"), &inner)?;
        let sign = [
            "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", "-in", "content",
        ];
        let by = ["-signer", "theirs.pem", "-inkey", "theirs.key", "-certfile", "sub.pem"];
        let signature = split::base64_lines(&self.openssl(&[&sign[..], &by].concat())?);
        let entity = format!(
            "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; \
             boundary=\"b1\"\r\n\r\n--b1\r\n{inner}\r\n--b1\r\n\
             Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{signature}--b1--\r\n"
        );
        std::fs::write(self.folder.join("entity"), entity)?;
        let encrypt = [
            "cms",
            "-encrypt",
            "-binary",
            "-outform",
            "DER",
            "-in",
            "entity",
            "-aes-256-cbc",
        ];
        let enveloped = split::base64_lines(&self.openssl(&[&encrypt[..], &["-recip", "ours.pem"]].concat())?);
        let outer = format!(
            "From: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <outer-{number}@northside.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{enveloped}"
        );
        Ok(outer.into_bytes())
    }

    fn certify(&self, name: &str, issuer: Option<&str>, extensions: &str) -> anyhow::Result<()> {
        let file = |suffix: &str| format!("{name}.{suffix}");
        let (key, request, extension, pem) = (file("key"), file("csr"), file("ext"), file("pem"));
        std::fs::write(self.folder.join(&extension), extensions)?;
        let subject = format!("/CN=Fictional {name}");
        let new = ["req", "-new", "-noenc", "-newkey", "rsa:2048", "-keyout", &key];
        self.openssl(&[&new[..], &["-subj", &subject, "-out", &request]].concat())?;
        let signed = [
            "x509", "-req", "-in", &request, "-extfile", &extension, "-out", &pem, "-days", "30", "-sha256",
        ];
        match issuer {
            None => self.openssl(&[&signed[..], &["-signkey", &key]].concat())?,
            Some(issuer) => {
                let by = [format!("{issuer}.pem"), format!("{issuer}.key")];
                self.openssl(&[&signed[..], &["-CA", &by[0], "-CAkey", &by[1], "-CAcreateserial"]].concat())?
            }
        };
        Ok(())
    }

    fn list(&self, issuer: &str, revoked: usize) -> anyhow::Result<()> {
        let mut index = String::new();
        for serial in 1..=revoked {
            writeln!(index, "R\t491231000000Z\t260101000000Z\t{serial:08X}\tunknown\t/CN=x")?;
        }
        let write = |name: &str, text: &str| std::fs::write(self.folder.join(name), text);
        write("index", &index)?;
        write("number", "01\n")?;
        write(
            "conf",
            "[ca]\ndefault_ca=this\n[this]\ndatabase=index\ncrlnumber=number\ncrl_extensions=ext\n[ext]\n\
             authorityKeyIdentifier=keyid\n",
        )?;
        let (pem, key, out) = (
            format!("{issuer}.pem"),
            format!("{issuer}.key"),
            format!("{issuer}.crl"),
        );
        let by = ["-cert", &pem, "-keyfile", &key, "-out", &out];
        self.openssl(
            &[
                &["ca", "-gencrl", "-config", "conf", "-md", "sha256", "-crldays", "7"][..],
                &by,
            ]
            .concat(),
        )?;
        Ok(())
    }

    fn read(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        std::fs::read(self.folder.join(name)).with_context(|| format!("{name} can't be read"))
    }

    fn openssl(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(&self.folder)
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "openssl {arguments:?}: {said}");
        Ok(output.stdout)
    }
}

/// A letter with a document of 100 KB, as the first part of what is signed.
fn inner(number: usize) -> String {
    let mut document = b"%PDF-1.7\n% made up\n".to_vec();
    // Bytes that no message shares with another: each is filed for itself.
    let mut state = number as u64 + 1;
    while document.len() < DOCUMENT_BYTES {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        document.extend(state.to_be_bytes());
    }
    let document = split::base64_lines(&document);
    format!(
        "Content-Type: message/rfc822\r\n\r\nFrom: {THEIRS}\r\nTo: {OURS}\r\nMessage-ID: <{number}@northside.example>\r\n\
         Subject: Referral\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n--m\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nPlease see this fictional patient.\r\n--m\r\n\
         Content-Type: application/pdf; name=\"referral.pdf\"\r\n\
         Content-Disposition: attachment; filename=\"referral.pdf\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{document}--m--\r\n"
    )
}
