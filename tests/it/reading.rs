//! Reading end to end: real children, hostile documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::documents::{CATALOGUE, pdf, stream};
use referloop::domain::page::{Rotation, TextSource};
use referloop::domain::page_quality::Step;
use referloop::domain::transmission::QuarantineReason;
use referloop::reading::{Limits, Pool, ReadDocument, ReadError, ReadingConfig, check};

fn config() -> ReadingConfig {
    ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        standby: 0,
        ..ReadingConfig::default()
    }
}

async fn read(document: &[u8]) -> Result<ReadDocument, ReadError> {
    Pool::new(config()).read(document).await
}

async fn refused(document: &[u8]) -> QuarantineReason {
    let started = Instant::now();
    let reason = read(document).await.unwrap_err().reason;
    assert!(
        started.elapsed() < Duration::from_mins(1),
        "{reason:?} took {:?}",
        started.elapsed()
    );
    reason
}

fn sample(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path)).unwrap()
}

fn text(document: &ReadDocument) -> String {
    let words = document.pages.iter().flat_map(|page| &page.text.words);
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";

/// Directories of one page each, chained: `entries` are (tag, type, count, value).
fn tiff(pages: u32, entries: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let size = 2 + 12 * entries.len() as u32 + 4;
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for page in 0..pages {
        bytes.extend_from_slice(&(entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&kind.to_le_bytes());
            bytes.extend_from_slice(&count.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        let next = if page + 1 == pages { 0 } else { 8 + size * (page + 1) };
        bytes.extend_from_slice(&next.to_le_bytes());
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fax_is_read_with_its_words_and_its_picture() {
    let document = read(&sample("clean-referral/fax.tif")).await.unwrap();
    let page = &document.pages[0];
    assert_eq!(
        (page.text.rotation, page.text.text_source),
        (Rotation::Upright, TextSource::Ocr)
    );
    let picture = image::load_from_memory(&page.image_png).unwrap().into_luma8();
    assert_eq!(picture.dimensions(), (page.text.width, page.text.height));
    assert!((1650..1760).contains(&page.text.width), "{}", page.text.width);
    assert!(page.text.words.len() > 40, "{}", text(&document));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_pdf_is_read_from_its_text_layer() {
    let document = read(&sample("consult-note/document.pdf")).await.unwrap();
    assert!(
        document
            .pages
            .iter()
            .all(|page| page.text.text_source == TextSource::TextLayer)
    );
    assert!(document.pages[0].text.words.len() > 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upside_down_page_is_turned_and_its_boxes_hold_the_ink() {
    let document = read(&sample("upside-down-fax/fax.tif")).await.unwrap();
    let page = &document.pages[0];
    assert_eq!(page.text.rotation, Rotation::Half);
    assert!(text(&document).contains("Castellano"), "{}", text(&document));
    let picture = image::load_from_memory(&page.image_png).unwrap().into_luma8();
    for word in page
        .text
        .words
        .iter()
        .filter(|word| word.confidence > 0.8 && word.text.len() > 2)
    {
        let b = word.bounds;
        let dark = (b.y..b.bottom())
            .flat_map(|y| (b.x..b.right()).map(move |x| (x, y)))
            .filter(|&(x, y)| picture.get_pixel(x, y).0[0] < 128)
            .count();
        let share = dark as f64 / f64::from(b.width * b.height);
        assert!(share > 0.06, "{} at {b:?} has {share} ink", word.text);
    }
}

/// A fax in a PDF as gateways write it: its size in points is rounded, so that no pixel falls on a pixel.
fn fax_in_a_pdf(drawn_over: &str) -> Vec<u8> {
    let (columns, rows) = (1728, 2156);
    let mut bits = String::with_capacity(columns / 4 * rows + 1);
    for y in 0..rows {
        for byte in 0..columns / 8 {
            let is_letter = y % 60 < 22 && byte % 3 == 0 && (200..1900).contains(&y) && (20..190).contains(&byte);
            bits.push_str(if is_letter { "C3" } else { "FF" });
        }
    }
    bits.push('>');
    let page = format!("q 609.882 0 0 792 0 0 cm /Im Do Q {drawn_over}");
    pdf(
        &[
            CATALOGUE,
            PAGES,
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 609.882 792] /Contents 4 0 R \
             /Resources << /XObject << /Im 5 0 R >> >> >>",
            &stream("", &page),
            &stream(
                "/Type /XObject /Subtype /Image /Width 1728 /Height 2156 /BitsPerComponent 1 /ColorSpace /DeviceGray \
                 /Filter /ASCIIHexDecode",
                &bits,
            ),
        ],
        "",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fax_in_a_pdf_is_black_and_white_unless_grey_is_drawn_over_it() {
    let fax = read(&fax_in_a_pdf("")).await.unwrap();
    assert!(fax.pages[0].text.recipe.steps.contains(&Step::Despeckled));
    let stamped = read(&fax_in_a_pdf("0.7 g 100 740 300 30 re f")).await.unwrap();
    assert!(stamped.pages[0].text.recipe.steps.contains(&Step::Whitened));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_is_refused() {
    assert_eq!(
        refused(b"Dear colleague, please see this patient.").await,
        QuarantineReason::NotADocument
    );
    assert_eq!(refused(b"").await, QuarantineReason::NotADocument);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_files_are_unreadable() {
    assert_eq!(
        refused(&sample("damaged-pdf/document.pdf")).await,
        QuarantineReason::Unreadable
    );
    let whole = sample("consult-note/document.pdf");
    assert_eq!(refused(&whole[..whole.len() / 4]).await, QuarantineReason::Unreadable);
    let fax = sample("clean-referral/fax.tif");
    assert!(matches!(
        refused(&fax[..40]).await,
        QuarantineReason::Unreadable | QuarantineReason::NoPages
    ));
    assert_eq!(
        refused(b"\x89PNG\r\n\x1a\n and then nothing").await,
        QuarantineReason::Unreadable
    );
    assert_eq!(
        refused(b"\xff\xd8\xff\xe0 and then nothing").await,
        QuarantineReason::Unreadable
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_pdf_is_encrypted() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>";
    let key = "00".repeat(32);
    let lock = format!("<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>");
    let bytes = pdf(&[CATALOGUE, PAGES, page, &lock], "/Encrypt 4 0 R /ID [<00> <00>]");
    assert_eq!(refused(&bytes).await, QuarantineReason::Encrypted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_draws_itself_does_not_hold_the_reader() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R \
                /Resources << /XObject << /F 4 0 R >> >> >>";
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F 4 0 R >> >>",
        &"/F Do ".repeat(20),
    );
    let bytes = pdf(&[CATALOGUE, PAGES, page, &form, &stream("", "/F Do")], "");
    let limits = Limits {
        cpu_seconds_a_page: 2,
        wall_seconds_a_page: 5,
        ..Limits::default()
    };
    let error = Pool::new(ReadingConfig { limits, ..config() })
        .read(&bytes)
        .await
        .unwrap_err();
    assert_eq!(error.reason, QuarantineReason::Time);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_thousand_directories_are_too_many_pages() {
    let started = Instant::now();
    let bytes = tiff(50_000, &[(256, 3, 1, 8), (257, 3, 1, 8)]);
    assert_eq!(refused(&bytes).await, QuarantineReason::TooManyPages);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn giant_claims_are_refused_before_memory_is_taken() {
    let bytes = tiff(
        1,
        &[
            (256, 4, 1, 100_000),
            (257, 4, 1, 100_000),
            (259, 3, 1, 4),
            (273, 4, 1, 8),
            (279, 4, 1, 8),
        ],
    );
    assert_eq!(refused(&bytes).await, QuarantineReason::PixelLimit);

    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 14000 14000] >>";
    assert_eq!(
        refused(&pdf(&[CATALOGUE, PAGES, page], "")).await,
        QuarantineReason::PixelLimit
    );

    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&100_000u32.to_be_bytes());
    header.extend_from_slice(&100_000u32.to_be_bytes());
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    png.extend_from_slice(&header);
    png.extend_from_slice(&crc.sum().to_be_bytes());
    png.extend_from_slice(b"\0\0\0\0IDAT");
    assert_eq!(refused(&png).await, QuarantineReason::PixelLimit);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_library_or_model_is_our_fault_and_has_a_remedy() {
    let without_pdfium = ReadingConfig {
        pdfium: Some("/nowhere/libpdfium.so".into()),
        ..config()
    };
    let fault = check(&without_pdfium).await.unwrap_err();
    assert!(
        fault.problem.contains("libpdfium") && fault.remedy.contains("infra/setup"),
        "{fault:?}"
    );
    let without_model = ReadingConfig {
        models: Some("/nowhere".into()),
        ..config()
    };
    let fault = check(&without_model).await.unwrap_err();
    assert!(
        fault.problem.contains("model") && fault.remedy.contains("tesseract-ocr-eng"),
        "{fault:?}"
    );
    let error = Pool::new(without_model)
        .read(&sample("clean-referral/fax.tif"))
        .await
        .unwrap_err();
    assert!(error.is_ours());
}

/// User and system seconds of all children that have ended.
fn children_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks / 100.0
}

#[test]
fn one_page_uses_one_core() {
    // In a process of its own, since the processor time of children can't be told apart otherwise.
    let inner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "reading::inner_one_page_uses_one_core", "--ignored"])
        .output()
        .unwrap();
    assert!(inner.status.success(), "{}", String::from_utf8_lossy(&inner.stdout));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by one_page_uses_one_core"]
async fn inner_one_page_uses_one_core() {
    let (started, before) = (Instant::now(), children_seconds());
    read(&sample("clean-referral/fax.tif")).await.unwrap();
    let (wall, processor) = (started.elapsed().as_secs_f64(), children_seconds() - before);
    assert!(
        processor > 0.1 && processor / wall < 1.2,
        "{processor} s of processor in {wall} s"
    );
}
