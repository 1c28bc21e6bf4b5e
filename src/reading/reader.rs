//! One page from delivered pixels to upright words and marks. Runs in the child.

use std::time::Duration;

use crate::domain::page::{PageText, PixelBox, Rotation, TextSource, Word};
use crate::domain::page_facts::PageFacts;
use crate::domain::page_quality::{Quality, Recipe, Times};
use crate::reading::clean::{self, Cleaned};
use crate::reading::layer::Layer;
use crate::reading::recipe::{self, Steps};
use crate::reading::recognize::{Engine, Recognized, mean_confidence};
use crate::reading::sandbox::cpu_time;
use crate::reading::text_layer::Character;
use crate::reading::{
    direction, doubtful_lines, fax_header, header, illegible, merge, order, ringed_words, second_reading,
};
use referloop_pixels::raster::{Gray, Raster};
use referloop_pixels::{leaders, marks, orient, paper};

/// A page read, with the review image.
pub struct Read {
    pub text: PageText,
    pub image: Gray,
}

pub fn read(engine: &mut Engine, number: u32, delivered: &Raster, characters: Option<&[Character]>) -> Read {
    let Some(characters) = characters else {
        return recognised(engine, number, delivered);
    };
    let mut watch = StopWatch::start();
    engine.take_spent();
    let review = clean::review_image(delivered);
    let layer = Layer::of(engine, &review, characters);
    let mut read = match &layer {
        Layer::Believed(words) => {
            let sampling = engine.take_spent();
            let checking = watch.lap().saturating_sub(sampling);
            let mut read = drawn(number, TextSource::TextLayer, delivered, review, 0.0);
            read.text.words.clone_from(words);
            read.text.strikes = struck(&read.image, words);
            read.text.recipe.times = Times {
                cleaning: milliseconds(checking),
                first_reading: milliseconds(sampling),
                marks: milliseconds(watch.lap()),
                ..Times::default()
            };
            read
        }
        Layer::Incomplete | Layer::Contradicts | Layer::Doubtful(_) => recognised(engine, number, delivered),
    };
    read.text.facts.text_layer = layer.verdict(&read.text.words);
    read
}

fn recognised(engine: &mut Engine, number: u32, delivered: &Raster) -> Read {
    let mut watch = StopWatch::start();
    engine.take_spent();
    let despeckled = clean::despeckled(delivered);
    let letters = orient::letters(&despeckled.page);
    if letters.is_blank() {
        let cleaning = watch.lap();
        let mut read = sheet(
            number,
            TextSource::None,
            delivered,
            clean::rough_review_image(delivered),
        );
        read.text.blank = true;
        read.text.recipe.times = Times {
            cleaning: milliseconds(cleaning),
            marks: milliseconds(watch.lap()),
            ..Times::default()
        };
        return read;
    }
    let pass = first_pass(engine, &despeckled.page, letters.likeliest());
    let first_reading = engine.take_spent();
    let cleaning = watch.lap().saturating_sub(first_reading);
    let cleaned = &pass.cleaned;
    let upright = delivered.turned(pass.rotation);
    let review = clean::review_image(&upright);
    let mut read = drawn(number, TextSource::Ocr, &upright, review, cleaned.skew_degrees);
    let marks = watch.lap();
    let text = &mut read.text;
    text.rotation = pass.rotation;
    text.recipe = recipe::taken(delivered, cleaned, pass.steps);
    text.quality.specks_per_square_inch = despeckled.specks_per_square_inch;
    let second = second_reading::of_doubtful(engine, &cleaned.gray, cleaned.dpi, &pass.words);
    let mut words = cleaned.on_review_image(pass.words);
    for (at, reading) in second {
        words[at].second = Some(reading);
    }
    if let Some((again, recleaned)) = doubtful_lines::reading(engine, &pass.upright, cleaned.skew_degrees, &words) {
        text.recipe.passes = 2;
        words = merge::merged(&words, recleaned.on_review_image(again));
    }
    if !text.rings.is_empty() {
        words = merge::merged(&words, ringed_words::read(engine, &read.image, &text.rings));
    }
    words = header::reread(engine, &pass.upright, cleaned.skew_degrees, words);
    text.words = order::in_reading_order(words, cleaned.skew_degrees);
    text.strikes = struck(&read.image, &text.words);
    text.illegible = illegible::places(&text.words);
    text.facts.header = fax_header::find(&text.words, text.height).map(Box::new);
    text.recipe.times = Times {
        cleaning: milliseconds(cleaning),
        first_reading: milliseconds(first_reading),
        second_reading: milliseconds(watch.lap()),
        marks: milliseconds(marks),
        ..Times::default()
    };
    read
}

