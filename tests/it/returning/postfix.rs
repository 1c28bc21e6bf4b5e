//! Postfix with a configuration and a queue of its own, gone with the test. Its master needs root, as wherever it runs.

use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Postfix {
    folder: tempfile::TempDir,
    process: Child,
}

const SERVICES: &str = "
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 1 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
";

impl Postfix {
    /// Listens on `port` under STARTTLS with this certificate and key, and brings each domain's mail to its port on this machine,
    /// never in the clear.
    pub fn start(port: u16, [certificate, key]: [&Path; 2], routes: &[(&str, u16)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Its daemons are another user's.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["conf", "queue", "data", "log"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        for (from, name) in [(certificate, "tls-cert.pem"), (key, "tls-key.pem")] {
            std::fs::copy(from, folder.path().join("conf").join(name)).unwrap();
        }
        let owned = Command::new("chown")
            .arg("postfix")
            .arg(folder.path().join("data"))
            .status();
        assert!(
            owned.unwrap().success(),
            "Postfix is missing, or this is not root: `infra/setup test`"
        );
        let conf = folder.path().join("conf");
        std::fs::write(conf.join("main.cf"), main_cf(folder.path(), routes)).unwrap();
        let listener = format!("127.0.0.1:{port} inet n - n - - smtpd{SERVICES}");
        std::fs::write(conf.join("master.cf"), listener).unwrap();
        let process = postfix(&conf, "start-fg").spawn().unwrap();
        let server = Self { folder, process };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "Postfix does not listen: {}", server.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log/mail.log")).unwrap_or_default()
    }
}

fn postfix(conf: &Path, command: &str) -> Command {
    let mut postfix = Command::new("/usr/sbin/postfix");
    postfix.arg("-c").arg(conf).arg(command);
    postfix.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    postfix
}

fn main_cf(folder: &Path, routes: &[(&str, u16)]) -> String {
    let routes: Vec<String> = routes
        .iter()
        .map(|(domain, port)| format!("{domain}=smtp:[127.0.0.1]:{port}"))
        .collect();
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
alias_maps =
local_transport = error:nothing is local
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_cert_file = {folder}/conf/tls-cert.pem
smtpd_tls_key_file = {folder}/conf/tls-key.pem
smtpd_tls_security_level = encrypt
smtp_tls_security_level = encrypt
smtp_tls_session_cache_database =
smtpd_tls_session_cache_database =
smtp_dns_support_level = disabled
transport_maps = inline:{{ {routes} }}
message_size_limit = 50000000
minimal_backoff_time = 1s
queue_run_delay = 1s
notify_classes =
",
        folder = folder.display(),
        routes = routes.join(", "),
    )
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = postfix(&self.folder.path().join("conf"), "abort").status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
