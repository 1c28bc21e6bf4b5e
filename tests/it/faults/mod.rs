//! What becomes of faxes while everything that can die dies. A gateway keeps its own ledger; afterwards it is held against what
//! the service has.
//!
//! `make faults` runs the long form; `cargo test` a short one.

mod database;
mod disk;
mod drill;
pub mod gateway;
mod kill;
mod late;
#[cfg(feature = "faults")]
mod mail;
#[cfg(feature = "faults")]
mod notes;
#[cfg(feature = "faults")]
mod points;
mod poison;
mod proof;
#[cfg(feature = "faults")]
mod shared;
#[cfg(feature = "faults")]
mod stopped;

use referloop::app::App;
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `FAULTS_PROGRAM`, where the release build shall be tried, else the one that was built with the tests.
fn program() -> String {
    std::env::var("FAULTS_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_referloop").to_owned())
}

/// An installation in a folder, with the program that serves it.
pub struct Installation {
    data: PathBuf,
    database_url: String,
    port: u16,
    /// What the service finds in its environment besides.
    environment: Vec<(&'static str, String)>,
    /// Where the log lies, and the data folder unless it is somebody else's.
    folder: tempfile::TempDir,
}

impl Installation {
    pub fn new(database_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            data: folder.path().join("data"),
            folder,
            ..Self::of(PathBuf::new(), database_url)
        }
    }

    /// Everything in this data folder is there already, or will be made.
    pub fn of(data: PathBuf, database_url: &str) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        Self {
            data,
            database_url: database_url.to_owned(),
            port,
            environment: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// All in one folder, as it comes.
    pub fn embedded() -> Self {
        let mut house = Self::new("");
        house.database_url = format!("sqlite:{}", house.data.join("referloop.db").display());
        house
    }

    #[must_use]
    pub fn with(mut self, variable: &'static str, value: &dyn std::fmt::Display) -> Self {
        self.environment.push((variable, value.to_string()));
        self
    }

    #[must_use]
    pub fn with_all(mut self, settings: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.environment.extend(settings);
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(set, _)| *set != name);
        self
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(words)
            .env("REFERLOOP_DATA", &self.data)
            .env("REFERLOOP_DATABASE_URL", &self.database_url)
            .env("REFERLOOP_LISTEN", format!("127.0.0.1:{}", self.port))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn answer(&self, words: &[&str]) -> serde_json::Value {
        let words = [words, &["--json"]].concat();
        serde_json::from_slice(&self.run(&words)).unwrap()
    }

    /// What the command printed. It must succeed.
    pub fn run(&self, words: &[&str]) -> Vec<u8> {
        let output = self.command(words).output().unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Starts the service; its log goes on where that of the one before ended.
    pub fn serve(&self) -> Running {
        self.start(self.command(&["serve"]))
    }

    /// A command that goes on until it is killed.
    pub fn start(&self, mut command: Command) -> Running {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let process = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Running(process)
    }

    /// The same installation, looked at by this process.
    pub async fn open(&self) -> App {
        let mut config = Config::in_folder(&self.data);
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
        self.end_at_once();
    }

    pub fn end_at_once(&mut self) {
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

    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
