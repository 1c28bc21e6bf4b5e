//! A child as an operating system's process: how it is started, what it used, how it ended.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::reading::child;
use crate::reading::installed::Installed;
use crate::reading::pdf;
use crate::reading::pool::ReadingConfig;
use crate::reading::recognize::MODELS_VARIABLE;
use crate::reading::request::Setup;

/// Kills and collects the child however the run ends, so that none is left behind.
#[derive(Debug)]
pub(super) struct Process(pub(super) Child);

/// `/proc/PID/stat` counts in hundredths of a second on every machine that Rust runs Linux on.
const TICKS_A_SECOND: u64 = 100;

impl Process {
    /// All children are spawned from one thread that lives as long as the process: the signal that ends a child with its
    /// parent is sent when the spawning *thread* ends.
    pub(super) async fn spawn(config: &ReadingConfig) -> io::Result<Self> {
        type Spawn = (Command, oneshot::Sender<io::Result<Process>>);
        static SPAWNER: OnceLock<mpsc::Sender<Spawn>> = OnceLock::new();
        let spawner = SPAWNER.get_or_init(|| {
            let (sender, requests) = mpsc::channel::<Spawn>();
            std::thread::Builder::new()
                .name("spawn-readers".to_owned())
                .spawn(move || {
                    for (mut command, reply) in requests {
                        let _ = reply.send(command.spawn().map(Process));
                    }
                })
                .expect("the process can have one more thread");
            sender
        });
        let (reply, answer) = oneshot::channel();
        spawner.send((command(config), reply)).map_err(io::Error::other)?;
        answer.await.map_err(io::Error::other)?
    }

    pub(super) fn kill(&mut self) {
        let _ = self.0.kill();
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Processor time so far, also of one that has ended but is not collected yet. The kernel says it, not the child.
    pub(super) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        // The second field, the program's name, may itself hold blanks and brackets.
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
        let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1000 / TICKS_A_SECOND)
    }

    /// How it ended, once its standard output is closed.
    pub(super) async fn ended(&mut self) -> Option<ExitStatus> {
        for _ in 0..200 {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(_) => return None,
            }
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// More than any picture of a page has.
const KEEP_BYTES: &str = "1073741824";

fn command(config: &ReadingConfig) -> Command {
    let setup = Setup {
        parent: std::process::id(),
        limits: config.limits,
        allow_unsandboxed: config.allow_unsandboxed,
    };
    let program = config
        .program
        .clone()
        .unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
    let mut command = Command::new(program);
    command
        .arg(child::COMMAND)
        .arg(serde_json::to_string(&setup).expect("a setup is plain numbers"))
        .env_clear()
        // Read by the OpenMP runtime before `main`: with threads of its own a page takes up to ten times longer.
        .env("OMP_THREAD_LIMIT", "1")
        // Read by glibc: freed pictures stay with the process. Fetching their memory anew from the kernel for each page took
        // longer than drawing it (14 ms a page in place of 33). The child ends with its document, so nothing is hoarded.
        .env("MALLOC_MMAP_THRESHOLD_", KEEP_BYTES)
        .env("MALLOC_TRIM_THRESHOLD_", KEEP_BYTES)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Where a newer Tesseract is installed, the loader takes it in place of Debian's.
    if let Some(folder) = Installed::beside(config.pdfium.as_deref()).tesseract {
        command.env("LD_LIBRARY_PATH", folder);
    }
    let passed_on = [
        (&config.pdfium, pdf::LIBRARY_VARIABLE),
        (&config.models, MODELS_VARIABLE),
    ];
    for (configured, variable) in passed_on {
        let inherited = std::env::var_os(variable).map(PathBuf::from);
        if let Some(path) = configured.clone().or(inherited) {
            command.env(variable, path);
        }
    }
    command
}
