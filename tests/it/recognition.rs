//! The libraries and models behind reading, as installed: which of them a child really uses, and that either reads alike.

use referloop::domain::alphabet::Alphabet;
use referloop::domain::region::Region;
use referloop::reading::installed::Installed;
use referloop::reading::{Pool, ReadDocument, ReadingConfig};
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn config() -> ReadingConfig {
    ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        ..ReadingConfig::default()
    }
}

async fn fax(config: ReadingConfig) -> ReadDocument {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/clean-referral/fax.tif");
    Pool::new(config).read(&fs::read(path).unwrap()).await.unwrap()
}

/// What the loader put into a child, by path.
fn libraries_of_a_child(named: &str) -> Option<HashSet<String>> {
    let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
    let children: String = tasks
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .collect();
    children.split_whitespace().find_map(|child| {
        let maps = fs::read_to_string(format!("/proc/{child}/maps")).ok()?;
        let paths: HashSet<String> = maps
            .lines()
            .filter_map(|line| line.split_whitespace().nth(5))
            .map(str::to_owned)
            .collect();
        paths.iter().any(|path| path.contains(named)).then_some(paths)
    })
}

#[tokio::test]
async fn the_installed_tesseract_reads_with_its_own_leptonica_alone() {
    let installed = Installed::beside(None);
    let folder = installed.tesseract.expect("infra/setup puts it there");
    assert!(installed.best_model.is_some(), "infra/setup puts it there");
    let pool = Pool::new(config());
    pool.warm_up();
    let mut loaded = None;
    for _ in 0..100 {
        loaded = loaded.or_else(|| libraries_of_a_child(folder.join("libtesseract-").to_str().unwrap()));
        tokio::time::sleep(Duration::from_millis(100)).await;
        if loaded.is_some() {
            break;
        }
    }
    let leptonicas: Vec<String> = loaded
        .expect("a child with the installed library")
        .into_iter()
        .filter(|path| path.contains("/liblept"))
        .collect();
    assert!(
        matches!(&leptonicas[..], [one] if one.starts_with(folder.to_str().unwrap())),
        "{leptonicas:?}"
    );
}

#[tokio::test]
async fn debians_tesseract_and_one_model_read_the_same_fax() {
    let alone = tempfile::tempdir().unwrap();
    let pdfium = alone.path().join("libpdfium.so");
    let installed = Installed::beside(None).tesseract.expect("infra/setup puts it there");
    symlink(installed.with_file_name("libpdfium.so"), &pdfium).unwrap();
    assert_eq!(Installed::beside(Some(&pdfium)), Installed::default());
    let debians = ReadingConfig {
        pdfium: Some(pdfium),
        ..config()
    };
    let [first, second] = [fax(config()).await, fax(debians).await].map(|document| {
        let words = document.pages.into_iter().flat_map(|page| page.text.words);
        words.map(|word| word.text).collect::<Vec<String>>()
    });
    let common = first.iter().filter(|word| second.contains(word)).count();
    assert!(
        common * 100 >= first.len() * 95,
        "{common} of {} words: {first:?} {second:?}",
        first.len()
    );
}

#[tokio::test]
async fn numbers_are_read_again_as_numbers() {
    let document = fax(config()).await;
    let page = &document.pages[0];
    let numbers = page.text.words.iter().filter(|word| {
        word.text.len() == 10 && word.text.bytes().all(|byte| byte.is_ascii_digit()) && word.confidence > 0.9
    });
    let (texts, regions): (Vec<&str>, Vec<Region>) = numbers
        .map(|word| {
            let region = Region {
                bounds: word.bounds,
                alphabet: Alphabet::Digits,
            };
            (word.text.as_str(), region)
        })
        .unzip();
    assert!(!texts.is_empty(), "the sample has an NPI");
    let pool = Pool::new(config());
    let read = pool.regions(page.image_png.clone().into(), regions).await.unwrap();
    let again: Vec<&str> = read.iter().map(|region| region.text.as_str()).collect();
    assert_eq!(again, texts);
    assert!(read.iter().all(|region| region.agreed));
}
