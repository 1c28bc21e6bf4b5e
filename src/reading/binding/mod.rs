//! A document's pages bound into a PDF again: the original's own pages and picture data, upright, with the words that
//! were read laid over them invisibly. Runs in the child, since it parses the original.
//!
//! The words come as a PDF of ours, a page of words for each page that is wanted. Fax strips, JPEGs and the objects of PDF
//! pages are copied byte for byte; what can act on its own (scripts, actions, attached files) and other pages, which may
//! be another patient's, stay behind.

mod drawn;
mod objects;
mod pdf_pages;
mod picture_pages;
mod sheet;

use lopdf::{Document, LoadOptions, Object, ObjectId, dictionary};
use serde::{Deserialize, Serialize};

use crate::domain::page::Rotation;
use crate::reading::detect::{MediaType, sniff};
use crate::reading::document::{Limits, Refusal};
use objects::Copy;

/// What is to be bound, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub pages: Vec<OrderedPage>,
    /// Pages of the whole original, as they were counted when it was read. Another count means another reading of a
    /// damaged file, and words that would lie on the wrong page.
    pub pages_of_original: u32,
    /// Length of the words' PDF; the original follows it.
    pub words_bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedPage {
    /// Counted from 1 in the original.
    pub number: u32,
    pub rotation: Rotation,
    /// A page with a text layer that is true needs no second one.
    pub with_words: bool,
}

/// A stream that unpacks to more than this is no page's.
const STREAM_BYTES_MAX: usize = 64 << 20;

/// Binds the pages that are ordered. `bytes` holds the words' PDF and then the original.
pub fn bind(order: &Order, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let split = usize::try_from(order.words_bytes).map_err(|_| Refusal::Unreadable)?;
    let (words, original) = bytes.split_at_checked(split).ok_or(Refusal::Unreadable)?;
    let words = open(words)?;
    let mut bound = Document::with_version("1.7");
    let sheets = match sniff(original).ok_or(Refusal::NotADocument)? {
        MediaType::Pdf => pdf_pages::sheets(&open(original)?, order, &mut bound)?,
        MediaType::Tiff => picture_pages::of_tiff(original, order, limits, &mut bound)?,
        media @ (MediaType::Png | MediaType::Jpeg) => {
            picture_pages::of_picture(original, media, order, limits, &mut bound)?
        }
    };
    let forms = forms(&words, &mut bound)?;
    let tree = bound.new_object_id();
    let mut kids: Vec<Object> = Vec::with_capacity(sheets.len());
    for (index, (sheet, page)) in sheets.into_iter().zip(&order.pages).enumerate() {
        let form = forms.get(index).filter(|_| page.with_words).copied();
        kids.push(sheet.finish(&mut bound, tree, page.rotation, form).into());
    }
    if kids.len() != order.pages.len() {
        return Err(Refusal::NoPages);
    }
    let count = i64::try_from(kids.len()).map_err(|_| Refusal::TooManyPages)?;
    bound.set_object(
        tree,
        dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
    );
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => tree };
    // Which of its layers a page shows is said here, for all pages together.
    if let Some(layers) = bound.trailer.remove(pdf_pages::LAYERS) {
        catalog.set("OCProperties", layers);
    }
    let catalog = bound.add_object(catalog);
    bound.trailer.set("Root", catalog);
    let mut out = Vec::new();
    bound.save_to(&mut out).map_err(|_| Refusal::Unreadable)?;
    Ok(out)
}

fn open(bytes: &[u8]) -> Result<Document, Refusal> {
    let options = LoadOptions::with_max_decompressed_size(STREAM_BYTES_MAX);
    let document = Document::load_mem_with_options(bytes, options).map_err(|_| Refusal::Unreadable)?;
    if document.is_encrypted() {
        return Err(Refusal::Encrypted);
    }
    Ok(document)
}

/// A page of words as a form that can be laid over another page.
#[derive(Clone, Copy, Debug)]
struct WordsForm {
    id: ObjectId,
    /// In points of the upright page.
    width: f64,
    height: f64,
}

fn forms(words: &Document, bound: &mut Document) -> Result<Vec<WordsForm>, Refusal> {
    let mut copy = Copy::all_of(words);
    let mut forms = Vec::new();
    for id in words.page_iter() {
        let form = form(words, id, &mut copy, bound);
        forms.push(form.map_err(|_| Refusal::Unreadable)?);
    }
    copy.finish(bound)?;
    Ok(forms)
}

fn form(words: &Document, id: ObjectId, copy: &mut Copy<'_>, bound: &mut Document) -> lopdf::Result<WordsForm> {
    let page = words.get_dictionary(id)?;
    let size = page.get(b"MediaBox")?.as_array()?;
    let (width, height) = (size[2].as_float()?, size[3].as_float()?);
    let content = words.get_object(page.get(b"Contents")?.as_reference()?)?.as_stream()?;
    let mut form = content.clone();
    form.dict.set("Type", "XObject");
    form.dict.set("Subtype", "Form");
    form.dict.set("BBox", page.get(b"MediaBox")?.clone());
    form.dict.set("Resources", copy.object(page.get(b"Resources")?, bound));
    Ok(WordsForm {
        id: bound.add_object(form),
        width: f64::from(width),
        height: f64::from(height),
    })
}
