//! A register of a million patients, on SQLite or PostgreSQL: how long it takes to find the five who may be meant, with every
//! column sealed, and whether the right one stands first.
//!
//!     cargo bench --bench register                          SQLite in a temporary folder
//!     benches/with_postgres cargo bench --bench register    PostgreSQL, a temporary server
//!     … -- --patients 100000 --runs 100                     smaller
//!
//! All people are made up. The folder and the database are removed at the end.

#[path = "../clinic/seeded/bulk.rs"]
#[expect(dead_code, reason = "referrals have cells of more kinds")]
mod bulk;
#[path = "../clinic/seeded/people.rs"]
mod people;
#[path = "../clinic/quantiles.rs"]
mod quantiles;

use anyhow::Context;
use bulk::{Bulk, Cell};
use chrono::{DateTime, TimeDelta, Utc};
use people::{Draw, patient};
use quantiles::quantile;
use referloop::app::{self, App};
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use referloop::crypto::Place;
use referloop::domain::ids::PatientId;
use referloop::domain::matching::{Address, Identifier, Model, Name, Person};
use referloop::domain::register::{Description, Record, ranked};
use referloop::store::{patient_keys, patients};
use std::io::Write;
use std::time::Instant;

const AT_A_TIME: u64 = 20_000;
/// What the desk promises: the five stand there before a person has looked for them.
const GOAL_P95_MS: f64 = 50.0;

fn main() -> anyhow::Result<()> {
    let (patients, runs) = arguments(std::env::args())?;
    tokio::runtime::Runtime::new()?.block_on(run(patients, runs))
}

async fn run(count: u64, runs: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(".")?;
    let url = std::env::var("REFERLOOP_BENCH_DATABASE_URL")
        .unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("register.db").display()));
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(DatabaseUrl::new(url.clone()));
    app::connect(&config).await?.migrate().await?;
    let app = App::build(config, Clock::System).await?;
    let mut out = std::io::stdout().lock();
    let begun = Instant::now();
    let (ids, keys) = fill(&app, &url, count).await?;
    writeln!(
        out,
        "{:?}: {count} patients, {:.1} keys each, seeded in {:.0} s",
        app.db.kind(),
        keys as f64 / count as f64,
        begun.elapsed().as_secs_f64()
    )?;
    measure(&app, &ids, runs, &mut out).await?;
    app.db.close().await;
    Ok(())
}

/// The patients' ids by number, and how many keys they have together.
async fn fill(app: &App, url: &str, count: u64) -> anyhow::Result<(Vec<PatientId>, u64)> {
    let now = app.clock.now();
    let begun = now - TimeDelta::days(365);
    let version = i64::from(app.keys.search[0].0);
    let mut bulk = Bulk::open(url).await?;
    let (mut ids, mut hashes) = (Vec::with_capacity(count as usize), Vec::new());
    let mut from = 0;
    while from < count {
        let to = (from + AT_A_TIME).min(count);
        let mut rows = Vec::with_capacity(AT_A_TIME as usize);
        for number in from..to {
            // Ids grow as they do where patients come one after the other.
            let came = begun + TimeDelta::milliseconds(number as i64);
            let (id, record) = (PatientId::new(came), Record::of([described(number)]));
            for hash in patient_keys::hashes_of(&app.keys, &record) {
                hashes.push((hash, id.to_string()));
            }
            rows.push(row(app, &id, &record, version, now));
            ids.push(id);
        }
        bulk.begin().await?;
        bulk.insert(
            "patient",
            "id, record_sealed, key_version, created_at, updated_at",
            &rows,
        )
        .await?;
        bulk.commit().await?;
        from = to;
    }
    let keys = hashes.len() as u64;
    // Made at the end: the hashes' order is none of the ids'.
    bulk.run("drop index patient_key_of").await?;
    // In the index's own order: drawn hashes would touch a page each.
    hashes.sort_unstable();
    for some in hashes.chunks(AT_A_TIME as usize * 5) {
        let rows: Vec<_> = some
            .iter()
            .map(|(hash, id)| vec![Cell::Bytes(hash.clone()), Cell::Text(id.clone())])
            .collect();
        bulk.begin().await?;
        bulk.insert("patient_key", "value_index, patient_id", &rows).await?;
        bulk.commit().await?;
    }
    bulk.run("create index patient_key_of on patient_key (patient_id)")
        .await?;
    bulk.settle().await?;
    Ok((ids, keys))
}

