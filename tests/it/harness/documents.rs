//! Documents made for tests: faxes of many pages, and PDFs written by hand.

use std::fs;
use std::path::Path;

/// A file of `samples/`.
pub fn sample(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path)).unwrap()
}

const WIDTH: u16 = 256;
const STRIP_OFFSETS: u16 = 273;

/// A fax whose every page is the first page of `fax`: its directory again and again, all of them with the same strips.
pub struct Fax {
    bytes: Vec<u8>,
    /// Entries of the first directory: tag, type, count, value or offset.
    entries: Vec<[u8; 12]>,
}

impl Fax {
    pub fn of(path: &str) -> Self {
        let bytes = sample(path);
        assert_eq!(&bytes[..4], b"II*\0");
        let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
        let count = usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
        let entries = bytes[at + 2..at + 2 + 12 * count].chunks_exact(12);
        Self {
            entries: entries.map(|entry| entry.try_into().unwrap()).collect(),
            bytes,
        }
    }

    /// `pages` pages, of which `change` may change the directory's entries by tag.
    pub fn pages(&self, pages: u32, change: impl Fn(u32, u16) -> Option<u32>) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        let first = bytes.len() as u32;
        let size = 2 + 12 * self.entries.len() as u32 + 4;
        bytes[4..8].copy_from_slice(&first.to_le_bytes());
        for page in 1..=pages {
            bytes.extend_from_slice(&(self.entries.len() as u16).to_le_bytes());
            for entry in &self.entries {
                let mut entry = *entry;
                let tag = u16::from_le_bytes([entry[0], entry[1]]);
                if let Some(value) = change(page, tag) {
                    // As one LONG.
                    entry[2..4].copy_from_slice(&4u16.to_le_bytes());
                    entry[4..8].copy_from_slice(&1u32.to_le_bytes());
                    entry[8..12].copy_from_slice(&value.to_le_bytes());
                }
                bytes.extend_from_slice(&entry);
            }
            let next = if page == pages { 0 } else { first + size * page };
            bytes.extend_from_slice(&next.to_le_bytes());
        }
        bytes
    }

    pub fn copies(&self, pages: u32) -> Vec<u8> {
        self.pages(pages, |_, _| None)
    }

    /// One page claims to be wider than any paper.
    pub fn with_giant(&self, pages: u32, giant: u32) -> Vec<u8> {
        self.pages(pages, |page, tag| (page == giant && tag == WIDTH).then_some(100_000))
    }

    /// The strips of one page lie behind the end of the file.
    pub fn with_damaged(&self, pages: u32, damaged: u32) -> Vec<u8> {
        self.pages(pages, |page, tag| {
            (page == damaged && tag == STRIP_OFFSETS).then_some(u32::MAX - 1)
        })
    }
}

/// A PDF with these objects, numbered from 1; the first is the catalogue.
pub fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = bytes.len();
    let count = objects.len() + 1;
    let places = offsets
        .iter()
        .map(|offset| format!("{offset:010} 00000 n \n"))
        .collect::<Vec<_>>()
        .concat();
    let table = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    bytes.extend_from_slice(table.as_bytes());
    bytes
}

pub const CATALOGUE: &str = "<< /Type /Catalog /Pages 2 0 R >>";

pub fn stream(dictionary: &str, content: &str) -> String {
    format!(
        "<< {dictionary} /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// A PDF whose pages have these contents. Its font is named, not embedded; `/F0` is a form that draws itself.
pub fn pages_pdf(contents: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len())
        .map(|page| format!("{} 0 R", 5 + 2 * page))
        .collect();
    let pages = format!(
        "<< /Type /Pages /Kids [{}] /Count {} >>",
        kids.join(" "),
        contents.len()
    );
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding >>".to_owned();
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F0 4 0 R >> >>",
        &"/F0 Do ".repeat(20),
    );
    let mut objects = vec![CATALOGUE.to_owned(), pages, font, form];
    for (page, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> /XObject << /F0 4 0 R >> >> >>",
            6 + 2 * page
        ));
        objects.push(stream("", content));
    }
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    pdf(&objects, "")
}

/// Lines of text on a page.
pub fn text_page(lines: &[&str]) -> String {
    let shown: Vec<String> = lines.iter().map(|line| format!("({line}) Tj T*")).collect();
    format!("BT /F1 14 Tf 20 TL 72 700 Td {} ET", shown.join(" "))
}

/// A page that draws itself for longer than anybody waits.
pub fn endless_page() -> String {
    "/F0 Do".to_owned()
}
