//! The letter to the referrer: a consult note, or a request for what is missing.

use super::LetterError;
use super::typeset::{Faces, Weight};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::TextDirection;

/// A practice with its ways of contact; only what is given is shown.
#[derive(Clone, Debug, Default)]
pub struct Party<'a> {
    pub name: &'a str,
    pub organization: &'a str,
    /// Street, then city with state and ZIP.
    pub address: &'a [&'a str],
    pub phone: &'a str,
    pub fax: &'a str,
    pub direct_address: &'a str,
}

/// What the letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    FinalNote,
    InterimNote,
    InformationRequest,
}

impl Heading {
    fn title(self) -> &'static str {
        match self {
            Self::FinalNote => "Consult note",
            Self::InterimNote => "Interim consult note",
            Self::InformationRequest => "Request for information",
        }
    }
}

/// Who stands for the text.
#[derive(Clone, Debug)]
pub struct Signature<'a> {
    pub name: &'a str,
    /// As "MD, Cardiology"; may be empty.
    pub credentials: &'a str,
    pub signed_at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct ConsultLetter<'a> {
    pub heading: Heading,
    pub clinic: Party<'a>,
    pub referrer: Party<'a>,
    pub date: NaiveDate,
    pub referral_id: &'a str,
    pub patient_name: &'a str,
    pub birth_date: Option<NaiveDate>,
    /// Why the patient was referred, or empty.
    pub reason: &'a str,
    /// Paragraphs, a line each; blank lines part them.
    pub text: &'a str,
    /// What else comes with the letter, as "Attached: consult-note.pdf, 3 pages"; may be empty.
    pub enclosure: &'a str,
    pub signature: Option<Signature<'a>>,
}

// US Letter in points.
const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 64.0;
const BOTTOM: f32 = HEIGHT - 70.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 8.5;
const LEADING: f32 = 1.4;
const PAGES_MAX: usize = 60;

/// A piece of text with its place on a page, from the upper left corner.
struct Piece {
    text: String,
    x: f32,
    baseline: f32,
    size: f32,
    weight: Weight,
    grey: u8,
}

enum Mark {
    Text(Piece),
    /// A thin line across the text's width.
    Rule(f32),
}

/// Fills pages from top to bottom.
struct Flow<'f> {
    faces: &'f Faces,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

pub fn render(letter: &ConsultLetter<'_>) -> Result<Vec<u8>, LetterError> {
    let faces = Faces::load()?;
    let mut flow = Flow {
        faces: &faces,
        pages: vec![Vec::new()],
        y: MARGIN,
    };
    letterhead(&mut flow, letter);
    about(&mut flow, letter);
    body(&mut flow, letter);
    signature(&mut flow, letter);
    if flow.pages.len() > PAGES_MAX {
        return Err(LetterError::TooLong);
    }
    footers(&mut flow, letter);
    draw(&flow, letter)
}

fn letterhead(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    let clinic = &letter.clinic;
    let name = if clinic.organization.is_empty() {
        clinic.name
    } else {
        clinic.organization
    };
    flow.paragraph(name, 15.0, Weight::Bold, 0);
    let contact = [
        ("Phone ", clinic.phone),
        ("Fax ", clinic.fax),
        ("Direct ", clinic.direct_address),
    ];
    let contact: Vec<String> = contact
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label}{value}"))
        .collect();
    flow.paragraph(&clinic.address.join(", "), SMALL, Weight::Regular, 80);
    flow.paragraph(&contact.join("  ·  "), SMALL, Weight::Regular, 80);
    flow.rule();
    flow.space(8.0);
    flow.paragraph(&letter.date.format("%B %-d, %Y").to_string(), BODY, Weight::Regular, 0);
    flow.space(6.0);
    let referrer = &letter.referrer;
    for line in [referrer.name, referrer.organization]
        .into_iter()
        .chain(referrer.address.iter().copied())
    {
        flow.paragraph(line, BODY, Weight::Regular, 0);
    }
    if !referrer.direct_address.is_empty() {
        flow.paragraph(
            &format!("By Direct: {}", referrer.direct_address),
            SMALL,
            Weight::Regular,
            80,
        );
    }
    flow.space(14.0);
}

fn about(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    flow.paragraph(letter.heading.title(), 13.0, Weight::Bold, 0);
    flow.space(4.0);
    let birth_date = letter
        .birth_date
        .map(|date| date.format("%m/%d/%Y").to_string())
        .unwrap_or_default();
    let rows = [
        ("Patient", letter.patient_name),
        ("Date of birth", birth_date.as_str()),
        ("Referral", letter.referral_id),
        ("Reason for referral", letter.reason),
    ];
    for (label, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        flow.labelled(label, value);
    }
    flow.space(4.0);
    flow.rule();
    flow.space(10.0);
}

fn body(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    for line in letter.text.lines() {
        if line.trim().is_empty() {
            flow.space(BODY * 0.7);
        } else {
            flow.paragraph(line, BODY, Weight::Regular, 0);
        }
    }
    if !letter.enclosure.is_empty() {
        flow.space(10.0);
        flow.paragraph(letter.enclosure, BODY, Weight::Regular, 0);
    }
}

