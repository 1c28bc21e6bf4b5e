//! How many transactions a second SQLite makes durable, beside the floor: writes of 4 KB, each with its own fsync.

use referloop::store::{Db, sql};
use std::io::Write;
use std::time::Instant;

const TRANSACTIONS: usize = 2_000;
const CALLERS: [usize; 3] = [1, 8, 64];

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(".")?;
    let floor = synced_writes_a_second(folder.path())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let db = runtime.block_on(async {
        let db = Db::connect(&format!("sqlite:{}", folder.path().join("bench.db").display())).await?;
        db.migrate().await?;
        anyhow::Ok(db)
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<28} {:>10} {:>10} {:>10}",
        "durable transactions", "a second", "p50 ms", "of floor"
    )?;
    writeln!(
        out,
        "{:<28} {floor:>10.0} {:>10} {:>10.2}",
        "floor: write and fsync", "", 1.0
    )?;
    for callers in CALLERS {
        let (rate, p50) = runtime.block_on(commits_a_second(&db, callers))?;
        let name = format!("{callers} callers");
        writeln!(out, "{name:<28} {rate:>10.0} {p50:>10.2} {:>10.2}", rate / floor)?;
    }
    Ok(())
}

fn synced_writes_a_second(folder: &std::path::Path) -> std::io::Result<f64> {
    const WRITES: usize = 300;
    let mut file = std::fs::File::create(folder.join("floor"))?;
    let page = [0x5a; 4096];
    let begun = Instant::now();
    for _ in 0..WRITES {
        file.write_all(&page)?;
        file.sync_data()?;
    }
    Ok(WRITES as f64 / begun.elapsed().as_secs_f64())
}

/// Each transaction inserts three rows, as a receipt with its job and its audit row does.
async fn commits_a_second(db: &Db, callers: usize) -> anyhow::Result<(f64, f64)> {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                for turn in 0..TRANSACTIONS / callers {
                    let started = Instant::now();
                    let mut tx = db.begin().await?;
                    for part in 0..3 {
                        sql("insert into tenant (id, created_at) values ($1, $2)")
                            .bind(format!("{callers}-{caller}-{turn}-{part}"))
                            .bind(chrono::DateTime::UNIX_EPOCH)
                            .execute(&mut tx)
                            .await?;
                    }
                    tx.commit().await?;
                    times.push(started.elapsed().as_secs_f64() * 1_000.0);
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    Ok((rate, times[times.len() / 2]))
}
