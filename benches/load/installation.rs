//! The service under load: a folder, a door, a process, and what can be seen of it from outside.

use anyhow::{Context, ensure};
use referloop::app::App;
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

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

    /// What the service says of the steps of an acknowledgement: lines of its `/metrics`.
    pub async fn steps(&self) -> anyhow::Result<Vec<String>> {
        let text = reqwest::get(self.url("/metrics")).await?.text().await?;
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("referloop_receive_seconds"));
        Ok(lines.map(ToOwned::to_owned).collect())
    }

    pub async fn serve(&self) -> anyhow::Result<Service> {
        let log = std::fs::File::create(self.folder.path().join("log"))?;
        let process = self.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn()?;
        let service = Service(process);
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

    /// The same installation, looked at by this process once the service has ended.
    pub async fn open(&self) -> anyhow::Result<App> {
        let mut config = Config::in_folder(self.folder.path().join("data"));
        config.database_url = Some(DatabaseUrl::new(self.database_url.clone()));
        Ok(App::build(config, Clock::System).await?)
    }
}

pub struct Service(Child);

/// The most that was seen, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    pub service: u64,
    /// All reading children together.
    pub children: u64,
}

pub struct Watch {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Memory>,
}

impl Watch {
    pub async fn end(self) -> Memory {
        let _ = self.stop.send(());
        self.task.await.unwrap_or_default()
    }
}

impl Service {
    /// Looks at the memory five times a second.
    pub fn watch(&self) -> Watch {
        let id = self.0.id();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut most = Memory::default();
            while stopped
                .try_recv()
                .is_err_and(|error| error == oneshot::error::TryRecvError::Empty)
            {
                most.service = most.service.max(resident(id));
                most.children = most.children.max(children(id).into_iter().map(resident).sum());
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            most
        });
        Watch { stop, task }
    }

    /// Of the children that live; shows whether pages were recognised all the time.
    pub fn processor_seconds_of_children(&self) -> f64 {
        let ticks = |id: u32| -> u64 {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            [11, 12]
                .iter()
                .filter_map(|at| fields.get(*at)?.parse::<u64>().ok())
                .sum()
        };
        let waited_for = {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            [13, 14]
                .iter()
                .filter_map(|at| fields.get(*at)?.parse::<u64>().ok())
                .sum::<u64>()
        };
        let alive: u64 = children(self.0.id()).into_iter().map(ticks).sum();
        (alive + waited_for) as f64 / 100.0
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status()?;
        ensure!(asked.success(), "the service had ended before");
        let begun = Instant::now();
        while self.0.try_wait()?.is_none() {
            ensure!(begun.elapsed() < Duration::from_secs(15), "the service did not stop");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    let kilobytes: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    kilobytes * 1024
}

fn children(parent: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)) == Some(parent.to_string().as_str())
    })
    .collect()
}
