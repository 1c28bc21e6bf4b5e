//! A read document as a searchable PDF: each page's picture with its words laid over it invisibly; or the words alone, for
//! the reading child to lay over the original's own pages.
//!
//! The pictures are PNGs that we encoded ourselves, and they are not decoded again: a PNG's compressed rows are just
//! what a PDF's Flate filter with PNG predictors reads, so they are copied over as they are.

use super::LetterError;
use crate::domain::page::{PixelBox, REVIEW_DPI, Rotation, Word};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};

/// One page: its review image and the words on it, in pixels of that image.
#[derive(Clone, Copy, Debug)]
pub struct SearchablePage<'a> {
    pub image_png: &'a [u8],
    pub words: &'a [Word],
    /// How far it is shown turned.
    pub turn: Rotation,
}

/// One page without its picture.
#[derive(Clone, Copy, Debug)]
pub struct PageOfWords<'a> {
    /// In pixels of the review image.
    pub width: u32,
    pub height: u32,
    pub words: &'a [Word],
}

const FONT: Name<'static> = Name(b"F1");
const PICTURE: Name<'static> = Name(b"P");
/// Every character of the invisible font is this wide, in thousandths of its size.
const CHARACTER_WIDTH: f32 = 500.0;
const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// References of the objects that the pages share.
struct Shared {
    pages: Ref,
    font: Ref,
}

