//! A real IMAP server with one mailbox, and Python's imaplib, by which somebody else looks into it.

use super::workshop::Workshop;
use referloop::doors::imap::{Afterwards, ImapConfig};
use referloop::doors::mail::Tls;
use referloop::doors::password::Password;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub const FOLDER: &str = "Referrals";
const USER: &str = "referrals@direct.lakeview-cardiology.example";

/// Ended with the test.
pub struct Dovecot {
    process: Child,
    folder: tempfile::TempDir,
    ca_file: PathBuf,
    plain: u16,
    encrypted: u16,
}

impl Dovecot {
    pub async fn start(workshop: &Workshop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let [plain, encrypted] = [(), ()].map(|()| {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        });
        let configuration = folder.path().join("dovecot.conf");
        fs::write(&configuration, settings(folder.path(), workshop, plain, encrypted)).unwrap();
        fs::create_dir(folder.path().join("mail")).unwrap();
        if is_root() {
            let owned = Command::new("chown")
                .arg("mail:mail")
                .arg(folder.path().join("mail"))
                .status();
            assert!(owned.unwrap().success());
        }
        let process = Command::new("/usr/sbin/dovecot")
            .args(["-F", "-c", configuration.to_str().unwrap()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            ca_file: workshop.path("theirs/tls-ca.pem"),
            folder,
            plain,
            encrypted,
        };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", encrypted)).await.is_ok() {
                server.does("m.create(FOLDER)").await;
                return server;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("dovecot did not start: {}", server.log());
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub fn config(&self, tls: Tls, afterwards: Afterwards) -> ImapConfig {
        ImapConfig {
            host: "127.0.0.1".to_owned(),
            port: if tls == Tls::Implicit {
                self.encrypted
            } else {
                self.plain
            },
            tls,
            tls_name: Some("localhost".to_owned()),
            ca_file: Some(self.ca_file.clone()),
            user: USER.to_owned(),
            password: Some(Password::new("s3cret")),
            folder: FOLDER.to_owned(),
            afterwards,
            ..ImapConfig::default()
        }
    }

    /// Runs lines of Python on a signed-in `m`; gives what they printed. Files lie in the current folder.
    pub async fn does(&self, lines: &str) -> String {
        let script = format!(
            "import imaplib, ssl\nFOLDER = '{FOLDER}'\n\
             m = imaplib.IMAP4_SSL('127.0.0.1', {}, ssl_context=ssl._create_unverified_context())\n\
             m.login('{USER}', 's3cret')\n{lines}\nm.logout()\n",
            self.encrypted
        );
        let asking = tokio::process::Command::new("/usr/bin/python3")
            .args(["-c", &script])
            .current_dir(self.folder.path())
            .output();
        let output = asking.await.unwrap();
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stderr),
            self.log()
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// As a server delivers it.
    pub async fn deliver(&self, raw: &[u8]) {
        fs::write(self.folder.path().join("delivered.eml"), raw).unwrap();
        self.does("assert m.append(FOLDER, None, None, open('delivered.eml', 'rb').read())[0] == 'OK'")
            .await;
    }

    /// How many messages of a folder a search finds.
    pub async fn count(&self, folder: &str, search: &str) -> usize {
        let found = self
            .does(&format!(
                "m.select('{folder}', readonly=True); print(len(m.search(None, '{search}')[1][0].split()))"
            ))
            .await;
        found.parse().unwrap()
    }

    /// The server names the last message all the same, and can't give it: its file has become unreadable.
    pub async fn spoil_the_last(&self) {
        self.does(
            "import os, glob\nlast = max(glob.glob(f'mail/.{FOLDER}/*/*.*'), key=os.path.getctime)\nos.chmod(last, 0)",
        )
        .await;
    }

    /// The folder anew, with another UIDVALIDITY.
    pub async fn make_anew(&self) {
        self.does("m.delete(FOLDER); m.create(FOLDER)").await;
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its master ends its children.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn settings(folder: &Path, workshop: &Workshop, plain: u16, encrypted: u16) -> String {
    let folder = folder.display();
    let (certificate, key) = (
        workshop.path("theirs/tls-cert.pem"),
        workshop.path("theirs/tls-key.pem"),
    );
    // Without root all of it runs as ourselves.
    let us = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    let us = us.trim();
    let (users, owner) = if is_root() {
        (String::new(), "uid=mail gid=mail".to_owned())
    } else {
        let users = format!("default_internal_user = {us}\ndefault_login_user = {us}\n");
        (users, format!("uid={us}"))
    };
    let chroot = if is_root() { "" } else { "  chroot =\n" };
    format!(
        "{users}base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/log\nprotocols = imap\n\
         listen = 127.0.0.1\nssl = required\nssl_cert = <{}\nssl_key = <{}\nfirst_valid_uid = 1\n\
         mail_location = maildir:{folder}/mail\n\
         passdb {{\n  driver = static\n  args = password=s3cret\n}}\n\
         userdb {{\n  driver = static\n  args = {owner} home={folder}/mail\n}}\n\
         service imap-login {{\n{chroot}  inet_listener imap {{\n    port = {plain}\n  }}\n\
         \x20 inet_listener imaps {{\n    port = {encrypted}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n{chroot}}}\n",
        certificate.display(),
        key.display(),
    )
}
