//! Pages of a letter, filled from top to bottom.

use super::LetterError;
use super::typeset::{Faces, Weight};
use chrono::{Datelike, NaiveDate};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::TextDirection;

// US Letter in points.
const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 64.0;
const BOTTOM: f32 = HEIGHT - 70.0;
pub const BODY: f32 = 10.5;
pub const SMALL: f32 = 8.5;
pub const LEADING: f32 = 1.4;
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
pub struct Flow<'f> {
    faces: &'f Faces,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl<'f> Flow<'f> {
    const WIDTH: f32 = WIDTH - 2.0 * MARGIN;

    pub fn new(faces: &'f Faces) -> Self {
        Self {
            faces,
            pages: vec![Vec::new()],
            y: MARGIN,
        }
    }

    /// Ends the letter: a footer on each page, with the id that it is filed by.
    pub fn finish(mut self, title: &str, id: &str, date: NaiveDate) -> Result<Vec<u8>, LetterError> {
        if self.pages.len() > PAGES_MAX {
            return Err(LetterError::TooLong);
        }
        self.footers(id);
        draw(&self, title, date)
    }

    fn footers(&mut self, id: &str) {
        let pages = self.pages.len();
        for (number, page) in self.pages.iter_mut().enumerate() {
            let text = format!(
                "{id}  ·  page {} of {pages}  ·  Confidential health information. If this reached you by mistake, \
                 tell the sender and destroy it.",
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

    pub fn paragraph(&mut self, text: &str, size: f32, weight: Weight, grey: u8) {
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
    pub fn labelled(&mut self, label: &str, value: &str) {
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

    pub fn rule(&mut self) {
        self.y += 4.0;
        self.mark(Mark::Rule(self.y));
        self.y += 4.0;
    }

    pub fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// Begins a new page unless this much fits on the present one.
    pub fn keep_together(&mut self, height: f32) {
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

fn draw(flow: &Flow<'_>, title: &str, date: NaiveDate) -> Result<Vec<u8>, LetterError> {
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language("en-US".to_owned())
            .creator("Referloop".to_owned())
            .creation_date(
                krilla::metadata::DateTime::new(date.year().clamp(0, 9999) as u16)
                    .month(date.month() as u8)
                    .day(date.day() as u8),
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
