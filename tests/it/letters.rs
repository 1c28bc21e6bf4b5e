//! Letters and searchable documents, read back by Debian's poppler.

use chrono::{DateTime, NaiveDate};
use referloop::domain::page::{PixelBox, Rotation, Word};
use referloop::letters::searchable::{self, SearchablePage};
use referloop::letters::{ConsultLetter, Heading, LetterError, Party, Signature, render};
use std::process::Command;

fn letter(text: &str) -> ConsultLetter<'_> {
    ConsultLetter {
        heading: Heading::FinalNote,
        clinic: Party {
            organization: "Lakeview Cardiology",
            address: &["1200 Harbor Street, Suite 300", "Springfield, IL 62701"],
            phone: "(217) 555-0110",
            fax: "(217) 555-0111",
            direct_address: "referrals@direct.lakeview-cardiology.example",
            ..Party::default()
        },
        referrer: Party {
            name: "Dr. Ama Osei",
            organization: "Northside Family Medicine",
            address: &["410 Juniper Avenue", "Springfield, IL 62704"],
            direct_address: "dr.osei@direct.northside-family.example",
            ..Party::default()
        },
        date: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        referral_id: "ref_01KB0000000000000000000000",
        patient_name: "Marisol Quintana-Peña",
        birth_date: NaiveDate::from_ymd_opt(1961, 4, 9),
        reason: "Palpitations with an irregular pulse on examination, please evaluate and advise on anticoagulation.",
        text,
        enclosure: "Attached: consult-note.pdf",
        signature: Some(Signature {
            name: "Priya Raman",
            credentials: "MD, Cardiology",
            signed_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        }),
    }
}

fn pdftotext(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.pdf");
    std::fs::write(&file, pdf).unwrap();
    if let Ok(keep) = std::env::var("KEEP_LETTERS") {
        let name = format!(
            "{keep}/{}.pdf",
            std::thread::current().name().unwrap().replace("::", "-")
        );
        std::fs::write(name, pdf).unwrap();
    }
    let output = Command::new("pdftotext")
        .args(["-layout"])
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let fonts = Command::new("pdffonts").arg(&file).output().unwrap();
    assert!(fonts.stderr.is_empty(), "{}", String::from_utf8_lossy(&fonts.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_letter_says_all_that_it_must_in_real_text() {
    let text = "Assessment\nParoxysmal atrial fibrillation, CHA₂DS₂-VASc 2.\n\n  - Start apixaban 5 mg twice daily\n";
    let pdf = render(&letter(text)).unwrap();
    let found = pdftotext(&pdf);
    for expected in [
        "Lakeview Cardiology",
        "(217) 555-0110",
        "November 24, 2026",
        "Dr. Ama Osei",
        "Consult note",
        "Marisol Quintana-Peña",
        "04/09/1961",
        "ref_01KB0000000000000000000000",
        "please evaluate and advise",
        "Paroxysmal atrial fibrillation",
        "- Start apixaban 5 mg twice daily",
        "Attached: consult-note.pdf",
        "Priya Raman, MD, Cardiology",
        "Signed electronically on",
        "page 1 of 1",
    ] {
        assert!(found.contains(expected), "{expected} in\n{found}");
    }
    assert_eq!(
        pdf,
        render(&letter(text)).unwrap(),
        "the same letter gives the same bytes"
    );
    assert!(pdf.len() < 100_000, "fonts are subset: {} bytes", pdf.len());
}

#[test]
fn a_long_note_runs_over_several_pages_and_a_boundless_one_is_refused() {
    let paragraph = "The patient describes episodes of rapid, irregular heartbeat lasting minutes to hours. ".repeat(6);
    let long = (1..=30)
        .map(|n| format!("Paragraph {n}. {paragraph}"))
        .collect::<Vec<_>>()
        .join("\n\n");
    let found = pdftotext(&render(&letter(&long)).unwrap());
    assert!(
        found.contains("page 1 of 5") && found.contains("page 5 of 5"),
        "{found}"
    );
    assert!((1..=30).all(|n| found.contains(&format!("Paragraph {n}."))));
    assert!(matches!(
        render(&letter(&paragraph.repeat(1500))),
        Err(LetterError::TooLong)
    ));
}

fn word(text: &str, x: u32, y: u32, width: u32, height: u32) -> Word {
    Word {
        text: text.to_owned(),
        bounds: PixelBox { x, y, width, height },
        confidence: 0.9,
        line: 1,
        second: None,
    }
}

#[test]
fn a_scanned_page_is_found_by_its_words() {
    let mut picture = image::GrayImage::from_pixel(1700, 2200, image::Luma([255]));
    for (x, y) in (200..600).flat_map(|x| (340..360).map(move |y| (x, y))) {
        picture.put_pixel(x, y, image::Luma([0]));
    }
    let mut png = Vec::new();
    picture
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    let words = [
        word("Marisol", 200, 300, 150, 32),
        word("Quintana-Peña", 360, 300, 260, 32),
        word("", 0, 0, 9, 9),
    ];
    let page = SearchablePage {
        image_png: &png,
        words: &words,
        turn: Rotation::Upright,
    };
    let pdf = searchable::render(&[page, page]).unwrap();
    let found = pdftotext(&pdf);
    assert_eq!(found.matches("Marisol Quintana-Peña").count(), 2, "{found}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pdf"), &pdf).unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-gray", "-f", "1", "-l", "1", "a.pdf", "a"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        drawn.status.success() && drawn.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&drawn.stderr)
    );
    let pgm = std::fs::read(folder.path().join("a-1.pgm")).unwrap();
    let pixels = &pgm[pgm.len() - 1700 * 2200..];
    assert_eq!(
        (pixels[350 * 1700 + 400], pixels[320 * 1700 + 400]),
        (0, 255),
        "the picture shows, the words don't"
    );

    let broken = SearchablePage {
        image_png: &png[..100],
        words: &[],
        turn: Rotation::Upright,
    };
    assert!(matches!(
        searchable::render(&[page, broken]),
        Err(LetterError::Picture { page: 2 })
    ));
}
