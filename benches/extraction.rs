//! How long extraction takes for a page, beside the floor of only counting its characters: a plain form, and a page of
//! ten thousand words, more than any fax holds.

use referloop::domain::page::{PageText, PixelBox, Rotation, TextSource, Word};
use referloop::domain::page_facts::PageFacts;
use referloop::domain::page_quality::{Quality, Recipe};
use referloop::extraction::{RuleSets, diagnosis};
use std::io::Write;
use std::time::Instant;

const LINES: [&str; 8] = [
    "Patient name: Marchetti, Rosalind T.     Date of birth: 08/14/1961",
    "Home phone: (503) 555-0118     Preferred language: English",
    "Insurance company: Cascade Mutual Health     Member ID: CMH482913765",
    "Diagnosis (ICD-10): I48.0 Paroxysmal atrial fibrillation",
    "Reason for referral: Palpitations with two episodes of near fainting in May",
    "Referring provider: Helen Adeyemi, MD     NPI: 1234567893",
    "The patient was seen last week and reports no chest pain at rest or on exertion",
    "Allergies: none known; medications are unchanged since the last visit in March",
];
const TURNS: usize = 20;

fn main() -> std::io::Result<()> {
    let rules = RuleSets::embedded();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<28} {:>10} {:>12}", "extraction", "ms a page", "of counting")?;
    for (name, words) in [("a page of 300 words", 300), ("a page of 10,000 words", 10_000)] {
        let page = page(words);
        let extract = milliseconds(|| rules.extract(std::slice::from_ref(&page)).documents.len());
        let count = milliseconds(|| page.words.iter().map(|word| word.text.chars().count()).sum());
        writeln!(out, "{name:<28} {extract:>10.2} {:>11.0}x", extract / count.max(0.0001))?;
    }
    // Unpacking the list is paid once, before the clock starts.
    std::hint::black_box(diagnosis("I10"));
    let codes = ["I48.91", "M5450", "Z99.89", "A00", "148.91", "ZZZ"];
    let look_up = milliseconds(|| codes.iter().filter(|code| diagnosis(code).is_some()).count());
    let each = look_up * 1_000.0 / codes.len() as f64;
    writeln!(out, "{:<28} {each:>10.2} µs", "a look-up of a diagnosis")?;
    Ok(())
}

fn milliseconds(work: impl Fn() -> usize) -> f64 {
    let begun = Instant::now();
    let mut done = 0;
    for _ in 0..TURNS {
        done += std::hint::black_box(work());
    }
    std::hint::black_box(done);
    begun.elapsed().as_secs_f64() * 1_000.0 / TURNS as f64
}

/// Lines over and over, in as many columns as it takes.
fn page(count: usize) -> PageText {
    let mut words = Vec::new();
    for (number, line) in LINES.iter().cycle().enumerate() {
        let (column, row) = (number / 120, number % 120);
        for (at, text) in line.split_whitespace().enumerate() {
            if words.len() == count {
                return finished(words);
            }
            let (x, y) = (column as u32 * 1_200 + at as u32 * 80, row as u32 * 30);
            let bounds = PixelBox {
                x,
                y,
                width: 70,
                height: 20,
            };
            words.push(Word {
                text: text.to_owned(),
                bounds,
                confidence: 0.95,
                line: number as u32,
                second: None,
            });
        }
    }
    finished(words)
}

fn finished(words: Vec<Word>) -> PageText {
    PageText {
        number: 1,
        rotation: Rotation::Upright,
        blank: false,
        text_source: TextSource::Ocr,
        width: 1700,
        height: 3600,
        words,
        check_boxes: Vec::new(),
        ruled_lines: Vec::new(),
        rings: Vec::new(),
        strikes: Vec::new(),
        looks: Vec::new(),
        unreadable: None,
        illegible: Vec::new(),
        quality: Quality::default(),
        recipe: Recipe::default(),
        facts: PageFacts::default(),
    }
}
