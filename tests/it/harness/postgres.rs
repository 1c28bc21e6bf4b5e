//! A PostgreSQL server of our own, one a test process, gone when the process is.

use super::authority::Issued;
use sqlx::{Connection, Executor, PgConnection};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Set to the address of a server (any database of it) to use that one instead of starting one.
const SERVER_VARIABLE: &str = "REFERLOOP_TEST_POSTGRES";

struct Server {
    /// Without the database's name.
    base: String,
    /// Its standard input closes when this process ends, however it ends; it then stops the server and removes the folder.
    _undertaker: Option<Child>,
}

/// The address of a new empty database.
pub async fn fresh_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(start)).await.unwrap();
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&format!("{}/postgres", server.base))
        .await
        .unwrap();
    let statement = sqlx::AssertSqlSafe(format!("create database {name}"));
    connection.execute(statement).await.unwrap();
    connection.close().await.unwrap();
    format!("{}/{name}", server.base)
}

fn start() -> Server {
    if let Ok(url) = std::env::var(SERVER_VARIABLE) {
        let base = url.rsplit_once('/').map_or(url.clone(), |(base, _)| base.to_owned());
        return Server {
            base,
            _undertaker: None,
        };
    }
    let cluster = Cluster::new();
    let (port, undertaker) = cluster.start("");
    Server {
        base: format!("postgres://referloop@127.0.0.1:{port}"),
        _undertaker: Some(undertaker),
    }
}

/// A server that takes nobody without TLS, under this certificate.
pub fn postgres_tls(issued: &Issued) -> TlsServer {
    let cluster = Cluster::new();
    for (from, name) in [(&issued.certificate, "server.crt"), (&issued.key, "server.key")] {
        let to = cluster.folder.join("data").join(name);
        std::fs::copy(from, &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&to));
        }
    }
    std::fs::write(
        cluster.folder.join("data/pg_hba.conf"),
        "hostssl all all 127.0.0.1/32 trust\n",
    )
    .unwrap();
    let (port, undertaker) = cluster.start("-c ssl=on");
    TlsServer {
        port,
        _undertaker: undertaker,
    }
}

pub struct TlsServer {
    pub port: u16,
    _undertaker: Child,
}

/// A fresh cluster, not started yet.
struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
}

impl Cluster {
    fn new() -> Self {
        let binaries = binaries();
        let folder = tempfile::Builder::new()
            .prefix("referloop-postgres-")
            .tempdir()
            .unwrap()
            .keep();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        run(as_postgres(&binaries.join("initdb"))
            .args([
                "--auth=trust",
                "--username=referloop",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(folder.join("data")));
        Self { binaries, folder }
    }

    /// The port that it listens on, and who removes it all.
    fn start(&self, more: &str) -> (u16, Child) {
        let port = free_port();
        // No fsync: here only what the statements do is tested. The fault tests start a server of their own, with it.
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off \
             -c max_connections=300 -c shared_buffers=64MB {more}"
        );
        let undertaker = undertaker(&self.binaries, &self.folder);
        run(as_postgres(&self.binaries.join("pg_ctl"))
            .args(["start", "--wait", "--timeout=60", "-o", &options, "-l"])
            .arg(self.folder.join("log"))
            .arg("-D")
            .arg(self.folder.join("data")));
        (port, undertaker)
    }
}

fn undertaker(binaries: &Path, folder: &Path) -> Child {
    let script = r#"trap '' INT TERM HUP; read -r _; "$1" stop -m immediate -D "$2/data"; rm -rf "$2""#;
    as_postgres(Path::new("sh"))
        .args(["-c", script, "sh"])
        .arg(binaries.join("pg_ctl"))
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn binaries() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed (infra/setup test)")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|path| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL's server programs are installed (infra/setup test)")
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn run(command: &mut Command) {
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?} failed with {status}");
    assert!(begun.elapsed() < Duration::from_mins(1), "{command:?} took too long");
}
