//! The service as it is installed: a folder, a database, a door, a process, and what can be seen of it from outside.

mod service;

pub use service::{Memory, Service};

use anyhow::{Context, ensure};
use referloop::app::App;
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub struct Installation {
    folder: tempfile::TempDir,
    program: PathBuf,
    database_url: String,
    port: u16,
}

pub struct Door {
    pub id: String,
    pub path: String,
    pub secret: String,
}

impl Installation {
    pub fn new(program: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(".")?;
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let database_url = std::env::var("REFERLOOP_BENCH_DATABASE_URL")
            .unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("referloop.db").display()));
        let installation = Self {
            folder,
            program: program.canonicalize().context("there is no such program")?,
            database_url,
            port,
        };
        let migrated = installation.command(&["migrate"]).output()?;
        ensure!(
            migrated.status.success(),
            "{}",
            String::from_utf8_lossy(&migrated.stderr)
        );
        Ok(installation)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    pub fn database(&self) -> &'static str {
        if self.database_url.starts_with("sqlite:") {
            "SQLite"
        } else {
            "PostgreSQL"
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(words)
            // A variable of the benchmark's own: the service refuses a key that it does not know.
            .env_remove("REFERLOOP_BENCH_DATABASE_URL")
            .env("REFERLOOP_DATA", self.folder.path().join("data"))
            .env("REFERLOOP_DATABASE_URL", &self.database_url)
            .env("REFERLOOP_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("REFERLOOP_LOG__LEVEL", "warn");
        command
    }

    pub fn open_door(&self) -> anyhow::Result<Door> {
        let output = self
            .command(&["door", "add", "bench", "--kind", "generic", "--json"])
            .output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let opened: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let text = |key: &str| opened[key].as_str().unwrap_or_default().to_owned();
        Ok(Door {
            id: text("door"),
            path: text("path"),
            secret: text("secret"),
        })
    }

    /// What the service counts: lines of its `/metrics` that begin so, without that beginning.
    pub async fn metrics(&self, beginning: &str) -> anyhow::Result<Vec<String>> {
        let text = reqwest::get(self.url("/metrics")).await?.text().await?;
        let lines = text.lines().filter_map(|line| line.strip_prefix(beginning));
        Ok(lines.map(ToOwned::to_owned).collect())
    }

    pub async fn serve(&self) -> anyhow::Result<Service> {
        let log = std::fs::File::create(self.folder.path().join("log"))?;
        let process = self.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn()?;
        let service = Service::new(process);
        let begun = Instant::now();
        while reqwest::get(self.url("/readyz"))
            .await
            .is_ok_and(|answer| answer.status().is_success())
            .eq(&false)
        {
            ensure!(
                begun.elapsed() < Duration::from_secs(30),
                "the service did not become ready"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(service)
    }

    /// The same installation, looked at by this process: before, beside and after the service.
    pub async fn open(&self) -> anyhow::Result<App> {
        let mut config = Config::in_folder(self.folder.path().join("data"));
        config.database_url = Some(DatabaseUrl::new(self.database_url.clone()));
        Ok(App::build(config, Clock::System).await?)
    }
}
