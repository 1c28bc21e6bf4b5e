//! A known form as it is written: `templates/forms/*.toml`.

use crate::domain::document::PageKind;
use crate::domain::page::{PixelBox, RuledLine};
use crate::extraction::catalogue::Catalogue;
use crate::extraction::fold::fold;
use crate::extraction::rules::{RuleError, parse};
use serde::Deserialize;
use std::fmt::Write;

/// One printed form. All boxes are pixels of a sheet of the form at 200 dpi, upright and straight.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub(super) schema: u32,
    pub version: u32,
    /// Lower case with dashes, also the file's name.
    pub name: String,
    pub(super) page: Vec<FormPage>,
}

/// A page of a form that is known by itself: a fax may hold it without the others.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormPage {
    /// What such a page is.
    pub kind: PageKind,
    /// Width and height.
    pub size: [u32; 2],
    /// The printed words that tell the form and its place on the page.
    pub anchors: Vec<Anchor>,
    /// Printed lines: where few words can be read, they confirm the form.
    #[serde(default)]
    pub lines: Vec<PixelBox>,
    #[serde(default)]
    pub zones: Vec<Zone>,
    #[serde(default)]
    pub options: Vec<OptionZone>,
}

/// A printed word.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Anchor {
    pub text: String,
    #[serde(rename = "box")]
    pub bounds: PixelBox,
}

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Zone {
    pub field: String,
    #[serde(rename = "box")]
    pub bounds: PixelBox,
}

/// A mark that chooses a value.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptionZone {
    pub field: String,
    pub value: String,
    #[serde(rename = "box")]
    pub bounds: PixelBox,
}

/// Fewer words might stand on any page.
pub(super) const ANCHORS_MIN: usize = 8;

impl Form {
    /// Reads a form and holds it against the catalogue.
    pub(super) fn read(file: &str, text: &str, catalogue: &Catalogue) -> Result<Self, RuleError> {
        let form: Self = parse(file, text)?;
        match form.fault(catalogue) {
            None => Ok(form),
            Some(reason) => Err(RuleError::Meaning {
                file: file.to_owned(),
                reason,
            }),
        }
    }

    /// How a value's evidence names it.
    pub fn title(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The fields that it has a place for, and how many printed words tell it.
    pub fn fields(&self) -> Vec<&str> {
        let zones = self.page.iter().flat_map(|page| &page.zones).map(|zone| &zone.field);
        let options = self
            .page
            .iter()
            .flat_map(|page| &page.options)
            .map(|option| &option.field);
        let mut fields: Vec<&str> = zones.chain(options).map(String::as_str).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    pub fn pages(&self) -> usize {
        self.page.len()
    }

    pub fn anchors(&self) -> usize {
        self.page.iter().map(|page| page.anchors.len()).sum()
    }

    fn fault(&self, catalogue: &Catalogue) -> Option<String> {
        if self.schema != 1 {
            return Some(format!("schema {} is not known to this version", self.schema));
        }
        if !is_name(&self.name) {
            return Some("`name` must be letters, digits and dashes".to_owned());
        }
        if self.page.is_empty() {
            return Some("it has no `[[page]]`".to_owned());
        }
        self.page.iter().find_map(|page| page.fault(catalogue))
    }

    /// As it is written into a file.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "schema = {}\nversion = {}\nname = {}",
            self.schema,
            self.version,
            quoted(&self.name)
        );
        for page in &self.page {
            page.write(&mut out);
        }
        out
    }
}

/// Whether a text can name a form and its file.
pub fn is_name(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 60 && text.chars().all(sign) && !text.starts_with('-')
}

impl FormPage {
    fn fault(&self, catalogue: &Catalogue) -> Option<String> {
        let words = self.anchors.iter().filter(|anchor| fold(&anchor.text).len() > 1);
        if words.count() < ANCHORS_MIN {
            return Some(format!(
                "a page needs {ANCHORS_MIN} anchors at least, words of two letters or more"
            ));
        }
        let [width, height] = self.size;
        let boxes = self.anchors.iter().map(|anchor| anchor.bounds);
        let boxes = boxes.chain(self.zones.iter().map(|zone| zone.bounds));
        let mut boxes = boxes.chain(self.options.iter().map(|option| option.bounds));
        if let Some(off) = boxes.find(|b| b.width == 0 || b.height == 0 || b.right() > width || b.bottom() > height) {
            return Some(format!(
                "the box {:?} is empty or lies off the page",
                <[u32; 4]>::from(off)
            ));
        }
        let fields = self.zones.iter().map(|zone| &zone.field);
        let mut fields = fields.chain(self.options.iter().map(|option| &option.field));
        if let Some(unknown) = fields.find(|field| catalogue.get(field).is_none()) {
            return Some(format!("`{unknown}` is not in the catalogue"));
        }
        None
    }

    fn write(&self, out: &mut String) {
        let numbers = |b: PixelBox| format!("{:?}", <[u32; 4]>::from(b));
        let kind = serde_json::to_string(&self.kind).unwrap_or_default();
        let _ = writeln!(out, "\n[[page]]\nkind = {kind}\nsize = {:?}", self.size);
        out.push_str("zones = [\n");
        for zone in &self.zones {
            let _ = writeln!(
                out,
                "  {{ field = {}, box = {} }},",
                quoted(&zone.field),
                numbers(zone.bounds)
            );
        }
        out.push_str("]\noptions = [\n");
        for OptionZone { field, value, bounds } in &self.options {
            let (field, value) = (quoted(field), quoted(value));
            let _ = writeln!(
                out,
                "  {{ field = {field}, value = {value}, box = {} }},",
                numbers(*bounds)
            );
        }
        out.push_str("]\nanchors = [\n");
        for Anchor { text, bounds } in &self.anchors {
            let _ = writeln!(out, "  {{ text = {}, box = {} }},", quoted(text), numbers(*bounds));
        }
        out.push_str("]\nlines = [\n");
        for line in &self.lines {
            let _ = writeln!(out, "  {},", numbers(*line));
        }
        out.push_str("]\n");
    }

    /// The middles of its printed lines, and whether each runs across.
    pub fn line_middles(&self) -> impl Iterator<Item = ((f64, f64), bool)> {
        self.lines.iter().map(|b| (middle(b), b.width >= b.height))
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn middle(b: &PixelBox) -> (f64, f64) {
    (
        f64::from(b.x) + f64::from(b.width) / 2.0,
        f64::from(b.y) + f64::from(b.height) / 2.0,
    )
}

/// Long enough to belong to the form, and not to a letter or a dash.
pub(super) fn is_long(line: &RuledLine) -> bool {
    line.bounds.width.max(line.bounds.height) > 150
}
