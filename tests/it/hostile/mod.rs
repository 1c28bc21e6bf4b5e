//! Odd and hostile documents, made here and read by real children: each has an outcome with a name, none brings down or
//! holds up the parent, and none makes it grow.

mod outcome;
mod pdfs;
mod pictures;
mod scraps;
mod tiffs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use referloop::reading::{Limits, Pool, ReadingConfig};

use outcome::{Outcome, outcome};

/// A document with what may come of it. More than one where a decoder may save a part of what is damaged.
pub struct Case {
    name: String,
    bytes: Vec<u8>,
    expected: &'static [Outcome],
}

impl Case {
    fn new(name: impl Into<String>, bytes: Vec<u8>, expected: &'static [Outcome]) -> Self {
        Self {
            name: name.into(),
            bytes,
            expected,
        }
    }
}

const RESIDENT_BYTES_MAX: u64 = 512 << 20;

fn sample(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path)).unwrap()
}

#[test]
fn hostile_documents_have_outcomes_with_names() {
    // In a process of its own, since the memory of one test can't be told apart otherwise.
    let inner = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "hostile::inner_hostile_documents",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    assert!(
        inner.status.success(),
        "{}{}",
        String::from_utf8_lossy(&inner.stdout),
        String::from_utf8_lossy(&inner.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by hostile_documents_have_outcomes_with_names"]
async fn inner_hostile_documents() {
    let limits = Limits {
        cpu_seconds_a_page: 3,
        wall_seconds_a_page: 10,
        memory_mebibytes: 1024,
        ..Limits::default()
    };
    let pool = Pool::new(ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        limits,
        ..ReadingConfig::default()
    });
    let cases: Vec<Case> = [tiffs::cases(), pictures::cases(), pdfs::cases(), scraps::cases()]
        .into_iter()
        .flatten()
        .collect();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let started = Instant::now();
        let found = outcome(&pool.read(&case.bytes).await);
        let took = started.elapsed();
        if !case.expected.contains(&found) || took > Duration::from_mins(1) {
            wrong.push(format!(
                "{}: {found:?} after {took:?}, not {:?}",
                case.name, case.expected
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    let resident = resident_bytes_at_most();
    assert!(resident < RESIDENT_BYTES_MAX, "the parent grew to {resident} bytes");
}

/// The most memory that this process ever held.
fn resident_bytes_at_most() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}
