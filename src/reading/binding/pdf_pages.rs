//! Pages of a PDF, with their objects as they are.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::Order;
use super::objects::Copy;
use super::sheet::Sheet;
use crate::reading::document::Refusal;

/// Where the layers wait, in the bound document's trailer, until its catalogue is written.
pub const LAYERS: &[u8] = b"ReferloopLayers";
/// Page trees are shallow; a circle is not.
const ANCESTORS_MAX: usize = 64;
/// Annotations that run, play or carry something.
const ACTIVE: [&[u8]; 7] = [
    b"FileAttachment",
    b"RichMedia",
    b"Screen",
    b"Movie",
    b"Sound",
    b"3D",
    b"Popup",
];
/// What of an annotation leads elsewhere: its action, its place in a form or under another page.
const LEADING: [&[u8]; 10] = [
    b"A",
    b"AA",
    b"Dest",
    b"P",
    b"Parent",
    b"Popup",
    b"FS",
    b"IRT",
    b"StructParent",
    b"Kids",
];

pub fn sheets(original: &Document, order: &Order, bound: &mut Document) -> Result<Vec<Sheet>, Refusal> {
    let pages: Vec<ObjectId> = original.page_iter().collect();
    if pages.len() != order.pages_of_original as usize {
        return Err(Refusal::Unreadable);
    }
    let mut copy = if order.pages.len() < pages.len() {
        Copy::only_drawn_of(original)
    } else {
        Copy::all_of(original)
    };
    let mut sheets = Vec::with_capacity(order.pages.len());
    for page in &order.pages {
        let id = pages.get(page.number as usize - 1).ok_or(Refusal::NoPages)?;
        let page = original.get_dictionary(*id).map_err(|_| Refusal::Unreadable)?;
        sheets.push(sheet(original, page, &mut copy, bound));
    }
    let layers = original
        .catalog()
        .ok()
        .and_then(|catalog| catalog.get(b"OCProperties").ok());
    if let Some(layers) = layers {
        let layers = copy.object(layers, bound);
        bound.trailer.set(LAYERS, layers);
    }
    copy.finish(bound)?;
    Ok(sheets)
}

fn sheet(original: &Document, page: &Dictionary, copy: &mut Copy<'_>, bound: &mut Document) -> Sheet {
    let mut kept = Dictionary::new();
    for key in [b"Group".as_slice(), b"UserUnit"] {
        if let Ok(value) = page.get(key) {
            kept.set(key, copy.object(value, bound));
        }
    }
    let media = inherited(original, page, b"MediaBox").and_then(|value| rectangle(original, value));
    let media = media.unwrap_or([0.0, 0.0, 612.0, 792.0]);
    let crop = inherited(original, page, b"CropBox").and_then(|value| rectangle(original, value));
    let shown = crop.map_or(media, |crop| within(crop, media));
    kept.set("MediaBox", media.map(|side| Object::Real(side as f32)).to_vec());
    kept.set("CropBox", shown.map(|side| Object::Real(side as f32)).to_vec());
    let annotations = annotations(original, page, copy, bound);
    if !annotations.is_empty() {
        kept.set("Annots", annotations);
    }
    let turned = inherited(original, page, b"Rotate")
        .and_then(|value| value.as_i64().ok())
        .unwrap_or(0);
    Sheet {
        page: kept,
        resources: resources(original, page, copy, bound),
        contents: contents(original, page, copy, bound),
        shown,
        turned: turned.rem_euclid(360) / 90 * 90,
    }
}

/// A page's own value, or that of the nearest node of the tree above it.
fn inherited<'a>(original: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..ANCESTORS_MAX {
        if let Ok(value) = node.get_deref(key, original) {
            return Some(value);
        }
        node = node.get_deref(b"Parent", original).ok()?.as_dict().ok()?;
    }
    None
}

fn rectangle(original: &Document, value: &Object) -> Option<[f64; 4]> {
    let sides: Vec<f64> = value
        .as_array()
        .ok()?
        .iter()
        .filter_map(|side| original.dereference(side).ok()?.1.as_float().ok().map(f64::from))
        .collect();
    let [a, b, c, d] = sides[..] else { return None };
    let sorted = [a.min(c), b.min(d), a.max(c), b.max(d)];
    (sorted[2] - sorted[0] >= 1.0 && sorted[3] - sorted[1] >= 1.0).then_some(sorted)
}

/// A crop box that lies outside the page crops nothing.
fn within(crop: [f64; 4], media: [f64; 4]) -> [f64; 4] {
    let cut = [
        crop[0].max(media[0]),
        crop[1].max(media[1]),
        crop[2].min(media[2]),
        crop[3].min(media[3]),
    ];
    if cut[2] > cut[0] && cut[3] > cut[1] { cut } else { media }
}

/// The two upper levels written out, so that a name can be added without touching what other pages share.
fn resources(original: &Document, page: &Dictionary, copy: &mut Copy<'_>, bound: &mut Document) -> Dictionary {
    let Some(own) = inherited(original, page, b"Resources").and_then(|value| value.as_dict().ok()) else {
        return Dictionary::new();
    };
    let contents = streams(original, page);
    let mut kept = Dictionary::new();
    for (key, value) in &copy.drawn(own, &contents) {
        let value = match original.dereference(value) {
            Ok((_, forms)) if key == b"XObject" => forms,
            _ => value,
        };
        kept.set(key.clone(), copy.object(value, bound));
    }
    kept
}

/// The page's content streams, to look into.
fn streams<'a>(original: &'a Document, page: &'a Dictionary) -> Vec<&'a Stream> {
    let Ok(contents) = page.get_deref(b"Contents", original) else {
        return Vec::new();
    };
    let parts = match contents {
        Object::Array(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let streams = parts
        .iter()
        .filter_map(|part| original.dereference(part).ok()?.1.as_stream().ok());
    streams.collect()
}

fn contents(original: &Document, page: &Dictionary, copy: &mut Copy<'_>, bound: &mut Document) -> Vec<Object> {
    let Ok(value) = page.get(b"Contents") else {
        return Vec::new();
    };
    let parts = match original.dereference(value) {
        Ok((_, Object::Array(parts))) => parts.clone(),
        _ => vec![value.clone()],
    };
    let parts = parts.iter().filter(|part| matches!(part, Object::Reference(_)));
    parts.map(|part| copy.object(part, bound)).collect()
}

/// What is stamped on or filled in, by its appearance; it no longer does anything.
fn annotations(original: &Document, page: &Dictionary, copy: &mut Copy<'_>, bound: &mut Document) -> Vec<Object> {
    let listed = page.get_deref(b"Annots", original).and_then(|value| value.as_array());
    let mut kept = Vec::new();
    for annotation in listed.into_iter().flatten() {
        let Ok(annotation) = original.dereference(annotation).and_then(|(_, value)| value.as_dict()) else {
            continue;
        };
        let kind = annotation.get(b"Subtype").and_then(|kind| kind.as_name());
        if kind.is_ok_and(|kind| ACTIVE.contains(&kind)) {
            continue;
        }
        let mut still = annotation.clone();
        for key in LEADING {
            still.remove(key);
        }
        let still = copy.object(&Object::Dictionary(still), bound);
        kept.push(Object::Reference(bound.add_object(still)));
    }
    kept
}
