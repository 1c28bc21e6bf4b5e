//! What becomes of faxes while everything that can die dies. A gateway keeps its own ledger; afterwards it is held against what
//! the service has.
//!
//! `make faults` runs the long form; `cargo test` a short one.

mod drill;
pub mod gateway;
mod kill;
mod proof;

use referloop::app::App;
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const REFERLOOP: &str = env!("CARGO_BIN_EXE_referloop");

/// An installation in a folder, with the program that serves it.
pub struct Installation {
    folder: tempfile::TempDir,
    database_url: String,
    port: u16,
    settings: Vec<(&'static str, String)>,
}

impl Installation {
    pub fn new(database_url: &str) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        Self {
            folder: tempfile::tempdir().unwrap(),
            database_url: database_url.to_owned(),
            port,
            settings: Vec::new(),
        }
    }

    /// With more variables in its environment.
    pub fn with(mut self, settings: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.settings.extend(settings);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.settings.retain(|(set, _)| *set != name);
        self
    }

    /// All in one folder, as it comes.
    pub fn embedded() -> Self {
        let mut house = Self::new("");
        house.database_url = format!("sqlite:{}", house.data().join("referloop.db").display());
        house
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(REFERLOOP);
        command
            .args(words)
            .env("REFERLOOP_DATA", self.data())
            .env("REFERLOOP_DATABASE_URL", &self.database_url)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .env("REFERLOOP_LISTEN", format!("127.0.0.1:{}", self.port));
        command
    }

    pub fn answer(&self, words: &[&str]) -> serde_json::Value {
        let output = self.command(words).arg("--json").output().unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Starts the service; its log goes on where that of the one before ended.
    pub fn serve(&self) -> Running {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let process = self
            .command(&["serve"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Running(process)
    }

    /// The same installation, looked at by this process.
    pub async fn open(&self) -> App {
        let mut config = Config::in_folder(self.data());
        config.database_url = Some(DatabaseUrl::new(self.database_url.clone()));
        App::build(config, Clock::System).await.unwrap()
    }

    pub fn said(&self) -> String {
        read(&self.log())
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

/// The service as a process. It dies with the test.
pub struct Running(Child);

impl Running {
    /// SIGKILL: nothing is finished, nothing is told.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// SIGTERM: what is under way ends in order.
    pub fn stop(mut self) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.0.wait().unwrap().success());
    }

    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
