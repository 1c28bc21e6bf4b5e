//! Pages of one delivery as a document of ten, which is how faxes come, with the truth of each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

pub const PAGES_A_PACKET: usize = 10;

/// What `make_pages.py` says about a page.
#[derive(Deserialize)]
pub struct Truth {
    pub file: String,
    pub delivery: String,
    pub damage: String,
    /// Degrees clockwise that the page must be turned to read upright.
    pub rotation: u16,
    pub words: Vec<TrueWord>,
    /// What the document says in its fields, as shown.
    pub values: Vec<String>,
}

#[derive(Deserialize)]
pub struct TrueWord {
    pub text: String,
    /// Left, top, right and bottom, in inches of the upright page.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
}

pub struct Page {
    pub truth: Truth,
    /// The delivered pixels, for peers that read pictures. Turned and blank pages have none.
    pub picture: Option<PathBuf>,
}

pub struct Packet {
    pub delivery: String,
    pub pages: Vec<Page>,
    pub file: PathBuf,
    /// How many pages of this delivery stand in packets before.
    pub first_page: usize,
}

/// All pages of a folder, by delivery.
pub fn all(folder: &Path, scratch: &Path) -> Vec<Packet> {
    let mut truths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    truths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    truths.sort();
    let mut pages: Vec<Page> = Vec::new();
    for path in truths {
        let picture = Some(path.with_extension("png")).filter(|picture| picture.exists());
        let truth: Truth = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        pages.push(Page { truth, picture });
    }
    let mut packets: Vec<Packet> = Vec::new();
    while !pages.is_empty() {
        let delivery = pages[0].truth.delivery.clone();
        let same = pages.iter().take_while(|page| page.truth.delivery == delivery).count();
        let mut taken: Vec<Page> = pages.drain(..same.min(PAGES_A_PACKET)).collect();
        let first_page = match packets.last() {
            Some(before) if before.delivery == delivery => before.first_page + before.pages.len(),
            _ => 0,
        };
        // A packet of one page would pay a child's start for that page alone.
        if taken.len() == 1 && first_page > 0 {
            taken.clear();
            continue;
        }
        let sources: Vec<PathBuf> = taken.iter().map(|page| folder.join(&page.truth.file)).collect();
        let file = scratch.join(format!("{delivery}-{first_page}"));
        let file = joined(&sources, &file);
        packets.push(Packet {
            delivery,
            pages: taken,
            file,
            first_page,
        });
    }
    packets
}

/// Several files of one page as one of several.
pub fn joined(sources: &[PathBuf], target: &Path) -> PathBuf {
    let kind = sources[0].extension().unwrap().to_owned();
    let target = target.with_extension(&kind);
    let program = if kind == "tif" { "tiffcp" } else { "pdfunite" };
    run(Command::new(program).args(sources).arg(&target));
    target
}

/// Runs a program that must succeed, quietly.
pub fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    assert!(status.success(), "{} failed", command.get_program().display());
}

impl Packet {
    pub fn has_pictures(&self) -> bool {
        self.pages.iter().all(|page| page.picture.is_some())
    }

    pub fn pictures(&self) -> impl Iterator<Item = &Path> {
        self.pages.iter().filter_map(|page| page.picture.as_deref())
    }

    /// The packet as a PDF of pictures, which is all that OCRmyPDF reads; for scans, and for fine faxes wrapped without loss.
    pub fn scanned_pdf(&self, venv: &Path, scratch: &Path) -> Option<PathBuf> {
        match self.delivery.as_str() {
            "scan_200" | "scan_300" => Some(self.file.clone()),
            "fax_fine" => {
                let pdf = scratch.join(format!("fax_fine-{}.pdf", self.first_page));
                run(Command::new(venv.join("bin/img2pdf"))
                    .arg(&self.file)
                    .arg("-o")
                    .arg(&pdf));
                Some(pdf)
            }
            _ => None,
        }
    }
}
