//! Servers of a partner's, started for a test and ended with it: Python's web server, BIND, and slapd.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program and waits until it listens.
fn start(command: &mut Command, port: u16) -> Running {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(child.spawn().unwrap());
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = running.0.try_wait().unwrap();
        assert!(ended.is_none(), "{command:?} ended: {ended:?}");
        assert!(Instant::now() < end, "{command:?} does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    running
}

/// A copy of a program, in the test's folder. Where AppArmor is on, the program in its usual place may read its usual folders
/// alone.
fn copied(program: &str, folder: &Path) -> PathBuf {
    let copy = folder.join(Path::new(program).file_name().unwrap());
    std::fs::copy(program, &copy).unwrap();
    copy
}

/// Free for both protocols a moment ago.
pub fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Files by http.
pub struct Web {
    folder: TempDir,
    port: u16,
    _running: Running,
}

impl Web {
    pub fn start() -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let running = start(
            Command::new("/usr/bin/python3")
                .args([
                    "-m",
                    "http.server",
                    &port.to_string(),
                    "--bind",
                    "127.0.0.1",
                    "--directory",
                ])
                .arg(folder.path()),
            port,
        );
        Self {
            folder,
            port,
            _running: running,
        }
    }

    pub fn serve(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    pub fn withdraw(&self, name: &str) {
        std::fs::remove_file(self.folder.path().join(name)).unwrap();
    }

    pub fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}", self.port)
    }
}

/// BIND, for one zone.
pub struct Bind {
    _folder: TempDir,
    pub port: u16,
    _running: Running,
}

impl Bind {
    pub fn start(zone: &str, records: &str) -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let here = folder.path().display();
        let text = format!("$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.0.1\n{records}\n");
        std::fs::write(folder.path().join("zone"), text).unwrap();
        let conf = format!(
            "options {{ directory \"{here}\"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;\n\
             listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; }};\ncontrols {{ }};\n\
             zone \"{zone}\" {{ type primary; file \"zone\"; }};\n"
        );
        let file = folder.path().join("named.conf");
        std::fs::write(&file, conf).unwrap();
        let running = start(
            Command::new(copied("/usr/sbin/named", folder.path()))
                .args(["-f", "-n", "1", "-c"])
                .arg(file),
            port,
        );
        Self {
            _folder: folder,
            port,
            _running: running,
        }
    }
}

/// slapd, with one directory that everybody may read.
pub struct Slapd {
    _folder: TempDir,
    pub port: u16,
    _running: Running,
}

impl Slapd {
    /// People by their mail, each with a certificate (DER) or none.
    pub fn start(people: &[(&str, Option<Vec<u8>>)]) -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let entry = |(mail, certificate): &(&str, Option<Vec<u8>>)| {
            let certificate = certificate.as_ref().map_or_else(String::new, |der| {
                format!("userCertificate;binary:: {}\n", STANDARD.encode(der))
            });
            format!(
                "dn: cn={mail},dc=partner,dc=example\nobjectClass: inetOrgPerson\ncn: {mail}\nsn: x\nmail: {mail}\n{certificate}\n"
            )
        };
        let root = "dn: dc=partner,dc=example\nobjectClass: domain\ndc: partner\n\n".to_owned();
        let ldif = root + &people.iter().map(entry).collect::<String>();
        let conf = folder.path().join("slapd.conf");
        std::fs::write(&conf, configuration(folder.path())).unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let entries = folder.path().join("entries.ldif");
        std::fs::write(&entries, ldif).unwrap();
        let slapd = copied("/usr/sbin/slapd", folder.path());
        let loaded = Command::new(&slapd)
            .args(["-T", "add", "-f"])
            .arg(&conf)
            .arg("-l")
            .arg(&entries)
            .output()
            .unwrap();
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        let url = format!("ldap://127.0.0.1:{port}");
        let running = start(
            Command::new(&slapd).args(["-d", "0", "-h", &url, "-f"]).arg(&conf),
            port,
        );
        Self {
            _folder: folder,
            port,
            _running: running,
        }
    }
}

fn configuration(folder: &Path) -> String {
    let schemas = ["core", "cosine", "inetorgperson"];
    let schemas = schemas
        .map(|name| format!("include /etc/ldap/schema/{name}.schema\n"))
        .concat();
    format!(
        "{schemas}database ldif\nsuffix \"dc=partner,dc=example\"\ndirectory {}\naccess to * by * read\n",
        folder.join("data").display()
    )
}
