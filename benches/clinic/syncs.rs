//! What any commit waits for: 4 KB written and synced.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Each in milliseconds.
pub fn syncs(folder: &Path, count: u32) -> std::io::Result<Vec<f64>> {
    let mut file = std::fs::File::create(folder.join("syncs"))?;
    let mut times = Vec::new();
    for _ in 0..count {
        let begun = Instant::now();
        file.write_all(&[0x5a; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}
