//! The child's cage: resource limits, no privileges, no files but fonts and models, and the few system calls that reading needs.
//!
//! It is locked after libraries are loaded and before the first untrusted byte.
#![expect(
    unsafe_code,
    reason = "resource limits, credentials and the parent-death signal are bare system calls"
)]

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

use crate::reading::document::Limits;

/// pdfium opens a system font when a PDF brings none.
const READABLE: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts"];
const LANDLOCK_ABI: ABI = ABI::V7;
const OPEN_FILES_MAX: u64 = 32;
const NOBODY: u32 = 65_534;

/// How far the kernel could go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    pub landlock: LandlockLevel,
    pub seccomp: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LandlockLevel {
    Full,
    /// An older kernel: files are closed off, but not all newer kinds of access.
    Partial,
    None,
}

impl Level {
    /// Without both layers a hostile document is not contained.
    pub fn is_sufficient(self) -> bool {
        self.seccomp && self.landlock != LandlockLevel::None
    }
}

/// Closes everything but standard input, output and error.
pub fn close_inherited() {
    // SAFETY: the child has opened nothing yet that it keeps, and has one thread.
    unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, 0u32) };
}

/// Dies with the parent. `false` when the parent is gone already.
pub fn die_with(parent: u32) -> bool {
    // SAFETY: plain system calls without pointers.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        libc::getppid() == parent as i32
    }
}

/// Locks the process down. What the kernel can't do is told in the level; the caller decides.
/// These folders of models stay readable.
pub fn lock(limits: &Limits, parent: u32, models: &[PathBuf]) -> io::Result<Level> {
    give_up_root();
    // Changing the user clears the signal that was asked for at the start.
    if !die_with(parent) {
        return Err(io::Error::other("the parent is gone"));
    }
    limit(libc::RLIMIT_AS, u64::from(limits.memory_mebibytes) << 20)?;
    limit(libc::RLIMIT_FSIZE, 0)?;
    limit(libc::RLIMIT_NOFILE, OPEN_FILES_MAX)?;
    limit(libc::RLIMIT_NPROC, 0)?;
    limit(libc::RLIMIT_CORE, 0)?;
    // Below the parent, whatever its own priority is: what must be answered goes before what must be recognised.
    // SAFETY: no pointers; a failed nice is no danger.
    unsafe { libc::nice(10) };
    let landlock = lock_files(models).unwrap_or(LandlockLevel::None);
    let seccomp = lock_calls().is_ok();
    Ok(Level { landlock, seccomp })
}

fn give_up_root() {
    // SAFETY: one thread; no pointers but an empty list.
    unsafe {
        if libc::geteuid() == 0 {
            libc::setgroups(0, std::ptr::null());
            libc::setresgid(NOBODY, NOBODY, NOBODY);
            libc::setresuid(NOBODY, NOBODY, NOBODY);
        }
    }
}

fn limit(resource: libc::__rlimit_resource_t, value: u64) -> io::Result<()> {
    let bounds = libc::rlimit {
        rlim_cur: value,
        rlim_max: value,
    };
    // SAFETY: `bounds` lives through the call.
    if unsafe { libc::setrlimit(resource, &raw const bounds) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Processor time that this process has used.
pub fn cpu_time() -> Duration {
    let mut used = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct lives through the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut used) };
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}

/// From now on so many more seconds of CPU, then SIGXCPU.
pub fn allow_cpu_seconds(seconds: u32) {
    let until = cpu_time().as_secs() + u64::from(seconds) + 1;
    let bounds = libc::rlimit {
        rlim_cur: until,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the struct lives through the call.
    unsafe { libc::setrlimit(libc::RLIMIT_CPU, &raw const bounds) };
}

fn lock_files(models: &[PathBuf]) -> Result<LandlockLevel, landlock::RulesetError> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(LANDLOCK_ABI))?
        .handle_access(AccessNet::from_all(LANDLOCK_ABI))?
        .scope(Scope::from_all(LANDLOCK_ABI))?
        .create()?
        .add_rules(path_beneath_rules(READABLE, AccessFs::ReadFile | AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(models, AccessFs::ReadFile | AccessFs::ReadDir))?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => LandlockLevel::Full,
        RulesetStatus::PartiallyEnforced => LandlockLevel::Partial,
        RulesetStatus::NotEnforced => LandlockLevel::None,
    })
}

/// Calls allowed whatever their arguments.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_fcntl,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_exit,
    libc::SYS_exit_group,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
];

fn lock_calls() -> Result<(), Box<dyn std::error::Error>> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = CALLS.iter().map(|&call| (call, Vec::new())).collect();
    // A signal to itself, which is how abort works, but to nobody else.
    rules.insert(libc::SYS_tgkill, vec![argument_is(0, u64::from(std::process::id()))?]);
    // Its own limits, not those of another process of the same user.
    rules.insert(libc::SYS_prlimit64, vec![argument_is(0, 0)?]);
    // Asking whether standard output is a terminal.
    rules.insert(libc::SYS_ioctl, vec![argument_is(1, libc::TCGETS)?]);
    // Memory, but none that can be executed.
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        let executable = libc::PROT_EXEC as u64;
        let condition = SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(executable), 0)?;
        rules.insert(call, vec![SeccompRule::new(vec![condition])?]);
    }
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::KillProcess,
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    let program: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&program)?;
    Ok(())
}

fn argument_is(index: u8, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(
        index,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        value,
    )?])
}