fn row(app: &App, id: &PatientId, record: &Record, version: i64, now: DateTime<Utc>) -> Vec<Cell> {
    let place = Place {
        table: "patient",
        row: id.as_str(),
        column: "record_sealed",
    };
    let plain = serde_json::to_vec(record).expect("a record is texts and dates");
    let time = Cell::Text(now.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false));
    vec![
        id.as_str().into(),
        Cell::Bytes(app.keys.field.seal(place, &plain)),
        Cell::Number(version),
        time.clone(),
        time,
    ]
}

/// Somebody who lives in one of sixty postal codes of one city and its suburbs.
fn described(number: u64) -> Description {
    let known = patient(number * 5);
    let name = known.name.unwrap_or_default();
    let mut draw = Draw::of(number ^ 0xadd);
    let street = format!(
        "{} {} {}",
        1 + draw.below(9_900),
        draw.one_of(&[
            "Oak",
            "Maple",
            "Cedar",
            "Main",
            "Hill",
            "River",
            "Lake",
            "Park",
            "Sunset",
            "Division",
            "Powell",
            "Hawthorne"
        ]),
        draw.one_of(&["Street", "Avenue", "Lane", "Road", "Court"])
    );
    let city = draw.one_of(&[
        "Portland",
        "Portland",
        "Portland",
        "Gresham",
        "Beaverton",
        "Tigard",
        "Milwaukie",
    ]);
    let postal_code = format!("972{:02}", draw.below(60));
    Description {
        address: format!("{street}, {city}, OR {postal_code}"),
        person: Person {
            name: Name::parse(&name),
            birth_date: known.birth_date.and_then(|date| date.parse().ok()),
            sex: None,
            phones: known.phones,
            identifiers: vec![Identifier::member_id(
                &known.identifiers[0],
                Some("Example Health Plan"),
            )],
            address: Address::parse(&street, city, "OR", &postal_code),
        },
        name,
    }
}

/// The same person as another practice writes them: one of these things is wrong or missing.
fn written_anew(mut person: Person, draw: &mut Draw) -> Person {
    match draw.below(5) {
        0 => person.identifiers.clear(),
        1 => person.birth_date = person.birth_date.and_then(|date| date.succ_opt()),
        2 => person.address = Address::default(),
        3 => person.phones.clear(),
        _ => {
            if let Some(family) = &mut person.name.family {
                family.pop();
            }
        }
    }
    person
}

async fn measure(app: &App, ids: &[PatientId], runs: u64, out: &mut impl Write) -> anyhow::Result<()> {
    let (mut times, mut opened, mut first) = (Vec::new(), 0, 0);
    for run in 0..runs {
        let mut draw = Draw::of(run ^ 0x5eed);
        let number = draw.below(ids.len() as u64);
        let asked = written_anew(described(number).person, &mut draw);
        let begun = Instant::now();
        let mut tx = app.db.read().await?;
        let model = Model::of_register(patients::about_how_many(&mut tx).await?);
        let found = patient_keys::candidates(&mut tx, &asked).await?;
        drop(tx);
        opened += found.len();
        let mut best = ranked(&model, &asked, found);
        best.truncate(5);
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        first += u64::from(best.first().is_some_and(|best| best.id == ids[number as usize]));
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&times, share);
    writeln!(
        out,
        "the five who may be meant: {runs} runs, p50 {:.1}, p95 {:.1}, p99 {:.1} ms (goal p95 {GOAL_P95_MS}); {:.0} opened \
         each; the right one first {first} of {runs}",
        at(0.5),
        at(0.95),
        at(0.99),
        opened as f64 / runs as f64
    )?;
    Ok(())
}

/// How many patients, and how often somebody is looked for.
fn arguments(arguments: impl Iterator<Item = String>) -> anyhow::Result<(u64, u64)> {
    let (mut patients, mut runs) = (1_000_000, 300);
    // Cargo adds a word of its own.
    let mut arguments = arguments.skip(1).filter(|word| word != "--bench");
    while let Some(word) = arguments.next() {
        let place = match word.as_str() {
            "--patients" => &mut patients,
            "--runs" => &mut runs,
            other => anyhow::bail!("`{other}` is not known; there are --patients and --runs"),
        };
        let number = arguments.next().context("a number is missing")?;
        *place = number.parse().with_context(|| format!("`{number}` is no number"))?;
    }
    anyhow::ensure!(patients > 0 && runs > 0, "at least one of each");
    Ok((patients, runs))
}
