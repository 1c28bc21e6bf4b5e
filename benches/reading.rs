//! Pages a second against the tesseract command on the same pages in the same run.
//!
//! `cargo bench --bench reading [-- FOLDER]`: FOLDER holds PDFs and TIFFs, and the truth beside each where there is
//! one (rotation is scored against it). With `READING_OUT` set, pictures and words are left there to look at.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops where it cannot go on, and prints"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use referloop::domain::page::TextSource;
use referloop::reading::{Pool, ReadDocument, ReadingConfig};

fn main() {
    // The pool starts this very program again for its children.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == referloop::reading::child::COMMAND)
    {
        referloop::reading::child::main();
    }
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = folder.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/samples").to_owned());
    let files = documents(Path::new(&folder));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut total = Totals::default();
    for file in &files {
        runtime.block_on(one(file, &mut total));
    }
    total.print();
}

#[derive(Default)]
struct Totals {
    pages: usize,
    read_seconds: f64,
    recognised_pages: usize,
    recognised_seconds: f64,
    peer_pages: usize,
    peer_seconds: f64,
    rotations: usize,
    rotations_right: usize,
    blanks_right: usize,
}

impl Totals {
    fn print(&self) {
        println!(
            "{} pages, {:.2} s a page",
            self.pages,
            self.read_seconds / self.pages as f64
        );
        let ours = self.recognised_seconds / self.recognised_pages.max(1) as f64;
        let peer = self.peer_seconds / self.peer_pages.max(1) as f64;
        println!(
            "recognised: {ours:.2} s a page; tesseract command: {peer:.2} s; ratio {:.2}",
            ours / peer
        );
        println!(
            "rotation right {}/{}; blank right {}/{}",
            self.rotations_right, self.rotations, self.blanks_right, self.rotations
        );
    }
}

async fn one(file: &Path, total: &mut Totals) {
    let pool = Pool::new(ReadingConfig {
        jobs: Some(1),
        ..ReadingConfig::default()
    });
    let started = Instant::now();
    let document = match pool.read(&fs::read(file).unwrap()).await {
        Ok(document) => document,
        Err(error) => {
            println!("{}: {:?} {error}", file.display(), error.reason);
            return;
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    total.pages += document.pages.len();
    total.read_seconds += seconds;
    let recognised = document
        .pages
        .iter()
        .filter(|page| page.text.text_source == TextSource::Ocr)
        .count();
    if recognised == document.pages.len() {
        total.recognised_pages += recognised;
        total.recognised_seconds += seconds;
        if std::env::var_os("READING_ALONE").is_none() {
            total.peer_pages += recognised;
            total.peer_seconds += peer(&document);
        }
    }
    score(file, &document, total);
    keep(file, &document);
    let sources: Vec<String> = document
        .pages
        .iter()
        .map(|page| {
            format!(
                "{:?} {} words {}°",
                page.text.text_source,
                page.text.words.len(),
                page.text.rotation.degrees()
            )
        })
        .collect();
    println!(
        "{} {seconds:.2} s {}",
        file.file_name().unwrap().to_string_lossy(),
        sources.join(", ")
    );
}

/// The same pages, upright and squared already, through the command.
fn peer(document: &ReadDocument) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut seconds = 0.0;
    for page in &document.pages {
        let picture = folder.path().join("page.png");
        fs::write(&picture, &page.image_png).unwrap();
        let started = Instant::now();
        let done = Command::new("tesseract")
            .arg(&picture)
            .args(["stdout", "--dpi", "200", "tsv"])
            .env("OMP_THREAD_LIMIT", "1")
            .output()
            .unwrap();
        assert!(done.status.success());
        seconds += started.elapsed().as_secs_f64();
    }
    seconds
}

fn score(file: &Path, document: &ReadDocument, total: &mut Totals) {
    let beside = [file.with_extension("json"), file.with_file_name("expected.json")];
    let Some(truth) = beside.iter().find_map(|path| fs::read(path).ok()) else {
        return;
    };
    let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
    for (page, said) in document
        .pages
        .iter()
        .zip(truth["pages"].as_array().into_iter().flatten())
    {
        let right = said["rotation"] == page.text.rotation.degrees();
        let blank = (said["kind"] == "blank") == page.text.blank;
        total.rotations += 1;
        total.rotations_right += usize::from(right);
        total.blanks_right += usize::from(blank);
        if !right || !blank {
            println!(
                "  page {}: {said} but {} blank {}",
                page.text.number,
                page.text.rotation.degrees(),
                page.text.blank
            );
        }
    }
}

fn keep(file: &Path, document: &ReadDocument) {
    let Some(folder) = std::env::var_os("READING_OUT").map(PathBuf::from) else {
        return;
    };
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    for page in &document.pages {
        let base = folder.join(format!("{name}-{}", page.text.number));
        fs::write(base.with_extension("png"), &page.image_png).unwrap();
        fs::write(base.with_extension("json"), serde_json::to_vec(&page.text).unwrap()).unwrap();
    }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "pdf" || extension == "tif")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}
