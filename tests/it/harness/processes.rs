//! The reading children of a test, seen from outside.

use std::process::Command;
use std::time::{Duration, Instant};

/// Process ids of this test's own reading children, of all pools that it has. One that is about to end, and has lost its
/// command line, still counts: its parent doesn't know yet.
pub fn children() -> Vec<u32> {
    let us = std::process::id();
    let entries = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let command = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let (state, parent) = (fields.next().unwrap_or("Z"), fields.next().unwrap_or_default());
        state != "Z" && parent == us.to_string() && (command.is_empty() || command.contains("read-child"))
    })
    .collect()
}

/// Runs an ignored test in a process of its own, whose children are that test's alone.
pub fn alone(test: &str) {
    let inner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&inner.stdout);
    assert!(
        inner.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&inner.stderr)
    );
}

pub async fn until(what: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !what() {
        assert!(Instant::now() < end, "it never came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Ends a child from outside. Not by SEGV: that handler of Rust returns where nothing is wrong with the memory.
pub fn shoot(id: u32, signal: &str) {
    let done = Command::new("kill")
        .args([&format!("-{signal}"), &id.to_string()])
        .status();
    assert!(done.unwrap().success());
}
