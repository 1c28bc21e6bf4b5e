//! Other programs on the same pages: the tesseract command, and OCRmyPDF.

use std::path::Path;
use std::process::Command;

use crate::packet::{self, Packet};
use crate::report::Run;
use crate::score::{Found, PageRead};
use crate::{cpu, floor};

/// The command once a picture, as most people run it; one thread, so that processor seconds compare.
pub fn tesseract(packet: &Packet) -> Run {
    let mut run = Run::default();
    for picture in packet.pictures() {
        let dpi = floor::resolution(picture);
        let mut command = Command::new("tesseract");
        command
            .arg(picture)
            .args(["stdout", "--dpi"])
            .arg(dpi.0.to_string())
            .arg("tsv");
        let (output, seconds) = cpu::measured(|| command.env("OMP_THREAD_LIMIT", "1").output().unwrap());
        assert!(output.status.success(), "tesseract failed");
        run.cpu_seconds += seconds;
        run.pages.push(PageRead {
            words: floor::words(&String::from_utf8_lossy(&output.stdout), dpi),
            ..PageRead::default()
        });
    }
    run
}

/// One job, so that no thread waits for another; what it wrote is read back by poppler, uncounted.
pub fn ocrmypdf(venv: &Path, pdf: &Path, scratch: &Path, options: &[&str]) -> Run {
    let out = scratch.join("ocrmypdf.pdf");
    let mut command = Command::new(venv.join("bin/ocrmypdf"));
    command
        .args(["--jobs", "1", "--output-type", "pdf"])
        .args(options)
        .arg(pdf)
        .arg(&out);
    command.env("OMP_THREAD_LIMIT", "1");
    let ((), cpu_seconds) = cpu::measured(|| packet::run(&mut command));
    let text = Command::new("pdftotext")
        .arg("-bbox")
        .arg(&out)
        .arg("-")
        .output()
        .unwrap();
    Run {
        pages: pages_of_boxes(&String::from_utf8_lossy(&text.stdout)),
        cpu_seconds,
    }
}

/// Poppler's list of words, in points.
fn pages_of_boxes(xml: &str) -> Vec<PageRead> {
    let line =
        regex::Regex::new(r#"<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>"#);
    let line = line.unwrap();
    let mut pages = Vec::new();
    for page in xml.split("<page ").skip(1) {
        let words = line.captures_iter(page).map(|word| {
            let inches = |group: usize| word[group].parse::<f64>().unwrap() / 72.0;
            Found {
                text: plain(&word[5]),
                bounds: [inches(1), inches(2), inches(3), inches(4)],
            }
        });
        pages.push(PageRead {
            words: words.collect(),
            ..PageRead::default()
        });
    }
    pages
}

fn plain(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}
