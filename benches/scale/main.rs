//! A clinic group with a million referrals, on SQLite or PostgreSQL: how long a work list, a search, a look for duplicates, the
//! counts and the claim of a job take, through the real pages and calls.
//!
//!     cargo bench --bench scale                                        SQLite in a temporary folder
//!     benches/with_postgres cargo bench --bench scale                  PostgreSQL, a temporary server
//!     … -- --referrals 100000 --open 20000 --jobs 100000 --runs 100    smaller
//!
//! All people are made up. The folder and the database are removed at the end.

mod measure;
#[path = "../clinic/quantiles.rs"]
mod quantiles;
#[path = "../clinic/seeded/mod.rs"]
mod seeded;
#[path = "../clinic/syncs.rs"]
mod syncs;

use anyhow::Context;
use measure::Measured;
use quantiles::quantile;
use referloop::app::{self, App};
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use seeded::Sizes;
use std::io::Write;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let (sizes, runs) = arguments(std::env::args())?;
    tokio::runtime::Runtime::new()?.block_on(run(sizes, runs))
}

async fn run(sizes: Sizes, runs: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(".")?;
    let url = std::env::var("REFERLOOP_BENCH_DATABASE_URL")
        .unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("scale.db").display()));
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(DatabaseUrl::new(url.clone()));
    app::connect(&config).await?.migrate().await?;
    let app = App::build(config, Clock::System).await?;
    let mut out = std::io::stdout().lock();
    let begun = Instant::now();
    let rows = seeded::fill(&app, &url, &sizes).await?;
    writeln!(
        out,
        "{:?}: {} referrals, {} of them open, {} jobs ready; {rows} rows seeded in {:.0} s",
        app.db.kind(),
        sizes.referrals,
        sizes.open,
        sizes.jobs,
        begun.elapsed().as_secs_f64()
    )?;
    writeln!(
        out,
        "{:<44} {:>6} {:>9} {:>9} {:>9} {:>9}  ms",
        "", "runs", "p50", "p95", "p99", "goal p99"
    )?;
    measure::all(&app, folder.path(), sizes, runs, |measured| show(&mut out, measured)).await?;
    app.db.close().await;
    Ok(())
}

fn show(out: &mut impl Write, mut measured: Measured) -> std::io::Result<()> {
    measured.times.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&measured.times, share);
    let goal = measured.goal.map_or(String::new(), |goal| goal.to_string());
    writeln!(
        out,
        "{:<44} {:>6} {:>9.2} {:>9.2} {:>9.2} {goal:>9}  {}",
        measured.name,
        measured.times.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        measured.remark
    )
}

/// The sizes, and how often each thing is timed.
fn arguments(arguments: impl Iterator<Item = String>) -> anyhow::Result<(Sizes, u64)> {
    let mut sizes = Sizes {
        referrals: 1_000_000,
        open: 200_000,
        jobs: 1_000_000,
    };
    let mut runs = 300;
    // Cargo adds a word of its own.
    let mut arguments = arguments.skip(1).filter(|word| word != "--bench");
    while let Some(word) = arguments.next() {
        let place = match word.as_str() {
            "--referrals" => &mut sizes.referrals,
            "--open" => &mut sizes.open,
            "--jobs" => &mut sizes.jobs,
            "--runs" => &mut runs,
            other => anyhow::bail!("`{other}` is not known; there are --referrals, --open, --jobs and --runs"),
        };
        let number = arguments.next().context("a number is missing")?;
        *place = number.parse().with_context(|| format!("`{number}` is no number"))?;
    }
    anyhow::ensure!(
        sizes.open <= sizes.referrals && sizes.open > 0,
        "--open must be 1 to --referrals"
    );
    Ok((sizes, runs))
}
