//! Originals bound into searchable PDFs: the same pixels and objects, upright, words at their places, nothing of others.

use std::path::{Path, PathBuf};
use std::process::Command;

use referloop::domain::page::{PageText, REVIEW_DPI};
use referloop::pipeline::bind::searchable_pdf;
use referloop::reading::{Pool, ReadingConfig};

use crate::harness::documents::{pdf, sample, stream};
use crate::tiff_variants::workshop::Bench;

fn pool() -> Pool {
    Pool::new(ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        ..ReadingConfig::default()
    })
}

struct Bound {
    folder: tempfile::TempDir,
    pages: Vec<PageText>,
    bytes: Vec<u8>,
}

/// Reads the document and binds the pages of these numbers.
async fn bound(original: &[u8], numbers: &[u32]) -> Bound {
    let pool = pool();
    let document = pool.read(original).await.unwrap();
    let count = document.pages.len() as u32;
    let pages = document.pages.into_iter().map(|page| page.text);
    let pages: Vec<PageText> = pages.filter(|page| numbers.contains(&page.number)).collect();
    let chosen: Vec<&PageText> = pages.iter().collect();
    let bytes = searchable_pdf(&pool, original, count, &chosen).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bound.pdf"), &bytes).unwrap();
    Bound { folder, pages, bytes }
}

impl Bound {
    fn path(&self) -> PathBuf {
        self.folder.path().join("bound.pdf")
    }

    fn text(&self) -> String {
        output(Command::new("pdftotext").arg(self.path()).arg("-"))
    }

