//! Does the cage hold? Asked of a real child, after it has locked itself down: by `doctor`, at the start, and by tests.
#![expect(unsafe_code, reason = "the probes try bare system calls, which is their point")]

use std::fs;
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::domain::transmission::QuarantineReason;
use crate::reading::outcome::ReadError;
use crate::reading::pool::{Pool, ReadingConfig};
use crate::reading::sandbox::{LandlockLevel, Level};

/// What a locked child is asked to try. None of it can do harm even where it succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    ReadFile,
    WriteFile,
    RemoveFile,
    /// The memory of another process.
    ReadOthersMemory,
    RaiseLimit,
    Socket,
    Exec,
    Fork,
    SignalOther,
    Trace,
    Mount,
    NewNamespace,
    /// A second way to files and sockets, past the list of calls.
    IoUring,
    Bpf,
    /// A file without a place, from which a program could be started.
    AnonymousFile,
    ExecutableMemory,
    Memory,
    Spin,
    Stall,
    Flood,
}

/// How a probe must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The kernel says no, and the child lives on.
    Refused,
    /// The child is ended, and this is told of the document.
    Ended(QuarantineReason),
}

impl Probe {
    pub const ALL: [Self; 20] = [
        Self::ReadFile,
        Self::WriteFile,
        Self::RemoveFile,
        Self::ReadOthersMemory,
        Self::RaiseLimit,
        Self::Socket,
        Self::Exec,
        Self::Fork,
        Self::SignalOther,
        Self::Trace,
        Self::Mount,
        Self::NewNamespace,
        Self::IoUring,
        Self::Bpf,
        Self::AnonymousFile,
        Self::ExecutableMemory,
        Self::Memory,
        Self::Spin,
        Self::Stall,
        Self::Flood,
    ];

    pub fn must_end(self) -> Denial {
        match self {
            // `open` is among the allowed calls, for fonts: Landlock knows what may be opened.
            Self::ReadFile | Self::WriteFile | Self::RaiseLimit => Denial::Refused,
            Self::RemoveFile
            | Self::ReadOthersMemory
            | Self::Socket
            | Self::Exec
            | Self::Fork
            | Self::SignalOther
            | Self::Trace
            | Self::Mount
            | Self::NewNamespace
            | Self::IoUring
            | Self::Bpf
            | Self::AnonymousFile
            | Self::ExecutableMemory => Denial::Ended(QuarantineReason::ForbiddenCall),
            Self::Memory => Denial::Ended(QuarantineReason::Memory),
            Self::Spin | Self::Stall => Denial::Ended(QuarantineReason::Time),
            // Nothing that it sends is believed.
            Self::Flood => Denial::Ended(QuarantineReason::Crash),
        }
    }
}

/// Somebody else, whom asking for one's parent does not have to find: that call is forbidden, too.
const FIRST_PROCESS: libc::pid_t = 1;

/// Tries; `true` if the kernel said no and the process lived on.
pub fn attempt(probe: Probe) -> bool {
    match probe {
        Probe::ReadFile => fs::File::open("/etc/passwd").is_err(),
        Probe::WriteFile => fs::File::create("/tmp/referloop-probe").is_err(),
        Probe::RemoveFile => fs::remove_file("/tmp/referloop-probe").is_err(),
        Probe::ReadOthersMemory => call(libc::SYS_process_vm_readv, [FIRST_PROCESS as usize, 0, 0, 0, 0]),
        Probe::RaiseLimit => {
            let endless = libc::rlimit {
                rlim_cur: libc::RLIM_INFINITY,
                rlim_max: libc::RLIM_INFINITY,
            };
            // SAFETY: the struct lives through the call.
            unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const endless) < 0 }
        }
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
        Probe::SignalOther => unsafe { libc::kill(FIRST_PROCESS, 0) < 0 },
        // SAFETY: none of these calls takes a pointer that must be valid afterwards.
        Probe::Socket => unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) < 0 },
        Probe::Trace => call(libc::SYS_ptrace, [libc::PTRACE_TRACEME as usize, 0, 0, 0, 0]),
        Probe::Mount => {
            let (none, place) = (c"none".as_ptr() as usize, c"/tmp".as_ptr() as usize);
            call(libc::SYS_mount, [none, place, c"tmpfs".as_ptr() as usize, 0, 0])
        }
        Probe::NewNamespace => call(libc::SYS_unshare, [libc::CLONE_NEWUSER as usize, 0, 0, 0, 0]),
        Probe::IoUring => call(libc::SYS_io_uring_setup, [1, 0, 0, 0, 0]),
        Probe::Bpf => call(libc::SYS_bpf, [0; 5]),
        Probe::AnonymousFile => call(libc::SYS_memfd_create, [c"probe".as_ptr() as usize, 0, 0, 0, 0]),
        // SAFETY: new memory, which nothing uses.
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
        Probe::Memory | Probe::Spin | Probe::Stall | Probe::Flood => overdo(probe),
    }
}

/// `true` if the kernel refused the call.
fn call(number: libc::c_long, with: [usize; 5]) -> bool {
    // SAFETY: all pointers among the arguments are null, for which these calls fail, or constants.
    unsafe { libc::syscall(number, with[0], with[1], with[2], with[3], with[4]) < 0 }
}

/// Uses up more of something than any document may.
fn overdo(probe: Probe) -> bool {
    match probe {
        Probe::Memory => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 64 << 20]);
            }
        }
        Probe::Stall => {
            let mut byte = 0u8;
            // Standard input stays open as long as the parent wishes.
            // SAFETY: the byte lives through the call.
            while unsafe { libc::read(0, (&raw mut byte).cast(), 1) } > 0 {}
            false
        }
        Probe::Flood => {
            let mut out = std::io::stdout();
            let bytes = vec![b'P'; 1 << 16];
            while out.write_all(&bytes).is_ok() {}
            false
        }
        _ => loop {
            std::hint::spin_loop();
        },
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

impl From<ReadError> for Unhealthy {
    fn from(error: ReadError) -> Self {
        Self {
            remedy: remedy(&error.detail),
            problem: error.detail,
        }
    }
}

/// Starts a child that loads pdfium, locks itself down and loads the models, and two that try to break out.
pub async fn check(config: &ReadingConfig) -> Result<Health, Unhealthy> {
    let pool = Pool::new(config.clone());
    let level = pool.level().await.map_err(Unhealthy::from)?;
    // This child loads the model, too.
    let file = pool.probe(Probe::ReadFile).await.map_err(Unhealthy::from)?;
    let socket = pool.probe(Probe::Socket).await;
    let holds = file && socket.is_err_and(|error| error.reason == QuarantineReason::ForbiddenCall);
    if !holds && !config.allow_unsandboxed {
        return Err(Unhealthy {
            problem: "the reading child could open a file or a socket".to_owned(),
            remedy: SANDBOX_REMEDY,
        });
    }
    Ok(Health { level, holds })
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
