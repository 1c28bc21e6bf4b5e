//! Our own reading: the pool with its sandboxed child, as the service runs it.

use std::fs;
use std::path::Path;

use referloop::domain::page::{PageText, REVIEW_DPI};
use referloop::reading::{Pool, ReadingConfig};

use crate::cpu;
use crate::report::Run;
use crate::score::{Found, PageRead};

pub fn pool(jobs: usize) -> Pool {
    Pool::new(ReadingConfig {
        jobs: Some(jobs),
        ..ReadingConfig::default()
    })
}

pub fn read(file: &Path) -> Run {
    let bytes = fs::read(file).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // A pool of its own, dropped within: what its children used is known once they are waited for.
    // None stands by: its start would be counted, though it reads the next document.
    let alone = ReadingConfig {
        jobs: Some(1),
        standby: 0,
        ..ReadingConfig::default()
    };
    let (document, cpu_seconds) = cpu::measured(|| runtime.block_on(async { Pool::new(alone).read(&bytes).await }));
    let document = document.unwrap_or_else(|error| panic!("{}: {:?} {error}", file.display(), error.reason));
    Run {
        pages: document.pages.iter().map(|page| page_read(&page.text)).collect(),
        cpu_seconds,
    }
}

fn page_read(text: &PageText) -> PageRead {
    let inches = |pixels: u32| f64::from(pixels) / f64::from(REVIEW_DPI);
    let words = text.words.iter().map(|word| Found {
        text: word.text.clone(),
        bounds: [
            inches(word.bounds.x),
            inches(word.bounds.y),
            inches(word.bounds.right()),
            inches(word.bounds.bottom()),
        ],
    });
    PageRead {
        words: words.collect(),
        rotation: Some(text.rotation.degrees()),
        blank: text.blank,
        again: text.recipe.passes > 1,
        stages: [
            text.recipe.times.decoding,
            text.recipe.times.cleaning,
            text.recipe.times.first_reading,
            text.recipe.times.second_reading,
            text.recipe.times.marks,
        ]
        .map(|milliseconds| f64::from(milliseconds) / 1e3),
    }
}