    /// Poppler's words with their left and upper side in pixels of the review image, by page.
    fn places(&self) -> Vec<Vec<(String, f64, f64)>> {
        let xml = output(Command::new("pdftotext").arg("-bbox").arg(self.path()).arg("-"));
        let word =
            regex::Regex::new(r#"<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="[-\d.]+" yMax="[-\d.]+">(.*?)</word>"#);
        let word = word.unwrap();
        let pixels = |points: &str| points.parse::<f64>().unwrap() / 72.0 * f64::from(REVIEW_DPI);
        let of_page = |page: &str| {
            let words = word.captures_iter(page);
            words.map(|w| (w[3].to_owned(), pixels(&w[1]), pixels(&w[2]))).collect()
        };
        xml.split("<page ").skip(1).map(of_page).collect()
    }

    /// The pictures as they are in the file.
    fn pictures(&self) -> Vec<image::GrayImage> {
        let prefix = self.folder.path().join("picture");
        output(Command::new("pdfimages").arg("-png").arg(self.path()).arg(&prefix));
        let mut found: Vec<PathBuf> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        found.retain(|path| path.extension().is_some_and(|extension| extension == "png"));
        found.sort();
        found
            .iter()
            .map(|path| image::open(path).unwrap().into_luma8())
            .collect()
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What libtiff makes of a fax, and the fax packed in another way.
fn by_libtiff(fax: &[u8], options: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from.tif"), folder.path().join("to.tif"));
    std::fs::write(&from, fax).unwrap();
    output(Command::new("tiffcp").args(options).arg(&from).arg(&to));
    std::fs::read(to).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fax_keeps_its_very_data_whatever_its_kind() {
    let fax = sample("clean-referral/fax.tif");
    let shown = Bench::new().by_libtiff(&fax);
    let shown = image::GrayImage::from_raw(shown.width as u32, shown.height as u32, shown.pixels).unwrap();
    for options in [
        &["-c", "g4"][..],
        &["-c", "g4", "-f", "lsb2msb"],
        &["-c", "g3:1d"],
        &["-c", "g3:1d:fill"],
        &["-c", "g3:2d"],
        &["-c", "g3:2d:fill", "-f", "lsb2msb"],
        &["-c", "lzw"],
        &["-c", "g4", "-r", "100"],
    ] {
        let bound = bound(&by_libtiff(&fax, options), &[1]).await;
        assert_eq!(bound.pictures(), std::slice::from_ref(&shown), "{options:?}");
        let embedded = output(Command::new("pdfimages").arg("-list").arg(bound.path()));
        // Strips apart, and what is no fax code, are packed anew.
        let as_it_came = !options.contains(&"lzw") && !options.contains(&"-r");
        assert_eq!(embedded.contains("ccitt"), as_it_came, "{options:?}: {embedded}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_lie_where_they_were_read_on_every_page_that_is_turned() {
    for (path, numbers, turned) in [
        ("clean-referral/fax.tif", &[1][..], "0"),
        ("upside-down-fax/fax.tif", &[1], "180"),
        ("two-patients/fax.tif", &[2], "0"),
    ] {
        let bound = bound(&sample(path), numbers).await;
        let info = output(Command::new("pdfinfo").arg(bound.path()));
        let rotation = info
            .lines()
            .find_map(|line| line.strip_prefix("Page rot:"))
            .unwrap()
            .trim()
            .to_owned();
        assert_eq!(rotation, turned, "{path}");
        let places = bound.places();
        assert_eq!(places.len(), bound.pages.len());
        for (page, places) in bound.pages.iter().zip(&places) {
            let found = page.words.iter().filter(|word| {
                let (x, y) = (f64::from(word.bounds.x), f64::from(word.bounds.y));
                // Poppler takes a word's height from the font, so that its upper side is less sure.
                let near = |left: f64, top: f64| (left - x).abs() < 3.0 && (top - y).abs() < 12.0;
                places
                    .iter()
                    .any(|(text, left, top)| *text == word.text && near(*left, *top))
            });
            let share = found.count() as f64 / page.words.len() as f64;
            assert!(share > 0.9, "{path}: {share}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_pdf_looks_the_same_and_has_its_text_once() {
    let original = sample("referral-letter/document.pdf");
    let bound = bound(&original, &[1]).await;
    let drawn = |path: &Path| {
        let picture = output(Command::new("pdftoppm").args(["-r", "100", "-gray"]).arg(path));
        (picture.len(), picture)
    };
    let before = bound.folder.path().join("original.pdf");
    std::fs::write(&before, &original).unwrap();
    assert_eq!(drawn(&before), drawn(&bound.path()));
    let text = output(Command::new("pdftotext").arg(&before).arg("-"));
    assert_eq!(bound.text(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_patients_page_does_not_come_along() {
    let folder = tempfile::tempdir().unwrap();
    let packet = folder.path().join("packet.pdf");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut command = Command::new("pdfunite");
    command
        .arg(samples.join("consult-note/document.pdf"))
        .arg(samples.join("referral-letter/document.pdf"));
    output(command.arg(&packet));
    let packet = std::fs::read(packet).unwrap();
    let note = bound(&packet, &[1]).await;
    let letter = bound(&packet, &[2]).await;
    assert!(!note.text().contains("Vance") && letter.text().contains("Vance"));
    assert!(note.bytes.len() < packet.len() * 3 / 4);
    let count = output(Command::new("pdfinfo").arg(note.path()));
    assert!(
        count
            .lines()
            .any(|line| line.starts_with("Pages:") && line.ends_with(" 1")),
        "{count}"
    );
}

/// Two patients' pages as many programs write them: one list of resources for the whole file.
fn pages_with_one_list(form: &str) -> Vec<u8> {
    let shown = |text: &str| {
        let text = format!("BT /F1 18 Tf 72 650 Td ({text}, referred for a consultation) Tj ET");
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> >>",
            &text,
        )
    };
    pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 612 792] /Resources 6 0 R >>",
            "<< /Type /Page /Parent 2 0 R /Contents 9 0 R >>",
            "<< /Type /Page /Parent 2 0 R /Contents 10 0 R >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            "<< /XObject << /Im1 7 0 R /Im2 8 0 R /Fm 11 0 R >> /Font << /F1 5 0 R >> >>",
            &shown("Avery Testperson"),
            &shown("Morgan Sampleton"),
            &stream("", "/Fm Do /Im#31 Do"),
            &stream("", "/Im2 Do"),
            &stream(
                &format!("/Type /XObject /Subtype /Form /BBox [0 0 612 792] {form}"),
                "q Q",
            ),
        ],
        "",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_patients_page_draws_does_not_come_along_by_a_common_list() {
    let first = bound(&pages_with_one_list("/Resources 6 0 R"), &[1]).await;
    assert!(first.text().contains("Avery Testperson"), "{}", first.text());
    let bytes = String::from_utf8_lossy(&first.bytes);
    assert!(bytes.contains("Avery") && !bytes.contains("Morgan"), "{bytes}");
    // All of the file is one patient's: nothing to leave behind.
    let whole = bound(&pages_with_one_list("/Resources 6 0 R"), &[1, 2]).await;
    assert!(whole.text().contains("Morgan Sampleton"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_may_draw_anything_of_a_common_list_is_not_bound_in_part() {
    let original = pages_with_one_list("");
    let pool = pool();
    let document = pool.read(&original).await.unwrap();
    let first: Vec<&PageText> = document.pages.iter().take(1).map(|page| &page.text).collect();
    assert!(searchable_pdf(&pool, &original, 2, &first).await.is_err());
    let all: Vec<&PageText> = document.pages.iter().map(|page| &page.text).collect();
    assert!(searchable_pdf(&pool, &original, 2, &all).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_acts_on_its_own_stays_behind() {
    let content = stream(
        "",
        "BT /AF 24 Tf 72 700 Td (Referral for Avery Testperson, born 04/05/1961) Tj ET",
    );
    let hostile = pdf(
        &[
            "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert) >> /Names << /EmbeddedFiles 7 0 R >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /AF 5 0 R >> >> /MediaBox [0 0 612 792] >>",
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /AA << /O << /S /JavaScript /JS (app.alert) >> >> /Annots [6 0 R 8 0 R] >>",
            &content,
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            "<< /Type /Annot /Subtype /Link /Rect [0 0 612 792] /A << /S /Launch /F (cmd.exe) >> /P 3 0 R >>",
            "<< /Names [(evil.exe) << /Type /Filespec /EF << /F 4 0 R >> >>] >>",
            "<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /Type /Filespec /EF << /F 4 0 R >> >> >>",
        ],
        "",
    );
    let bound = bound(&hostile, &[1]).await;
    // The font's name looks like an entry that is left behind elsewhere.
    assert!(bound.text().contains("Avery Testperson"), "{}", bound.text());
    let bytes = String::from_utf8_lossy(&bound.bytes).into_owned();
    for word in [
        "JavaScript",
        "Launch",
        "OpenAction",
        "EmbeddedFiles",
        "FileAttachment",
        "/EF",
        "cmd.exe",
    ] {
        assert!(!bytes.contains(word), "{word} came along");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_differs_from_the_readings_is_refused() {
    let original = sample("two-patients/fax.tif");
    let pool = pool();
    let document = pool.read(&original).await.unwrap();
    let first: Vec<&PageText> = document.pages.iter().take(1).map(|page| &page.text).collect();
    for (bytes, count) in [
        (original.clone(), 9),
        (original[..200].to_vec(), 2),
        (b"%PDF-1.4".to_vec(), 1),
    ] {
        assert!(searchable_pdf(&pool, &bytes, count, &first).await.is_err());
    }
}
