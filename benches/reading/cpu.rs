//! Processor time, from what the kernel says in `/proc`.

use std::fs;

/// Kernel ticks a second, the same on every Linux that we run on.
const TICKS: f64 = 100.0;

/// Seconds that this process and all children it has waited for have used.
pub fn of_us_and_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name in parentheses may hold spaces; counted from behind it, utime is the 12th and cstime the 15th.
    let (_, behind_name) = stat.rsplit_once(')').unwrap();
    let ticks = behind_name.split_whitespace().skip(11).take(4);
    ticks.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / TICKS
}

/// Seconds that this thread has used, to the nanosecond.
pub fn of_this_thread() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// What a piece of work costs, its children among it.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = of_us_and_children();
    let done = work();
    (done, of_us_and_children() - before)
}
