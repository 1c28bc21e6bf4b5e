//! The figures as text.

use super::client::{Answer, Told};
use super::installation::Memory;
use super::proof::Proof;
use super::quantiles::quantile;
use std::collections::BTreeMap;
use std::io::{Result, Write};

const MIB: f64 = 1024.0 * 1024.0;

pub fn answers(out: &mut impl Write, answers: &[Answer], late: f64) -> Result<()> {
    let mut by_answer: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for answer in answers {
        let name = match &answer.told {
            Told::Accepted => "2xx".to_owned(),
            Told::Later => "503 with Retry-After".to_owned(),
            Told::Other(status) => format!("{status}, which nobody should get"),
            Told::NoAnswer(why) => format!("no answer: {why}"),
        };
        by_answer.entry(name).or_default().push(answer.milliseconds);
    }
    writeln!(
        out,
        "{:<36} {:>7} {:>7} {:>9} {:>9} {:>9}  ms",
        "answer", "", "share", "p50", "p95", "p99"
    )?;
    for (name, times) in by_answer {
        let share = times.len() as f64 / answers.len() as f64 * 100.0;
        let [p50, p95, p99] = quantiles(&times);
        writeln!(
            out,
            "{name:<36} {:>7} {share:>6.2}% {p50:>9.1} {p95:>9.1} {p99:>9.1}",
            times.len()
        )?;
    }
    writeln!(out, "the client itself was late by {late:.1} ms at most")
}

pub fn floor(out: &mut impl Write, answers: &[Answer], floor: &[f64]) -> Result<()> {
    if floor.is_empty() {
        return Ok(());
    }
    let accepted = answers.iter().filter(|answer| answer.told == Told::Accepted);
    let ours = quantiles(&accepted.map(|answer| answer.since_sent).collect::<Vec<_>>());
    let bare = quantiles(floor);
    writeln!(
        out,
        "{:<36} {:>7} {:>7} {:>9.1} {:>9.1} {:>9.1}",
        "2xx, since it was sent", "", "", ours[0], ours[1], ours[2]
    )?;
    writeln!(
        out,
        "{:<36} {:>7} {:>7} {:>9.1} {:>9.1} {:>9.1}",
        "floor: the same bytes, bare",
        floor.len(),
        "",
        bare[0],
        bare[1],
        bare[2]
    )?;
    writeln!(
        out,
        "{:<36} {:>7} {:>7} {:>9.2} {:>9.2} {:>9.2}",
        "times the floor",
        "",
        "",
        ours[0] / bare[0],
        ours[1] / bare[1],
        ours[2] / bare[2]
    )
}

/// The mean of each step of an acknowledgement, as the service itself measured it.
pub fn steps(out: &mut impl Write, lines: &[String]) -> Result<()> {
    let value = |start: &str, step: &str| {
        let wanted = format!("{start}{{step=\"{step}\"}}");
        let found = lines.iter().find_map(|line| line.strip_prefix(&wanted));
        found
            .and_then(|text| text.trim().parse::<f64>().ok())
            .unwrap_or(f64::NAN)
    };
    write!(out, "mean of each step, ms:")?;
    for step in ["door", "body", "proof", "look", "store", "turn", "rows", "commit"] {
        let mean = value("_sum", step) / value("_count", step) * 1_000.0;
        write!(out, "  {step} {mean:.2}")?;
    }
    writeln!(out)
}

pub fn service(out: &mut impl Write, memory: &Memory, worked: f64, proof: &Proof) -> Result<()> {
    writeln!(
        out,
        "memory at most: service {:.0} MiB, its reading children {:.0} MiB; the children worked {worked:.0} s and read {} faxes",
        memory.service as f64 / MIB,
        memory.children as f64 / MIB,
        proof.done
    )?;
    writeln!(
        out,
        "acknowledged: {} found with all their bytes, {} lost",
        proof.held,
        proof.lost.len()
    )
}

/// p50, p95, p99.
fn quantiles(times: &[f64]) -> [f64; 3] {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    [0.5, 0.95, 0.99].map(|share| quantile(&times, share))
}