/// Renders pages in their order.
pub fn render(pages: &[SearchablePage<'_>]) -> Result<Vec<u8>, LetterError> {
    let mut sheets = Vec::with_capacity(pages.len());
    for (index, page) in pages.iter().enumerate() {
        let picture = Png::read(page.image_png).ok_or(LetterError::Picture { page: index + 1 })?;
        let of_words = PageOfWords {
            width: picture.width,
            height: picture.height,
            words: page.words,
        };
        sheets.push(Sheet {
            of_words,
            picture: Some(picture),
            turn: page.turn,
        });
    }
    write(&sheets)
}

/// The same pages with nothing on them but the invisible words.
pub fn render_words(pages: &[PageOfWords<'_>]) -> Result<Vec<u8>, LetterError> {
    let sheets: Vec<Sheet<'_>> = pages
        .iter()
        .map(|page| Sheet {
            of_words: *page,
            picture: None,
            turn: Rotation::Upright,
        })
        .collect();
    write(&sheets)
}

struct Sheet<'a> {
    of_words: PageOfWords<'a>,
    picture: Option<Png<'a>>,
    turn: Rotation,
}

fn write(sheets: &[Sheet<'_>]) -> Result<Vec<u8>, LetterError> {
    let mut pdf = Pdf::new();
    let mut next = Ref::new(1);
    let catalog = next.bump();
    let shared = Shared {
        pages: next.bump(),
        font: next.bump(),
    };
    pdf.catalog(catalog).pages(shared.pages);
    let mut kids = Vec::new();
    for sheet in sheets {
        let id = next.bump();
        kids.push(id);
        write_page(&mut pdf, &mut next, &shared, id, sheet);
    }
    let count = i32::try_from(kids.len()).map_err(|_| LetterError::TooLong)?;
    pdf.pages(shared.pages).kids(kids).count(count);
    write_font(&mut pdf, &mut next, shared.font, sheets);
    Ok(pdf.finish())
}

fn write_page(pdf: &mut Pdf, next: &mut Ref, shared: &Shared, id: Ref, sheet: &Sheet<'_>) {
    let Sheet {
        of_words,
        picture,
        turn,
    } = sheet;
    let (content_id, picture_id) = (next.bump(), next.bump());
    let width = points(of_words.width);
    let height = points(of_words.height);
    let mut page = pdf.page(id);
    page.parent(shared.pages)
        .media_box(Rect::new(0.0, 0.0, width, height))
        .contents(content_id);
    if *turn != Rotation::Upright {
        page.rotate(i32::from(turn.degrees()));
    }
    let mut resources = page.resources();
    if picture.is_some() {
        resources.x_objects().pair(PICTURE, picture_id);
    }
    resources.fonts().pair(FONT, shared.font);
    resources.finish();
    page.finish();

    let mut content = Content::new();
    if picture.is_some() {
        content
            .save_state()
            .transform([width, 0.0, 0.0, height, 0.0, 0.0])
            .x_object(PICTURE)
            .restore_state();
    }
    content
        .begin_text()
        .set_text_rendering_mode(TextRenderingMode::Invisible);
    for word in of_words.words {
        write_word(&mut content, &word.text, word.bounds, height);
    }
    content.end_text();
    let packed = deflate(&content.finish());
    pdf.stream(content_id, &packed).filter(Filter::FlateDecode);
    if let Some(picture) = picture {
        picture.write(pdf, picture_id);
    }
}

/// Multiplied before divided: a page of 1700 pixels is then 612 points exactly, and its picture is not resampled.
fn points(pixels: u32) -> f32 {
    pixels as f32 * 72.0 / REVIEW_DPI as f32
}

/// A word stretched over its box, with a space behind it, so that a search over several words finds them.
fn write_word(content: &mut Content, text: &str, bounds: PixelBox, page_height: f32) {
    let characters = text.chars().count();
    if characters == 0 || bounds.width == 0 || bounds.height == 0 {
        return;
    }
    let size = points(bounds.height);
    let natural = characters as f32 * CHARACTER_WIDTH / 1000.0 * size;
    let width = points(bounds.width);
    let left = points(bounds.x);
    // The baseline lies about a fifth of the height above the box's lower edge.
    let baseline = page_height - points(bounds.bottom()) + size * 0.2;
    content
        .set_font(FONT, size)
        .set_horizontal_scaling(width / natural * 100.0)
        .set_text_matrix([1.0, 0.0, 0.0, 1.0, left, baseline])
        .show(Str(&codes(&format!("{text} "))));
}

/// Two bytes a character: its place in the basic plane. What lies beyond becomes U+FFFD.
fn codes(text: &str) -> Vec<u8> {
    text.chars()
        .flat_map(|c| u16::try_from(u32::from(c)).unwrap_or(0xFFFD).to_be_bytes())
        .collect()
}

/// One empty glyph, for the text is never painted, only found and copied. Embedded, since some programs complain about a
/// font that is not.
const GLYPHLESS: &[u8] = include_bytes!("../../templates/letters/fonts/GlyphLess.ttf");

fn write_font(pdf: &mut Pdf, next: &mut Ref, id: Ref, sheets: &[Sheet<'_>]) {
    const NAME: Name<'static> = Name(b"GlyphLessFont");
    let (cid, descriptor, unicode) = (next.bump(), next.bump(), next.bump());
    let (glyphs, file) = (next.bump(), next.bump());
    pdf.type0_font(id)
        .base_font(NAME)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(unicode);
    pdf.cid_font(cid)
        .subtype(CidFontType::Type2)
        .base_font(NAME)
        .system_info(SYSTEM)
        .font_descriptor(descriptor)
        .default_width(CHARACTER_WIDTH)
        .cid_to_gid_map_stream(glyphs);
    let every_code = [0, 1].repeat(usize::from(u16::MAX) + 1);
    pdf.stream(glyphs, &deflate(&every_code)).filter(Filter::FlateDecode);
    pdf.stream(file, GLYPHLESS)
        .pair(Name(b"Length1"), GLYPHLESS.len() as i32);
    pdf.font_descriptor(descriptor)
        .name(NAME)
        .flags(FontFlags::FIXED_PITCH | FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(0.0, -200.0, CHARACTER_WIDTH, 800.0))
        .italic_angle(0.0)
        .ascent(800.0)
        .descent(-200.0)
        .cap_height(700.0)
        .stem_v(80.0)
        .font_file2(file);
    let mut used: Vec<u16> = sheets
        .iter()
        .flat_map(|sheet| sheet.of_words.words)
        .flat_map(|word| word.text.chars())
        .chain([' ', '\u{FFFD}'])
        .filter_map(|c| u16::try_from(u32::from(c)).ok())
        .collect();
    used.sort_unstable();
    used.dedup();
    let mut map = UnicodeCmap::new(Name(b"Identity"), SYSTEM);
    for code in used {
        if let Some(character) = char::from_u32(u32::from(code)) {
            map.pair(code, character);
        }
    }
    let map = deflate(&map.finish());
    pdf.cmap(unicode, &map).filter(Filter::FlateDecode);
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing into memory does not fail")
}

/// The parts of a PNG that a PDF needs: greyscale or RGB without transparency, not interlaced.
struct Png<'a> {
    width: u32,
    height: u32,
    bits: u8,
    colors: u8,
    rows: Vec<&'a [u8]>,
}

impl<'a> Png<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
        let (mut png, mut ended) = (None::<Self>, false);
        while !ended {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (kind, after) = after.split_first_chunk::<4>()?;
            let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
            // The checksum: the vault has already proven that the bytes are ours.
            rest = after.get(4..)?;
            match kind {
                b"IHDR" => png = Some(Self::header(data)?),
                b"IDAT" => png.as_mut()?.rows.push(data),
                b"IEND" => ended = true,
                _ => {}
            }
        }
        png.filter(|png| !png.rows.is_empty())
    }

    fn header(data: &[u8]) -> Option<Self> {
        let (width, rest) = data.split_first_chunk::<4>()?;
        let (height, rest) = rest.split_first_chunk::<4>()?;
        let &[bits, color, 0, 0, 0] = rest else { return None };
        let colors = match color {
            0 => 1,
            2 => 3,
            _ => return None,
        };
        let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
        let sane = (1..=30_000).contains(&width) && (1..=30_000).contains(&height);
        sane.then_some(Self {
            width,
            height,
            bits,
            colors,
            rows: Vec::new(),
        })
    }

    fn write(&self, pdf: &mut Pdf, id: Ref) {
        let rows = self.rows.concat();
        let mut image = pdf.image_xobject(id, &rows);
        image.filter(Filter::FlateDecode);
        image
            .width(self.width as i32)
            .height(self.height as i32)
            .bits_per_component(i32::from(self.bits));
        if self.colors == 1 {
            image.color_space().device_gray();
        } else {
            image.color_space().device_rgb();
        }
        image
            .decode_parms()
            .predictor(pdf_writer::types::Predictor::PngOptimum)
            .colors(i32::from(self.colors))
            .bits_per_component(i32::from(self.bits))
            .columns(self.width as i32);
    }
}
