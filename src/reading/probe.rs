//! Does the cage hold? Asked of a real child, after it has locked itself down: by `doctor`, at the start, and by tests.
#![expect(unsafe_code, reason = "the probes try bare system calls, which is their point")]

use std::fs;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::domain::transmission::QuarantineReason;
use crate::reading::pool::{Pool, ReadingConfig};
use crate::reading::sandbox::{LandlockLevel, Level};

/// What a locked child is asked to try. None of it can do harm even where it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// Nothing: only say how far the kernel went along.
    Level,
    ReadFile,
    WriteFile,
    Socket,
    Exec,
    Fork,
    SignalParent,
    ExecutableMemory,
    Memory,
    Spin,
    Stall,
    Flood,
}

/// Tries; `true` if the kernel said no and the process lived on.
pub fn attempt(probe: Probe) -> bool {
    match probe {
        Probe::Level => true,
        Probe::ReadFile => fs::File::open("/etc/passwd").is_err(),
        Probe::WriteFile => fs::File::create("/tmp/referloop-probe").is_err(),
        // SAFETY: none of these calls takes a pointer that must be valid afterwards.
        Probe::Socket => unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) < 0 },
        Probe::Exec => {
            let path = c"/bin/true".as_ptr();
            let arguments = [path, std::ptr::null()];
            // SAFETY: the path and the list live through the call.
            unsafe { libc::execve(path, arguments.as_ptr(), [std::ptr::null()].as_ptr()) < 0 }
        }
        // SAFETY: a child that does come to life ends at once.
        Probe::Fork => unsafe {
            match libc::syscall(libc::SYS_fork) {
                0 => libc::_exit(0),
                pid => pid < 0,
            }
        },
        // SAFETY: signal 0 only asks whether it could be sent.
        Probe::SignalParent => unsafe { libc::kill(libc::getppid(), 0) < 0 },
        Probe::ExecutableMemory => unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            libc::mmap(
                std::ptr::null_mut(),
                4096,
                libc::PROT_READ | libc::PROT_EXEC,
                flags,
                -1,
                0,
            ) == libc::MAP_FAILED
        },
        Probe::Memory => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 64 << 20]);
            }
        }
        Probe::Spin => loop {
            std::hint::spin_loop();
        },
        Probe::Stall => {
            let mut byte = [0];
            // Standard input stays open as long as the parent wishes.
            let _ = io::Read::read(&mut io::stdin(), &mut byte);
            loop {
                std::thread::yield_now();
            }
        }
        Probe::Flood => {
            let mut out = io::stdout();
            let bytes = vec![b'P'; 1 << 16];
            loop {
                if out.write_all(&bytes).is_err() {
                    return true;
                }
            }
        }
    }
}

/// What reading stands on, for `doctor` and the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    pub level: Level,
    /// A locked child could neither open a file nor a socket.
    pub holds: bool,
}

/// What is wrong with the installation, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct Unhealthy {
    pub problem: String,
    /// One sentence, with a command where there is one.
    pub remedy: &'static str,
}

/// Starts a child that loads pdfium and the model and locks itself down, and two that try to break out.
pub async fn check(config: &ReadingConfig) -> Result<Health, Unhealthy> {
    let pool = Pool::new(config.clone());
    let report = pool.probe(Probe::Level).await.map_err(|error| Unhealthy {
        remedy: remedy(&error.detail),
        problem: error.detail,
    })?;
    let file = pool.probe(Probe::ReadFile).await;
    let socket = pool.probe(Probe::Socket).await;
    let holds = file.is_ok_and(|report| report.refused)
        && socket.is_err_and(|error| error.reason == QuarantineReason::ForbiddenCall);
    if !holds && !config.allow_unsandboxed {
        return Err(Unhealthy {
            problem: "the reading child could open a file or a socket".to_owned(),
            remedy: SANDBOX_REMEDY,
        });
    }
    Ok(Health {
        level: report.level,
        holds,
    })
}

impl Health {
    pub fn is_fully_sandboxed(&self) -> bool {
        self.holds && self.level.landlock == LandlockLevel::Full && self.level.seccomp
    }
}

const SANDBOX_REMEDY: &str =
    "Use Linux 5.13 or later with Landlock and seccomp, or set reading.allow_unsandboxed = true and accept the risk.";

fn remedy(detail: &str) -> &'static str {
    if detail.contains("libpdfium") {
        "Run infra/setup, or name the library in REFERLOOP_PDFIUM."
    } else if detail.contains("model") {
        "Run: apt-get install tesseract-ocr-eng (or name the folder in TESSDATA_PREFIX)."
    } else if detail.contains("sandbox") {
        SANDBOX_REMEDY
    } else {
        "Start referloop from its installed program."
    }
}
