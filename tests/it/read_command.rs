//! `referloop read`: each format as other programs take it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// From a folder without anything, as anyone may.
fn read(words: &[&str]) -> Output {
    let nowhere = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_referloop"))
        .arg("read")
        .args(words)
        .current_dir(nowhere.path())
        .env_remove("REFERLOOP_DATA")
        .output()
        .unwrap();
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0);
    output
}

fn made(sample: &str, format: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
    let output = read(&[path.to_str().unwrap(), "--format", format]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn text_has_a_line_a_line_and_a_form_feed_between_pages() {
    let text = String::from_utf8(made("two-patients/fax.tif", "text")).unwrap();
    assert_eq!(text.split('\u{c}').count(), 2);
    assert!(
        text.lines().any(|line| line.starts_with("Patient Name: Gwendolyn")),
        "{text}"
    );
}

#[test]
fn json_holds_all_that_was_found() {
    let answer: Value = serde_json::from_slice(&made("clean-referral/fax.tif", "json")).unwrap();
    assert_eq!(answer["media_type"], "image/tiff");
    let page = &answer["pages"][0];
    assert!(page["words"].as_array().unwrap().len() > 40);
    assert!(page["ruled_lines"].as_array().unwrap().len() > 5);
    let word = &page["words"][0];
    assert!(
        word["text"].is_string()
            && word["bounds"].is_array()
            && word["confidence"].is_number()
            && word["line"].is_number()
    );
}

/// What hOCR 1.2 asks for: well-formed; each page with bbox, image and number; lines in areas, words in lines, each with a
/// box within its parent's; words with a confidence; no id twice.
const VALIDATE: &str = r#"
import re, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
space = "{http://www.w3.org/1999/xhtml}"
assert root.tag == space + "html", root.tag
meta = {m.get("name"): m.get("content") for m in root.iter(space + "meta")}
assert meta["ocr-system"].startswith("referloop") and "ocrx_word" in meta["ocr-capabilities"].split()
ids, words = set(), 0
def properties(element):
    return dict(part.strip().split(" ", 1) for part in element.get("title").split(";"))
def box(element):
    left, top, right, bottom = map(int, properties(element)["bbox"].split())
    assert left < right and top < bottom
    return left, top, right, bottom
def within(inner, outer):
    assert outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3], (inner, outer)
order = ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"]
def walk(element, level, outer):
    global words
    assert element.get("class") == order[level], element.get("class")
    assert element.get("id") not in ids
    ids.add(element.get("id"))
    own = box(element)
    if outer:
        within(own, outer)
    if level == 4:
        assert 0 <= int(properties(element)["x_wconf"]) <= 100 and element.text.strip()
        words += 1
    for child in element:
        walk(child, level + 1, own)
pages = list(root.find(space + "body"))
for number, page in enumerate(pages):
    said = properties(page)
    assert int(said["ppageno"]) == number and re.fullmatch('".+"', said["image"]), said
    walk(page, 0, None)
print(len(pages), words)
"#;

#[test]
fn hocr_is_what_its_specification_asks_for() {
    use std::io::Write as _;
    let hocr = made("two-patients/fax.tif", "hocr");
    let json: Value = serde_json::from_slice(&made("two-patients/fax.tif", "json")).unwrap();
    let counts = json["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page["words"].as_array().unwrap().len());
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", VALIDATE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(&hocr).unwrap();
    let said = python.wait_with_output().unwrap();
    assert!(said.status.success());
    assert_eq!(
        String::from_utf8_lossy(&said.stdout).trim(),
        format!("2 {}", counts.sum::<usize>())
    );
}

#[test]
fn a_pdf_can_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fax.pdf");
    std::fs::write(&path, made("clean-referral/fax.tif", "pdf")).unwrap();
    let text = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
    assert!(String::from_utf8_lossy(&text.stdout).contains("Marchetti"));
}

#[test]
fn what_can_not_be_read_is_told_and_fails() {
    let damaged = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/damaged-pdf/document.pdf");
    for (path, told) in [(damaged, "was not read"), ("not-there.tif", "could not be opened")] {
        let output = read(&[path, "--format", "json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(said.contains(path) && said.contains(told), "{said}");
    }
}
