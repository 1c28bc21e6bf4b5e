//! What stands in a document that is data, on pages for people: facts first, each at a place that is known, then the
//! text of its sections. Everything is drawn as characters; nothing that a partner wrote is ever markup here.

use super::LetterError;
use super::typeset::{Faces, Weight};
use crate::domain::page::{PixelBox, REVIEW_DPI};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::text::TextDirection;

/// A sheet to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub title: String,
    /// Lines below the title: what it is made of.
    pub about: Vec<String>,
    pub groups: Vec<Group>,
    pub sections: Vec<Section>,
}

/// Facts under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    /// A line an item; usually one.
    pub lines: Vec<String>,
}

/// A text under a heading, a paragraph a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub text: String,
}

/// Where a fact stands: on its page as the review image shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub page: u32,
    /// One an item.
    pub boxes: Vec<PixelBox>,
}

#[derive(Clone, Debug)]
pub struct Drawn {
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Of each fact, in the order of the groups.
    pub places: Vec<Place>,
}

// US Letter in points.
const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - MARGIN;
const LABELS: f32 = 150.0;
const SIZE: f32 = 10.5;
const SMALL: f32 = 8.5;
const LEADING: f32 = 1.45;
/// More than this nobody reads at a desk; the original holds the rest.
const PAGES_MAX: usize = 60;
const CUT_OFF: &str = "This sheet ends here. The rest stands in the original, which can be downloaded.";

struct Piece {
    text: String,
    x: f32,
    baseline: f32,
    size: f32,
    weight: Weight,
}

struct Flow<'f> {
    faces: &'f Faces,
    pages: Vec<Vec<Piece>>,
    y: f32,
    /// Nothing more fits.
    is_full: bool,
}

/// Draws a sheet. The same sheet gives the same places every time.
pub fn draw(sheet: &Sheet) -> Result<Drawn, LetterError> {
    let faces = Faces::load()?;
    let mut flow = Flow {
        faces: &faces,
        pages: vec![Vec::new()],
        y: MARGIN,
        is_full: false,
    };
    flow.paragraph(&sheet.title, 15.0, Weight::Bold);
    for line in &sheet.about {
        flow.paragraph(line, SMALL, Weight::Regular);
    }
    let mut places = Vec::new();
    for group in &sheet.groups {
        flow.heading(&group.title);
        places.extend(group.facts.iter().map(|fact| flow.fact(fact)));
    }
    for section in &sheet.sections {
        flow.heading(&section.title);
        for line in section.text.lines() {
            flow.paragraph(line, SIZE, Weight::Regular);
        }
    }
    Ok(Drawn {
        pdf: pdf(&flow, &sheet.title)?,
        pages: flow.pages.len(),
        places,
    })
}

impl Flow<'_> {
    fn heading(&mut self, text: &str) {
        self.y += SIZE;
        // A heading never stands alone at a page's foot.
        self.keep_together(4.0 * SIZE * LEADING);
        self.paragraph(text, 12.0, Weight::Bold);
    }

    fn paragraph(&mut self, text: &str, size: f32, weight: Weight) {
        let face = self.faces.face(weight);
        for line in face.wrap(&face.showable(text), size, WIDTH - 2.0 * MARGIN) {
            self.line(&line, MARGIN, size, weight);
        }
    }

    fn fact(&mut self, fact: &Fact) -> Place {
        let face = self.faces.face(Weight::Regular);
        let label_face = self.faces.face(Weight::Bold);
        let label = label_face.wrap(&label_face.showable(&fact.label), SIZE, LABELS - SIZE);
        let label_height = label.len() as f32 * SIZE * LEADING;
        self.keep_together(label_height);
        let page = self.pages.len() as u32;
        let label_at = self.y;
        let mut boxes = Vec::new();
        for item in &fact.lines {
            let lines = face.wrap(&face.showable(item), SIZE, WIDTH - 2.0 * MARGIN - LABELS);
            let placed: Vec<_> = lines
                .iter()
                .map(|line| self.line(line, MARGIN + LABELS, SIZE, Weight::Regular))
                .collect();
            // A text that goes on overleaf is shown where it begins.
            let here = placed
                .into_iter()
                .filter(|(on, _)| *on == page)
                .map(|(_, bounds)| bounds);
            boxes.extend(PixelBox::hull_of(here));
        }
        // The label stands beside the first item, on the page where that is.
        if let Some(pieces) = self.pages.get_mut(page as usize - 1).filter(|_| !self.is_full) {
            pieces.extend(label.into_iter().enumerate().map(|(number, text)| Piece {
                text,
                x: MARGIN,
                baseline: label_at + SIZE + number as f32 * SIZE * LEADING,
                size: SIZE,
                weight: Weight::Bold,
            }));
        }
        if self.pages.len() as u32 == page {
            self.y = self.y.max(label_at + label_height);
        }
        Place { page, boxes }
    }

    /// Gives the page and the place of the line.
    fn line(&mut self, text: &str, x: f32, size: f32, weight: Weight) -> (u32, PixelBox) {
        self.keep_together(size * LEADING);
        let baseline = self.y + size;
        let bounds = in_pixels(x, self.y, self.faces.face(weight).width(text, size), size * 1.25);
        if !self.is_full {
            self.y += size * LEADING;
            let piece = Piece {
                text: text.to_owned(),
                x,
                baseline,
                size,
                weight,
            };
            if let Some(page) = self.pages.last_mut() {
                page.push(piece);
            }
        }
        (self.pages.len() as u32, bounds)
    }

    /// Begins a new page unless this much fits on the present one.
    fn keep_together(&mut self, height: f32) {
        if self.is_full || self.y + height <= BOTTOM {
            return;
        }
        if self.pages.len() < PAGES_MAX {
            self.pages.push(Vec::new());
            self.y = MARGIN;
            return;
        }
        self.is_full = true;
        if let Some(page) = self.pages.last_mut() {
            page.push(Piece {
                text: CUT_OFF.to_owned(),
                x: MARGIN,
                baseline: BOTTOM + SMALL,
                size: SMALL,
                weight: Weight::Bold,
            });
        }
    }
}

