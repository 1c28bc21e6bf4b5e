//! Faxes at a steady rate, whatever the answers: an open loop with a ledger of its own, which is held against the service's
//! afterwards. The service is the release program, as a process of its own.
//!
//!     cargo bench --bench load -- steady     50 faxes of 100 KB a second while pages are recognised, beside the floor
//!     cargo bench --bench load -- burst      1,000 a second for 30 s
//!     benches/with_postgres cargo bench --bench load -- steady
//!
//! `--rate N`, `--seconds N` and `--program FILE` change what is done. Everything is made up, and removed at the end.

mod client;
mod floor;
#[path = "../clinic/gateway.rs"]
mod gateway;
#[path = "../clinic/installation/mod.rs"]
mod installation;
mod proof;
#[path = "../clinic/quantiles.rs"]
mod quantiles;
mod report;

use anyhow::Context;
use client::Load;
use gateway::Gateway;
use installation::Installation;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

struct Arguments {
    rate: u32,
    seconds: u32,
    /// Write and sync the same bytes beside the service, so many times a second.
    floor_rate: u32,
    /// Faxes that are there before, so that all readers are at work from the first moment on.
    backlog: u32,
    program: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments(std::env::args())?;
    tokio::runtime::Runtime::new()?.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let installation = Installation::new(&arguments.program)?;
    let door = installation.open_door()?;
    let service = installation.serve().await?;
    let load = Load::new(Gateway::new(installation.url(&door.path), door.secret)?)?;
    load.send(0..arguments.backlog, 20).await;
    // Readers start with the first document.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let watch = service.watch();
    let floor = floor::begin(&installation, arguments.floor_rate, arguments.seconds).await?;
    let first = arguments.backlog;
    let faxes = first..first + arguments.rate * arguments.seconds;
    let (answers, late) = load.send(faxes, arguments.rate).await;
    let floor = floor.end().await?;
    let memory = watch.end().await;
    let steps = installation.metrics("referloop_receive_seconds").await?;
    let worked = service.processor_seconds_of_children();
    service.stop().await?;
    let proof = proof::check(&installation, &door.id, &answers).await?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} faxes of 100 KB, {} a second for {} s, {} waiting before, on {}",
        answers.len(),
        arguments.rate,
        arguments.seconds,
        arguments.backlog,
        installation.database()
    )?;
    report::answers(&mut out, &answers, late)?;
    report::floor(&mut out, &answers, &floor)?;
    report::steps(&mut out, &steps)?;
    report::service(&mut out, &memory, worked, &proof)?;
    anyhow::ensure!(proof.lost.is_empty(), "acknowledged and lost: {:?}", proof.lost);
    Ok(())
}

fn arguments(words: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut arguments = Arguments {
        rate: 50,
        seconds: 60,
        floor_rate: 10,
        backlog: 40,
        program: PathBuf::from(env!("CARGO_BIN_EXE_referloop")),
    };
    // Cargo adds a word of its own.
    let mut words = words.skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let mut value = || words.next().context("a value is missing");
        match word.as_str() {
            "steady" => {}
            "burst" => {
                arguments.rate = 1_000;
                arguments.seconds = 30;
                arguments.floor_rate = 0;
            }
            "--rate" => arguments.rate = value()?.parse()?,
            "--seconds" => arguments.seconds = value()?.parse()?,
            "--floor" => arguments.floor_rate = value()?.parse()?,
            "--backlog" => arguments.backlog = value()?.parse()?,
            "--program" => arguments.program = value()?.into(),
            other => anyhow::bail!("`{other}` is not known; see the top of benches/load/main.rs"),
        }
    }
    Ok(arguments)
}
