//! What may not take long. The fuzzer's own limit counts the time of the wall, which says nothing on a busy machine.

use rustix::time::{ClockId, clock_gettime};

/// No partner's message of this size may keep a thread for longer.
const SECONDS_MAX: f64 = 1.0;

/// Runs a reader; a second of processor time is a finding.
pub fn within_a_second(read: impl FnOnce()) {
    let before = cpu_seconds();
    read();
    let taken = cpu_seconds() - before;
    assert!(taken < SECONDS_MAX, "took {taken:.1} s of processor time");
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
