//! How well and how fast pages are read, beside our peers on the same pages in the same run.
//!
//! `make bench-reading` makes the pages (`benches/reading/pages`), installs the peers and runs this:
//! `cargo bench --bench reading -- PAGES [--venv FOLDER] [--report FILE] [--peer-pages N]`. PAGES is what `make_pages.py`
//! left; FOLDER the virtual environment that holds OCRmyPDF; FILE a document in which the tables are put between marks.
//!
//! The floor is bare leptess: one instance, the delivered pixels, nothing before and nothing after.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops where it cannot go on, and prints"
)]

mod cpu;
mod floor;
mod machine;
mod ours;
mod packet;
mod peers;
mod report;
mod score;
mod throughput;

use std::path::PathBuf;

use crate::packet::Packet;
use crate::report::Report;

/// What the command line asks for.
pub struct Asked {
    pub pages: PathBuf,
    pub venv: Option<PathBuf>,
    pub report: Option<PathBuf>,
    /// Pages of a delivery that OCRmyPDF reads: it takes several times as long as everything else.
    pub peer_pages: usize,
}

fn main() {
    // The pool starts this very program again for its children, and the floor runs in a process of its own.
    match std::env::args().nth(1).as_deref() {
        Some(command) if command == referloop::reading::child::COMMAND => referloop::reading::child::main(),
        Some(floor::COMMAND) => return floor::main(),
        _ => {}
    }
    let Some(asked) = asked() else {
        println!("reading: run by `make bench-reading`, which makes the pages first");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let packets = packet::all(&asked.pages, scratch.path());
    let mut report = Report::default();
    for packet in &packets {
        measure(packet, &asked, scratch.path(), &mut report);
    }
    report.throughput = throughput::measure(&packets, scratch.path());
    let text = report.markdown(&machine::described(asked.venv.as_deref()));
    println!("{text}");
    if let Some(path) = &asked.report {
        report::put_between_marks(path, &text);
    }
}

/// Everyone reads the same packet before the next is taken, so that a busy moment of the machine hits all alike.
fn measure(packet: &Packet, asked: &Asked, scratch: &std::path::Path, report: &mut Report) {
    eprintln!("{} {} pages", packet.file.display(), packet.pages.len());
    report.add(packet, report::REFERLOOP, &ours::read(&packet.file));
    if packet.has_pictures() {
        report.add(packet, report::FLOOR, &floor::read(packet, None));
        if let Some(library) = floor::newer_library() {
            report.add(packet, report::FLOOR_NEWER, &floor::read(packet, Some(&library)));
        }
        report.add(packet, report::TESSERACT, &peers::tesseract(packet));
    }
    let Some(venv) = &asked.venv else { return };
    if packet.first_page + packet.pages.len() > asked.peer_pages {
        return;
    }
    let Some(pdf) = packet.scanned_pdf(venv, scratch) else {
        return;
    };
    report.add(packet, report::REFERLOOP_PDF, &ours::read(&pdf));
    report.add(packet, report::OCRMYPDF, &peers::ocrmypdf(venv, &pdf, scratch, &[]));
    let full = ["--deskew", "--clean", "--rotate-pages"];
    report.add(
        packet,
        report::OCRMYPDF_FULL,
        &peers::ocrmypdf(venv, &pdf, scratch, &full),
    );
}

fn asked() -> Option<Asked> {
    let mut asked = Asked {
        pages: PathBuf::new(),
        venv: None,
        report: None,
        peer_pages: 40,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--venv" => asked.venv = arguments.next().map(PathBuf::from),
            "--report" => asked.report = arguments.next().map(PathBuf::from),
            "--peer-pages" => asked.peer_pages = arguments.next()?.parse().ok()?,
            // Cargo adds it.
            "--bench" => {}
            _ => asked.pages = PathBuf::from(argument),
        }
    }
    asked.pages.is_dir().then_some(asked)
}
