//! How fast one core seals and opens an object, beside the floor: one AES-256-GCM call over the same bytes.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use referloop::crypto::DataKey;
use referloop::crypto::object_v1::{Binding, open, seal};
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

/// A one-page fax, a page image, and a long packet.
const SIZES: [(&str, usize); 3] = [
    ("40 KB fax", 40_000),
    ("400 KB page image", 400_000),
    ("8 MB packet", 8_000_000),
];
const RUNS: usize = 41;

fn main() -> std::io::Result<()> {
    let key = DataKey::random();
    let binding = Binding {
        tenant: "ten_bench",
        object: "obj_bench",
        version: 1,
        kind: "original",
    };
    let floor_key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).expect("32 bytes are a key"));
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<20} {:>22} {:>22} {:>22}",
        "sealing", "seal", "open", "one GCM call"
    )?;
    for (name, bytes) in SIZES {
        let plain = vec![0x5a; bytes];
        let sealed = seal(&key, &binding, &plain);
        let seal_time = median(|| drop(black_box(seal(&key, &binding, black_box(&plain)))));
        let open_time = median(|| drop(black_box(open(&key, &binding, black_box(&sealed)))));
        let floor_time = median(|| {
            let mut copy = plain.clone();
            let nonce = Nonce::assume_unique_for_key([0; 12]);
            floor_key
                .seal_in_place_append_tag(nonce, Aad::empty(), &mut copy)
                .expect("the key is sound");
            black_box(copy);
        });
        writeln!(
            out,
            "{name:<20} {:>22} {:>22} {:>22}",
            told(seal_time, bytes),
            told(open_time, bytes),
            told(floor_time, bytes)
        )?;
    }
    Ok(())
}

fn told(time: Duration, bytes: usize) -> String {
    format!("{time:.1?} {:>5.2} GB/s", bytes as f64 / time.as_secs_f64() / 1e9)
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}