/// Points of the page to pixels of its review image, the box a hair wider than the letters.
fn in_pixels(x: f32, y: f32, width: f32, height: f32) -> PixelBox {
    let scale = REVIEW_DPI as f32 / 72.0;
    let pixels = |points: f32| (points * scale).max(0.0).round() as u32;
    let x = x - 1.0;
    PixelBox {
        x: pixels(x),
        y: pixels(y),
        width: pixels((width + 2.0).min(WIDTH - x)),
        height: pixels(height),
    }
}

fn pdf(flow: &Flow<'_>, title: &str) -> Result<Vec<u8>, LetterError> {
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language("en-US".to_owned())
            .creator("Referloop".to_owned()),
    );
    let black = Fill {
        paint: rgb::Color::new(0, 0, 0).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    };
    for pieces in &flow.pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(LetterError::Pdf)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(black.clone()));
        for piece in pieces {
            surface.draw_text(
                Point::from_xy(piece.x, piece.baseline),
                flow.faces.face(piece.weight).font.clone(),
                piece.size,
                &piece.text,
                false,
                TextDirection::LeftToRight,
            );
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|_| LetterError::Pdf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(paragraphs: usize) -> Sheet {
        let fact = |label: &str, lines: &[&str]| Fact {
            label: label.to_owned(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        Sheet {
            title: "Referral Note".to_owned(),
            about: vec!["Made of a clinical document.".to_owned()],
            groups: vec![Group {
                title: "Patient".to_owned(),
                facts: vec![
                    fact("Name", &["Rosa M Example"]),
                    fact("Diagnoses", &["I20.9 Angina pectoris, unspecified", "I10 Hypertension"]),
                ],
            }],
            sections: vec![Section {
                title: "Reason for Referral".to_owned(),
                text: "<script>alert(1)</script> & so on\n".repeat(paragraphs),
            }],
        }
    }

    #[test]
    fn each_fact_has_a_place_an_item() {
        let drawn = draw(&sheet(3)).unwrap();
        let [name, diagnoses] = &drawn.places[..] else { panic!() };
        assert_eq!((name.page, name.boxes.len(), diagnoses.boxes.len()), (1, 1, 2));
        let left = (MARGIN + LABELS - 1.0) * 200.0 / 72.0;
        assert_eq!(name.boxes[0].x, left.round() as u32);
        assert!(name.boxes[0].bottom() <= diagnoses.boxes[0].y + 8 && diagnoses.boxes[0].y < diagnoses.boxes[1].y);
        assert!(diagnoses.boxes.iter().all(|b| b.right() < 1700));
        assert_eq!(draw(&sheet(3)).unwrap().places, drawn.places);
        assert!(drawn.pdf.starts_with(b"%PDF-"));
    }

    #[test]
    fn a_long_document_is_cut_off_and_says_so() {
        assert_eq!(draw(&sheet(20)).unwrap().pages, 1);
        assert_eq!(draw(&sheet(60 * 60)).unwrap().pages, PAGES_MAX);
    }
}
