//! Bare leptess on the delivered pixels: what Tesseract costs when nothing is done for it.
//!
//! Runs in a process of its own, since the OpenMP runtime takes its limit from the environment before `main`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use leptess::tesseract::TessApi;

use crate::cpu;
use crate::packet::Packet;
use crate::report::Run;
use crate::score::{Found, PageRead};

/// The hidden command: `floor PICTURE…` prints a line of JSON for each picture.
pub const COMMAND: &str = "floor";

/// With Debian's library, or with that of the folder.
pub fn read(packet: &Packet, library: Option<&Path>) -> Run {
    let pictures: Vec<&Path> = packet.pictures().collect();
    let output = start(&pictures, library).wait_with_output().unwrap();
    assert!(output.status.success(), "the floor failed");
    let mut run = Run::default();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (seconds, words): (f64, Vec<Found>) = serde_json::from_str(line).unwrap();
        run.cpu_seconds += seconds;
        run.pages.push(PageRead {
            words,
            ..PageRead::default()
        });
    }
    run
}

/// The newer libtesseract that `infra/setup` installs for our children, if it did.
pub fn newer_library() -> Option<PathBuf> {
    let folders = [
        "/usr/local/lib/referloop/tesseract",
        concat!(env!("CARGO_MANIFEST_DIR"), "/.local/lib/referloop/tesseract"),
    ];
    folders
        .into_iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("libtesseract.so.5").exists())
}

pub fn start(pictures: &[&Path], library: Option<&Path>) -> Child {
    let mut command = Command::new("/proc/self/exe");
    command.arg(COMMAND).args(pictures).env("OMP_THREAD_LIMIT", "1");
    if let Some(library) = library {
        command.env("LD_LIBRARY_PATH", library);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// In the process: decoding the picture and loading the model are not counted.
pub fn main() {
    let mut api = TessApi::new(Some("/usr/share/tesseract-ocr/5/tessdata"), "eng").unwrap();
    api.raw.set_variable(c"tessedit_pageseg_mode", c"3").unwrap();
    for path in std::env::args().skip(2) {
        let reader = image::ImageReader::open(&path).unwrap();
        let gray = reader.decode().unwrap().into_luma8();
        let dpi = resolution(Path::new(&path));
        let (width, height) = (gray.width() as i32, gray.height() as i32);
        let before = cpu::of_this_thread();
        api.raw.set_image(gray.as_raw(), width, height, 1, width).unwrap();
        api.set_source_resolution(dpi.0 as i32);
        assert_eq!(api.recognize(), 0);
        let table = api.raw.get_tsv_text(0).unwrap();
        let seconds = cpu::of_this_thread() - before;
        let words = words(&String::from_utf8_lossy(table.as_ref().to_bytes()), dpi);
        let line = serde_json::to_string(&(seconds, words)).unwrap();
        println!("{line}");
    }
}

/// Dots an inch, from what the picture's truth says.
pub fn resolution(picture: &Path) -> (f64, f64) {
    let truth = std::fs::read(picture.with_extension("json")).unwrap();
    let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
    (truth["dpi"][0].as_f64().unwrap(), truth["dpi"][1].as_f64().unwrap())
}

/// Words of Tesseract's table, with boxes in inches.
pub fn words(table: &str, dpi: (f64, f64)) -> Vec<Found> {
    let rows = table.lines().map(|row| row.splitn(12, '\t').collect::<Vec<_>>());
    let words = rows.filter(|columns| columns.len() == 12 && columns[0] == "5" && !columns[11].trim().is_empty());
    words
        .map(|columns| {
            let number = |index: usize| columns[index].parse::<f64>().unwrap();
            let (left, top) = (number(6), number(7));
            Found {
                text: columns[11].trim().to_owned(),
                bounds: [
                    left / dpi.0,
                    top / dpi.1,
                    (left + number(8)) / dpi.0,
                    (top + number(9)) / dpi.1,
                ],
            }
        })
        .collect()
}
