//! What the tests of Direct share: both sides' identities, and the tools that are not ours.

use chrono::{DateTime, TimeDelta, Utc};
use referloop::clock::Clock;
use referloop::direct::address::Address;
use referloop::direct::certificate::Certificate;
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Envelope, Judge, Message, Policy, Refusal, open};
use referloop::direct::trust::Pinned;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

pub const OURS: &str = "referrals@direct.lakeview-cardiology.example";
pub const THEIRS: &str = "dr.osei@direct.northside-family.example";
const OUR_DOMAIN: &str = "direct.lakeview-cardiology.example";

/// A folder with our identity, made by our code, and the partner's, made by its own.
pub struct Workshop {
    pub folder: TempDir,
    pub identity: Identity,
    pub now: DateTime<Utc>,
}

/// Making keys takes a while: all tests share those of both sides, not the folder.
static KEYS: LazyLock<Workshop> = LazyLock::new(|| {
    let (folder, now) = (TempDir::new().unwrap(), Clock::System.now());
    let identity = Identity::self_signed(OUR_DOMAIN, now, TimeDelta::days(30)).unwrap();
    std::fs::write(folder.path().join("ours.der"), identity.certificate().to_der()).unwrap();
    let workshop = Workshop { folder, identity, now };
    workshop.run("openssl", &["x509", "-in", "ours.der", "-out", "ours.pem"]);
    workshop.partner(&["make-identity", "theirs"]);
    workshop
});

impl Workshop {
    pub fn new() -> Self {
        let (folder, keys) = (TempDir::new().unwrap(), &*KEYS);
        keys.run("cp", &["-r", "ours.pem", "theirs", folder.path().to_str().unwrap()]);
        Self {
            folder,
            identity: keys.identity.clone(),
            now: Clock::System.now(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a command in the folder; it must succeed.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    pub fn partner(&self, arguments: &[&str]) -> Vec<u8> {
        let script = partner_script();
        let arguments: Vec<&str> = std::iter::once(script.to_str().unwrap())
            .chain(arguments.iter().copied())
            .collect();
        self.run("/usr/bin/python3", &arguments)
    }

    /// A referral from the partner as a raw message, wrong in one way if asked.
    pub fn referral(&self, fault: Option<&str>) -> Vec<u8> {
        self.referral_to(OURS, fault)
    }

    /// `to` as it stands in the header: several are set apart by commas.
    pub fn referral_to(&self, to: &str, fault: Option<&str>) -> Vec<u8> {
        let mut arguments = vec![
            "send",
            "theirs",
            "--peer-cert",
            "ours.pem",
            "--to",
            to,
            "--write",
            "message.eml",
        ];
        arguments.extend(fault.into_iter().flat_map(|fault| ["--fault", fault]));
        self.partner(&arguments);
        self.read("message.eml")
    }

    pub fn partner_certificate(&self) -> Certificate {
        Certificate::parse(&self.read("theirs/cert.pem")).unwrap()
    }

    /// Opens a message as the service does, with the partner's certificate in the directory.
    pub fn open(&self, raw: &[u8], envelope: &Envelope) -> Result<Message, Refusal> {
        self.open_at(raw, envelope, Clock::System.now())
    }

    pub fn open_at(&self, raw: &[u8], envelope: &Envelope, now: DateTime<Utc>) -> Result<Message, Refusal> {
        let trust = Pinned::new([self.partner_certificate().fingerprint()]);
        open(
            raw,
            envelope,
            &Judge {
                identities: std::slice::from_ref(&self.identity),
                trust: &trust,
                policy: Policy::default(),
                now,
            },
        )
    }
}

pub fn partner_script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("infra/partner/partner.py")
}

pub fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// `""` is the null sender.
pub fn envelope(from: &str, to: &[&str]) -> Envelope {
    Envelope {
        mail_from: (!from.is_empty()).then(|| address(from)),
        rcpt_to: to.iter().map(|to| address(to)).collect(),
    }
}
