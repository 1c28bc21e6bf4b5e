//! PostgreSQL servers of our own: one that all tests of a process share, and more for those that end theirs.

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
    _cluster: Option<Cluster>,
}

/// Of the server that all tests share: only what the statements do is tested there.
const WITHOUT_SYNC: &str = "-c fsync=off -c full_page_writes=off";

/// The address of a new empty database.
pub async fn fresh_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(start)).await.unwrap();
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    create_database(&server.base, &name).await
}

fn start() -> Server {
    if let Ok(url) = std::env::var(SERVER_VARIABLE) {
        let base = url.rsplit_once('/').map_or(url.clone(), |(base, _)| base.to_owned());
        return Server { base, _cluster: None };
    }
    let cluster = Cluster::make(WITHOUT_SYNC);
    Server {
        base: cluster.base(),
        _cluster: Some(cluster),
    }
}

/// A server that takes nobody without TLS, under this certificate.
pub fn postgres_tls(issued: &Issued) -> Cluster {
    let cluster = Cluster::make(WITHOUT_SYNC);
    assert!(cluster.stop_at_once());
    for (from, name) in [(&issued.certificate, "server.crt"), (&issued.key, "server.key")] {
        let to = cluster.folder.join("data").join(name);
        std::fs::copy(from, &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&to));
        }
    }
    let rules = "hostssl all all 127.0.0.1/32 trust\n";
    std::fs::write(cluster.folder.join("data/pg_hba.conf"), rules).unwrap();
    std::fs::write(cluster.folder.join("data/postgresql.auto.conf"), "ssl = on\n").unwrap();
    assert!(cluster.start(), "PostgreSQL does not start with TLS");
    cluster
}

async fn create_database(base: &str, name: &str) -> String {
    let mut connection = PgConnection::connect(&format!("{base}/postgres")).await.unwrap();
    let statement = sqlx::AssertSqlSafe(format!("create database {name}"));
    connection.execute(statement).await.unwrap();
    connection.close().await.unwrap();
    format!("{base}/{name}")
}

/// A server with its folder, gone when this process is.
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    pub port: u16,
    settings: String,
    /// Its standard input closes when this process ends, however it ends; it then stops the server and removes the folder.
    _undertaker: Child,
}

impl Cluster {
    /// Makes it and starts it, with more settings as `postgres` takes them.
    pub fn make(settings: &str) -> Self {
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
        let cluster = Self {
            _undertaker: undertaker(&binaries, &folder),
            binaries,
            folder,
            port: free_port(),
            settings: settings.to_owned(),
        };
        assert!(cluster.start(), "PostgreSQL does not start");
        cluster
    }

    /// The address of a new empty database.
    pub async fn database(&self, name: &str) -> String {
        create_database(&self.base(), name).await
    }

    fn base(&self) -> String {
        format!("postgres://referloop@127.0.0.1:{}", self.port)
    }

    /// Whether it took. It does not while processes of a killed server are still there.
    pub fn start(&self) -> bool {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 -c shared_buffers=64MB {}",
            self.port, self.settings
        );
        let mut command = self.control("start");
        command.args(["--wait", "--timeout=60", "-o", &options, "-l"]);
        command.arg(self.folder.join("log"));
        quietly(&mut command)
    }

    /// Every process of the server ends at once, without a checkpoint.
    pub fn stop_at_once(&self) -> bool {
        let mut command = self.control("stop");
        command.args(["-m", "immediate", "--wait"]);
        quietly(&mut command)
    }

    /// SIGKILL to the first of its processes; the others end when they notice.
    pub fn kill(&self) -> bool {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let id = file.lines().next().unwrap_or_default();
        quietly(Command::new("kill").args(["-KILL", id]))
    }

    fn control(&self, action: &str) -> Command {
        let mut command = as_postgres(&self.binaries.join("pg_ctl"));
        command.arg(action).arg("-D").arg(self.folder.join("data"));
        command
    }
}

fn quietly(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
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
