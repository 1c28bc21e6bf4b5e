//! How many Direct messages a second are taken in: made durable, decrypted, verified, judged by anchors and revocation lists,
//! and filed, beside the `openssl cms` command on the same messages in the same run.
//!
//!     cargo bench --bench direct                              SQLite in a temporary folder
//!     benches/with_postgres cargo bench --bench direct        PostgreSQL, a temporary server
//!     … -- --messages 200 --anchors 10 --revoked 100          smaller
//!
//! Each message carries a document of 100 KB of its own. Partner, authority, lists and messages are made by the openssl command.
//! What comes after the filing (answering, reading the pages) is not run. The folder and the database are removed at the end.

mod authority;
mod clinic;
mod peer;
#[path = "../clinic/syncs.rs"]
mod syncs;

use anyhow::Context;
use authority::Authority;
use clinic::Clinic;
use std::io::Write;
use std::time::{Duration, Instant};

/// As many at a time as the machine of an operator has processors, at the least.
const AT_A_TIME: usize = 2;

struct Arguments {
    messages: usize,
    /// Whom we trust: that many communities, of which one issued the partner's certificate.
    anchors: usize,
    /// How many certificates the issuer has revoked.
    revoked: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = arguments(std::env::args())?;
    tokio::runtime::Runtime::new()?.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(".")?;
    let authority = Authority::make(folder.path(), arguments.anchors, arguments.revoked)?;
    let messages = authority.messages(arguments.messages)?;
    let clinic = Clinic::open(folder.path(), &authority).await?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} messages of {} KB with a document of 100 KB each; {} anchors, a list of {} revoked certificates",
        clinic.database(),
        messages.len(),
        messages[0].len() / 1_000,
        arguments.anchors,
        arguments.revoked
    )?;
    let by_command = peer::by_command(folder.path(), messages.len(), AT_A_TIME)?;
    let by_library = peer::by_library(&messages, &authority, AT_A_TIME)?;
    let opened = clinic.open_all(&messages, AT_A_TIME).await?;
    let begun = Instant::now();
    clinic.spool_all(&messages).await?;
    let spooled = begun.elapsed();
    clinic.file_all(messages.len()).await?;
    let filed = begun.elapsed();
    let peer = rate(messages.len(), by_command);
    writeln!(out, "{:<66} {:>10} {:>12}", "", "a second", "of the peer")?;
    let mut show = |what: &str, took: Duration| {
        let rate = rate(messages.len(), took);
        writeln!(out, "{what:<66} {rate:>10.0} {:>12.2}", rate / peer)
    };
    show("peer: openssl cms -decrypt, then -verify, two at a time", by_command)?;
    show("OpenSSL's library alone: decrypted, verified, kept nowhere", by_library)?;
    show("opened: decrypted, verified, judged, parsed; kept nowhere", opened)?;
    show("spooled: sealed, synced, recorded, as before a 250", spooled)?;
    show("spooled, then opened and filed (goal: 100 a second)", filed)?;
    let mut syncs = syncs::syncs(folder.path(), 200)?;
    syncs.sort_by(f64::total_cmp);
    writeln!(
        out,
        "a write of 4 KB is synced in {:.2} ms here (median)",
        syncs[syncs.len() / 2]
    )?;
    clinic.close().await;
    Ok(())
}

fn rate(messages: usize, took: Duration) -> f64 {
    messages as f64 / took.as_secs_f64()
}

fn arguments(arguments: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut given = Arguments {
        messages: 1_000,
        anchors: 150,
        revoked: 10_000,
    };
    // Cargo adds a word of its own.
    let mut arguments = arguments.skip(1).filter(|word| word != "--bench");
    while let Some(word) = arguments.next() {
        let place = match word.as_str() {
            "--messages" => &mut given.messages,
            "--anchors" => &mut given.anchors,
            "--revoked" => &mut given.revoked,
            other => anyhow::bail!("`{other}` is not known; there are --messages, --anchors and --revoked"),
        };
        let number = arguments.next().context("a number is missing")?;
        *place = number.parse().with_context(|| format!("`{number}` is no number"))?;
    }
    anyhow::ensure!(
        given.messages > 0 && given.anchors > 0,
        "there must be a message and an anchor"
    );
    Ok(given)
}
