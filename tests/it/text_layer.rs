//! Text layers that lie: none is believed, each is flagged, and the page's words are those that a person sees.

use std::path::PathBuf;

use referloop::domain::page::{PageText, TextSource};
use referloop::domain::page_facts::TextLayer;
use referloop::reading::{Pool, ReadPage, ReadingConfig};

async fn first_page(document: &[u8]) -> ReadPage {
    let pool = Pool::new(ReadingConfig {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_referloop"))),
        ..ReadingConfig::default()
    });
    pool.read(document).await.unwrap().pages.remove(0)
}

fn said(page: &PageText) -> String {
    page.words
        .iter()
        .map(|word| word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines that every page has, so that its layer is worth looking at.
const LETTER: [&str; 5] = [
    "Dear colleague, thank you for seeing this patient soon.",
    "She has had pain in the right knee for three months and",
    "an effusion since last week. The radiograph of November",
    "shows narrowing of the medial joint space. She takes no",
    "medication. Please evaluate and treat as you see fit.",
];

struct Page {
    content: String,
    /// Objects from 7 on.
    further: Vec<Vec<u8>>,
    /// What the code of font /L is said to mean: pairs of code and character.
    lies: Vec<(char, char)>,
    resources: String,
}

impl Page {
    fn new() -> Self {
        let lines = LETTER.iter().enumerate();
        let content = lines
            .map(|(row, line)| text("/H", 72, 620 - 20 * row as u32, line))
            .collect();
        Self {
            content,
            further: Vec::new(),
            lies: Vec::new(),
            resources: String::new(),
        }
    }

    fn with(mut self, content: &str) -> Self {
        self.content.push_str(content);
        self
    }

    fn lying(mut self, lies: &[(char, char)]) -> Self {
        self.lies = lies.to_vec();
        self
    }

    fn pdf(&self) -> Vec<u8> {
        let meaning = self
            .lies
            .iter()
            .map(|(code, meant)| format!("<{:02X}> <{:04X}>\n", *code as u32, *meant as u32))
            .collect::<Vec<_>>()
            .concat();
        let map = format!(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /L def /CMapType 2 def\n\
             1 begincodespacerange <00> <FF> endcodespacerange\n{} beginbfchar\n{meaning}endbfchar\nendcmap end end",
            self.lies.len()
        );
        let fonts = "/H 5 0 R /L << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>";
        let mut objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
                 /Resources << /Font << {fonts} >> {} >> >>",
                self.resources
            )
            .into_bytes(),
            stream("", self.content.as_bytes()),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
            stream("", map.as_bytes()),
        ];
        objects.extend(self.further.iter().cloned());
        let mut bytes = b"%PDF-1.7\n".to_vec();
        for (index, object) in objects.iter().enumerate() {
            bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            bytes.extend_from_slice(object);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        bytes.extend_from_slice(format!("trailer\n<< /Root 1 0 R /Size {} >>\n%%EOF\n", objects.len() + 1).as_bytes());
        bytes
    }
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary} /Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

fn text(font: &str, x: i32, y: u32, line: &str) -> String {
    format!("BT {font} 12 Tf {x} {y} Td ({line}) Tj ET\n")
}

/// The page is recognised, flagged, says what is drawn and not what is only written.
async fn assert_caught(page: &Page, drawn: &str, written: &str) {
    let read = first_page(&page.pdf()).await;
    let words = said(&read.text);
    assert_eq!(read.text.text_source, TextSource::Ocr, "{words}");
    assert_eq!(read.text.facts.text_layer, TextLayer::Contradicts, "{words}");
    assert!(words.contains(drawn), "{words}");
    assert!(!words.contains(written), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_layer_is_used() {
    let read = first_page(
        &Page::new()
            .with(&text("/H", 72, 700, "Patient: Jane Doe 08/14/1961"))
            .pdf(),
    )
    .await;
    assert_eq!(read.text.text_source, TextSource::TextLayer);
    assert_eq!(read.text.facts.text_layer, TextLayer::Agrees);
    assert!(said(&read.text).starts_with("Dear colleague,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_names_another_patient_than_its_picture_is_caught() {
    // The picture is cut out of an honest page and laid over the written name.
    let honest = first_page(&Page::new().with(&text("/H", 72, 700, "Patient: Jane Doe")).pdf()).await;
    let picture = image::load_from_memory(&honest.image_png).unwrap().into_luma8();
    let (left, top, width, height) = (195, 220, 305, 60);
    let cut = image::imageops::crop_imm(&picture, left, top, width, height).to_image();
    let points = |pixels: u32| f64::from(pixels) * 72.0 / 200.0;
    let (x, y) = (points(left), 792.0 - points(top + height));
    let placed = format!("q {} 0 0 {} {x} {y} cm /I Do Q\n", points(width), points(height));
    for rendering in ["3 Tr", "0 Tr"] {
        let written = format!("BT {rendering} /H 12 Tf 72 700 Td (Patient: Mary Roe) Tj ET 0 Tr\n");
        let mut page = Page::new().with(&written).with(&placed);
        page.resources = "/XObject << /I 7 0 R >>".to_owned();
        page.further.push(stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceGray"
            ),
            cut.as_raw(),
        ));
        assert_caught(&page, "Jane", "Mary").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn characters_that_are_said_to_be_others_are_caught() {
    let shifted: Vec<(char, char)> = ('0'..='9')
        .map(|c| (c, char::from((c as u8 - b'0' + 3) % 10 + b'0')))
        .collect();
    let swapped: Vec<(char, char)> = ('0'..='9').map(|c| (c, if c == '1' { '7' } else { c })).collect();
    let mut turned: Vec<(char, char)> = vec![(' ', ' '), (':', ':')];
    turned.extend(('a'..='z').map(|c| (c, char::from((c as u8 - b'a' + 13) % 26 + b'a'))));
    turned.extend(('A'..='Z').map(|c| (c, c)));
    let born = || Page::new().with(&text("/H", 72, 700, "Born:"));
    assert_caught(
        &born().with(&text("/L", 130, 700, "19540823")).lying(&shifted),
        "19540823",
        "42873156",
    )
    .await;
    assert_caught(
        &born().with(&text("/L", 130, 700, "19540813")).lying(&swapped),
        "19540813",
        "79540873",
    )
    .await;
    let named = Page::new()
        .with(&text("/L", 72, 700, "Patient: Jane Doe"))
        .lying(&turned);
    assert_caught(&named, "Jane", "Jnar").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_lying_digit_among_honest_ones_is_caught() {
    let page = Page::new()
        .with(&text("/H", 72, 700, "Born: 08/14/196    Member 17771777"))
        .with(&text("/L", 157, 700, "1"))
        .lying(&[('1', '7')]);
    let read = first_page(&page.pdf()).await;
    assert_eq!(
        read.text.facts.text_layer,
        TextLayer::Contradicts,
        "{}",
        said(&read.text)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_nobody_sees_is_caught() {
    let seen = text("/H", 72, 700, "Patient: Jane Doe");
    let hidden = text("/H", 320, 700, "Patient: Mary Roe");
    let white = Page::new().with(&seen).with(&format!("1 g {hidden} 0 g\n"));
    assert_caught(&white, "Jane", "Mary").await;
    let covered = Page::new()
        .with(&seen)
        .with(&hidden)
        .with("1 g 310 690 200 30 re f 0 g\n");
    assert_caught(&covered, "Jane", "Mary").await;
    let blackened = Page::new().with(&seen).with(&hidden).with("310 690 200 30 re f\n");
    let read = first_page(&blackened.pdf()).await;
    assert_eq!(read.text.facts.text_layer, TextLayer::Contradicts);
    assert!(!said(&read.text).contains("Mary"), "{}", said(&read.text));
    let outside = Page::new().with(&seen).with(&text("/H", 650, 700, "Patient: Mary Roe"));
    assert_caught(&outside, "Jane", "Mary").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_only_drawn_are_read_too() {
    let honest = first_page(&Page::new().with(&text("/H", 72, 700, "Allergic to penicillin")).pdf()).await;
    let picture = image::load_from_memory(&honest.image_png).unwrap().into_luma8();
    let cut = image::imageops::crop_imm(&picture, 195, 220, 405, 60).to_image();
    let mut page = Page::new().with("q 145.8 0 0 21.6 70.2 691.2 cm /I Do Q\n");
    page.resources = "/XObject << /I 7 0 R >>".to_owned();
    page.further.push(stream(
        "/Type /XObject /Subtype /Image /Width 405 /Height 60 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        cut.as_raw(),
    ));
    let read = first_page(&page.pdf()).await;
    assert_eq!(read.text.facts.text_layer, TextLayer::Incomplete);
    assert!(said(&read.text).contains("penicillin"), "{}", said(&read.text));
}