fn signature(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    let Some(signature) = &letter.signature else { return };
    // The signature never stands alone on a page's first lines without its name: both go together.
    flow.keep_together(BODY * LEADING * 4.0);
    flow.space(22.0);
    let signer = [signature.name, signature.credentials]
        .into_iter()
        .filter(|text| !text.is_empty());
    flow.paragraph(&signer.collect::<Vec<_>>().join(", "), BODY, Weight::Bold, 0);
    let at = signature
        .signed_at
        .format("Signed electronically on %m/%d/%Y at %H:%M UTC")
        .to_string();
    flow.paragraph(&at, SMALL, Weight::Regular, 80);
}

fn footers(flow: &mut Flow<'_>, letter: &ConsultLetter<'_>) {
    let pages = flow.pages.len();
    for (number, page) in flow.pages.iter_mut().enumerate() {
        let text = format!(
            "{}  ·  page {} of {pages}  ·  Confidential health information. If this reached you by mistake, \
             tell the sender and destroy it.",
            letter.referral_id,
            number + 1
        );
        page.push(Mark::Rule(HEIGHT - 52.0));
        page.push(Mark::Text(Piece {
            text,
            x: MARGIN,
            baseline: HEIGHT - 40.0,
            size: 7.0,
            weight: Weight::Regular,
            grey: 90,
        }));
    }
}

impl Flow<'_> {
    const WIDTH: f32 = WIDTH - 2.0 * MARGIN;

    fn paragraph(&mut self, text: &str, size: f32, weight: Weight, grey: u8) {
        if text.is_empty() {
            return;
        }
        let face = self.faces.face(weight);
        let lines = face.wrap(&face.showable(text), size, Self::WIDTH);
        for line in lines {
            self.place(&line, MARGIN, size, weight, grey);
        }
    }

    /// A label in a column of its own, the value wrapped beside it.
    fn labelled(&mut self, label: &str, value: &str) {
        const COLUMN: f32 = 110.0;
        let face = self.faces.face(Weight::Regular);
        let lines = face.wrap(&face.showable(value), BODY, Self::WIDTH - COLUMN);
        for (number, line) in lines.iter().enumerate() {
            self.place(line, MARGIN + COLUMN, BODY, Weight::Regular, 0);
            if number == 0 {
                let baseline = self.y - BODY * (LEADING - 1.0);
                self.mark(Mark::Text(Piece {
                    text: label.to_owned(),
                    x: MARGIN,
                    baseline,
                    size: BODY,
                    weight: Weight::Bold,
                    grey: 0,
                }));
            }
        }
    }

    fn place(&mut self, text: &str, x: f32, size: f32, weight: Weight, grey: u8) {
        self.keep_together(size * LEADING);
        let text = self.faces.face(weight).showable(text);
        let baseline = self.y + size;
        self.y += size * LEADING;
        self.mark(Mark::Text(Piece {
            text,
            x,
            baseline,
            size,
            weight,
            grey,
        }));
    }

    fn rule(&mut self) {
        self.y += 4.0;
        self.mark(Mark::Rule(self.y));
        self.y += 4.0;
    }

    fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// Begins a new page unless this much fits on the present one.
    fn keep_together(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}

fn draw(flow: &Flow<'_>, letter: &ConsultLetter<'_>) -> Result<Vec<u8>, LetterError> {
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(letter.heading.title().to_owned())
            .language("en-US".to_owned())
            .creator("Referloop".to_owned())
            .creation_date(
                krilla::metadata::DateTime::new(letter.date.year().clamp(0, 9999) as u16)
                    .month(letter.date.month() as u8)
                    .day(letter.date.day() as u8),
            ),
    );
    for marks in &flow.pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(LetterError::Pdf)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text(piece) => draw_text(&mut surface, flow.faces, piece),
                Mark::Rule(y) => draw_rule(&mut surface, *y)?,
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|_| LetterError::Pdf)
}

fn draw_text(surface: &mut Surface<'_>, faces: &Faces, piece: &Piece) {
    surface.set_fill(Some(grey_fill(piece.grey)));
    surface.draw_text(
        Point::from_xy(piece.x, piece.baseline),
        faces.face(piece.weight).font.clone(),
        piece.size,
        &piece.text,
        false,
        TextDirection::LeftToRight,
    );
}

fn draw_rule(surface: &mut Surface<'_>, y: f32) -> Result<(), LetterError> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_ltrb(MARGIN, y, WIDTH - MARGIN, y + 0.6).ok_or(LetterError::Pdf)?);
    surface.set_fill(Some(grey_fill(170)));
    surface.draw_path(&path.finish().ok_or(LetterError::Pdf)?);
    Ok(())
}

fn grey_fill(level: u8) -> Fill {
    Fill {
        paint: rgb::Color::new(level, level, level).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }
}
