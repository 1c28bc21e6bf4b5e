//! The figures as Markdown.

use super::desk::{Asked, Sample};
use super::installation::Memory;
use super::quantiles::quantile;
use std::io::{Result, Write};

const MIB: f64 = 1024.0 * 1024.0;

/// What recognition did while the desk was timed.
pub struct Reading {
    pub seconds: f64,
    pub pages: u64,
    /// Processor seconds of the reading children.
    pub worked: f64,
    /// In so many rounds, of all, a fax waited for a core.
    pub waited: u32,
    pub rounds: u32,
    pub memory: Memory,
}

/// `synced`: what a bare write and sync to the same disk took afterwards, with recognition still at work.
pub fn times(out: &mut impl Write, samples: &[Sample], synced: Vec<f64>) -> Result<()> {
    writeln!(
        out,
        "| request | n | p50 ms | p95 ms | p99 ms | max ms | bytes | goal p95 | met |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|---:|---|")?;
    for asked in Asked::ALL {
        let mine = || samples.iter().filter(|sample| sample.asked == asked);
        let mut bytes: Vec<usize> = mine().map(|sample| sample.bytes).collect();
        bytes.sort_unstable();
        let half = bytes.get(bytes.len() / 2).copied().unwrap_or_default();
        let times = mine().map(|sample| sample.milliseconds).collect();
        line(out, asked.name(), times, &half.to_string(), asked.goal())?;
    }
    line(out, "floor: 4 KB written and synced", synced, "", None)
}

/// `bytes`: half of the answers are no longer.
fn line(out: &mut impl Write, name: &str, mut times: Vec<f64>, bytes: &str, goal: Option<f64>) -> Result<()> {
    times.sort_by(f64::total_cmp);
    let [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1.0].map(|share| quantile(&times, share));
    let met = match goal {
        Some(goal) if p95 <= goal => "yes",
        Some(_) => "**no**",
        None => "",
    };
    let goal = goal.map_or(String::new(), |goal| goal.to_string());
    writeln!(
        out,
        "| {name} | {} | {p50:.1} | {p95:.1} | {p99:.1} | {most:.1} | {bytes} | {goal} | {met} |",
        times.len()
    )
}

pub fn reading(out: &mut impl Write, reading: &Reading, sent: u32) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    writeln!(
        out,
        "\nMeanwhile, in {:.0} s, {} pages were recognised: {:.0} processor seconds of the reading children, on {cores} cores.\n\
         In {} of {} rounds a fax waited for a core; {sent} faxes were sent for it.\n\
         Memory at most: service {:.0} MiB, its reading children {:.0} MiB.",
        reading.seconds,
        reading.pages,
        reading.worked,
        reading.waited,
        reading.rounds,
        reading.memory.service as f64 / MIB,
        reading.memory.children as f64 / MIB,
    )
}