/// Processor time from lap to lap.
pub struct StopWatch(Duration);

impl StopWatch {
    pub fn start() -> Self {
        Self(cpu_time())
    }

    pub fn lap(&mut self) -> Duration {
        let before = std::mem::replace(&mut self.0, cpu_time());
        self.0.saturating_sub(before)
    }
}

pub fn milliseconds(time: Duration) -> u16 {
    u16::try_from(time.as_millis()).unwrap_or(u16::MAX)
}

/// The page turned as it reads best, and what was read.
struct Pass {
    rotation: Rotation,
    upright: Raster,
    steps: Steps,
    cleaned: Cleaned,
    words: Vec<Recognized>,
}

impl Pass {
    fn take(engine: &mut Engine, despeckled: &Raster, rotation: Rotation) -> Self {
        let mut upright = despeckled.turned(rotation);
        let mut steps = recipe::first(&upright);
        if let Some(gray) = leaders::without_leaders(&upright) {
            upright.gray = gray;
            steps.without_leaders = true;
        }
        let cleaned = clean::clean(&upright, steps);
        let words = engine.words(&cleaned.gray, cleaned.dpi);
        Self {
            rotation,
            upright,
            steps,
            cleaned,
            words,
        }
    }
}

fn first_pass(engine: &mut Engine, despeckled: &Raster, order: [Rotation; 4]) -> Pass {
    let pass = Pass::take(engine, despeckled, order[0]);
    if mean_confidence(&pass.words) >= direction::DOUBTFUL_CONFIDENCE {
        return pass;
    }
    let better = direction::best_by_strip(engine, despeckled, order);
    if better == pass.rotation {
        return pass;
    }
    let other = Pass::take(engine, despeckled, better);
    if mean_confidence(&other.words) > mean_confidence(&pass.words) {
        other
    } else {
        pass
    }
}

fn quality(upright: &Raster) -> Quality {
    Quality {
        dpi_x: upright.dpi_x as f32,
        dpi_y: upright.dpi_y as f32,
        contrast: if upright.bilevel {
            1.0
        } else {
            paper::contrast(&upright.gray)
        },
        ..Quality::default()
    }
}

/// An upright page with its marks, and no words yet.
fn drawn(number: u32, text_source: TextSource, upright: &Raster, review: Gray, skew_degrees: f64) -> Read {
    let mut read = sheet(number, text_source, upright, review);
    let marks = marks::find(&read.image, skew_degrees);
    read.text.quality.skew_degrees = skew_degrees as f32;
    read.text.check_boxes = marks.check_boxes;
    read.text.ruled_lines = marks.ruled_lines;
    read.text.rings = marks.rings;
    read
}

/// A page of which only its picture is known.
fn sheet(number: u32, text_source: TextSource, upright: &Raster, image: Gray) -> Read {
    let text = PageText {
        number,
        rotation: Rotation::Upright,
        blank: false,
        text_source,
        width: image.width as u32,
        height: image.height as u32,
        words: Vec::new(),
        check_boxes: Vec::new(),
        ruled_lines: Vec::new(),
        rings: Vec::new(),
        strikes: Vec::new(),
        looks: Vec::new(),
        illegible: Vec::new(),
        quality: quality(upright),
        recipe: Recipe::default(),
        unreadable: None,
        facts: PageFacts::default(),
    };
    Read { text, image }
}

/// The boxes of words that are struck out. A stroke through a sign or two is a letter's own.
fn struck(image: &Gray, words: &[Word]) -> Vec<PixelBox> {
    let letters = |word: &&Word| word.text.chars().filter(|c| c.is_alphanumeric()).count();
    let written = words.iter().filter(|word| letters(word) > 2);
    marks::strikes(image, written.map(|word| word.bounds))
}
