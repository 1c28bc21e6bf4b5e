//! How long the server takes for what a reviewer does, with a hundred thousand referrals in the database and every core
//! recognising pages. The service is the release program, as a process of its own, asked over HTTP on loopback.
//!
//!     cargo bench --bench desk                                          SQLite in a temporary folder
//!     benches/with_postgres cargo bench --bench desk                    PostgreSQL, a temporary server
//!     … -- --referrals 10000 --open 2000 --reviews 4 --samples 30       smaller
//!
//! A time ends with the last byte of the answer. Everything is made up, and removed at the end.

mod browser;
mod desk;
#[path = "../clinic/gateway.rs"]
mod gateway;
mod inbox;
#[path = "../clinic/installation/mod.rs"]
mod installation;
#[path = "../clinic/quantiles.rs"]
mod quantiles;
mod report;
#[path = "../clinic/seeded/mod.rs"]
mod seeded;
#[path = "../clinic/syncs.rs"]
mod syncs;

use anyhow::Context;
use browser::Browser;
use desk::Desk;
use gateway::Gateway;
use inbox::{Feed, Inbox};
use installation::Installation;
use referloop::auth::accounts;
use referloop::domain::people::Role;
use seeded::Sizes;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const NAME: &str = "bench";
const PASSWORD: &str = "a long enough password";

struct Arguments {
    sizes: Sizes,
    /// Referrals that come by fax, to be reviewed.
    reviews: u32,
    /// How often each thing is asked for.
    samples: u32,
    program: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments(std::env::args())?;
    tokio::runtime::Runtime::new()?.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let installation = Installation::new(&arguments.program)?;
    let app = installation.open().await?;
    let begun = Instant::now();
    let rows = seeded::fill(&app, installation.database_url(), &arguments.sizes).await?;
    let seeding = begun.elapsed().as_secs_f64();
    accounts::add(&app.db, NAME, Role::Reviewer, PASSWORD, app.clock.now()).await?;
    let door = installation.open_door()?;
    let service = installation.serve().await?;
    let gateway = Gateway::new(installation.url(&door.path), door.secret.clone())?;
    let inbox = Arc::new(Inbox::new(app.clone(), gateway, door.id.clone()));
    let reviews = inbox.referrals(arguments.reviews).await?;
    let browser = Browser::sign_in(&installation.url(""), NAME, PASSWORD).await?;
    let mut desk = Desk::new(browser, reviews);
    // Every page and statement once, before anything counts.
    desk.round(0).await?;
    desk.forget();

    let feed = Feed::begin(&inbox).await?;
    let read_before = pages_read(&installation).await?;
    let worked_before = service.processor_seconds_of_children();
    let watch = service.watch();
    let begun = Instant::now();
    let mut waited = 0;
    for turn in 1..=arguments.samples {
        waited += u32::from(inbox.is_reading().await?);
        desk.round(turn).await?;
    }
    let reading = report::Reading {
        seconds: begun.elapsed().as_secs_f64(),
        pages: pages_read(&installation).await? - read_before,
        worked: service.processor_seconds_of_children() - worked_before,
        waited,
        rounds: arguments.samples,
        memory: watch.end().await,
    };
    let sent = feed.end().await?;
    let synced = syncs::syncs(Path::new(installation.folder()), arguments.samples)?;
    service.stop().await?;
    app.db.close().await;

    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} referrals, {} of them open, in {rows} rows seeded in {seeding:.0} s; {} referrals by fax are reviewed\n",
        installation.database(),
        arguments.sizes.referrals,
        arguments.sizes.open,
        desk.reviews(),
    )?;
    report::times(&mut out, desk.answers(), synced)?;
    report::reading(&mut out, &reading, sent)?;
    anyhow::ensure!(
        reading.pages > 0,
        "no page was recognised meanwhile: the times say nothing"
    );
    Ok(())
}

/// Since the service began.
async fn pages_read(installation: &Installation) -> anyhow::Result<u64> {
    let lines = installation.metrics("referloop_pages_read_total").await?;
    let count = lines.first().and_then(|line| line.trim().parse().ok());
    Ok(count.unwrap_or(0))
}

fn arguments(words: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut arguments = Arguments {
        sizes: Sizes {
            referrals: 100_000,
            open: 20_000,
            // The service would run them.
            jobs: 0,
        },
        reviews: 24,
        samples: 300,
        program: PathBuf::from(env!("CARGO_BIN_EXE_referloop")),
    };
    // Cargo adds a word of its own.
    let mut words = words.skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let mut value = || words.next().context("a value is missing");
        match word.as_str() {
            "--referrals" => arguments.sizes.referrals = value()?.parse()?,
            "--open" => arguments.sizes.open = value()?.parse()?,
            "--reviews" => arguments.reviews = value()?.parse()?,
            "--samples" => arguments.samples = value()?.parse()?,
            "--program" => arguments.program = value()?.into(),
            other => anyhow::bail!("`{other}` is not known; see the top of benches/desk/main.rs"),
        }
    }
    let Sizes { referrals, open, .. } = arguments.sizes;
    anyhow::ensure!(open > 0 && open <= referrals, "--open must be 1 to --referrals");
    anyhow::ensure!(
        arguments.reviews > 0 && arguments.samples > 0,
        "--reviews and --samples must be 1 or more"
    );
    Ok(arguments)
}
